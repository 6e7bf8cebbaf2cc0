"""Where a stretch of a page's text stands in its tree, as a CSS selector that finds the element again."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from typing import Final

from dehusk_server.markup.walk import Elements, Markup

_LONGEST: Final = 40
"""Steps of a path at most; of a deeper element the last ones."""
_CLIMBS: Final = 200_000
"""Steps up the trees of one page in all, so that a page nested without end costs no more than others."""
_LONG: Final = 100
"""Characters of a name above which no path says it: it would be said once for each span."""
_PLAIN: Final = re.compile(rf"-?[A-Za-z_][\w-]{{0,{_LONG}}}\Z", re.ASCII)
_NOT_PLAIN: Final = re.compile(r"[^\w-]", re.ASCII)


class Paths:
    """Finds the elements of spans of one page; looks at each element once."""

    def __init__(self, markup: Markup) -> None:
        self._elements = markup.elements
        self._starts = [start for start, _, _ in markup.runs]
        self._holders = [holder for _, _, holder in markup.runs]
        self._repeated = markup.repeated
        self._climbs = _CLIMBS
        self._nth = _among_alike(self._elements)

    def of(self, start: int, end: int) -> str:
        """Return the path of the smallest element that holds all text between two offsets; empty without text.

        The path begins at the nearest element with an ``id`` of its own, else at the root. Of a page nested deeper than
        is sensible it gives the last steps alone, which may find other elements too, or the root.
        """
        first = bisect.bisect_right(self._starts, start) - 1
        last = bisect.bisect_left(self._starts, end) - 1
        # The blanks before the first text belong to nothing.
        first = max(first, 0)
        if last < first:
            return ""
        return self._path(self._shared(self._holders[first : last + 1]))

    def _shared(self, holders: Sequence[int]) -> int:
        found = holders[0]
        for holder in dict.fromkeys(holders):
            found = self._meet(found, holder)
        return found

    def _meet(self, one: int, other: int) -> int:
        parent, depth = self._elements.parent, self._elements.depth
        while one != other:
            self._climbs -= 1
            if self._climbs < 0:
                return 0
            if depth[one] >= depth[other]:
                one = parent[one]
            else:
                other = parent[other]
        return one

    def _path(self, number: int) -> str:
        elements = self._elements
        steps: list[str] = []
        while number >= 0 and len(steps) < _LONGEST:
            identity = elements.identity.get(number, "")
            if identity not in self._repeated and _PLAIN.match(identity):
                steps.append(f"#{identity}")
                break
            name = _written(elements.tag[number])
            alone = elements.parent[number] < 0 or name in ("body", "*")
            steps.append(name if alone else f"{name}:nth-of-type({self._nth[number]})")
            number = elements.parent[number]
        return " > ".join(reversed(steps))


def _among_alike(elements: Elements) -> list[int]:
    """Return for each element its number among those with its tag under the same parent, from 1."""
    seen: dict[tuple[int, str], int] = {}
    found = []
    for place in zip(elements.parent, elements.tag, strict=True):
        number = seen[place] = seen.get(place, 0) + 1
        found.append(number)
    return found


def _written(tag: str) -> str:
    """Return the name of an element as selectors write it (CSSOM, "serialize an identifier")."""
    if _PLAIN.match(tag):
        return tag
    # Names of elements begin with a letter, always.
    return _NOT_PLAIN.sub(lambda sign: f"\\{ord(sign.group()):x} ", tag) if len(tag) <= _LONG else "*"
