"""Which rules carried a decision: their weights for the decided kind, heaviest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dehusk_server.model import KINDS, Evidence
from dehusk_server.rules.rule import Family
from dehusk_server.rules.weights import FloatArray, UnitWeights
from dehusk_server.text.page import IntArray, Page
from dehusk_server.text.phrases import Phrases

MOST: Final = 5
"""Rules named for one span."""


@dataclass(frozen=True, slots=True)
class Units:
    """Units of a page that rules fire on: lines, or parts of lines. Arrays of shape (units,)."""

    page: Page
    weights: UnitWeights
    start: IntArray
    end: IntArray
    bins: IntArray
    phrases: Phrases


def unit_evidence(
    units: Units, chosen: IntArray, kinds: IntArray, after: tuple[FloatArray, IntArray] | None = None
) -> list[list[Evidence]]:
    """Return for each chosen unit the rules that spoke loudest for its kind.

    Args:
        units: all units of the page.
        chosen: numbers of the units, ascending.
        kinds: column of the kind argued for, per chosen unit.
        after: for each chosen unit the weight that the kind of the unit before gives its own kind over BODY
            (minus infinity where there is none), and the column of that kind; ``None`` outside a chain.

    Returns:
        At most `MOST` for each unit, heaviest first; at least one wherever any rule exists.
    """
    page, weights = units.page, units.weights
    scores = weights.shape[units.bins[chosen], kinds[:, None]]
    top = min(MOST, scores.shape[1])
    best = np.argsort(-scores, axis=1, kind="stable")[:, :top]
    out: list[list[Evidence]] = []
    for number, unit in enumerate(chosen.tolist()):
        start, end = int(units.start[unit]), int(units.end[unit])
        found = [
            Evidence(weights.shape_rule[units.bins[unit, column]], float(scores[number, column]), start, end)
            for column in best[number].tolist()
            if weights.shape_rule[units.bins[unit, column]]
        ]
        if after is not None and np.isfinite(after[0][number]):
            found.append(
                Evidence(f"{Family.AFTER}:{KINDS[int(after[1][number])]}", float(after[0][number]), start, end)
            )
        out.append(found)
    at, row = weights.find(units.phrases)
    place = np.full(len(units.start), -1)
    place[chosen] = np.arange(len(chosen))
    owner = place[units.phrases.line[at]]
    at, row, owner = at[owner >= 0], row[owner >= 0], owner[owner >= 0]
    score = weights.phrase[row, kinds[owner]]
    for index in np.flatnonzero(score > 0).tolist():
        first, last = units.phrases.first_word[at[index]], units.phrases.last_word[at[index]]
        span = int(page.word_start[first]), int(page.word_end[last])
        out[int(owner[index])].append(Evidence(weights.phrase_rule[row[index]], float(score[index]), *span))
    return [heaviest(found) for found in out]


def heaviest(found: list[Evidence]) -> list[Evidence]:
    """Return the heaviest evidence, each rule once; of what speaks against the kind only the least, and only alone."""
    ordered = sorted(found, key=lambda evidence: (-evidence.weight, evidence.start, evidence.rule_id))
    once: dict[str, Evidence] = {}
    for evidence in ordered:
        once.setdefault(evidence.rule_id, evidence)
    speaking = [evidence for evidence in once.values() if evidence.weight > 0][:MOST]
    return speaking or ordered[:1]
