"""Why the text at one place was kept or removed: each kind's case, with the rules behind it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dehusk_server.decide.evidence import Claims, heaviest
from dehusk_server.decide.verdict import Verdict
from dehusk_server.model import KINDS, Argument
from dehusk_server.text.axes import IntArray

Case = Callable[[IntArray, IntArray, IntArray], list[Claims]]


def arguments_at(verdict: Verdict, offset: int) -> tuple[Argument, ...]:
    """Return what each kind has to say at a code point offset, most probable first.

    A part of a line is argued where it goes by itself, with the blanks that go with it; everything else as the line it
    stands in.
    """
    part = _removed_part(verdict, offset)
    if verdict.parts is not None and part is not None:
        return _arguments(verdict.parts.decisions.probability[part].tolist(), verdict.parts.claims, part)
    line = _line(verdict, offset)
    return _arguments(verdict.lines.probability[line].tolist(), verdict.claims, line)


def _line(verdict: Verdict, offset: int) -> int:
    """Return the line that an offset belongs to; blanks above the first line are its own."""
    return max(0, int(np.searchsorted(verdict.features.page.row_start, offset, side="right")) - 1)


def _removed_part(verdict: Verdict, offset: int) -> int | None:
    """Return the number of the removed part that holds an offset, or whose blanks do."""
    if verdict.parts is None:
        return None
    segments, removed = verdict.parts.segments, verdict.parts.decisions.removed
    line = _line(verdict, offset)
    mine = np.flatnonzero(segments.line == line)
    if not len(mine):
        return None
    # The first part has the line's indent, each the blanks behind it, but the last not the end of the line.
    number = int(mine[max(0, int(np.searchsorted(segments.start[mine], offset, side="right")) - 1)])
    inside = number < mine[-1] or offset < segments.end[number]
    return number if inside and removed[number] else None


def _arguments(probability: list[float], claims: Case, unit: int) -> tuple[Argument, ...]:
    # Kind by kind: asked at once, each unit may stand for one kind only.
    said = [
        one for kind in range(1, len(KINDS)) for one in claims(*(np.array([number]) for number in (unit, kind, kind)))
    ]
    evidence = heaviest(said)
    found = [Argument(kind, probability[column], evidence.get(column, ())) for column, kind in enumerate(KINDS)]
    return tuple(sorted(found, key=lambda argument: -argument.probability))
