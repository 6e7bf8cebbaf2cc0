"""Learned counterexamples: short lines of body that hold a rule's phrase and stay."""

from __future__ import annotations

import numpy as np

from dehusk_server.counterexamples import removed_counterexamples
from dehusk_server.decide.verdict import Thresholds
from dehusk_server.engine import Engine
from dehusk_server.learning.counterexamples import LONGEST, Firing, with_counterexamples
from dehusk_server.learning.examples import Example
from dehusk_server.learning.labelling import span_example
from dehusk_server.learning.matrix import firing_matrix
from dehusk_server.learning.pages import SpanPage
from dehusk_server.learning.support import count_support
from dehusk_server.learning.vocabulary import labels
from dehusk_server.model import Kind
from dehusk_server.rules.rule import Rule
from dehusk_server.rules.ruleset import parse_rules
from dehusk_server.rules.weights import compile_weights
from dehusk_server.text.axes import AXIS_OFFSETS
from dehusk_server.text.phrases import phrase_hashes
from unit.engine.tiny import kept_unless, rule, rule_file
from unit.learning.tiny_corpus import PROSE
from unit.rules.networks import network_of

BODY = (
    "Nobody would share the rent.",
    "share it",
    "They share the house.",
    f"{PROSE[0]} They share it with all of the others, as they have done since.",
    "More of it was read than they had meant to share out.",
)
TEXT = "\n".join(("Share this", *BODY)) + "\n"


def page(text: str = TEXT) -> Example:
    """Return a page whose first line is husk."""
    found = span_example(SpanPage("p", "", "a.example", "article", text, ((0, 10, Kind.SHARE),), ()), "spans")
    assert found is not None
    return found


def taught(words: dict[str, float], text: str = TEXT) -> dict[str, tuple[str, ...]]:
    """Return the counterexamples of rules for phrases of such weights."""
    rules = [rule(*one) for one in kept_unless({}).items() if not one[0].startswith("part-")]
    rules += [rule(f"phrase:{phrase}", {Kind.SHARE: weight}) for phrase, weight in words.items()]
    return {one.id.partition(":")[2]: one.counterexamples for one in given(rules, page(text)) if "phrase" in one.id}


def given(rules: list[Rule], example: Example) -> list[Rule]:
    """Return rules with the counterexamples that a page holds for them."""
    phrases = [one.id.partition(":")[2] for one in rules if one.id.startswith("phrase:")]
    order = np.argsort(phrase_hashes(phrases))
    matrix = firing_matrix(
        [(example.bins, example.phrase_hash, example.phrase_line)], phrase_hashes(phrases)[order], AXIS_OFFSETS[-1]
    )
    document = np.zeros(example.lines, dtype=np.int64)
    counts = count_support(matrix, labels(example.allowed), document, ["p"], ["a.example"])
    features = {f"phrase:{phrases[place]}": AXIS_OFFSETS[-1] + number for number, place in enumerate(order.tolist())}
    rules = [*rules, *CONTEXT]
    return with_counterexamples(rules, network_of({}), [example], Firing(counts, features), Thresholds(0.5, 1.0))


CONTEXT = [rule(f"context:{kind}", {}) for kind in Kind if kind is not Kind.BODY]


def test_the_first_short_line_of_body_that_stays_is_taken() -> None:
    """A line that holds the phrase among other words, and is not removed, stands against the rule."""
    assert taught({"share": 3.0})["share"] == ("Nobody would share the rent.",)


def test_a_line_that_would_go_is_none() -> None:
    """Where other rules carry the line off, the next is tried; where all go there is none."""
    assert taught({"share": 3.0, "nobody": 12.0})["share"] == ("They share the house.",)
    assert taught({"share": 14.0})["share"] == ()


def test_lines_that_hold_little_else_are_none() -> None:
    """A counterexample has two words at least beside those of the phrase; the marks of a line's ends are no words."""
    for phrase, short, enough in (
        ("share", "share it", "they share it"),
        ("share the house", "share the house now", "now share the house again"),
        ("^ share", "share it", "share it now"),
    ):
        assert taught({phrase: 3.0}, f"Share this\n{short}\n")[phrase] == ()
        assert taught({phrase: 3.0}, f"Share this\n{enough}\n")[phrase] == (enough,)


def test_no_passage_is_taken() -> None:
    """A counterexample is evidence, not a passage: longer lines are passed over."""
    long = next(line for line in BODY if len(line) > LONGEST)

    assert taught({"share": 3.0}, f"Share this\n{long}\n")["share"] == ()
    assert all(len(text) <= LONGEST for texts in taught({"share": 3.0, "it": 2.0}).values() for text in texts)


def test_rules_against_husk_have_none() -> None:
    """A phrase that speaks for body alone needs nothing to hold it back."""
    assert taught({"share": -3.0})["share"] == ()


def test_husk_is_no_counterexample() -> None:
    """Only lines that are known to be body are taken."""
    assert taught({"this": 3.0})["this"] == ()


def test_a_set_with_its_learned_counterexamples_loads() -> None:
    """What was found to stay stays when the set is tried as an engine tries it."""
    rules = [rule(*one) for one in kept_unless({}).items()]
    rules += [rule(f"phrase:{phrase}", {Kind.SHARE: 1.5}) for phrase in ("share", "read", "out")]
    found = given(rules, page())
    held = parse_rules(rule_file(found, {"threshold": 0.5, "part_threshold": 0.8}, network_of({})), "x")

    texts = [text for one in held.rules for text in one.counterexamples]
    assert len(texts) == 3
    assert removed_counterexamples(texts, compile_weights(held), Thresholds(0.5, 0.8)) == [False] * 3
    Engine(held)
