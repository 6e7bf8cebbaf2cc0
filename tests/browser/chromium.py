"""Where Chromium is, and how it is started for tests: without a window, with an empty profile, silent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
"""What it is called on the PATH."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)

_LAUNCH = """
import os, sys
ends, command = [int(each) for each in sys.argv[1:3]], sys.argv[3:]
while min(ends) < 5:
    ends = [os.dup(each) for each in ends]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(command[0], command)
"""
"""Gives the browser its ends of the pipes as descriptors 3 and 4, where it speaks the protocol."""


def chromium() -> str | None:
    """Return where Chromium is, or ``None``. One inside a snap does not count: it reads no file of a test."""
    found = (path for name in NAMES if (path := shutil.which(name)) is not None)
    return next((path for path in found if "snap" not in Path(path).resolve().parts), None)


def start(program: str, profile: Path) -> tuple[subprocess.Popen[bytes], int, int]:
    """Start the browser.

    Args:
        program: as `chromium` found it.
        profile: an empty folder.

    Returns:
        The process, the descriptor to write commands to, the descriptor to read answers from.
    """
    read_commands, commands = os.pipe()
    answers, write_answers = os.pipe()
    ends = (read_commands, write_answers)
    process = subprocess.Popen(
        [sys.executable, "-c", _LAUNCH, *map(str, ends), program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        pass_fds=ends,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for each in ends:
        os.close(each)
    return process, commands, answers
