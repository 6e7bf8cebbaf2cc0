"""Decisions to marks: where each line, or part of a line, begins and what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dehusk_server.decide.decisions import BODY, Decisions
from dehusk_server.decide.verdict import Verdict
from dehusk_server.rules.context import FloatArray
from dehusk_server.text.axes import IntArray
from dehusk_server.text.segments import Segments

NO_UNIT = -1


@dataclass(frozen=True, slots=True)
class Marks:
    """Decisions in the order of the text; each reaches to the next, blanks included. Arrays of shape (marks,)."""

    start: IntArray
    kind: IntArray
    """Column of the kind, `BODY` where it stays."""
    husk: FloatArray
    """Probability of being husk."""
    size: IntArray
    """Visible characters: its weight where marks are joined."""
    line: IntArray
    """Number of the line where the whole of it was decided, else `NO_UNIT`."""
    part: IntArray
    """Number of the part where a part was decided, else `NO_UNIT`."""


def make_marks(verdict: Verdict) -> Marks:
    """Return a mark for each line, or for each part of it where a part goes."""
    lines, page = verdict.lines, verdict.features.page
    count = page.lines
    whole = Marks(
        start=page.row_start,
        kind=np.where(lines.removed, lines.kind, BODY),
        husk=lines.husk,
        size=verdict.features.measures.visible + 1,
        line=np.arange(count),
        part=np.full(count, NO_UNIT),
    )
    if verdict.parts is None or not verdict.parts.decisions.removed.any():
        return whole
    cut = _cut(verdict, verdict.parts.segments, verdict.parts.decisions)
    stays = ~np.isin(whole.line, verdict.parts.segments.line[verdict.parts.decisions.removed])
    joined = [np.concatenate([_field(whole, name)[stays], _field(cut, name)]) for name in Marks.__slots__]
    order = np.argsort(joined[0], kind="stable")
    return Marks(*(column[order] for column in joined))


def _field(marks: Marks, name: str) -> IntArray:
    column: IntArray = getattr(marks, name)
    return column


def _cut(verdict: Verdict, segments: Segments, parts: Decisions) -> Marks:
    """Return the marks of all parts of the lines of which a part goes."""
    page = verdict.features.page
    use = np.flatnonzero(np.isin(segments.line, segments.line[parts.removed]))
    line, start, end = segments.line[use], segments.start[use], segments.end[use]
    first = np.diff(line, prepend=NO_UNIT) != 0
    last = np.append(first[1:], True)
    # The first part takes the line's indent with it.
    start = np.where(first, page.row_start[line], start)
    removed = parts.removed[use]
    # The end of a line is not its last part's: were it removed with it, the next line would run on.
    tail = np.flatnonzero(last & removed & (end < len(page.codes)))
    return Marks(
        start=np.concatenate([start, end[tail]]),
        kind=np.concatenate([np.where(removed, parts.kind[use], BODY), np.full(len(tail), BODY)]),
        husk=np.concatenate([np.where(removed, parts.husk[use], verdict.lines.husk[line]), np.zeros(len(tail))]),
        size=np.concatenate([end - segments.start[use], np.zeros(len(tail), dtype=np.int64)]),
        line=np.full(len(use) + len(tail), NO_UNIT),
        part=np.concatenate([use, np.full(len(tail), NO_UNIT)]),
    )
