"""Which rules carried a decision: their weights for the decided kind, heaviest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.model import Evidence
from dehusk_server.rules.context import SCORE_UNITS, FloatArray
from dehusk_server.rules.weights import Fired, UnitWeights
from dehusk_server.text.page import IntArray, Page
from dehusk_server.text.runs import run_lengths, run_starts

MOST: Final = 5
"""Rules named for one span."""
_ASKED: Final = 8
"""Units of one span that are asked for their rules; the others of a long menu have nothing new to say."""
_SHAPES: Final = 3
"""Shape rules that each unit names."""


@dataclass(frozen=True, slots=True)
class Units:
    """Units of a page that rules fire on: lines, or parts of lines. Arrays of shape (units,)."""

    page: Page
    weights: UnitWeights
    start: IntArray
    end: IntArray
    fired: Fired


@dataclass(frozen=True, slots=True)
class Claims:
    """What rules said of units, loudest or not; arrays of shape (claims,)."""

    names: Sequence[str]
    """Rule ids that ``rule`` counts in."""
    span: IntArray
    """Number of the span that the unit belongs to."""
    weight: FloatArray
    """Log-odds for the kind argued for, against BODY."""
    rule: IntArray
    """Place of the rule's id in ``names``."""
    start: IntArray
    end: IntArray


def spoken_for(units: Units) -> NDArray[np.bool_]:
    """Flag the units on which any rule fires; shape (units,)."""
    fired = units.fired
    known = np.asarray(units.weights.shape_known[fired.bins].any(axis=1))
    known[fired.phrases.line[fired.phrase]] = True
    return known


def unit_claims(units: Units, chosen: IntArray, kinds: IntArray, spans: IntArray) -> Claims:
    """Collect what rules say for the kinds of some units.

    Args:
        units: all units of the page.
        chosen: numbers of the units, ascending.
        kinds: column of the kind argued for, per chosen unit.
        spans: number of the span that each chosen unit belongs to, never falling.
    """
    place = np.arange(len(chosen))
    asked = place - np.searchsorted(spans, spans) < _ASKED
    chosen, kinds, spans = chosen[asked], kinds[asked], spans[asked]
    weights, phrases = units.weights, units.fired.phrases
    bins = units.fired.bins[chosen]
    scores = np.where(weights.shape_known[bins], weights.shape[bins, kinds[:, None]], -np.inf)
    rows = np.arange(len(chosen))
    owners, loud, rules = [], [], []
    for _ in range(_SHAPES):
        best = scores.argmax(axis=1)
        use = np.flatnonzero(np.isfinite(scores[rows, best]))
        owners.append(use)
        loud.append(scores[use, best[use]])
        rules.append(bins[use, best[use]])
        scores[rows, best] = -np.inf
    owner = np.concatenate(owners)
    starts, ends = units.start[chosen[owner]], units.end[chosen[owner]]

    at, row = units.fired.phrase, units.fired.row
    number = np.full(len(units.start), -1)
    number[chosen] = rows
    said_by = number[phrases.line[at]]
    mine = said_by >= 0
    at, row, said_by = at[mine], row[mine], said_by[mine]
    said = weights.phrase[row, kinds[said_by]]
    # What speaks against the kind is heard only where no shape is known: a removal must name some rule.
    silent = np.asarray(~weights.shape_known[bins].any(axis=1))
    heard = (said > 0) | silent[said_by]
    at, row, said_by, said = at[heard], row[heard], said_by[heard], said[heard]
    page = units.page
    return Claims(
        names=weights.names,
        span=np.concatenate([spans[owner], spans[said_by]]),
        weight=np.concatenate([*loud, said]).astype(np.float64) / SCORE_UNITS,
        rule=np.concatenate([*rules, row + len(weights.shape)]),
        start=np.concatenate([starts, page.word_start[phrases.first_word[at]]]),
        end=np.concatenate([ends, page.word_end[phrases.last_word[at]]]),
    )


def heaviest(claims: Sequence[Claims]) -> dict[int, tuple[Evidence, ...]]:
    """Return for each span the rules that spoke loudest for its kind, each once, at most `MOST`.

    Where all spoke against it (its neighbours decided), the one that spoke least against it stands alone.
    """
    first = np.cumsum([0, *(len(one.names) for one in claims)])
    span = np.concatenate([one.span for one in claims])
    weight = np.concatenate([one.weight for one in claims])
    rule = np.concatenate([one.rule + offset for one, offset in zip(claims, first[:-1].tolist(), strict=True)])
    start = np.concatenate([one.start for one in claims])
    end = np.concatenate([one.end for one in claims])
    # What spoke against a kind is heard only where nothing spoke for it.
    loud = weight > 0
    heard = loud | (np.bincount(span[loud], minlength=int(span.max(initial=0)) + 1) == 0)[span]
    span, weight, rule, start, end = span[heard], weight[heard], rule[heard], start[heard], end[heard]
    # Ties go to the earlier place, then to the order in which rules were asked, which is fixed.
    order = np.lexsort((start, -weight, span))
    _, once = np.unique(span[order] * first[-1] + rule[order], return_index=True)
    order = order[np.sort(once)]
    opens = run_starts(span[order])
    rank = np.arange(len(order)) - np.repeat(opens, run_lengths(opens, len(order)))
    chosen = order[(rank == 0) | (rank < MOST) & (weight[order] > 0)]
    owner = np.searchsorted(first, rule[chosen], side="right") - 1
    found: dict[int, list[Evidence]] = {}
    columns = (
        span[chosen],
        owner,
        rule[chosen] - first[owner],
        np.round(weight[chosen], 2),
        start[chosen],
        end[chosen],
    )
    for number, which, place, loudness, begins, ends in zip(*(column.tolist() for column in columns), strict=True):
        found.setdefault(number, []).append(Evidence(claims[which].names[place], loudness, begins, ends))
    return {number: tuple(evidence) for number, evidence in found.items()}
