"""What every line, and every part of a kept line, is: probabilities, kinds and whether it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.decide.chain import marginals
from dehusk_server.rules.weights import FloatArray, Weights
from dehusk_server.text.features import Features
from dehusk_server.text.page import IntArray
from dehusk_server.text.segments import Segments, find_segments

BODY: Final = 0
"""Column of BODY among the kinds."""
_DIGITS: Final = 6
"""Probabilities are rounded before they decide, so that the last bits of a processor's arithmetic do not."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions on units of text; arrays of shape (units,)."""

    probability: FloatArray
    """Of each kind; shape (units, kinds)."""
    kind: IntArray
    """Most probable kind of husk (column)."""
    removed: NDArray[np.bool_]

    @property
    def husk(self) -> FloatArray:
        """Probability that the unit is husk of any kind."""
        return np.round(1.0 - self.probability[:, BODY], _DIGITS)


def _decide(probability: FloatArray, threshold: float) -> Decisions:
    probability = np.round(probability, _DIGITS)
    husk = np.round(1.0 - probability[:, BODY], _DIGITS)
    return Decisions(probability, probability[:, 1:].argmax(axis=1) + 1, (husk >= threshold) & (husk > 0))


def decide_lines(features: Features, weights: Weights, threshold: float) -> Decisions:
    """Decide every line of a page: rules weighed together over the chain of its lines."""
    emissions = weights.lines.emissions(features.bins, features.phrases)
    return _decide(marginals(emissions, weights.after), threshold)


def decide_parts(
    features: Features, weights: Weights, lines: IntArray, threshold: float
) -> tuple[Segments, Decisions] | None:
    """Decide the parts of the given lines, each by itself; ``None`` where no line has more than one part."""
    segments = find_segments(features.page, lines)
    if segments is None:
        return None
    emissions = weights.parts.emissions(segments.bins, segments.phrases)
    potentials = np.exp(emissions - emissions.max(axis=1, keepdims=True))
    return segments, _decide(potentials / potentials.sum(axis=1, keepdims=True), threshold)
