"""A worker by itself: how long from nothing to the first answer, and how much memory it takes at its peak.

Run as a program it is that worker: pages come as a JSON list on standard input, one JSON object goes out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

STARTS = 5


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a worker costs before and while it works."""

    start_s: float
    """Wall seconds from starting the process to its first answer, median of `STARTS`."""
    idle_mb: float
    """Peak resident megabytes after the first answer."""
    peak_mb: float
    """Peak resident megabytes after all pages."""


def footprint(texts: Sequence[str]) -> Footprint:
    """Start workers one after another on the same pages and watch them."""
    pages = json.dumps(list(texts))
    starts, seen = [], {}
    for _ in range(STARTS):
        begun = time.time()
        done = subprocess.run(
            [sys.executable, "-m", "bench.worker"],
            input=pages,
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[1],
        )
        seen = json.loads(done.stdout)
        starts.append(seen["first_answer"] - begun)
    return Footprint(median(starts), seen["idle_mb"], seen["peak_mb"])


def main() -> None:
    """Clean a short page, then those on standard input."""
    from dehusk_server.engine import Engine  # noqa: PLC0415 - its import is part of what is timed
    from dehusk_server.model import Document  # noqa: PLC0415

    engine = Engine()
    engine.clean(Document("Menu\nIt rained.\n"))
    first_answer, idle_mb = time.time(), _peak_mb()
    for text in json.loads(sys.stdin.read()):
        engine.clean(Document(text))
    print(json.dumps({"first_answer": first_answer, "idle_mb": idle_mb, "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    """Return this process's own peak; ``getrusage`` would count the parent's from before the exec as well."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    import resource  # noqa: PLC0415 - the way of systems without /proc

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    main()
