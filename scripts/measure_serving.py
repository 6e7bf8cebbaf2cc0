"""Measure the service under load: grpc.aio with worker threads, as shipped, beside gRPC's own thread pool.

    python scripts/measure_serving.py                      the shipped engine
    python scripts/measure_serving.py --busy-ms 4          an engine that is busy for 4 ms, half of it without the lock

Prints documents a second and latencies, of unary calls and of streams; figures and choice stand in docs/contract.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import numpy as np

from dehusk.v1 import cleaning_pb2, cleaning_pb2_grpc
from dehusk_server.config import Settings
from dehusk_server.engine import Abandoned, Engine
from dehusk_server.model import Cleaning, Document, Options
from dehusk_server.serving.app import serve
from dehusk_server.serving.handlers import Handlers

LINE = "A line of prose with several words in it, much as pages have them, and a little more."
PAGE = "\n".join(f"{number} {LINE}" for number in range(92))[:8_000]


class BusyEngine(Engine):
    """Keeps the processor busy for a set time on each document, beside what the engine does."""

    def __init__(self, busy_ms: float) -> None:
        super().__init__()
        self._seconds = busy_ms / 1000

    def clean(
        self,
        document: Document,
        options: Options | None = None,
        *,
        deadline_s: float | None = None,
        abandoned: Abandoned | None = None,
    ) -> Cleaning:
        """Be busy, then clean."""
        end = time.thread_time() + self._seconds
        code_points = np.frombuffer(document.text.encode("utf-32-le"), dtype=np.uint32)
        while time.thread_time() < end:
            np.sort(code_points)
            sum(range(4_000))
        return super().clean(document, options, deadline_s=deadline_s, abandoned=abandoned)


def main() -> None:
    """Measure every way of serving in turn, or be the server of one."""
    parser = argparse.ArgumentParser(description="Measure the service under load.")
    parser.add_argument("--busy-ms", type=float, default=0.0, help="busy time added to each document")
    parser.add_argument("--documents", type=int, default=600, help="documents of each measurement")
    parser.add_argument("--serve", choices=("aio", "threads"), help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        _serve(given.serve, given.threads, BusyEngine(given.busy_ms))
        return
    print(f"{len(PAGE)} characters a document, {given.busy_ms} ms busy, {given.documents} documents a measurement")
    for mode, threads in (("aio", 1), ("aio", 2), ("aio", 4), ("threads", 2), ("threads", 4), ("threads", 16)):
        with _server(mode, threads, given.busy_ms) as target:
            figures = [
                *(_unary(target, given.documents, callers) for callers in (1, 16)),
                *(_stream(target, given.documents, callers) for callers in (1, 4)),
            ]
        print(f"{mode:8}{threads:3} threads: " + "; ".join(figures), flush=True)


def _serve(mode: str, threads: int, engine: Engine) -> None:
    def ready(target: str) -> None:
        print(target, flush=True)

    settings = Settings(port=0, threads=threads, notice_seconds=0, grace_seconds=1)
    if mode == "aio":
        serve(settings, engine, ready=ready)
        return
    handlers = Handlers(engine, settings)

    def clean(request: cleaning_pb2.CleanRequest, _: object) -> cleaning_pb2.CleanResponse:
        return handlers.clean(request)

    def clean_stream(
        requests: Iterable[cleaning_pb2.CleanStreamRequest], _: object
    ) -> Iterator[cleaning_pb2.CleanStreamResponse]:
        for request in requests:
            yield cleaning_pb2.CleanStreamResponse(response=handlers.clean(request.request))

    server = grpc.server(ThreadPoolExecutor(threads))
    servicer: Any = type("Servicer", (), {"Clean": staticmethod(clean), "CleanStream": staticmethod(clean_stream)})
    for name in ("Explain", "Info"):
        setattr(servicer, name, None)
    cleaning_pb2_grpc.add_CleaningServiceServicer_to_server(servicer(), server)
    ready(f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}")
    server.start()
    server.wait_for_termination()


@contextmanager
def _server(mode: str, threads: int, busy_ms: float) -> Iterator[str]:
    command = [sys.executable, __file__, "--serve", mode, "--threads", str(threads), "--busy-ms", str(busy_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the server has no output to say its port on")
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def _unary(target: str, documents: int, callers: int) -> str:
    request = cleaning_pb2.CleanRequest(text=PAGE)
    latencies: list[float] = []

    def call(stub: Any, count: int) -> None:
        for _ in range(count):
            began = time.perf_counter()
            stub.Clean(request)
            latencies.append(time.perf_counter() - began)

    seconds = _timed(target, callers, documents, call)
    latencies.sort()
    middle, late = (latencies[int(len(latencies) * part)] * 1000 for part in (0.5, 0.99))
    return f"unary x{callers} {len(latencies) / seconds:.0f}/s p50 {middle:.1f} ms p99 {late:.1f} ms"


def _stream(target: str, documents: int, callers: int) -> str:
    request = cleaning_pb2.CleanStreamRequest(request=cleaning_pb2.CleanRequest(text=PAGE))

    def call(stub: Any, count: int) -> None:
        answers = sum(1 for _ in stub.CleanStream(request for _ in range(count)))
        if answers != count:
            raise RuntimeError(f"{answers} answers to {count} documents")

    return f"stream x{callers} {documents / _timed(target, callers, documents, call):.0f}/s"


def _timed(target: str, callers: int, documents: int, call: Callable[[Any, int], None]) -> float:
    """Return the seconds that some callers, each with a connection of its own, take for all documents."""

    def caller() -> None:
        with grpc.insecure_channel(target, [("grpc.use_local_subchannel_pool", 1)]) as channel:
            stub = cleaning_pb2_grpc.CleaningServiceStub(channel)
            call(stub, documents // callers)

    with grpc.insecure_channel(target) as channel:
        cleaning_pb2_grpc.CleaningServiceStub(channel).Clean(cleaning_pb2.CleanRequest(text=PAGE), wait_for_ready=True)
    threads = [threading.Thread(target=caller) for _ in range(callers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
