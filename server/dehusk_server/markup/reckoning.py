"""A page's tags, one after the other, as far as the cost of parsing them goes: what is open, what is opened again.

No number here is too small for long, whatever the tags are; on pages that people wrote all stay far below their limits.
"""

from __future__ import annotations

import re
from typing import Final

from dehusk_server.markup.tag_patterns import ATTRIBUTE

_NOT_NESTED: Final = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "html", "head", "body",
})  # fmt: skip
"""Elements that hold nothing, or that the next of their kind or the end of a table or list closes."""
_FORMATTING: Final = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
})  # fmt: skip
"""Elements that are opened again in the next block where one ends before them."""
ALIKE: Final = 3
"""Elements of the same name and attributes that are opened again at most ("Noah's Ark clause")."""
_ONCE: Final = frozenset({"a", "nobr"})
"""Of these the next closes the one before."""
_MADE: Final = ("p", "br")
"""Elements that a closing tag makes where none is open."""
_CELLS: Final = frozenset({"td", "th", "caption"})
_WALLS: Final = _CELLS | {"applet", "marquee", "object", "table", "template"}
"""Elements from inside which no formatting outside is closed."""
_COUNTED: Final = _WALLS | {"option", "select", "tr", "html", "body"}
_HTML_IN_SVG: Final = ("foreignobject", "desc", "title")
"""Elements of SVG that hold HTML again; elsewhere in SVG a slash closes an element."""
_CHEAPER: Final = 25
"""Looks through a list of formatting for the time of one at an open element."""
_DEARER: Final = 4
"""The time of a look at an option, in those at an open element."""
_ATTRIBUTES: Final = re.compile(ATTRIBUTE)


class Reckoning:
    """What the tags so far have cost."""

    def __init__(self) -> None:
        self.elements = self.deepest = self.repeated = self.steps = 0
        self._held: dict[str, int] = {}
        self._depth = self._options = self._outermost = 0
        self._walls: list[tuple[str, dict[str, list[str]]]] = [("", {})]
        self._alike: dict[str, int] = {}
        self._reopened = 0
        """Formatting elements that the next block would open again, at most."""

    @property
    def names(self) -> int:
        """How many different names elements have; those that do not nest, which are few, not counted."""
        return len(self._held)

    def open(self, name: str, tag: str) -> None:
        """Read an opening tag; given is all of it but its end."""
        self.elements += 1
        self.steps += self._depth
        if name in _FORMATTING:
            self._format(name, tag)
        else:
            self.repeated += self._reopened
            if name in _COUNTED:
                self._count(name, tag)
        if name in _NOT_NESTED or (tag[-1] == "/" and self._in_svg()):
            return
        self._held[name] = self._held.get(name, 0) + 1
        self._depth += 1
        self.deepest = max(self.deepest, self._depth)

    def close(self, name: str) -> None:
        """Read a closing tag; it closes elements of its own name alone."""
        self.steps += self._depth
        self.elements += name in _MADE
        # Formatting that is closed takes what is open inside along, to be opened again.
        self.repeated += self._reopened
        if name in _FORMATTING:
            self.steps += self._depth * self._reopened // _CHEAPER
            if opened := self._walls[-1][1].get(name):
                self._forget(opened.pop())
        elif name in _COUNTED:
            self._end(name)
        if self._held.get(name):
            self._held[name] -= 1
            self._depth -= 1

    def _end(self, name: str) -> None:
        if name in ("tr", "table"):
            self._leave_cell()
        if name == self._walls[-1][0]:
            self._leave()

    def _count(self, name: str, tag: str) -> None:
        if name == "option":
            self.steps += _DEARER * self._options
            self._options += 1
        elif name == "select" and not self._held.get("template"):
            self._options = 0
        elif name == "tr":
            self._leave_cell()
        elif name in ("html", "body"):
            # The attributes of each are looked for among those of all before it.
            attributes = _attributes(tag)
            self.steps += attributes * self._outermost
            self._outermost += attributes
        if name in _CELLS:
            self._leave_cell()
        if name in _WALLS:
            self._walls.append((name, {}))

    def _format(self, name: str, tag: str) -> None:
        attributes = 0 if len(tag) < 8 else _attributes(tag)
        self.steps += self._reopened * (1 + attributes * attributes // 2)
        opened = self._walls[-1][1].setdefault(name, [])
        if name in _ONCE:
            if opened:
                self.repeated += self._reopened
                return
            tag = f"<{name}"
        opened.append(tag)
        self._alike[tag] = alike = self._alike.get(tag, 0) + 1
        self._reopened += alike <= ALIKE

    def _forget(self, tag: str) -> None:
        self._alike[tag] -= 1
        self._reopened -= self._alike[tag] < ALIKE

    def _leave_cell(self) -> None:
        if self._walls[-1][0] in _CELLS:
            self._leave()

    def _leave(self) -> None:
        """Leave a wall; what is open inside counts as open still, though most often it is not."""
        _, inside = self._walls.pop()
        wall, outside = self._walls.pop()
        for name, opened in inside.items():
            others = outside.get(name, [])
            more, fewer = (others, opened) if len(others) >= len(opened) else (opened, others)
            more.extend(fewer)
            outside[name] = more
        self._walls.append((wall, outside))

    def _in_svg(self) -> bool:
        return bool(self._held.get("svg")) and not any(map(self._held.get, _HTML_IN_SVG))


def _attributes(tag: str) -> int:
    # The name of the tag is met first.
    return len(_ATTRIBUTES.findall(tag, 1)) - 1
