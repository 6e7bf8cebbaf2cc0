"""Decisions: thresholds, pages where all looks like husk, and what no rule speaks of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.decide.decisions import SURE
from dehusk_server.engine import Engine
from dehusk_server.model import KINDS, Document, Kind, Options
from dehusk_server.rules.ruleset import RuleSet
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

SHARE = marker(Kind.SHARE)


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


def test_the_line_before_speaks_for_the_line_after() -> None:
    """A line that says nothing goes where rules for the line before say so."""
    rules = {f"after:{kind}": ({} if kind is not Kind.MOST_READ else {Kind.RELATED: 9.0}) for kind in KINDS}
    tiny = rule_set(kept_unless({f"phrase:{marker(Kind.MOST_READ)}": {Kind.MOST_READ: 20.0}}) | rules)

    assert removed(f"body\n{marker(Kind.MOST_READ)}\nbody", tiny) == [False, True, True]
    assert removed("body\nbody", tiny) == [False, False]


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
