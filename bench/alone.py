"""The engine without any service, in processes of their own: what a service is measured beside.

Messages are read and written all the same, as the service's handlers do it; what is left out is transport.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from dehusk.v1 import cleaning_pb2
from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.serving.handlers import Handlers


class Done(NamedTuple):
    """What one process did."""

    documents: int
    seconds: float
    processor_seconds: float


class Engines:
    """Processes that clean one document again and again when they are told to."""

    def __init__(self, processes: Sequence[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def run(self, seconds: float, processes: int) -> list[Done]:
        """Have some of them clean at the same time, for some seconds."""
        asked = self._processes[:processes]
        for process in asked:
            if process.stdin is None:
                raise RuntimeError("an engine cannot be told anything")
            process.stdin.write(f"{seconds}\n")
            process.stdin.flush()
        return [_heard(process) for process in asked]


@contextmanager
def engines(message: bytes, count: int) -> Iterator[Engines]:
    """Start engines for one message (a CleanRequest); they are loaded when this yields."""
    command = [sys.executable, "-m", "bench.alone"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    processes = [subprocess.Popen(command, text=True, **pipes) for _ in range(count)]  # type: ignore[call-overload]
    try:
        for process in processes:
            process.stdin.write(f"{message.hex()}\n")
            process.stdin.flush()
        for process in processes:
            _heard(process)
        yield Engines(processes)
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _heard(process: subprocess.Popen[str]) -> Done:
    if process.stdout is None:
        raise RuntimeError("an engine cannot say anything")
    documents, seconds, busy = process.stdout.readline().split()
    return Done(int(documents), float(seconds), float(busy))


def main() -> None:
    """Be one of them: a message comes in hexadecimal, then seconds, a line each; what was done goes out."""
    handlers, message = Handlers(Engine(), Settings()), bytes.fromhex(sys.stdin.readline())
    _clean(handlers, message, 0.05)
    print(0, 0.0, 0.0, flush=True)
    for line in sys.stdin:
        print(*_clean(handlers, message, float(line)), flush=True)


def _clean(handlers: Handlers, message: bytes, seconds: float) -> Done:
    documents, busy, began = 0, time.process_time(), time.perf_counter()
    while time.perf_counter() < began + seconds:
        handlers.clean(cleaning_pb2.CleanRequest.FromString(message)).SerializeToString()
        documents += 1
    return Done(documents, time.perf_counter() - began, time.process_time() - busy)


if __name__ == "__main__":
    main()
