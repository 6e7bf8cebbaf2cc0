"""Doubt: each status has its reason, in a sentence, and a good answer has none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.doubt import expected_f1, judge
from dehusk_server.engine import Engine
from dehusk_server.model import Document, Kind, Status
from dehusk_server.rules.context import FloatArray
from unit.engine.tiny import kept_unless, marker, rule_set, verdict_of

SHARE = marker(Kind.SHARE)
PROSE = "The council met on Tuesday to talk about the bridge, which has been shut since the flood in March.\n"
RULES = rule_set(kept_unless({f"phrase:{SHARE}": {Kind.SHARE: 14.0}, "phrase:perhaps": {Kind.SHARE: 6.0}}))


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        (PROSE * 4, Status.OK, ""),
        (PROSE * 4 + f"{SHARE}\n" * 20, Status.OK, ""),
        ("A short note", Status.OK, ""),
        (f"{SHARE}\n{SHARE}", Status.NO_ARTICLE, "every line was taken for husk"),
        ("perhaps a\nperhaps b", Status.NO_ARTICLE, "every line looks like husk; what is not beyond doubt was kept"),
        ("Menu of things\n" * 20, Status.NO_ARTICLE, "no line that was kept reads like prose"),
        ("— —\n!", Status.NO_ARTICLE, "the text holds no word"),
        ("https://a.example/b", Status.NO_ARTICLE, "the text holds no word"),
        (PROSE + f"{SHARE} of a page of many other words\n" * 30, Status.SUSPECT, "the body has 19 of the page's"),
        (PROSE * 2 + "perhaps not\n" * 20, Status.SUSPECT, "are close to the border between body and husk"),
    ],
)
def test_status_and_reason(text: str, status: Status, reason: str) -> None:
    """What makes an answer doubtful is said; an answer without doubt gives no reason."""
    found, reasons = judge(verdict_of(text, RULES))

    assert found is status
    assert [reason in one for one in reasons] == ([True] if reason else [])


def test_an_answer_whose_every_part_went_says_so() -> None:
    """Lines may stay and lose all their parts one by one; the body is empty then, and not without a word."""
    rules = rule_set(kept_unless({f"part-phrase:{SHARE}": {Kind.SHARE: 14.0}}))
    answer = Engine(rules).clean(Document(f"{SHARE} | {SHARE}\n{SHARE} | {SHARE}"))
    kept = Engine(rules).clean(Document(f"{SHARE} | {SHARE}\nA short note"))

    assert (answer.body, answer.status) == ("", Status.NO_ARTICLE)
    assert answer.reasons == ("every part of every line was taken for husk",)
    assert (kept.body, kept.status) == ("A short note", Status.OK)


def test_an_answer_that_is_not_good_enough_by_its_own_probabilities_is_doubtful() -> None:
    """The rule set says which expected F1 is good enough; the reason gives the figure."""
    verdict = verdict_of(PROSE * 2 + "perhaps not\n" * 20, RULES)
    words, husk = verdict.features.measures.words, verdict.lines.husk
    expected = expected_f1(words, husk, np.where(verdict.lines.removed, 0.0, 1.0))

    assert 0.5 < expected < 0.85
    assert judge(verdict, expected)[0] is Status.OK
    status, reasons = judge(verdict, expected + 1e-9)
    assert status is Status.SUSPECT
    assert reasons[0].endswith(f"the body's word F1 would be {expected:.2f}")


def test_the_rule_set_says_what_is_doubtful() -> None:
    """The setting ``doubtful_f1`` beats the default."""
    text, rules = PROSE * 2 + "perhaps not\n" * 20, {rule.id: rule.weights for rule in RULES.rules}

    found = [Engine(rule_set(rules, {"doubtful_f1": one})).clean(Document(text)).status for one in (0.1, 0.99)]

    assert found == [Status.OK, Status.SUSPECT]


_lines = st.lists(st.tuples(st.floats(0, 500).map(round), st.floats(0, 1), st.booleans()), min_size=1, max_size=12).map(
    lambda rows: tuple(np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
)
Lines = tuple[FloatArray, FloatArray, FloatArray]


@settings(max_examples=80)
@given(_lines)
def test_expected_f1_is_a_share(lines: Lines) -> None:
    """It lies between 0 and 1, whatever is kept."""
    assert 0.0 <= expected_f1(*lines) <= 1.0 + 1e-12


@settings(max_examples=80)
@given(_lines)
def test_what_is_sure_and_right_is_expected_to_be_perfect(lines: Lines) -> None:
    """Where every line is certain and decided so, 1 is expected; where every line is decided the other way, 0."""
    words, _, kept = lines

    assert expected_f1(words, 1.0 - kept, kept) == (1.0 if (words * kept).any() else 0.0)
    assert expected_f1(words, kept, kept) == 0.0


@settings(max_examples=80)
@given(_lines, st.integers(0, 11), st.floats(0, 1))
def test_more_doubt_about_what_was_kept_means_less(lines: Lines, at: int, husk: float) -> None:
    """A kept line that is likelier to be husk lowers what is expected, a removed one raises it."""
    words, chance, kept = lines
    at %= len(words)
    other = chance.copy()
    other[at] = max(husk, chance[at])

    before, after = expected_f1(words, chance, kept), expected_f1(words, other, kept)

    if kept[at]:
        assert after <= before + 1e-12
    else:
        assert after >= before - 1e-12


def test_expected_f1_is_that_of_expected_counts() -> None:
    """Kept words 30, expected body words 20 + 1 + 4, of which 21 were kept."""
    words, husk = np.array([20.0, 10.0, 8.0]), np.array([0.0, 0.9, 0.5])

    assert expected_f1(words, husk, np.array([1.0, 1.0, 0.0])) == pytest.approx(2 * 21 / (30 + 25))


def test_a_blank_page_is_no_article() -> None:
    """Where nothing is visible there is nothing to decide, and the answer says so."""
    answer = Engine(RULES).clean(Document(" \n\t"))

    assert (answer.status, answer.reasons) == (Status.NO_ARTICLE, ("the text holds no visible character",))
    assert (answer.body, answer.partition.source) == ("", " \n\t")
