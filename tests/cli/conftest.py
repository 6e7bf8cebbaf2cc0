"""Fixtures of the command line's tests."""

from __future__ import annotations

import io
import sys

import pytest

from commandline import Ended, FakeClient, Run
from dehusk_server.cli import clean as clean_command
from dehusk_server.cli import main


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    """Put the small cleaner in the place of engine and server."""
    fake = FakeClient()
    monkeypatch.setattr(clean_command, "_connect", lambda _arguments: fake)
    return fake


@pytest.fixture
def dehusk(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Return a function that runs ``dehusk`` with arguments and standard input, in this process."""

    def run(*arguments: object, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin))))
        status = main([str(argument) for argument in arguments])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Ended(status, out.decode("utf-8"), err.decode("utf-8"))

    return run
