"""Markdown links and images in a text, as people and flatteners write them; found in one pass, in linear time.

A link is ``[words](target)``, its target with or without a title; an image has a ``!`` before it. Words may hold
brackets that pair up, links and images. What is no link stays out: notes (``[1]``), links by reference (``[a][b]``),
addresses in angle brackets, escaped brackets, targets that hold blanks, code between backticks or fences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"\\[\\`\[\]!]|`+|!?\[|\](?:\((?=[^\n]))?|\n")
# Every repeat is bounded and ends at a sign that it cannot hold, so that no page costs more than linear time.
_TARGET: Final = re.compile(
    r"[ \t]{0,4}(?:<[^<>\n]{0,2000}>|[^()\s<>]{0,2000}(?:\([^()\s]{0,400}\)[^()\s]{0,400}){0,3})"
    r"(?:[ \t]{1,4}(?:\"[^\"\n]{0,600}\"|'[^'\n]{0,600}'))?[ \t]{0,4}\)"
)
_FENCE: Final = re.compile(r"[ \t]{0,3}(```|~~~)")
_DEEPEST: Final = 64
"""Brackets open at once; outer ones beyond are forgotten."""


@dataclass(frozen=True, slots=True)
class LinkMark:
    """A link or an image."""

    start: int
    """Of its ``[``, or ``![``."""
    words_end: int
    """Of its ``]``."""
    end: int
    """Past its ``)``."""
    image: bool


def find_link_marks(text: str) -> list[LinkMark]:
    """Return all links and images, in the order of their ends; those inside another stand before it."""
    if "](" not in text:
        return []
    found: list[LinkMark] = []
    for start, end in _open_rows(text):
        if text.find("](", start, end) >= 0:
            found += _in_row(text, start, end)
    return found


def _open_rows(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every row that is not between fences."""
    fence = ""
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        mark = _FENCE.match(text, at, end)
        if mark is None:
            if not fence:
                yield at, end
        elif not fence:
            fence = mark.group(1)
        elif fence == mark.group(1):
            fence = ""
        at = end + 1


def _in_row(text: str, start: int, end: int) -> Iterator[LinkMark]:
    ticks: dict[int, int] = {}
    if text.find("`", start, end) >= 0:
        # Where a run of each length stands last: one that stands nowhere further on opens nothing.
        ticks = {len(run.group()): run.start() for run in re.finditer("`+", text[start:end])}
    opened: list[tuple[int, bool]] = []
    at = start
    while (token := _TOKEN.search(text, at, end)) is not None:
        sign, at = token.group(), token.end()
        if sign[0] == "`":
            if ticks[len(sign)] + start > token.start():
                at = _past_code(text, at, end, len(sign))
        elif sign.endswith("["):
            if sign[0] != "\\":
                opened.append((token.start(), sign[0] == "!"))
                del opened[:-_DEEPEST]
        elif sign[0] == "]" and opened:
            begin, image = opened.pop()
            target = _TARGET.match(text, at, end) if len(sign) > 1 else None
            if target is not None:
                yield LinkMark(begin, token.start(), target.end(), image)
                at = target.end()


def _past_code(text: str, at: int, end: int, size: int) -> int:
    """Return the end of the code that a run of backticks opens."""
    for run in re.compile("`+").finditer(text, at, end):
        if len(run.group()) == size:
            return run.end()
    return at
