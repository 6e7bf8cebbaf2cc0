"""What every line, and every part of a kept line, is: probabilities, kinds and whether it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.rules.context import SCORE_UNITS, FloatArray
from dehusk_server.rules.weights import Fired, Weights
from dehusk_server.text.page import IntArray

BODY: Final = 0
"""Column of BODY among the kinds."""
SURE: Final = 0.98
"""What is husk beyond doubt. Where every line looks like husk, or a caller asks for caution, only such lines go."""
_DIGITS: Final = 6
"""Probabilities are rounded before they decide, so that the last bits of a processor's arithmetic do not."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions on units of text; arrays of shape (units,)."""

    probability: FloatArray
    """Of each kind; shape (units, kinds)."""
    kind: IntArray
    """Most probable kind of husk (column)."""
    husk: FloatArray
    """Probability that the unit is husk of any kind."""
    removed: NDArray[np.bool_]
    all_husk: bool = False
    """Whether every unit of the page looks like husk, so that only what is beyond doubt goes."""


def _decide(odds: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
    power = np.exp(odds - odds.max(axis=1, keepdims=True))
    probability = np.round(power / power.sum(axis=1, keepdims=True), _DIGITS)
    return probability, probability[:, 1:].argmax(axis=1) + 1, np.round(1.0 - probability[:, BODY], _DIGITS)


def decide_lines(odds: FloatArray, threshold: float, usual: float) -> Decisions:
    """Decide every line of a page.

    Args:
        odds: log-odds of each kind against BODY; shape (lines, kinds).
        threshold: probability of husk from which a line goes.
        usual: the rule set's own threshold: where every line of the page reaches it, the page is in doubt, and only
            lines of probability `SURE` go. Which pages those are must not depend on ``threshold``, or a higher one
            could remove more.
    """
    probability, kind, husk = _decide(odds)
    removed = (husk >= threshold) & (husk > 0)
    all_husk = bool((husk >= usual).all())
    if all_husk:
        removed &= husk >= SURE
    return Decisions(probability, kind, husk, removed, all_husk)


def decide_parts(fired: Fired, weights: Weights, threshold: float) -> Decisions:
    """Decide parts of lines, each by itself."""
    scores = weights.parts.shape_scores(fired) + weights.parts.phrase_scores(fired)
    probability, kind, husk = _decide(scores.astype(np.float64) / SCORE_UNITS)
    return Decisions(probability, kind, husk, husk >= threshold)
