"""Rules as arrays: sums that do not depend on how many lines are added up at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.model import KINDS, Kind
from dehusk_server.rules import hearing
from dehusk_server.rules.hearing import bin_sums
from dehusk_server.rules.ruleset import RuleSet
from dehusk_server.rules.weights import compile_weights
from dehusk_server.text.features import take_features
from strategies import texts
from unit.engine.tiny import kept_unless, rule_set, rule_sets, verdict_of
from unit.rules.networks import drawn_network


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(0, 20), st.integers(1, 30))
def test_bins_are_added_up_in_any_number_at_once(seed: int, units: int, at_once: int) -> None:
    """The sums are those of the rows that the bins name, however many units are taken together."""
    chance = np.random.default_rng(seed)
    table = chance.integers(-9999, 9999, (12, 5)).astype(np.float32)
    # One bin of each of three axes with four bins.
    bins = chance.integers(0, 4, (units, 3)) + np.array([0, 4, 8])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hearing, "_AT_ONCE", at_once)
        assert bin_sums(bins, table).tolist() == [table[row].sum(axis=0).tolist() for row in bins]


def test_weights_are_read_to_two_decimals() -> None:
    """A weight counts in hundredths, so that sums are whole."""
    verdict = verdict_of("word", rule_set({"phrase:word": {Kind.SHARE: 1.2345, Kind.LEGAL: -0.006}}))

    assert verdict.spoken.own[0, KINDS.index(Kind.SHARE)] == 1.23
    assert verdict.spoken.own[0, KINDS.index(Kind.LEGAL)] == -0.01


def test_without_a_network_the_context_says_nothing() -> None:
    """Each line is decided by its own rules."""
    assert not verdict_of("a\nb", rule_set(kept_unless({}))).spoken.context.any()
    assert verdict_of("a\nb", rule_set(kept_unless({}), network=drawn_network(1))).spoken.context.any()


@settings(max_examples=30)
@given(texts, rule_sets)
def test_what_was_heard_can_be_heard_again(text: str, rules: RuleSet) -> None:
    """Listening to what the lines entered gives the context that was said, to the byte."""
    features = take_features(text)
    if features is None:
        return
    held = compile_weights(rules)
    fired = held.lines.fire(features.bins, features.phrases)
    said = held.text.speak(features.bins, held.lines.phrase_scores(fired))

    assert held.text.listen(said.entering, said.phrases).tobytes() == said.context.tobytes()
