"""How much of each kind a result holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dehusk.types import Kind, Removed, Result, Slicer


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of one kind there is."""

    spans: int = 0
    """Removed spans."""
    chars: int = 0
    """Code points in removed spans."""
    kept: int = 0
    """Spans that were found to be of this kind and kept."""

    def __add__(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(self.spans + other.spans, self.chars + other.chars, self.kept + other.kept)


Tallies = Mapping[Kind, Tally]
"""Tallies of the kinds of husk that occur, in the order of the kinds."""


def tallies(result: Result) -> Tallies:
    """Return how much there is of each kind of husk."""
    slicer = Slicer(result.source, result.offset_unit)
    found: dict[Kind, Tally] = {}
    for span in result.spans():
        chars = len(slicer.cut(span.start, span.end))
        one = Tally(spans=1, chars=chars) if isinstance(span, Removed) else Tally(kept=1)
        found[span.kind] = found.get(span.kind, Tally()) + one
    return _in_order(found)


def together(first: Tallies, second: Tallies) -> Tallies:
    """Return the tallies of two results as one."""
    return _in_order({kind: first.get(kind, Tally()) + second.get(kind, Tally()) for kind in (*first, *second)})


def _in_order(found: Tallies) -> Tallies:
    return {kind: found[kind] for kind in Kind if kind in found and kind is not Kind.BODY}
