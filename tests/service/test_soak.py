"""The soak and the load run, small: so that they run when they are wanted large."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="needs what Linux says of processes"
    ),
]


def bench(module: str, *flags: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the benchmarks."""
    command = [sys.executable, "-m", f"bench.{module}", *flags]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240, cwd=ROOT)


def test_no_answer_is_wrong_or_lost_among_faults_and_kills() -> None:
    """Good and bad pages are answered rightly while callers do their worst and workers are killed."""
    ended = bench("soak", "--documents", "300", "--kill-seconds", "1")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert re.findall(r"(\d+) documents in .* wrong (\d+), lost (\d+)", ended.stdout) == [
        ("300", "0", "0"),
        ("2000", "0", "0"),
    ]
    kills = re.findall(r"(\d+) kills", ended.stdout)
    assert (kills[0], int(kills[1]) >= 1) == ("0", True)


def test_the_load_is_measured_beside_an_echo() -> None:
    """Every server has its row, and ratios are said."""
    ended = bench("load", "--seconds", "0.1", "--rounds", "1", "--sizes", "small")

    assert ended.returncode == 0, ended.stderr
    assert [row.split(" | ")[1] for row in ended.stdout.splitlines() if row.startswith("| small")] == [
        "none, one engine alone",
        "none, two engines alone",
        "echo",
        "1 worker",
        "2 workers",
    ]
    assert "two workers to one" in ended.stdout
