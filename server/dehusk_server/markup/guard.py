"""What must be cut off a page before it is parsed, so that parsing stays linear in its size."""

from __future__ import annotations

import re
from typing import Final

from dehusk_server.markup.tag_patterns import ATTRIBUTE, TAG, UNREAD

MOST_ATTRIBUTES: Final = 256
"""Attributes of one tag that are parsed: Lexbor compares each with all before it."""
_LONG: Final = 2 * MOST_ATTRIBUTES
"""Characters of a tag below which it cannot have more."""

_PARTS: Final = re.compile(rf"{UNREAD}|{TAG}", re.IGNORECASE | re.DOTALL)
_OPENING: Final = re.compile(TAG, re.IGNORECASE)
_ATTRIBUTES: Final = re.compile(ATTRIBUTE)


def bounded(html: str) -> str:
    """Return a page whose tags have no more than `MOST_ATTRIBUTES` attributes each; the rest of such a tag is cut."""
    pieces: list[str] = []
    at = 0
    for part in _PARTS.finditer(html):
        start, end = part.span()
        if end - start <= _LONG:
            continue
        tag = _OPENING.match(html, start)
        if tag is not None and tag.end() - start > _LONG:
            cut = _past_last(html, start + 1, tag.end())
            if cut < tag.end():
                pieces.append(html[at:cut])
                at = tag.end()
    return "".join([*pieces, html[at:]]) if pieces else html


def _past_last(html: str, start: int, end: int) -> int:
    """Return the end of the last attribute that is parsed; the end of the tag where it has no more."""
    # The name of the tag is met first.
    for number, attribute in enumerate(_ATTRIBUTES.finditer(html, start, end)):
        if number == MOST_ATTRIBUTES:
            return attribute.end()
    return end
