"""What must be cut off a page before it is parsed, so that parsing stays linear in its size."""

from __future__ import annotations

import re
from typing import Final

MOST_DEEP: Final = 10_000
"""Elements inside each other that are parsed: Lexbor's time grows with the square of their depth."""
MOST_ATTRIBUTES: Final = 256
"""Attributes of one tag that are parsed: Lexbor compares each with all before it."""
_LONG: Final = 2 * MOST_ATTRIBUTES
"""Characters of a tag below which it cannot have more."""

# As the tokeniser of the HTML standard reads tags: quotes count after an equals sign alone. What these take they never
# give back, so that each character is read once or twice, whatever is not closed.
_VALUE: Final = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)"""
_ATTRIBUTE: Final = rf"=?+[^\s/>=]++(?:\s*+=\s*+{_VALUE}?+)?+"
_TAG: Final = rf"<[a-z][^\s/>]*+(?:[\s/]++|=(?=[\s/>=])|{_ATTRIBUTE})*+"
_OPENED: Final = r"<(?P<opened>[a-z][^\s/>]*+)"
_COMMENT: Final = r"<!--(?:.*?-->|.*)"
_RAW: Final = "script|style|textarea|title|xmp|iframe|noembed|noframes"
"""Elements whose text holds no tags: what looks like one there is none."""

_UNREAD: Final = rf"{_COMMENT}|<({_RAW})(?=[\s/>])[^>]*+>(?:.*?</\1|.*)"
"""What holds no tags, to its end."""

_PARTS: Final = re.compile(rf"{_UNREAD}|{_TAG}", re.IGNORECASE | re.DOTALL)
_NESTING: Final = re.compile(rf"{_UNREAD}|(?={_OPENED}){_TAG}|</(?P<closed>[a-z][^\s/>]*+)", re.IGNORECASE | re.DOTALL)
_NOT_NESTED: Final = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "html", "head", "body",
})  # fmt: skip
_HTML_IN_SVG: Final = ("foreignobject", "desc", "title")
"""Elements of SVG that hold HTML again; elsewhere in SVG a slash closes an element."""
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


def deepest(html: str) -> int:
    """Return how many elements of a page are open at once at most, as its tags have it.

    A closing tag closes the elements of its own name alone. Left out are elements that hold nothing, and those that the
    next of their kind or the end of a table or list closes: the parser may find a few times more, not without end.
    """
    held: dict[str, int] = {}
    depth = most = 0
    for part in _NESTING.finditer(html):
        opened, closed = part.group("opened"), part.group("closed")
        name = (opened or closed or "").lower()
        if not name or name in _NOT_NESTED:
            continue
        if opened and part.group().endswith("/") and held.get("svg") and not any(map(held.get, _HTML_IN_SVG)):
            continue
        if opened:
            held[name] = held.get(name, 0) + 1
            depth += 1
            most = max(most, depth)
        elif held.get(name):
            held[name] -= 1
            depth -= 1
    return most


def _past_last(html: str, start: int, end: int) -> int:
    """Return the end of the last attribute that is parsed; the end of the tag where it has no more."""
    # The name of the tag is met first.
    for number, attribute in enumerate(_ATTRIBUTES.finditer(html, start, end)):
        if number == MOST_ATTRIBUTES:
            return attribute.end()
    return end
