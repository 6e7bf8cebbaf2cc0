"""``python -m bench.load``: documents a second and latencies through the service, beside an echo and beside no service.

Everything runs on this machine, over the loopback, with the same messages: the engine in this process; a server that
sends a prepared answer back (what transport alone costs); the service with one worker and with two. The client sends
and takes bytes, so that it costs as little as can be; it runs on the same cores all the same.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import grpc
import grpc.aio

from dehusk.v1 import cleaning_pb2
from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.serving.handlers import Handlers

UNARY, STREAM = "/dehusk.v1.CleaningService/Clean", "/dehusk.v1.CleaningService/CleanStream"
LINE = "A line of prose with several words in it, much as pages have them, and a little more."
HUSK = "Share on Facebook\nRead more\nSubscribe to our newsletter\nComments (3)\n"
SIZES = {"small": 1_000, "usual": 8_000, "large": 200_000}
"""Code points of a document."""


class Messages(NamedTuple):
    """One document as it goes over the wire, alone and in a stream, and the answers to it."""

    alone: bytes
    streamed: bytes
    answer_alone: bytes
    answer_streamed: bytes
    seconds: float
    """For one document in this process: read, cleaned, and written."""


class Run(NamedTuple):
    """What one measurement gave."""

    times: list[float]
    """Seconds that each document took, rising."""
    seconds: float
    """From the first question to the last answer."""

    @property
    def rate(self) -> float:
        """Documents a second."""
        return len(self.times) / self.seconds

    def late_ms(self, part: float) -> float:
        """Return the milliseconds that a part of the documents, in [0, 1), did not pass."""
        return self.times[int(len(self.times) * part)] * 1000


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement (default 3)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts (default 3)")
    given = parser.parse_args()
    print("| documents | server | stream x1 | stream x4 | unary x1 | p50 / p99 ms | unary x16 | p50 / p99 ms |")
    print("|---|---|---|---|---|---|---|---|")
    for size, chars in SIZES.items():
        messages = prepared(chars)
        print(f"| {size} | none, in this process | {1 / messages.seconds:.0f} | | | | | |")
        for name, serving in servers(messages).items():
            with serving() as target:
                print(
                    f"| {size} | {name} | " + measured(target, messages, given.seconds, given.rounds) + " |", flush=True
                )
    return 0


def measured(target: str, messages: Messages, seconds: float, rounds: int) -> str:
    """Return one row of figures: documents a second, and latencies of unary calls."""
    cells = []
    for callers in (1, 4):
        runs = [load(target, messages, callers, seconds, stream=True) for _ in range(rounds)]
        cells.append(f"{statistics.median(run.rate for run in runs):.0f}")
    for callers in (1, 16):
        runs = [load(target, messages, callers, seconds, stream=False) for _ in range(rounds)]
        middle = sorted(runs, key=lambda run: run.rate)[rounds // 2]
        cells += [f"{middle.rate:.0f}", f"{middle.late_ms(0.5):.1f} / {middle.late_ms(0.99):.1f}"]
    return " | ".join(cells)


def prepared(chars: int) -> Messages:
    """Make the messages of a document of a size, and time it in this process."""
    lines = "\n".join(f"{number} {LINE}" for number in range(1 + chars // len(LINE)))
    request = cleaning_pb2.CleanRequest(id="1", text=(HUSK + lines)[:chars])
    alone = request.SerializeToString()
    handlers = Handlers(Engine(), Settings())

    def once() -> cleaning_pb2.CleanResponse:
        response = handlers.clean(cleaning_pb2.CleanRequest.FromString(alone))
        response.SerializeToString()
        return response

    response = once()
    times: list[float] = []
    end = time.perf_counter() + 1.0
    while time.perf_counter() < end or len(times) < 5:
        began = time.perf_counter()
        once()
        times.append(time.perf_counter() - began)
    return Messages(
        alone,
        cleaning_pb2.CleanStreamRequest(request=request).SerializeToString(),
        response.SerializeToString(),
        cleaning_pb2.CleanStreamResponse(id="1", response=response).SerializeToString(),
        statistics.median(times),
    )


def load(target: str, messages: Messages, callers: int, seconds: float, *, stream: bool) -> Run:
    """Ask for some seconds, each caller over a connection of its own."""
    times: list[float] = []
    ready = threading.Barrier(callers + 1)

    def caller() -> None:
        with grpc.insecure_channel(target, [("grpc.use_local_subchannel_pool", 1), *_SIZES]) as channel:
            grpc.channel_ready_future(channel).result(30)
            ready.wait(60)
            end = time.perf_counter() + seconds
            if stream:
                _stream(channel, messages.streamed, end, times)
            else:
                call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(UNARY)
                while (began := time.perf_counter()) < end:
                    call(messages.alone)
                    times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=caller) for _ in range(callers)]
    for thread in threads:
        thread.start()
    ready.wait(60)
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return Run(sorted(times), time.perf_counter() - began)


_SIZES: list[Any] = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def _stream(channel: grpc.Channel, message: bytes, end: float, times: list[float]) -> None:
    room = threading.Semaphore(16)

    def requests() -> Iterator[bytes]:
        while time.perf_counter() < end:
            room.acquire()
            yield message

    last = time.perf_counter()
    call: grpc.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(STREAM)
    for _ in call(requests()):
        now = time.perf_counter()
        room.release()
        times.append(now - last)
        last = now


def servers(messages: Messages) -> dict[str, Callable[[], Any]]:
    """Return what is measured, by name."""
    return {
        "echo": lambda: echo(messages),
        "1 worker": lambda: service(1),
        "2 workers": lambda: service(2),
    }


@contextmanager
def service(workers: int) -> Iterator[str]:
    """Run the service; yields where it listens."""
    command = [sys.executable, "-m", "dehusk_server", "serve", "--port", "0", "--workers", str(workers)]
    command += ["--notice-seconds", "0", "--grace-seconds", "1", "--log-level", "error"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the server has no output to say its port on")
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


@contextmanager
def echo(messages: Messages) -> Iterator[str]:
    """Run a server of the same kind that sends a prepared answer to whatever comes; yields where it listens."""
    code = "import sys; from bench.load import serve_echo; serve_echo(*sys.stdin.buffer.read().split(b'||', 1))"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the echo has no pipes")
        process.stdin.write(messages.answer_alone.hex().encode() + b"||" + messages.answer_streamed.hex().encode())
        process.stdin.close()
        try:
            yield process.stdout.readline().decode().strip()
        finally:
            process.kill()


def serve_echo(alone: bytes, streamed: bytes) -> None:
    """Serve prepared answers, given in hexadecimal, until killed."""
    answers = bytes.fromhex(alone.decode()), bytes.fromhex(streamed.decode())

    async def unary(_: bytes, __: Any) -> bytes:
        return answers[0]

    async def stream(requests: Any, _: Any) -> Any:
        async for _request in requests:
            yield answers[1]

    async def serve() -> None:
        server = grpc.aio.server(options=_SIZES)
        handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {
            "Clean": grpc.unary_unary_rpc_method_handler(unary),
            "CleanStream": grpc.stream_stream_rpc_method_handler(stream),
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("dehusk.v1.CleaningService", handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        print(f"127.0.0.1:{port}", flush=True)
        await server.wait_for_termination()

    asyncio.run(serve())


if __name__ == "__main__":
    sys.exit(main())
