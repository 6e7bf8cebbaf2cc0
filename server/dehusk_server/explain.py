"""Why the text at one place was kept or removed: each kind's case, with the rules behind it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dehusk_server.decide.marks import Verdict
from dehusk_server.model import KINDS, Argument, Evidence
from dehusk_server.text.axes import IntArray

Case = Callable[[IntArray, IntArray], list[list[Evidence]]]


def arguments_at(verdict: Verdict, offset: int) -> tuple[Argument, ...]:
    """Return what each kind has to say at a code point offset, most probable first.

    A part of a line is argued where it goes by itself; everything else as the line it stands in.
    """
    segments, parts = verdict.segments, verdict.parts
    if segments is not None and parts is not None:
        number = int(np.searchsorted(segments.start, offset, side="right")) - 1
        if number >= 0 and offset < segments.end[number] and parts.removed[number]:
            return _arguments(parts.probability[number].tolist(), verdict.part_evidence, number)
    line = max(0, int(np.searchsorted(verdict.features.page.row_start, offset, side="right")) - 1)
    return _arguments(verdict.lines.probability[line].tolist(), verdict.line_evidence, line)


def _arguments(probability: list[float], case: Case, unit: int) -> tuple[Argument, ...]:
    found = [
        Argument(kind, probability[column], tuple(case(np.array([unit]), np.array([column]))[0]) if column else ())
        for column, kind in enumerate(KINDS)
    ]
    return tuple(sorted(found, key=lambda argument: -argument.probability))
