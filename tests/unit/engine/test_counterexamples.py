"""Counterexamples: a rule set that removes one of its own is no rule set."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from dehusk_server.counterexamples import PROSE, removed_counterexamples
from dehusk_server.decide.verdict import Thresholds
from dehusk_server.engine import Engine
from dehusk_server.errors import RuleSetError
from dehusk_server.model import Document, Kind
from dehusk_server.rules.ruleset import RuleSet, parse_rules
from dehusk_server.rules.weights import compile_weights
from strategies import any_text
from unit.engine.tiny import Weights, kept_unless, marker, marker_rules, part_rules, rule, rule_file, rule_set

SHARE = marker(Kind.SHARE)
USUAL = Thresholds(usual=0.5, part=0.8)


def with_counterexample(text: str, rules: dict[str, Weights], threshold: float = 0.5) -> RuleSet:
    """Return a set whose rule about the marker of SHARE has a counterexample."""
    held = [rule(*one) for one in rules.items()]
    held = [replace(one, counterexamples=("fine", text)) if SHARE in one.id else one for one in held]
    return parse_rules(rule_file(held, {"threshold": threshold}), "tiny.jsonl")


def gone(text: str, rules: dict[str, Weights]) -> bool:
    """Return whether a counterexample is removed."""
    return removed_counterexamples([text], compile_weights(rule_set(rules)), USUAL) == [True]


def test_a_set_that_removes_its_own_counterexample_cannot_be_used() -> None:
    """The engine refuses it, naming set, rule and text, and says what to do."""
    rules = with_counterexample(f"a {SHARE} b", marker_rules(Kind.SHARE))

    with pytest.raises(RuleSetError) as caught:
        Engine(rules)

    assert str(caught.value) == (
        f"rule set {rules.version}: rule 'phrase:{SHARE}' removes its own counterexample 'a {SHARE} b'; "
        "lower its weights, or take the counterexample away"
    )


def test_a_set_that_keeps_its_counterexamples_can() -> None:
    """What stays by other rules, or by the set's own threshold, is no fault."""
    spared = marker_rules(Kind.SHARE) | {"phrase:but": {Kind.SHARE: -9.0}}
    unsure = kept_unless({f"phrase:{SHARE}": {Kind.SHARE: 7.0}})

    Engine(with_counterexample(f"but {SHARE}", spared))
    Engine(with_counterexample(SHARE, unsure, threshold=0.9))
    with pytest.raises(RuleSetError):
        Engine(with_counterexample(SHARE, unsure, threshold=0.5))


def test_the_shipped_set_is_not_tried_at_each_start() -> None:
    """Its counterexamples are for tests to try; a set from elsewhere is tried whenever an engine is made."""
    rules = with_counterexample(SHARE, marker_rules(Kind.SHARE))

    Engine(replace(rules, shipped=True))
    with pytest.raises(RuleSetError):
        Engine(replace(rules, shipped=False))


def test_a_line_and_a_part_of_it_count() -> None:
    """A counterexample is removed where it goes whole, and where any part of it does."""
    parts = part_rules(Kind.SHARE)

    assert gone(f"It rained. {SHARE} now.", marker_rules(Kind.SHARE))
    assert gone(f"It rained. {SHARE} now.", parts)
    assert not gone("It rained. It snowed.", parts)


def test_a_counterexample_is_tried_as_one_line() -> None:
    """Line ends in it are blanks, and what goes around it does not count."""
    rules = marker_rules(Kind.SHARE) | {"phrase:ferry": {Kind.LEGAL: 14.0}}

    assert gone(f"one\n{SHARE}\ntwo", rules)
    assert not gone("one\ntwo", rules)


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\ufeff"])
def test_a_counterexample_without_anything_visible_stays(text: str) -> None:
    """Where nothing is visible there is nothing to remove, though all else goes."""
    everything: dict[str, Weights] = {f"phrase:{word}": {Kind.SHARE: 14.0} for word in ("the", "had", "said")}

    assert not gone(text, everything)


def test_each_is_tried_alone() -> None:
    """One that goes changes nothing about the others."""
    held = compile_weights(rule_set(marker_rules(Kind.SHARE)))
    texts = ["a", SHARE, "b", SHARE, "c"]

    assert removed_counterexamples(texts, held, USUAL) == [False, True, False, True, False]


@settings(max_examples=50)
@given(any_text)
def test_by_rules_that_remove_nothing_any_text_stays(text: str) -> None:
    """Whatever it holds, a counterexample can be tried."""
    assert not gone(text, kept_unless({}))


def test_the_prose_around_is_prose_of_our_own() -> None:
    """The shipped rules keep all of it: what stands around a counterexample does not carry it off."""
    answer = Engine().clean(Document("\n".join(PROSE)))

    assert answer.body == "\n".join(PROSE)
