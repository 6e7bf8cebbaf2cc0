"""Whether something grows: the slope of a line through a series, with a confidence interval that holds for a series."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slope:
    """A slope with its 95 % confidence interval, all for one unit of what is counted."""

    middle: float
    low: float
    high: float


def slope(points: Sequence[tuple[float, float]]) -> Slope:
    """Return the slope of the line of least squares.

    Memory sampled again and again is no series of independent draws: a step stays. The variance is that of Newey and
    West (1987) with Bartlett weights over 1.3 sqrt(n) lags, and the interval as wide as so many lags need (Kiefer and
    Vogelsang, 2005), as Lazarus, Lewis, Stock and Watson (2018, "HAR inference") recommend.

    Args:
        points: counts and values, in the order of time; at least three, with counts that differ.

    Raises:
        ValueError: fewer points, or all at one count.
    """
    count = len(points)
    mean_x, mean_y = (sum(point[axis] for point in points) / count for axis in (0, 1)) if count else (0.0, 0.0)
    off = [x - mean_x for x, _ in points]
    spread = sum(x * x for x in off)
    if count < 3 or not spread:
        raise ValueError(f"a slope needs three points at different counts; there are {count}")
    middle = sum(x * (y - mean_y) for x, (_, y) in zip(off, points, strict=True)) / spread
    rests = [y - mean_y - middle * x for x, (_, y) in zip(off, points, strict=True)]
    scores = [x * rest for x, rest in zip(off, rests, strict=True)]
    lags = math.ceil(1.3 * math.sqrt(count))
    part = lags / count
    wide = 1.96 + 2.9694 * part + 0.416 * part**2 - 0.5324 * part**3
    weighed = sum((1 - lag / (lags + 1)) * _product(scores, lag) for lag in range(1, lags + 1))
    variance = _product(scores, 0) + 2 * weighed
    error = wide * math.sqrt(max(variance, 0.0) * count / (count - 2)) / spread
    return Slope(middle, middle - error, middle + error)


def _product(scores: Sequence[float], lag: int) -> float:
    return sum(later * earlier for later, earlier in zip(scores[lag:], scores, strict=False))
