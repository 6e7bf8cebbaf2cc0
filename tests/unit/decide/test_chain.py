"""The chain: what block-wise forward-backward computes is what counting all labellings gives."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dehusk_server.decide.chain import FloatArray, marginals

_POTENTIALS = st.floats(-8, 8, allow_nan=False)


def counted(emissions: FloatArray, transitions: FloatArray) -> FloatArray:
    """Return the marginals by going through every labelling of a small chain."""
    places, labels = emissions.shape
    total = np.zeros(emissions.shape)
    for labelling in itertools.product(range(labels), repeat=places):
        score = sum(emissions[place, label] for place, label in enumerate(labelling))
        score += sum(transitions[pair] for pair in itertools.pairwise(labelling))
        for place, label in enumerate(labelling):
            total[place, label] += np.exp(score)
    return np.asarray(total / total.sum(axis=1, keepdims=True))


@st.composite
def _chain(draw: st.DrawFn) -> tuple[FloatArray, FloatArray]:
    places, labels = draw(st.integers(1, 7)), draw(st.integers(2, 3))
    emissions = draw(arrays.arrays(np.float64, (places, labels), elements=_POTENTIALS))
    return emissions, draw(arrays.arrays(np.float64, (labels, labels), elements=_POTENTIALS))


@settings(deadline=None, max_examples=80)
@given(_chain())
def test_marginals_are_those_of_all_labellings(chain: tuple[FloatArray, FloatArray]) -> None:
    """On small chains the answer equals brute force, at every length of block."""
    np.testing.assert_allclose(marginals(*chain), counted(*chain), atol=1e-9)


def test_places_are_independent_without_transitions() -> None:
    """Where no label prefers another, each place is decided by itself."""
    emissions = np.random.default_rng(0).normal(size=(50, 4))
    expected = np.exp(emissions) / np.exp(emissions).sum(axis=1, keepdims=True)

    np.testing.assert_allclose(marginals(emissions, np.zeros((4, 4))), expected, atol=1e-12)


def test_neighbours_on_both_sides_are_heard() -> None:
    """A place that says nothing takes the label of its neighbours, before and after it."""
    emissions = np.zeros((9, 2))
    emissions[0, 1] = emissions[8, 1] = 6.0
    transitions = np.array([[2.0, 0.0], [0.0, 2.0]])

    assert (marginals(emissions, transitions)[:, 1] > 0.75).all()


@pytest.mark.parametrize("places", [1, 2, 3, 4, 99, 100, 101, 20_000])
@pytest.mark.parametrize("weight", [0.5, 30.0, 999.0])
def test_long_and_heavy_chains_stay_finite(places: int, weight: float) -> None:
    """No length and no weight that a rule set may hold makes a number that is none; rows sum to 1."""
    chance = np.random.default_rng(places)
    emissions = chance.uniform(-weight, weight, size=(places, 18)) * 10

    found = marginals(emissions, chance.uniform(-weight, weight, size=(18, 18)))

    assert found.shape == (places, 18)
    assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-9)


def test_a_long_chain_reads_the_same_backwards() -> None:
    """Turning chain and transitions round turns the answer round: neither end is favoured."""
    chance = np.random.default_rng(7)
    emissions, transitions = chance.normal(size=(1234, 5)) * 3, chance.normal(size=(5, 5)) * 2

    np.testing.assert_allclose(
        marginals(emissions, transitions), marginals(emissions[::-1], transitions.T)[::-1], atol=1e-9
    )


def test_a_constant_added_changes_nothing() -> None:
    """Only differences of potentials count."""
    chance = np.random.default_rng(8)
    emissions, transitions = chance.normal(size=(30, 4)), chance.normal(size=(4, 4))

    np.testing.assert_allclose(
        marginals(emissions + 70, transitions - 300), marginals(emissions, transitions), atol=1e-12
    )
