"""Export: fitted numbers to whole ones that load, and that say what was fitted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.learning.export import make_network, rule_weights
from dehusk_server.learning.network_fit import Course, Lesson, lay_out
from dehusk_server.learning.network_pass import GAP, Parameters, Pass, initial
from dehusk_server.model import KINDS
from dehusk_server.rules.context import SCORE_UNITS, compile_context
from dehusk_server.rules.hearing import bin_sums
from dehusk_server.rules.network import WEIGHT_UNITS
from dehusk_server.text.axes import AXES, AXIS_OFFSETS, IntArray
from dehusk_server.text.features import take_features
from unit.learning.tiny_corpus import page

BINS, PHRASES = AXIS_OFFSETS[-1], 3


def fitted(seed: int, spread: float = 0.2) -> Parameters:
    """Return numbers like fitted ones."""
    chance = np.random.Generator(np.random.PCG64(seed))
    start = initial(BINS, PHRASES, 5, 6, chance)
    return {name: value + chance.normal(0, spread, value.shape).astype(np.float32) for name, value in start.items()}


def bins_of(text: str) -> IntArray:
    """Return the bins of each line of a text."""
    features = take_features(text)
    assert features is not None
    return features.bins


@pytest.mark.parametrize("seed", range(4))
def test_the_exported_network_says_what_the_fitted_one_says(seed: int) -> None:
    """Rules and context of the set come to the log-odds that training saw, but for rounding."""
    parameters = fitted(seed)
    parameters["hidden.bias"] += 1.0
    bins = bins_of(page(0).text * 4)
    lines = len(bins)
    phrase, line = np.array([0, 2, 1]), np.array([1, 1, 9])
    lesson = Lesson(bins, phrase, line, np.ones((lines, len(KINDS)), np.float32), np.ones(lines, np.float32))
    way = Pass(parameters, lay_out(Course([lesson], BINS, PHRASES), 0.0, None)[0], 0.0, None)
    own, both = way.rules[GAP : GAP + lines], way.logits[GAP : GAP + lines]

    shapes, phrases = rule_weights(parameters, 0.0, 2)
    said = np.zeros((lines, len(KINDS)), dtype=np.float32)
    np.add.at(said, line, np.round(phrases[phrase] * SCORE_UNITS))
    rules = bin_sums(bins, np.round(shapes * SCORE_UNITS)) + said
    context = compile_context(make_network(parameters))
    heard = context.hear(bin_sums(bins, context.shape_hidden), said[:, 1:])

    np.testing.assert_allclose(rules[:, 1:] / SCORE_UNITS, own, atol=0.005 * (len(AXES) + 2))
    assert np.abs(both - own).max() > 1
    np.testing.assert_allclose(heard, both - own, atol=0.3)
    assert np.abs(heard - (both - own)).mean() < 0.08


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.floats(0.01, 8))
def test_whatever_was_fitted_can_be_summed_exactly(seed: int, spread: float) -> None:
    """However large the fitted numbers, the network that is written is one that loads."""
    parameters = fitted(seed, spread)

    compile_context(make_network(parameters))


def test_only_columns_that_are_too_loud_are_shrunk() -> None:
    """A sum that could not be exact is scaled down as a whole; all others are rounded and nothing else."""
    parameters = fitted(0)
    parameters["page.hidden"][:, 1] *= 1000

    table = make_network(parameters).tables["page.hidden"]

    found = np.array(table.values).reshape(table.rows, table.columns) / WEIGHT_UNITS
    wanted = parameters["page.hidden"]
    np.testing.assert_allclose(np.delete(found, 1, axis=1), np.delete(wanted, 1, axis=1), atol=0.5 / WEIGHT_UNITS)
    scale = np.abs(found[:, 1]).sum() / np.abs(wanted[:, 1]).sum()
    np.testing.assert_allclose(found[:, 1], wanted[:, 1] * scale, atol=1 / WEIGHT_UNITS)
    assert 31.5 < np.abs(found[:, 1]).sum() < 32


def test_a_number_that_no_table_holds_is_refused() -> None:
    """What is not a sum's weight is not shrunk in silence: a bias beyond all measure is an error that names it."""
    parameters = fitted(0)
    parameters["answer.bias"][3] = 129.0

    with pytest.raises(ValueError, match=r"table 'answer.bias' holds a number above 32768"):
        make_network(parameters)


def test_the_bias_is_carried_by_the_first_axis() -> None:
    """One bin of the first axis is met on every line, so what holds of every line goes there, once."""
    parameters = fitted(0)
    none = parameters | {"kinds.bias": np.zeros_like(parameters["kinds.bias"])}

    difference = rule_weights(parameters, 0.0, 4)[0] - rule_weights(none, 0.0, 4)[0]

    first = AXIS_OFFSETS[1]
    np.testing.assert_allclose(difference[:first, 1:], np.tile(parameters["kinds.bias"], (first, 1)), atol=2e-4)
    assert not difference[first:].any()


def test_small_weights_of_phrases_are_left_out() -> None:
    """A phrase's weight below the smallest is zero, all are rounded, and body has none."""
    parameters = fitted(0)
    parameters["phrase.kinds"][:] = 0.0
    parameters["phrase.kinds"][1, :4] = [0.044, -0.044, 0.06, -1.234]

    shapes, phrases = rule_weights(parameters, 0.05, 2)

    assert phrases.shape == (PHRASES, len(KINDS))
    assert phrases[1].tolist() == pytest.approx([0, 0, 0, 0.06, -1.23, *[0] * 13])
    assert not phrases[[0, 2]].any()
    assert not shapes[:, 0].any()
    np.testing.assert_allclose(shapes, np.round(shapes, 2))


def test_a_set_may_have_no_phrase() -> None:
    """An empty vocabulary has an empty table of weights."""
    parameters = fitted(0) | {"phrase.kinds": np.zeros((0, len(KINDS) - 1), dtype=np.float32)}

    assert rule_weights(parameters, 0.05, 2)[1].shape == (0, len(KINDS))
