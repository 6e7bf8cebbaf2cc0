"""What parsing a page would cost, reckoned from its tags: some pages are small, and would cost hours or all memory.

HTML's rules for slips (WHATWG HTML, "Parsing HTML documents") make the parser look through all open elements at most
tags, and open formatting again in each block that it was not closed before. Lexbor keeps names in tables of one size.
Each is nothing on pages that people wrote, and grows with the square of a page, or its cube, on those that mean harm.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from dehusk_server.errors import InvalidInputError
from dehusk_server.markup.reckoning import ALIKE, Reckoning
from dehusk_server.markup.tag_patterns import ATTRIBUTE, OPENED, TAG, UNREAD

MOST_DEEP: Final = 10_000
"""Elements inside each other, of a page that is not small."""
MOST_ELEMENTS: Final = 1_000_000
MOST_NAMES: Final = 20_000
"""Different names of elements, and of attributes."""
MOST_REPEATED: Final = 200_000
"""Formatting elements that are opened again because a block ended before they did."""
MOST_STEPS: Final = 400_000_000
"""Looks at open elements, attributes and options; some two seconds' worth."""

_SMALL: Final = 20_000
"""Tags of a page below which it costs a second or two at most, however deep they are and whatever their names."""
_SHORT: Final = 400_000
"""Characters of all tags below which attributes cannot have so many names that they cost more than a few seconds."""
_FEW_GAPS: Final = 100_000
"""Places where an attribute may begin; as above."""
_FEW_BODIES: Final = 8
"""Tags of ``body`` and ``html`` that cost little, whatever attributes they have."""
_FEW_ATTRIBUTES: Final = 8
"""Attributes of an element of formatting that cost little, however many such there are on a small page."""
_COUNTED: Final = re.compile(
    rf"<(?=(?:big|code|em|font|small|strike|strong|tt|[bisu])[\s/>]){TAG[1:]}|<(body|html)(?=[\s/>])", re.IGNORECASE
)
"""Formatting, with its attributes; links apart, of which one is open at a time."""
_ATTRIBUTES: Final = re.compile(ATTRIBUTE)
_PARTS: Final = re.compile(rf"{UNREAD}|(?={OPENED}){TAG}|</(?P<closed>[a-z][^\s/>]*+)", re.IGNORECASE | re.DOTALL)
_TAGS: Final = re.compile(rf"(?P<unread>{UNREAD})|{TAG}", re.IGNORECASE | re.DOTALL)


def refuse_burdens(html: str) -> None:
    """Refuse a page whose parsing would cost more than any page needs.

    Raises:
        InvalidInputError: it would; the limit says which is passed.
    """
    if _worth_a_look(html):
        reckoning = reckoned(html)
        for number, most, unit, fault in (
            (reckoning.deepest, MOST_DEEP, "elements deep", "elements are nested deeper than any page needs"),
            (reckoning.elements, MOST_ELEMENTS, "elements", "the page has more elements than any page needs"),
            (reckoning.names, MOST_NAMES, "names", "the page has more names of elements than any page needs"),
            (reckoning.repeated, MOST_REPEATED, "elements", "formatting is left open and would be repeated endlessly"),
            (reckoning.steps, MOST_STEPS, "steps", "open elements, attributes or options would be searched endlessly"),
        ):
            if number > most:
                raise _refusal(fault, f"{most} {unit}")
    if _has_many_names(html):
        raise _refusal("the page has more names of attributes than any page needs", f"{MOST_NAMES} names")


def reckoned(html: str) -> Reckoning:
    """Reckon what parsing a page would cost; ends early where that is too much."""
    reckoning = Reckoning()
    for part in _PARTS.finditer(html):
        if name := part.group("opened"):
            reckoning.open(name.lower(), part.group())
        elif name := part.group("closed"):
            reckoning.close(name.lower())
        else:
            continue
        if reckoning.steps > MOST_STEPS or reckoning.repeated > MOST_REPEATED or reckoning.elements > MOST_ELEMENTS:
            break
    return reckoning


def _worth_a_look(html: str) -> bool:
    """Say whether a page is large enough, or odd enough, that a closer look could refuse it."""
    tags = html.count("<")
    if tags > _SMALL:
        return True
    bodies = 0
    counted: Counter[str] = Counter()
    for found in _COUNTED.finditer(html):
        bodies += found.lastindex is not None
        counted[found.group()] += 1
    return (
        bodies > _FEW_BODIES
        or sum(min(times, ALIKE) for times in counted.values()) * tags > MOST_REPEATED
        or any(len(_ATTRIBUTES.findall(tag, 1)) > _FEW_ATTRIBUTES for tag in counted)
    )


def _has_many_names(html: str) -> bool:
    """Say whether attributes have too many names; of pages where that would cost little, not."""
    if len(html) < _SHORT or sum(map(html.count, " \t\n\f\r/\"'")) < _FEW_GAPS:
        return False
    tags = [part.group() for part in _TAGS.finditer(html) if part.lastindex is None]
    if sum(map(len, tags)) < _SHORT:
        return False
    names: set[str] = set()
    for tag in tags:
        names.update(attribute.partition("=")[0].lower() for attribute in _ATTRIBUTES.findall(tag, 1))
        if len(names) > MOST_NAMES:
            return True
    return False


def _refusal(fault: str, limit: str) -> InvalidInputError:
    return InvalidInputError("html", f"{fault}; send its text", limit)
