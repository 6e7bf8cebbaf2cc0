"""The smallest page that still breaks a law, as far as cutting finds it (Zeller's ddmin, with a bound)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fuzz.inputs import Input

_TRIES: Final = 2_000


def minimised(given: Input, breaks: Callable[[Input], bool]) -> Input:
    """Return an input that is cut down while it still breaks what it breaks.

    Args:
        given: an input that breaks a law.
        breaks: says whether an input breaks the same law.
    """
    tries = _TRIES
    size = max(1, len(given.html) // 2)
    while tries > 0:
        start, cut_any = 0, False
        while start < len(given.html) and tries > 0:
            smaller = _without(given, start, start + size)
            tries -= 1
            if smaller.html and breaks(smaller):
                given, cut_any = smaller, True
            else:
                start += size
        if size > 1:
            size //= 2
        elif not cut_any:
            break
    return given


def _without(given: Input, start: int, end: int) -> Input:
    html = given.html
    if isinstance(html, bytes):
        return Input(html[:start] + html[end:], given.charset)
    return Input(html[:start] + html[end:], given.charset)
