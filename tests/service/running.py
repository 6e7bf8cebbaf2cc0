"""A service in processes of its own, over the engine of `roundtrip.fakes`: started, looked at, ended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

TESTS = Path(__file__).resolve().parents[1]
PROGRAM = f"""
import logging, sys
sys.path.insert(0, {str(TESTS)!r})
from pathlib import Path, PosixPath
from dehusk_server.config import Settings
from dehusk_server.serving.reload import Loaded, read_certificates, read_tokens
from dehusk_server.serving.supervisor import Supervisor
from roundtrip.fakes import MarkEngine
logging.basicConfig(level="INFO", stream=sys.stderr, format="%(levelname)s %(message)s")
def ready(target):
    assert "grpc" not in sys.modules, "gRPC is in the process that forks"
    print("listening on", target, flush=True)
settings = Settings(**eval(sys.argv[1]))
loaded = Loaded(MarkEngine(), read_certificates(settings), read_tokens(settings))
Supervisor(settings, loaded, ready).run()
"""


@dataclass(frozen=True)
class Service:
    """A service that runs."""

    process: subprocess.Popen[str]
    target: str
    written: Path
    """Where its log goes."""

    @property
    def workers(self) -> tuple[int, ...]:
        """Process ids of its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return tuple(map(int, children.read_text(encoding="ascii").split()))

    @property
    def log(self) -> str:
        """What it has logged."""
        return self.written.read_text(encoding="utf-8")

    def end(self, seconds: float = 20) -> int:
        """Tell it to end, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@contextmanager
def running(folder: Path, **settings: object) -> Iterator[Service]:
    """Run a service on a free port; settings as those of `Settings`, and quick to end."""
    if not Path(f"/proc/self/task/{os.getpid()}/children").exists():
        pytest.skip("this system does not say which processes a process has started")
    program, log = folder / "service.py", folder / "log"
    program.write_text(PROGRAM, encoding="utf-8")
    wanted = {"port": 0, "notice_seconds": 0.0, "grace_seconds": 5.0} | settings
    command = [sys.executable, str(program), repr(wanted)]
    with log.open("w", encoding="utf-8") as errors, _process(command, errors) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"listening on (\S+)\n", line)
        assert found is not None, log.read_text(encoding="utf-8")
        yield Service(process, found[1], log)


@contextmanager
def _process(command: list[str], errors: IO[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Say whether something comes to hold; far more time than it takes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False
