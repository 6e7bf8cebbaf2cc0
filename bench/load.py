"""``python -m bench.load``: documents a second and latencies through the service, beside an echo and beside no service.

Everything runs on this machine, over the loopback, with the same messages: one engine and two alone; a server that
sends a prepared answer back (what transport alone costs); the service with one worker and with two. The rounds go
through all of them in turn, so that a slow moment of the machine falls on all, and ratios are taken within a round.
The client sends and takes bytes, so that it costs as little as can be; it runs on the same cores all the same.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import NamedTuple

import grpc

from bench.alone import Engines, engines
from bench.servers import UNLIMITED, Serving, echo, service
from dehusk.v1 import cleaning_pb2
from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.serving.handlers import Handlers

UNARY, STREAM = "/dehusk.v1.CleaningService/Clean", "/dehusk.v1.CleaningService/CleanStream"
LINE = "A line of prose with several words in it, much as pages have them, and a little more."
HUSK = "Share on Facebook\nRead more\nSubscribe to our newsletter\nComments (3)\n"
SIZES = {"small": 1_000, "usual": 8_000, "large": 200_000}
"""Code points of a document."""
WAYS = {"stream x1": (1, True), "stream x8": (8, True), "unary x1": (1, False), "unary x16": (16, False)}
"""Callers at once, each over a connection of its own, and whether they stream. The kernel deals connections out to
workers by chance; of eight, all go to one of two workers once in 128 times."""

ALONE = {"none, one engine alone": 1, "none, two engines alone": 2}
"""Engines without a service, each in a process of its own: what the machine itself has to give."""


class Messages(NamedTuple):
    """One document as it goes over the wire, alone and in a stream, and the answers to it."""

    alone: bytes
    streamed: bytes
    answer_alone: bytes
    answer_streamed: bytes


class Run(NamedTuple):
    """What one measurement gave."""

    times: list[float]
    """Seconds that each document took, rising; empty where nobody looked."""
    documents: int
    seconds: float
    """From the first question to the last answer."""
    processor_seconds: float
    """Of the server's processes."""

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.documents / self.seconds

    @property
    def processor_ms(self) -> float:
        """Milliseconds of the server's processors for a document."""
        return 1000 * self.processor_seconds / self.documents

    def late_ms(self, part: float) -> float:
        """Return the milliseconds that a part of the documents, in [0, 1), did not pass."""
        return self.times[int(len(self.times) * part)] * 1000


def main() -> int:
    """Measure, and print a table and the ratios."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement (default 2)")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts (default 5)")
    parser.add_argument("--sizes", nargs="+", choices=tuple(SIZES), default=tuple(SIZES), help="(default: all)")
    given = parser.parse_args()
    print("| pages | server | stream x1 | stream x8 | unary x1 | p50 / p99 ms | unary x16 | p50 / p99 ms | CPU ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    for size in given.sizes:
        messages = prepared(Handlers(Engine(), Settings()), SIZES[size])
        with ExitStack() as stack:
            alone = stack.enter_context(engines(messages.alone, max(ALONE.values())))
            servers = {
                "echo": stack.enter_context(echo(messages.answer_alone, messages.answer_streamed)),
                "1 worker": stack.enter_context(service(1)),
                "2 workers": stack.enter_context(service(2)),
            }
            rounds = [measured(alone, servers, messages, given.seconds) for _ in range(given.rounds)]
        report(size, rounds)
    return 0


Round = dict[str, dict[str, Run]]
"""By server (``none`` for none) and way of asking."""


def measured(alone: Engines, servers: dict[str, Serving], messages: Messages, seconds: float) -> Round:
    """Measure each server in each way, and one engine and two without any."""
    found: Round = {}
    for name, processes in ALONE.items():
        done = alone.run(seconds, processes)
        busy = sum(each.processor_seconds for each in done)
        run = Run([], sum(each.documents for each in done), statistics.fmean(each.seconds for each in done), busy)
        found[name] = {"stream x1": run}
    for name, server in servers.items():
        found[name] = {
            way: load(server, messages, callers, seconds, stream=stream) for way, (callers, stream) in WAYS.items()
        }
    return found


def report(size: str, rounds: Sequence[Round]) -> None:
    """Print the rows of one size, medians of the rounds, and what the ratios say."""

    def ratios(above: tuple[str, str], below: tuple[str, str], figure: str = "rate") -> list[float]:
        pairs = [(each[above[0]][above[1]], each[below[0]][below[1]]) for each in rounds]
        return [getattr(one, figure) / max(getattr(other, figure), 1e-9) for one, other in pairs]

    for name in rounds[0]:
        print(f"| {size} | {name} | " + " | ".join(cells([each[name] for each in rounds])) + " |")
    one, two = ALONE
    alone, alone_twice = (one, "stream x1"), (two, "stream x1")
    stream, stream_twice = ("1 worker", "stream x8"), ("2 workers", "stream x8")
    print(f"\n{size}, ratios within a round, median (lowest to highest):")
    print(f"- one stream, to the engine alone: {spread(ratios(('1 worker', 'stream x1'), alone))} times the documents")
    busy = spread(ratios(("1 worker", "stream x1"), alone, "processor_ms"))
    print(f"- processor time of the server, to the engine's alone: {busy} times")
    print(f"- two workers to one, eight streams: {spread(ratios(stream_twice, stream))} times the documents")
    print(f"- two engines alone to one: {spread(ratios(alone_twice, alone))} times the documents\n", flush=True)


def cells(runs: Sequence[dict[str, Run]]) -> Iterator[str]:
    """Yield the cells of one server, medians of its rounds."""
    for way, (_, stream) in WAYS.items():
        found = sorted((each[way] for each in runs if way in each), key=lambda run: run.rate)
        middle = found[len(found) // 2] if found else None
        yield f"{middle.rate:.0f}" if middle else ""
        if not stream:
            yield f"{middle.late_ms(0.5):.1f} / {middle.late_ms(0.99):.1f}" if middle else ""
    yield f"{statistics.median(each['stream x1'].processor_ms for each in runs):.2f}"


def spread(values: Sequence[float]) -> str:
    """Return a median with the lowest and the highest."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def prepared(handlers: Handlers, chars: int) -> Messages:
    """Make the messages of a document of a size, and its answers."""
    lines = "\n".join(f"{number} {LINE}" for number in range(1 + chars // len(LINE)))
    request = cleaning_pb2.CleanRequest(id="1", text=(HUSK + lines)[:chars])
    response = handlers.clean(request)
    return Messages(
        request.SerializeToString(),
        cleaning_pb2.CleanStreamRequest(request=request).SerializeToString(),
        response.SerializeToString(),
        cleaning_pb2.CleanStreamResponse(id="1", response=response).SerializeToString(),
    )


def load(server: Serving, messages: Messages, callers: int, seconds: float, *, stream: bool) -> Run:
    """Ask for some seconds, each caller over a connection of its own."""
    times: list[float] = []
    ready = threading.Barrier(callers + 1)

    def caller() -> None:
        with grpc.insecure_channel(server.target, [("grpc.use_local_subchannel_pool", 1), *UNLIMITED]) as channel:
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
    busy, began = server.processor_seconds(), time.perf_counter()
    for thread in threads:
        thread.join()
    seconds_taken = time.perf_counter() - began
    return Run(sorted(times), len(times), seconds_taken, server.processor_seconds() - busy)


def _stream(channel: grpc.Channel, message: bytes, end: float, times: list[float]) -> None:
    room = threading.Semaphore(4)  # documents under way in one stream: enough that none waits for the way

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


if __name__ == "__main__":
    sys.exit(main())
