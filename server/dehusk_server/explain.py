"""Why the text at one place was kept or removed: each kind's case, with the rules behind it."""

from __future__ import annotations

import numpy as np

from dehusk_server.decide.evidence import heaviest
from dehusk_server.decide.verdict import Verdict
from dehusk_server.model import KINDS, Argument, Evidence


def arguments_at(verdict: Verdict, offset: int) -> tuple[Argument, ...]:
    """Return what each kind has to say at a code point offset, most probable first.

    A part of a line is argued where it goes by itself; everything else as the line it stands in.
    """
    husk = np.arange(1, len(KINDS))
    if verdict.parts is not None:
        units, parts = verdict.parts.units, verdict.parts.decisions
        number = int(np.searchsorted(units.start, offset, side="right")) - 1
        if number >= 0 and offset < units.end[number] and parts.removed[number]:
            claims = verdict.parts.claims(np.full(len(husk), number), husk, husk)
            return _arguments(parts.probability[number].tolist(), heaviest(claims))
    line = max(0, int(np.searchsorted(verdict.features.page.row_start, offset, side="right")) - 1)
    claims = verdict.claims(np.full(len(husk), line), husk, husk)
    return _arguments(verdict.lines.probability[line].tolist(), heaviest(claims))


def _arguments(probability: list[float], evidence: dict[int, tuple[Evidence, ...]]) -> tuple[Argument, ...]:
    found = [Argument(kind, probability[column], evidence.get(column, ())) for column, kind in enumerate(KINDS)]
    return tuple(sorted(found, key=lambda argument: -argument.probability))
