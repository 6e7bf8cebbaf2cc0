"""``python -m bench.soak``: many documents through the service, with faults; each answer is compared with the engine's.

Good pages go through a stream of the client while bad messages, callers who leave, storms of connections and a
``kill -9`` of a worker now and then do their worst. At the end: wrong answers, lost answers, and the slope of the
memory of all processes with its confidence interval, which says something only where no worker is killed or replaced
(``--kill-seconds 0``). Bounded in documents; over the loopback alone.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc

from dehusk import Client, Document, Failure
from dehusk_server.local import LocalClient

LINE = "A line of prose with several words in it, much as pages have them, number"
HUSK = ("Share on Facebook", "Read more", "Subscribe to our newsletter", "Comments (3)", "Home / News", "Advertisement")
DIFFERENT = 200
"""Pages that take turns."""
BAD = ("", "\ud83d\ude00" * 3, " \n" * 50, "x" * 300_000, "\n" * 5_000, "a b " * 40_000)
"""Pages that are empty, without a word, without a line end, or all blank; each has its own right answer."""


class Service:
    """The service, its processes and their memory."""

    def __init__(self, workers: int, documents_a_worker: int) -> None:
        command = [sys.executable, "-m", "dehusk_server", "serve", "--port", "0", "--log-level", "error"]
        command += ["--workers", str(workers), "--max-worker-documents", str(documents_a_worker)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        if self.process.stdout is None:
            raise RuntimeError("the server has no output to say its port on")
        self.target = self.process.stdout.readline().split()[-1]

    def pids(self) -> list[int]:
        """Return the supervisor's process and those of its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [self.process.pid, *map(int, children.split())]

    def megabytes(self) -> float:
        """Return the memory of all processes together, shared parts counted once (PSS)."""
        total = 0
        for pid in self.pids():
            try:
                told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            except OSError:
                continue  # it has just ended
            total += next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:"))
        return total / 1024


def main() -> int:
    """Soak; the exit status is 0 only if no answer was wrong or lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--documents", type=int, default=200_000, help="good and bad pages in all (default 200,000)")
    parser.add_argument("--workers", type=int, default=2, help="of the service (default 2)")
    parser.add_argument("--kill-seconds", type=float, default=20.0, help="between two kills; 0 for none (default 20)")
    parser.add_argument("--recycle", type=int, default=0, help="documents after which a worker is replaced (default 0)")
    parser.add_argument("--seed", type=int, default=0, help="of pages and faults (default 0)")
    given = parser.parse_args()
    pages = [*(page(random.Random(given.seed + number)) for number in range(DIFFERENT)), *BAD]  # noqa: S311 - pages
    with LocalClient() as local:
        wanted = [seen(answer) for answer in local.clean_many([Document(text) for text in pages])]
    service = Service(given.workers, given.recycle)
    over = threading.Event()
    faults = [threading.Thread(target=disturb, args=(service, over, given.kill_seconds, given.seed))]
    memory: list[tuple[int, float]] = []
    wrong = answered = 0
    began = time.perf_counter()
    for thread in faults:
        thread.start()
    try:
        with Client(service.target, retries=4) as client:
            documents = (Document(pages[number % len(pages)], id=str(number)) for number in range(given.documents))
            for answer in client.clean_many(documents):
                wrong += answer.id != str(answered) or seen(answer) != wanted[answered % len(pages)]
                answered += 1
                if answered % max(1, given.documents // 200) == 0:
                    memory.append((answered, service.megabytes()))
    finally:
        over.set()
        for thread in faults:
            thread.join()
        service.process.terminate()
        status = service.process.wait(60)
    seconds = time.perf_counter() - began
    lost = given.documents - answered
    print(f"{answered} documents in {seconds:.0f} s, {answered / seconds:.0f}/s; wrong {wrong}, lost {lost}")
    half = memory[len(memory) // 2 :]
    middle, low, high = slope(half)
    print(f"memory {memory[0][1]:.0f} to {memory[-1][1]:.0f} MB; second half: {middle:+.2f} MB a 100,000 documents")
    print(f"95 % confidence interval: {low:+.2f} to {high:+.2f}; exit status of the service {status}")
    return int(bool(wrong or lost or status))


def page(chance: random.Random) -> str:
    """Make one page: prose with husk between."""
    lines = [f"{LINE} {chance.randrange(10_000)}." for _ in range(chance.randrange(3, 60))]
    for husk in chance.sample(HUSK, 4):
        lines.insert(chance.randrange(len(lines)), husk)
    return "\n".join(lines)


def seen(answer: object) -> object:
    """Return what must be equal between two answers to one page."""
    if isinstance(answer, Failure):
        return answer.error.code
    return (getattr(answer, "body", ""), getattr(answer, "removed", ()), getattr(answer, "status", ""))


def slope(points: list[tuple[int, float]]) -> tuple[float, float, float]:
    """Return the slope of a line through points (least squares) for 100,000 documents, with its 95 % interval."""
    count = len(points)
    if count < 3:
        return (math.nan, math.nan, math.nan)
    mean_x, mean_y = (sum(point[axis] for point in points) / count for axis in (0, 1))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    by = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rest = sum((y - mean_y - by * (x - mean_x)) ** 2 for x, y in points)
    error = 1.96 * math.sqrt(rest / (count - 2) / spread)
    return (by * 1e5, (by - error) * 1e5, (by + error) * 1e5)


def disturb(service: Service, over: threading.Event, kill_seconds: float, seed: int) -> None:
    """Do what hostile and unlucky callers do, one after the other, and kill a worker now and then."""
    chance = random.Random(seed)  # noqa: S311 - chance of a test
    acts = (garbage, leaver, storm, half_open)
    last = time.monotonic()
    while not over.wait(0.2):
        chance.choice(acts)(service.target)
        if kill_seconds and time.monotonic() - last > kill_seconds and len(service.pids()) > 1:
            os.kill(chance.choice(service.pids()[1:]), signal.SIGKILL)
            last = time.monotonic()


def garbage(target: str) -> None:
    """Send bytes that are no message, and one message that is too large."""
    with grpc.insecure_channel(target) as channel:
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/dehusk.v1.CleaningService/Clean")
        for raw in (b"\xff" * 100, b"\x12\x02\xff\xfe", b"\x0a" * 70_000_000):
            _refused(call, raw)


def leaver(target: str) -> None:
    """Begin calls and leave."""
    with grpc.insecure_channel(target) as channel:
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/dehusk.v1.CleaningService/Clean")
        begun = [call.future(b"\x12\x06Prose.") for _ in range(50)]
        for each in begun:
            each.cancel()


def storm(target: str) -> None:
    """Open many connections at once, say nothing or nonsense, and close them."""
    host, _, port = target.rpartition(":")
    opened = [socket.create_connection((host, int(port)), timeout=5) for _ in range(100)]
    for each in opened[::2]:
        each.sendall(b"GET / HTTP/1.1\r\n\r\n")
    for each in opened:
        each.close()


def half_open(target: str) -> None:
    """Open a stream, send half of what was begun, and stay silent for a while."""

    def requests() -> Iterator[bytes]:
        yield b"\x0a\x08\x12\x06Prose."
        time.sleep(0.5)

    with grpc.insecure_channel(target) as channel:
        call: grpc.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(
            "/dehusk.v1.CleaningService/CleanStream"
        )
        try:
            list(call(requests(), timeout=5))
        except grpc.RpcError:
            return  # its worker was killed meanwhile


def _refused(call: grpc.UnaryUnaryMultiCallable[bytes, bytes], raw: bytes) -> None:
    try:
        call(raw, timeout=20)
    except grpc.RpcError:
        return
    raise RuntimeError("bytes that are no message were answered")


if __name__ == "__main__":
    sys.exit(main())
