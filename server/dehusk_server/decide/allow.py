"""Where a caller's allowed phrases stand: text that no rule may remove."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np

_BETWEEN_CHECKS: Final = 2048


def allowed_spans(source: str, phrases: Iterable[str], check: Callable[[], None]) -> list[tuple[int, int]]:
    """Return the stretches that the occurrences of the phrases cover: ascending, none touching the next.

    Args:
        source: the text.
        phrases: literal, none empty; overlapping occurrences count.
        check: called now and then, may raise to end the work.
    """
    # A byte a character, however many phrases cover it: lists of all occurrences would have no such bound.
    covered = np.zeros(len(source) + 2, dtype=np.int8)
    for phrase in dict.fromkeys(phrases):
        for start, end in _covered(source, phrase, check):
            covered[start + 1 : end + 1] = 1
    edges = np.flatnonzero(np.diff(covered)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _covered(source: str, phrase: str, check: Callable[[], None]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that one phrase covers, merged as they are found: a phrase may overlap itself everywhere."""
    step = _period(phrase)
    start = end = -1
    count = 0
    at = source.find(phrase)
    while at >= 0:
        count += 1
        if count % _BETWEEN_CHECKS == 0:
            check()
        if at > end:
            if end >= 0:
                yield start, end
            start = at
        end = at + len(phrase)
        # No occurrence begins nearer than the phrase's period.
        at = source.find(phrase, at + step)
    check()
    if end >= 0:
        yield start, end


def _period(phrase: str) -> int:
    """Return the smallest shift at which a phrase agrees with itself (Knuth, Morris & Pratt 1977)."""
    borders = [0] * len(phrase)
    length = 0
    for place in range(1, len(phrase)):
        while length and phrase[place] != phrase[length]:
            length = borders[length - 1]
        length += phrase[place] == phrase[length]
        borders[place] = length
    return len(phrase) - borders[-1]
