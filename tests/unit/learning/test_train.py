"""Training: examples to the bytes of a rule set that a person can read and an engine can load."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import pytest

from dehusk_server.engine import Engine
from dehusk_server.learning.line_rules import LineRecipe
from dehusk_server.learning.network_fit import Training
from dehusk_server.learning.pages import CorpusError
from dehusk_server.learning.part_rules import PartRecipe
from dehusk_server.learning.softmax_fit import Penalty
from dehusk_server.learning.train import Recipe, train
from dehusk_server.model import HUSK_KINDS, Document, Kind
from dehusk_server.rules.rule import Family
from dehusk_server.rules.ruleset import RuleSet, parse_rules
from unit.learning.tiny_corpus import HUSK, PROSE, examples, page

QUICK = Recipe(
    lines=LineRecipe(
        min_sites=3,
        page_weights={},
        training=Training(hidden=8, wide=8, rounds=60, rate=2e-2, dropout=0.0, phrase_dropout=0.0, alone=1.0),
    ),
    parts=PartRecipe(min_sites=2, iterations=30, penalty=Penalty(0.3, 0.3)),
    threshold=0.5,
)
SHORT = Training(hidden=2, wide=2, rounds=1, rate=20.0)


def recipe(min_sites: int = 3, **changes: Any) -> Recipe:
    """Return a recipe that hardly learns."""
    lines = LineRecipe(min_sites=min_sites, written_min_blocks=min_sites, training=SHORT)
    return Recipe(lines=lines, parts=PartRecipe(min_sites=min_sites, iterations=2), **changes)


def taught(how: Recipe = QUICK, pages: int = 8) -> bytes:
    """Return the file that some pages teach."""
    return train(examples(pages), how, provenance={"pages": str(pages)}, learned="2025-01-31", say=lambda _: None)


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
    assert all(rule.reads and rule.support.documents for rule in rules().rules if rule.looks_at is not Family.CONTEXT)


def test_every_family_is_taught() -> None:
    """Shapes and phrases of lines and parts, the context for each kind of husk; without HTML none on trees."""
    found = {family: [rule.id for rule in rules().rules if rule.looks_at is family] for family in Family}

    other = {Family.MARK, Family.DOM, Family.TOKEN, Family.DOM_CONTEXT}
    assert all(bool(ids) is (family not in other) for family, ids in found.items())
    assert found[Family.CONTEXT] == [f"context:{kind}" for kind in HUSK_KINDS]
    assert rules().network is not None


def test_a_context_rule_names_the_pages_with_its_kind() -> None:
    """What taught the network a kind are the pages that hold it; a kind that no page holds was taught by none."""
    legal, tags = rules().by_id["context:LEGAL"], rules().by_id["context:TAGS"]

    assert (legal.support.documents, legal.support.sites) == (8, 8)
    assert legal.support.taught_by == ("spans-0", "spans-1", "spans-2")
    assert (tags.support.documents, tags.support.sites, tags.support.taught_by) == (0, 0, ())
    assert "LEGAL" in legal.reads


def test_small_weights_are_left_out_and_the_others_rounded() -> None:
    """What a person reads has two digits; a phrase that hardly counts is not there, nor a rule without any weight."""
    weighed = [rule for rule in rules().rules if rule.looks_at is not Family.CONTEXT]
    small = [rule for rule in weighed if min(map(abs, rule.weights.values())) < 0.05]

    assert all(rule.weights and any(rule.weights.values()) for rule in weighed)
    assert {rule.looks_at for rule in small} <= {Family.SHAPE}
    assert all(round(weight, 2) == weight for rule in weighed for weight in rule.weights.values())


def test_phrases_of_few_sites_make_no_rule() -> None:
    """Words that fewer sites use than the recipe asks for are none, and a set without phrases is still one."""
    found = parse_rules(taught(recipe(min_sites=99)), "taught")

    assert {rule.looks_at for rule in found.rules} & {Family.PHRASE, Family.PART_PHRASE} == set()
    Engine(found)


def test_without_annotated_pages_there_are_no_rules_for_parts() -> None:
    """Lines are still learned; the learner says what is missing."""
    said: list[str] = []
    flat = [replace(example, shelf="flat") for example in examples(4)]
    found = train(flat, recipe(min_sites=2), provenance={}, learned="2025-01-31", say=said.append)

    families = {rule.looks_at for rule in parse_rules(found, "taught").rules}
    assert families == {Family.SHAPE, Family.PHRASE, Family.CONTEXT}
    assert "no page annotated by hand: no rules for parts of lines" in said


def test_the_seed_of_the_recipe_is_that_of_all_that_is_drawn() -> None:
    """Another seed gives other numbers, for lines; those of the parts of the recipe do not count."""
    one = taught(recipe(seed=1))

    assert taught(recipe(seed=2)) != one
    assert taught(replace(recipe(seed=1), lines=replace(recipe().lines, seed=5))) == one


def test_nothing_to_learn_from_is_said() -> None:
    """No examples make no rule set, but an error that tells what is wanted."""
    with pytest.raises(CorpusError, match="no labelled page to learn from; give corpora with the shelves seed"):
        train([], QUICK, provenance={}, learned="2025-01-31", say=lambda _: None)


def test_the_settings_of_the_recipe_are_the_sets() -> None:
    """The thresholds that rules were weighed for travel with them."""
    found = parse_rules(taught(recipe(threshold=0.7, part_threshold=0.9)), "taught")

    assert found.settings == {"threshold": 0.7, "part_threshold": 0.9}
