"""How time grows with the input, on shapes that a hostile page might take."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from bench.cleaners import Contestant

SIZES = (50_000, 100_000, 200_000, 400_000)
"""Characters."""

UNITS: Mapping[str, str] = {
    "prose lines": "The council met on Tuesday to talk about the bridge.\n",
    "husk lines": "Read more\nShare on Facebook\nMenu\n",
    "one line of husk": "Read more ",
    "one word": "a",
    "blank lines": "\n",
    "blanks": " ",
    "brackets": "[](((",
    "combining marks": "e\u0301\u0323",
    "unsegmented": "続きを読む",
}


def table(cleaner: Contestant) -> Iterator[str]:
    """Yield milliseconds for each shape and size, and how the last doubling multiplied them; linear is 2."""
    yield f"{'shape':20}" + "".join(f"{size // 1000:>8}k" for size in SIZES) + f"{'doubling':>10}"
    for name, unit in UNITS.items():
        taken = [_milliseconds(cleaner, unit * (size // len(unit))) for size in SIZES]
        yield f"{name:20}" + "".join(f"{ms:>9.1f}" for ms in taken) + f"{taken[-1] / max(taken[-2], 1e-6):>9.1f}x"


def _milliseconds(cleaner: Contestant, text: str) -> float:
    page, best = cleaner.prepare(text), float("inf")
    for _ in range(3):
        start = time.process_time()
        cleaner.clean(page)
        best = min(best, time.process_time() - start)
    return best * 1000
