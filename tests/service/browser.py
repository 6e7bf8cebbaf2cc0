"""A headless Chromium, driven over its own pipe: no package between it and the test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_WIRED = """
import os, sys
given, taken = (os.dup2(int(old), new) for old, new in zip(sys.argv[1:3], (103, 104)))
os.dup2(given, 3)
os.dup2(taken, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Becomes the browser, which reads commands from descriptor 3 and answers on 4."""


class Browser:
    """One page of a browser (Chrome DevTools Protocol: JSON messages that end with a zero byte)."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = commands
        self._answers = os.fdopen(answers, "rb", buffering=0)
        self._rest = b""
        self._number = 0
        self._session = ""
        self.events: list[dict[str, Any]] = []
        """What the browser has told by itself: errors of scripts, requests, refusals."""

    def open(self, address: str) -> None:
        """Open an address, and wait until it is loaded."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.ask("Page.navigate", url=address)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def run(self, script: str) -> Any:
        """Run a script in the page, and return its value; a promise is awaited."""
        told = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._number += 1
        command: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while (message := self._next()).get("id") != self._number:
            self.events.append(message)
        assert "result" in message, message
        found: dict[str, Any] = message["result"]
        return found

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = self._answers.read(65_536)
            assert read, "the browser has ended"
            self._rest += read
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Run a browser whose files all stand in a folder; skips where none is installed."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium is installed")
    given, commands = os.pipe()
    answers, taken = os.pipe()

    # No sandbox: as root there is none, and it opens our own page alone.
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"]
    flags += ["--disable-background-networking", "--disable-extensions", "--disable-component-update", "--disable-sync"]
    flags += ["--no-first-run", "--no-zygote", "--in-process-gpu", "--mute-audio", f"--user-data-dir={folder}"]
    command = [sys.executable, "-c", _WIRED, str(given), str(taken), program, *flags]
    with (
        (folder / "browser.log").open("wb") as log,
        subprocess.Popen(command, pass_fds=(given, taken), stdout=log, stderr=log) as process,
    ):
        os.close(given)
        os.close(taken)
        page = Browser(commands, answers)
        try:
            yield page
        finally:
            process.kill()
            os.close(commands)
            page._answers.close()
