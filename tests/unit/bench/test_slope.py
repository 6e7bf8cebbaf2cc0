"""The slope with which a soak says whether memory grows."""

from __future__ import annotations

import random

import pytest
from bench.slope import slope
from hypothesis import given
from hypothesis import strategies as st


@given(by=st.floats(-100, 100), start=st.floats(0, 1_000), count=st.integers(3, 60))
def test_a_straight_line_has_its_own_slope(by: float, start: float, count: int) -> None:
    """Without noise the slope is that of the line, and the interval holds it."""
    found = slope([(x, start + by * x) for x in range(count)])

    assert found.middle == pytest.approx(by, abs=1e-6)
    assert found.low <= found.middle <= found.high


@pytest.mark.parametrize("stays", [0.0, 0.8], ids=["independent", "in steps that stay"])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(stays: float) -> None:
    """Of 300 series that do not grow, samples that hang together too, an interval of 95 % misses zero seldom."""
    chance = random.Random(7)
    missed = 0
    for _ in range(300):
        noise, points = 0.0, []
        for x in range(300):
            noise = stays * noise + chance.gauss(0, 1)
            points.append((float(x), noise))
        found = slope(points)
        missed += not found.low <= 0 <= found.high

    assert missed <= 300 * 0.15


def test_growth_is_seen() -> None:
    """What grows by three times its noise over the series has an interval above zero."""
    chance = random.Random(7)

    assert slope([(x, 0.01 * x + chance.gauss(0, 1)) for x in range(300)]).low > 0


@pytest.mark.parametrize("points", [[], [(1.0, 2.0), (2.0, 3.0)], [(1.0, 2.0)] * 5])
def test_too_few_points_have_no_slope(points: list[tuple[float, float]]) -> None:
    """A line needs points at different places."""
    with pytest.raises(ValueError, match="three points"):
        slope(points)
