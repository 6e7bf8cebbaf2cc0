"""What must be cut off a page before it is parsed, so that parsing stays linear in its size."""

from __future__ import annotations

import re
from typing import Final

MOST_ATTRIBUTES: Final = 200
"""Attributes of one tag that are parsed: Lexbor compares each with all before it."""
_LONG: Final = 2 * MOST_ATTRIBUTES
"""Characters of a tag below which it cannot have more."""
_TAG: Final = re.compile(r"""<[a-zA-Z](?:[^"'>]++|"[^"]*+"|'[^']*+'|["'])*+""")
"""A tag up to its end. What it takes it never gives back: each character is read once, whatever is not closed."""
_ATTRIBUTE: Final = re.compile(r"""[^\s"'>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>]*+))?+""")


def bounded(html: str) -> str:
    """Return a page whose tags have no more than `MOST_ATTRIBUTES` attributes each; the rest of such a tag is cut."""
    pieces: list[str] = []
    at = 0
    for tag in _TAG.finditer(html):
        if tag.end() - tag.start() > _LONG:
            cut = _past_last(html, tag.start() + 1, tag.end())
            if cut < tag.end():
                pieces.append(html[at:cut])
                at = tag.end()
    return "".join([*pieces, html[at:]]) if pieces else html


def _past_last(html: str, start: int, end: int) -> int:
    """Return the end of the last attribute that is parsed; the end of the tag where it has no more."""
    # The name of the tag is met first.
    for number, attribute in enumerate(_ATTRIBUTE.finditer(html, start, end)):
        if number == MOST_ATTRIBUTES:
            return attribute.end()
    return end
