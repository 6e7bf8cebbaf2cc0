"""Decisions: thresholds, pages where all looks like husk, and what no rule speaks of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.decide.decisions import SURE
from dehusk_server.decide.verdict import cautious
from dehusk_server.engine import Engine
from dehusk_server.model import KINDS, Document, Kind, Options
from dehusk_server.rules.ruleset import RuleSet
from dehusk_server.text.features import take_features
from strategies import texts
from unit.engine.tiny import (
    LENGTHS,
    kept_unless,
    marker,
    marker_rules,
    part_rules,
    rule_set,
    rule_sets,
    softmax,
    verdict_of,
)
from unit.rules.networks import listening

SHARE = marker(Kind.SHARE)
visible_texts = texts.filter(lambda text: take_features(text) is not None)


def removed(text: str, rules: RuleSet, asked: float | None = None) -> list[bool]:
    """Return for each line whether it goes."""
    return [bool(gone) for gone in verdict_of(text, rules, asked).lines.removed]


def test_rules_that_fire_are_added_up() -> None:
    """A line's probabilities are those of its rules' weights together; each rule counts once a line."""
    rules = rule_set({LENGTHS[3]: {Kind.SHARE: 0.5}, "phrase:zz": {Kind.SHARE: 1.0, Kind.LEGAL: 0.25}})

    found = verdict_of("zz a zz", rules).lines

    scores = [{Kind.SHARE: 1.5, Kind.LEGAL: 0.25}.get(kind, 0.0) for kind in KINDS]
    np.testing.assert_allclose(found.probability[0], softmax(scores), atol=1e-6)
    assert KINDS[found.kind[0]] is Kind.SHARE
    assert found.husk[0] == pytest.approx(1 - softmax(scores)[0], abs=1e-6)


def test_a_line_goes_from_the_threshold_on() -> None:
    """A line whose probability of husk is the threshold goes; the caller's threshold beats the set's."""
    rules = rule_set(marker_rules(Kind.SHARE) | {f"phrase:{SHARE}": {Kind.SHARE: 6.0}}, {"threshold": 0.4})
    text = f"{SHARE}\nbody"
    husk = float(verdict_of(text, rules).lines.husk[0])

    assert 0.5 < husk < 0.6
    assert removed(text, rules) == [True, False]
    assert removed(text, rules, husk) == [True, False]
    assert removed(text, rules, husk + 1e-6) == [False, False]


def test_nothing_that_is_surely_body_goes_at_threshold_zero() -> None:
    """Threshold 0 takes whatever may be husk at all, but no line that cannot be."""
    sure = rule_set(dict.fromkeys(LENGTHS, dict.fromkeys(KINDS[1:], -100.0)))

    assert removed("body\nbody", sure, 0.0) == [False, False]


def test_where_all_looks_like_husk_only_the_sure_goes() -> None:
    """An empty body must be beyond doubt: lines that are not stay, and the page is marked."""
    sure, unsure = {Kind.SHARE: 14.0}, {Kind.LEGAL: 7.5}
    rules = rule_set(kept_unless({f"phrase:{SHARE}": sure, f"phrase:{marker(Kind.LEGAL)}": unsure}))
    legal = marker(Kind.LEGAL)

    found = verdict_of(f"{SHARE}\n{legal}", rules).lines
    assert found.all_husk
    assert found.husk[0] >= SURE > found.husk[1] > 0.5
    assert found.removed.tolist() == [True, False]

    other = verdict_of(f"{SHARE}\n{legal}\nbody", rules).lines
    assert not other.all_husk
    assert other.removed.tolist() == [True, True, False]


@pytest.mark.parametrize("asked", [0.0, 0.3, 0.9, 1.0])
def test_which_page_is_all_husk_is_not_the_callers_to_say(asked: float) -> None:
    """The rule set's own threshold tells such pages, or a higher one of the caller's could remove more."""
    rules = rule_set(kept_unless({f"phrase:{SHARE}": {Kind.SHARE: 7.5}}))

    assert verdict_of(f"{SHARE}\n{SHARE}", rules, asked).lines.all_husk
    assert not verdict_of(f"{SHARE}\nbody", rules, asked).lines.all_husk


@pytest.mark.parametrize(("by", "gone"), [(-1, [False, True, True, False]), (1, [True, True, False, False])])
def test_the_line_before_or_after_speaks_for_a_line(by: int, gone: list[bool]) -> None:
    """A line that says nothing goes where the context hears a line beside it."""
    rules = kept_unless({f"phrase:{SHARE}": {Kind.SHARE: 14.0}})
    network = listening(Kind.SHARE, Kind.RELATED, 1.0, by)

    assert removed(f"body\n{SHARE}\nbody\nbody", rule_set(rules, network=network)) == gone
    assert removed(f"body\n{SHARE}\nbody\nbody", rule_set(rules)) == [False, True, False, False]


def test_context_and_rules_add_up() -> None:
    """What the context says of a line is added to what its own rules say."""
    rules = {f"phrase:{SHARE}": {Kind.SHARE: 2.0}, "phrase:body": {Kind.RELATED: 0.5, Kind.LEGAL: -1.0}}
    verdict = verdict_of(f"{SHARE}\nbody", rule_set(rules, network=listening(Kind.SHARE, Kind.RELATED, 0.5)))

    scores = [{Kind.RELATED: 1.5, Kind.LEGAL: -1.0}.get(kind, 0.0) for kind in KINDS]
    np.testing.assert_allclose(verdict.lines.probability[1], softmax(scores), atol=1e-6)


@settings(max_examples=30)
@given(visible_texts, rule_sets, st.floats(0, 1))
def test_what_is_said_is_what_decides(text: str, rules: RuleSet, asked: float) -> None:
    """Probabilities are those of own and context log-odds together; BODY has none of its own."""
    verdict = verdict_of(text, rules, asked)
    odds = verdict.spoken.own + verdict.spoken.context

    assert not odds[:, 0].any()
    np.testing.assert_allclose(verdict.lines.probability, [softmax(row) for row in odds.tolist()], atol=2e-6)


@settings(max_examples=30)
@given(visible_texts, rule_sets, st.none() | st.floats(0, 1))
def test_caution_takes_only_what_goes_anyway_and_is_beyond_doubt(
    text: str, rules: RuleSet, asked: float | None
) -> None:
    """A cautious verdict removes those lines and parts that go anyway with a probability of `SURE`, and no others."""
    plain = verdict_of(text, rules, asked)
    careful = cautious(plain)

    assert (careful.lines.removed == (plain.lines.removed & (plain.lines.husk >= SURE))).all()
    if plain.parts is not None:
        assert careful.parts is not None
        before, after = plain.parts.decisions, careful.parts.decisions
        assert (after.removed == (before.removed & (before.husk >= SURE))).all()
    assert (careful.lines.husk == plain.lines.husk).all()


def test_a_doubtful_line_that_is_mostly_prose_loses_its_husk_part_alone() -> None:
    """A long line of prose that goes for a glued appeal, not beyond doubt, is cut instead."""
    own, part = {f"phrase:{SHARE}": {Kind.SHARE: 7.5}}, {f"part-phrase:{SHARE}": {Kind.SHARE: 14.0}}
    text = f"It rained all day long in the hills. Go {SHARE}.\nbody"

    cut = verdict_of(text, rule_set(kept_unless(own | part)))
    whole = verdict_of(text, rule_set(kept_unless(own)))
    sure = verdict_of(text, rule_set(kept_unless({f"phrase:{SHARE}": {Kind.SHARE: 14.0}} | part)))

    assert cut.lines.removed.tolist() == [False, False]
    assert cut.parts is not None
    assert cut.parts.decisions.removed.tolist() == [False, True]
    assert whole.lines.removed.tolist() == sure.lines.removed.tolist() == [True, False]


def test_a_doubtful_line_that_is_mostly_husk_goes_whole() -> None:
    """Where less than half of it is prose, the line is not cut, and no part of it goes by itself."""
    rules = kept_unless({f"phrase:{SHARE}": {Kind.SHARE: 7.5}, f"part-phrase:{SHARE}": {Kind.SHARE: 14.0}})
    text = f"It rained. Go and {SHARE} what you have read with all of your friends.\nIt rained. It snowed."

    found = verdict_of(text, rule_set(rules))

    assert found.lines.removed.tolist() == [True, False]
    assert found.parts is not None
    assert found.parts.decisions.husk.max() > 0.9
    assert not found.parts.decisions.removed.any()


def test_what_no_rule_speaks_of_stays() -> None:
    """Without a rule that fires nothing is removed, whatever an even chance among the kinds would say."""
    verdict = verdict_of("one\ntwo. three. four", rule_set({}))

    assert not verdict.lines.removed.any()
    assert verdict.parts is not None
    assert not verdict.parts.decisions.removed.any()


def test_parts_of_kept_lines_alone_are_decided() -> None:
    """A line that goes whole is not cut; of a kept one each part is decided by itself."""
    rules = rule_set(part_rules(Kind.SHARE) | {"phrase:gone": {Kind.LEGAL: 14.0}})

    verdict = verdict_of(f"It rained. {SHARE}.\nIt is gone. {SHARE}.", rules)

    assert verdict.lines.removed.tolist() == [False, True]
    assert verdict.parts is not None
    assert verdict.parts.segments.line.tolist() == [0, 0]
    assert verdict.parts.decisions.removed.tolist() == [False, True]


@pytest.mark.parametrize(("asked", "gone"), [(None, False), (0.1, False), (0.95, False)])
def test_the_higher_threshold_holds_for_parts(asked: float | None, gone: bool) -> None:
    """A caller can make cuts inside lines rarer than the set has them, never more frequent."""
    rules = rule_set(part_rules() | {f"part-phrase:{SHARE}": {Kind.SHARE: 7.5}}, {"part_threshold": 0.9})
    verdict = verdict_of(f"It rained. {SHARE}.", rules, asked)

    assert verdict.parts is not None
    assert 0.8 < verdict.parts.decisions.husk[1] < 0.9
    assert bool(verdict.parts.decisions.removed[1]) is gone


_SHARES = st.floats(0, 1, allow_nan=False)


@settings(deadline=None, max_examples=60)
@given(texts.filter(str.strip), st.data())
def test_a_higher_threshold_removes_no_more(text: str, data: st.DataObject) -> None:
    """Whatever the rules, what goes at a higher threshold goes at a lower one too, character by character."""
    engine = Engine(data.draw(rule_sets))
    low, high = sorted(data.draw(st.tuples(_SHARES, _SHARES)))
    more, fewer = (_characters(text, engine, asked) for asked in (low, high))

    assert fewer <= more


def _characters(text: str, engine: Engine, asked: float) -> set[int]:
    pieces = engine.clean(Document(text), Options(threshold=asked)).partition.removed()
    return {at for piece in pieces for at in range(piece.start, piece.end) if not text[at].isspace()}
