"""Training: examples to the bytes of a rule set that a person can read and an engine can load."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from dehusk_server.engine import Engine
from dehusk_server.learning.chain_fit import Penalty
from dehusk_server.learning.pages import CorpusError
from dehusk_server.learning.train import Recipe, train
from dehusk_server.model import KINDS, Document, Kind
from dehusk_server.rules.rule import Family
from dehusk_server.rules.ruleset import RuleSet, parse_rules
from unit.learning.tiny_corpus import HUSK, PROSE, examples, page

QUICK = Recipe(
    min_sites=3,
    part_min_sites=2,
    iterations=30,
    penalty=Penalty(0.3, 0.3, 0.3),
    part_penalty=Penalty(0.3, 0.3, 0.3),
)


def taught(recipe: Recipe = QUICK, pages: int = 8) -> bytes:
    """Return the file that some pages teach."""
    return train(examples(pages), recipe, provenance={"pages": str(pages)}, learned="2025-01-31", say=lambda _: None)


@functools.cache
def rules() -> RuleSet:
    """Return the set that eight pages teach."""
    return parse_rules(taught(), "taught")


def test_what_is_taught_is_known_on_a_page_of_another_site() -> None:
    """Husk goes with its kind, glued husk is cut out, and the prose stays to the letter."""
    unseen = page(99)
    answer = Engine(rules()).clean(Document(unseen.text))

    assert answer.body.replace("\n", " ") == " ".join(PROSE[number % 4] for number in (99, 100, 101, 102))
    removed = [(answer.partition.text(piece).strip(), piece.kind) for piece in answer.partition.removed()]
    assert removed == [HUSK[0], HUSK[2], HUSK[1], HUSK[3]]


def test_the_same_examples_give_the_same_bytes() -> None:
    """Nothing but examples and recipe decides the file."""
    assert taught() == taught()


def test_rules_say_what_they_read_and_what_they_are_worth() -> None:
    """Each rule reads in words, was seen in documents and sites, and names some that taught it."""
    more = rules().by_id["phrase:read more"]

    assert more.reads == "the words “read more”"
    assert more.strongest is Kind.RELATED
    assert (more.support.documents, more.support.sites, more.support.precision) == (8, 8, 1.0)
    assert more.support.taught_by == ("spans-0", "spans-1", "spans-2")
    assert more.learned == "2025-01-31"
    assert all(rule.reads and rule.support.documents for rule in rules().rules if rule.looks_at is not Family.AFTER)


def test_every_family_is_taught() -> None:
    """Shapes and phrases of lines and of parts, and what follows what: a rule for each kind."""
    found = {family: [rule.id for rule in rules().rules if rule.looks_at is family] for family in Family}

    assert all(found.values())
    assert found[Family.AFTER] == [f"after:{kind}" for kind in KINDS]


def test_small_weights_are_left_out_and_the_others_rounded() -> None:
    """What a person reads has two digits; what hardly counts is not there, nor a rule without any weight."""
    weights = [
        weight for rule in rules().rules if rule.looks_at is not Family.AFTER for weight in rule.weights.values()
    ]

    assert min(map(abs, weights)) >= QUICK.smallest
    assert all(round(weight, QUICK.digits) == weight for weight in weights)


def test_phrases_of_few_sites_make_no_rule() -> None:
    """Words that fewer sites use than the recipe asks for are none, and a set without phrases is still one."""
    shy = Recipe(min_sites=99, part_min_sites=99, iterations=3)
    found = parse_rules(taught(shy), "taught")

    assert {rule.looks_at for rule in found.rules} & {Family.PHRASE, Family.PART_PHRASE} == set()
    Engine(found)


def test_without_annotated_pages_there_are_no_rules_for_parts() -> None:
    """Lines are still learned; the learner says what is missing."""
    said: list[str] = []
    flat = [replace(example, shelf="flat") for example in examples(4)]
    found = train(flat, Recipe(min_sites=2, iterations=3), provenance={}, learned="2025-01-31", say=said.append)

    families = {rule.looks_at for rule in parse_rules(found, "taught").rules}
    assert families == {Family.SHAPE, Family.PHRASE, Family.AFTER}
    assert "no page annotated by hand: no rules for parts of lines" in said


def test_nothing_to_learn_from_is_said() -> None:
    """No examples make no rule set, but an error that tells what is wanted."""
    with pytest.raises(CorpusError, match="no labelled page to learn from; give corpora with the shelves seed"):
        train([], QUICK, provenance={}, learned="2025-01-31", say=lambda _: None)


def test_the_settings_of_the_recipe_are_the_sets() -> None:
    """The thresholds that rules were weighed for travel with them."""
    found = parse_rules(taught(Recipe(iterations=1, threshold=0.7, part_threshold=0.9)), "taught")

    assert found.settings == {"threshold": 0.7, "part_threshold": 0.9}
