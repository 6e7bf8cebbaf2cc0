"""``python -m bench.serving``: ways to serve, beside each other: asyncio, gRPC's thread pool, more processes.

The same engine behind each, the same messages, in turn within each round; printed are documents a second of the way
that is shipped with one process, and of the others the ratio to it, medians of the rounds. Where the package
pygrpc-native is installed its servers are measured too: they are a comparison, and no dependency. `--idle` takes an
engine that does nothing, so that nothing but the serving is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.util
import logging
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import grpc

from bench.load import WAYS, Messages, load, prepared
from bench.servers import UNLIMITED, Serving, service
from dehusk.v1 import cleaning_pb2, cleaning_pb2_grpc
from dehusk_server.config import Settings
from dehusk_server.engine import Abandoned, Engine
from dehusk_server.model import Cleaning, Document, Options
from dehusk_server.serving.app import serve
from dehusk_server.serving.handlers import Handlers

SIZES = {"small": 1_000, "large": 200_000}
"""Code points of a document."""


class Way(NamedTuple):
    """One way to serve."""

    kind: str
    threads: int
    workers: int = 0
    """Processes under a supervisor; 0 for the one process that is measured."""


SHIPPED = "asyncio, 2 threads"
SERVED = {
    SHIPPED: Way("asyncio", 2),
    "asyncio, 1 thread": Way("asyncio", 1),
    "asyncio, 4 threads": Way("asyncio", 4),
    "asyncio, 2 threads, 2 processes": Way("asyncio", 2, 2),
    "asyncio, 2 threads, 4 processes": Way("asyncio", 2, 4),
    "thread pool of 2": Way("threads", 2),
    "thread pool of 16": Way("threads", 16),
    "thread pool of 16, pygrpc-native": Way("native", 16),
    "asyncio, 2 threads, pygrpc-native": Way("native-asyncio", 2),
}


def main() -> int:
    """Measure every way of serving, or be the server of one."""
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement (default 1)")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts (default 5)")
    parser.add_argument("--idle", action="store_true", help="an engine that does nothing")
    parser.add_argument("--serve", nargs=2, metavar=("KIND", "THREADS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        be_a_server(given.serve[0], int(given.serve[1]), idle=given.idle)
        return 0
    for size, chars in SIZES.items():
        messages = prepared(Handlers(Engine(), Settings()), chars)
        with ExitStack() as stack:
            servers = {
                name: stack.enter_context(serving(way, idle=given.idle))
                for name, way in SERVED.items()
                if can_serve(way, idle=given.idle)
            }
            rounds = [rates(servers, messages, given.seconds) for _ in range(given.rounds)]
        report(size, rounds)
    return 0


def can_serve(way: Way, *, idle: bool) -> bool:
    """Say whether a way can be measured here; the processes of a supervisor have the shipped engine."""
    if way.kind.startswith("native") and importlib.util.find_spec("pygrpc_native") is None:
        return False
    return not (way.workers and idle)


Rates = dict[str, dict[str, float]]
"""Documents a second by server and way of asking."""


def rates(servers: dict[str, Serving], messages: Messages, seconds: float) -> Rates:
    """Measure every server in every way of asking, once."""
    return {
        name: {
            asked: load(server, messages, callers, seconds, stream=stream).rate
            for asked, (callers, stream) in WAYS.items()
        }
        for name, server in servers.items()
    }


def report(size: str, rounds: list[Rates]) -> None:
    """Print the table of one size."""
    print(f"| {size} | " + " | ".join(WAYS) + " |\n|---|" + "---|" * len(WAYS))
    for name in rounds[0]:
        cells = []
        for asked in WAYS:
            ratio = statistics.median(each[name][asked] / each[SHIPPED][asked] for each in rounds)
            rate = statistics.median(each[name][asked] for each in rounds)
            cells.append(f"{rate:.0f}/s" if name == SHIPPED else f"{ratio:.2f}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    print()


@contextmanager
def serving(way: Way, *, idle: bool) -> Iterator[Serving]:
    """Run a server in one way."""
    if way.workers:
        with service(way.workers, "--threads", str(way.threads)) as server:
            yield server
        return
    command = [sys.executable, "-m", "bench.serving", "--serve", way.kind, str(way.threads), *["--idle"] * idle]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the server has no output to say its port on")
        try:
            yield Serving(process.stdout.readline().strip(), process.pid)
        finally:
            process.kill()


class IdleEngine(Engine):
    """Cleans the first document, and gives its cleaning to every other: all messages here are one."""

    def __init__(self) -> None:
        super().__init__()
        self._known: Cleaning | None = None

    def clean(
        self,
        document: Document,
        options: Options | None = None,
        *,
        deadline_s: float | None = None,
        abandoned: Abandoned | None = None,
    ) -> Cleaning:
        """Return what is known."""
        if self._known is None:
            self._known = super().clean(document, options, deadline_s=deadline_s, abandoned=abandoned)
        return self._known


def be_a_server(kind: str, threads: int, *, idle: bool) -> None:
    """Serve until killed."""
    settings = Settings(port=0, threads=threads, notice_seconds=0, grace_seconds=1)
    engine = IdleEngine() if idle else Engine()
    if kind == "asyncio":
        logging.disable(logging.INFO)
        serve(settings, engine, ready=_say)
        return
    handlers, pool = Handlers(engine, settings), ThreadPoolExecutor(threads)
    if kind == "native-asyncio":
        asyncio.run(_serve_awaited(importlib.import_module("pygrpc_native.aio"), handlers, pool))
        return
    module: Any = importlib.import_module("pygrpc_native") if kind == "native" else grpc
    server = module.server(pool, options=UNLIMITED)

    def clean(request: cleaning_pb2.CleanRequest, _: Any) -> cleaning_pb2.CleanResponse:
        return handlers.clean(request)

    def clean_stream(requests: Iterable[cleaning_pb2.CleanStreamRequest], _: Any) -> Iterator[Any]:
        return (_streamed(handlers, each) for each in requests)

    _add(server, clean, clean_stream)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    _say(f"127.0.0.1:{port}")
    server.wait_for_termination()


async def _serve_awaited(module: Any, handlers: Handlers, pool: ThreadPoolExecutor) -> None:
    loop = asyncio.get_running_loop()

    async def clean(request: cleaning_pb2.CleanRequest, _: Any) -> cleaning_pb2.CleanResponse:
        return await loop.run_in_executor(pool, handlers.clean, request)

    async def clean_stream(requests: Any, _: Any) -> Any:
        async for each in requests:
            yield await loop.run_in_executor(pool, _streamed, handlers, each)

    server = module.server(options=UNLIMITED)
    _add(server, clean, clean_stream)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    _say(f"127.0.0.1:{port}")
    await server.wait_for_termination()


def _streamed(handlers: Handlers, each: cleaning_pb2.CleanStreamRequest) -> cleaning_pb2.CleanStreamResponse:
    return cleaning_pb2.CleanStreamResponse(response=handlers.clean(each.request))


def _add(server: Any, clean: Callable[..., Any], clean_stream: Callable[..., Any]) -> None:
    """Register the two calls that are measured, as a servicer of the generated code."""
    calls = {"Clean": clean, "CleanStream": clean_stream, "Explain": clean, "Info": clean}
    servicer: Any = type("Servicer", (), {name: staticmethod(call) for name, call in calls.items()})
    cleaning_pb2_grpc.add_CleaningServiceServicer_to_server(servicer(), server)


def _say(target: str) -> None:
    print(target, flush=True)


if __name__ == "__main__":
    sys.exit(main())
