"""What must be cut off a page before it is parsed, so that parsing stays linear in its size."""

from __future__ import annotations

import re
from typing import Final

MOST_ATTRIBUTES: Final = 256
"""Attributes of one tag that are parsed: Lexbor compares each with all before it."""
_LONG: Final = 2 * MOST_ATTRIBUTES
"""Characters of a tag below which it cannot have more."""

# As the tokeniser of the HTML standard reads tags: quotes count after an equals sign alone. What these take they never
# give back, so that each character is read once or twice, whatever is not closed.
_VALUE: Final = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)"""
_ATTRIBUTE: Final = rf"=?+[^\s/>=]++(?:\s*+=\s*+{_VALUE}?+)?+"
_TAG: Final = rf"<[a-z][^\s/>]*+(?:[\s/]++|=(?=[\s/>=])|{_ATTRIBUTE})*+"
_COMMENT: Final = r"<!--(?:.*?-->|.*)"
_RAW: Final = "script|style|textarea|title|xmp|iframe|noembed|noframes"
"""Elements whose text holds no tags: what looks like one there is none."""

_PARTS: Final = re.compile(rf"{_COMMENT}|<({_RAW})(?=[\s/>])[^>]*+>(?:.*?</\1|.*)|{_TAG}", re.IGNORECASE | re.DOTALL)
_OPENING: Final = re.compile(_TAG, re.IGNORECASE)
_ATTRIBUTES: Final = re.compile(_ATTRIBUTE)


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
