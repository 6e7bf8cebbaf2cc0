"""Explanations: why the text at one place was kept or removed, at every offset."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.engine import Engine
from dehusk_server.errors import InvalidInputError
from dehusk_server.explain import MOST, _context, arguments_at
from dehusk_server.model import KINDS, Argument, Document, Evidence, Explanation, Kind, Options
from dehusk_server.rules.ruleset import RuleSet
from dehusk_server.text.features import take_features
from strategies import texts
from unit.engine.tiny import kept_unless, marker, marker_engine, part_rules, rule_set, rule_sets, verdict_of
from unit.rules.networks import listening

SHARE, LEGAL = marker(Kind.SHARE), marker(Kind.LEGAL)
LINES = marker_engine()
PARTS = Engine(rule_set(part_rules()))


def explain(engine: Engine, text: str, at: int | str) -> Explanation:
    """Explain one offset of a text, or the first place of a word in it."""
    return engine.explain(Document(text), text.index(at) if isinstance(at, str) else at)


def case_for(found: Explanation, kind: Kind) -> Argument:
    """Return what one kind has to say."""
    return next(argument for argument in found.arguments if argument.kind is kind)


def test_every_kind_has_its_say_most_probable_first() -> None:
    """One argument a kind, their probabilities together 1, the removal's kind first, with the rule that carried it."""
    found = explain(LINES, f"body\n{SHARE} now\n", SHARE)

    assert sorted(argument.kind for argument in found.arguments) == sorted(KINDS)
    assert [one.probability for one in found.arguments] == sorted(
        (a.probability for a in found.arguments), reverse=True
    )
    assert sum(argument.probability for argument in found.arguments) == pytest.approx(1, abs=1e-4)
    assert found.arguments[0].kind is found.piece.kind is Kind.SHARE
    assert found.arguments[0].evidence[0].rule_id == f"phrase:{SHARE}"


def test_a_kept_line_says_what_spoke_for_each_kind() -> None:
    """Body needs no evidence; the kinds that lost still show the rules behind them."""
    found = explain(LINES, f"body\n{SHARE}", 0)

    assert (found.arguments[0].kind, found.arguments[0].evidence) == (Kind.BODY, ())
    assert case_for(found, Kind.SHARE).evidence[0].weight == -6.0


def test_a_part_is_argued_by_itself_where_it_goes() -> None:
    """Inside a removed part its own rules speak; beside it those of the line."""
    text = f"It rained. Go {SHARE}.\nIt rained. It snowed."

    part, line = explain(PARTS, text, "Go"), explain(PARTS, text, "It")

    assert (part.piece.kind, part.arguments[0].kind) == (Kind.SHARE, Kind.SHARE)
    assert part.arguments[0].evidence[0].rule_id == f"part-phrase:{SHARE}"
    assert (line.piece.kind, line.arguments[0].kind) == (Kind.BODY, Kind.BODY)
    assert all("part-" not in one.rule_id for argument in line.arguments for one in argument.evidence)


def test_blanks_that_go_with_a_part_are_argued_with_it() -> None:
    """The indent before a first part and the blanks behind a part are its own; the end of the line is not."""
    text = f"body\n  Go {SHARE}.  It rained. Go {LEGAL}. \nbody"
    kinds = [explain(PARTS, text, at).arguments[0].kind for at in range(len(text))]
    pieces = [explain(PARTS, text, at).piece.kind for at in range(len(text))]

    assert kinds == pieces
    assert {Kind.SHARE, Kind.LEGAL} <= set(kinds)


@pytest.mark.parametrize(
    ("at", "kind"),
    [(0, Kind.BODY), (4, Kind.BODY), (5, Kind.SHARE), (6, Kind.SHARE), (12, Kind.SHARE), (-1, Kind.LEGAL)],
)
def test_blanks_are_explained_with_their_line(at: int, kind: Kind) -> None:
    """A line's indent, its end and the blank rows after it are argued as the line itself."""
    text = f"body\n {SHARE}\n\n{LEGAL}\n"
    found = explain(LINES, text, at % len(text))

    assert found.piece.kind is kind
    assert found.arguments[0].kind is kind


def test_blanks_above_the_first_line_go_with_it() -> None:
    """There is no line before the first."""
    assert explain(LINES, f"\n\n {SHARE}\nbody", 0).arguments[0].kind is Kind.SHARE


def test_a_blank_page_has_a_piece_and_no_arguments() -> None:
    """Where nothing is visible nothing was weighed."""
    found = explain(LINES, " \n ", 1)

    assert (found.piece.start, found.piece.end, found.arguments) == (0, 3, ())


@pytest.mark.parametrize("at", [-1, 4, 10**9])
def test_an_offset_outside_of_the_text_is_refused(at: int) -> None:
    """The error names the field and the range."""
    with pytest.raises(InvalidInputError, match=f"offset {at} is outside the text") as caught:
        explain(LINES, "body", at)

    assert (caught.value.field, caught.value.limit) == ("offset", "0 to 3 code points")


def test_context_is_said_to_come_from_above_or_below() -> None:
    """What the lines above add has them as its place, what the lines below add those below."""
    text = f"body\n  {SHARE} now\nbody\nend"
    rules = kept_unless({f"phrase:{SHARE}": {Kind.SHARE: 14.0}})
    above, below = (Engine(rule_set(rules, network=listening(Kind.SHARE, Kind.RELATED, 0.25, by))) for by in (-1, 1))

    from_above, from_below = (
        [one for one in case_for(found, Kind.RELATED).evidence if one.rule_id == "context:RELATED"]
        for found in (explain(above, text, text.rindex("body")), explain(below, text, 0))
    )

    assert from_above == [Evidence("context:RELATED", 3.5, 0, text.index(" now") + 4)]
    assert from_below == [Evidence("context:RELATED", 3.5, text.index(SHARE), len(text))]


def test_context_of_the_line_itself_is_said_to_be_its_own() -> None:
    """What the network makes of a line by itself has the line as its place."""
    engine = Engine(
        rule_set(
            kept_unless({f"phrase:{SHARE}": {Kind.SHARE: 14.0}}), network=listening(Kind.SHARE, Kind.LEGAL, 1.0, 0)
        )
    )

    found = case_for(explain(engine, f"body\n{SHARE}\nbody", SHARE), Kind.LEGAL).evidence

    assert found[0] == Evidence("context:LEGAL", 14.0, 5, 5 + len(SHARE))
    assert [one.rule_id for one in found].count("context:LEGAL") == 1


@settings(max_examples=40)
@given(texts, rule_sets, st.data())
def test_context_above_below_and_the_rest_add_up(text: str, rules: RuleSet, data: st.DataObject) -> None:
    """The parts that an explanation splits the context into sum to what the context said of the line."""
    features = take_features(text)
    if features is None:
        return
    verdict = verdict_of(text, rules)
    line = data.draw(st.integers(0, features.page.lines - 1))
    total = np.zeros(len(KINDS))

    for column, evidence in _context(verdict, line):
        total[column] += evidence.weight

    # What rounds to nothing is not said: half a hundredth for each part, or up to one that is left out.
    np.testing.assert_allclose(total, verdict.spoken.context[line], atol=0.031)


@settings(max_examples=40)
@given(texts, rule_sets, st.data())
def test_margins_add_up_to_the_decision(text: str, rules: RuleSet, data: st.DataObject) -> None:
    """Where all that spoke is named, the weights of each kind's evidence give its probability against body."""
    verdict = verdict_of(text, rules) if take_features(text) else None
    at = data.draw(st.integers(0, len(text) - 1))
    if verdict is None:
        return

    arguments = {one.kind: one for one in arguments_at(verdict, at)}

    body = arguments[Kind.BODY]
    assert body.evidence == ()
    for argument in arguments.values():
        loud = [abs(one.weight) for one in argument.evidence]
        assert loud == sorted(loud, reverse=True)
        sure = min(argument.probability, body.probability) < 1e-4
        if not sure and len(argument.evidence) < MOST:
            margin = math.log(argument.probability / body.probability)
            assert sum(one.weight for one in argument.evidence) == pytest.approx(margin, abs=0.06)


@settings(deadline=None, max_examples=40)
@given(texts, rule_sets, st.data())
def test_the_piece_is_the_one_that_cleaning_gives(text: str, rules: RuleSet, data: st.DataObject) -> None:
    """At any offset of any text, under any rules and options, the explanation is of the answer's own piece."""
    engine, at = Engine(rules), data.draw(st.integers(0, len(text) - 1))
    options = Options(threshold=data.draw(st.none() | st.floats(0, 1)), keep_kinds=frozenset({Kind.SHARE}))

    found = engine.explain(Document(text), at, options)

    assert found.piece in engine.clean(Document(text), options).partition.pieces
    assert found.piece.start <= at < found.piece.end
    if found.piece.removed:
        assert found.piece.kind in {argument.kind for argument in found.arguments}
