"""Rules for parts of lines: learned from annotated pages, and from husk glued to their prose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dehusk_server.learning import part_rules
from dehusk_server.learning.part_rules import PartRecipe, learn_part_rules
from dehusk_server.learning.parts import PartWeights
from dehusk_server.learning.softmax_fit import Penalty, Task, fit
from dehusk_server.model import Kind
from dehusk_server.rules.rule import Family, Rule
from unit.learning.tiny_corpus import examples

QUICK = PartRecipe(min_sites=2, iterations=30, penalty=Penalty(0.3, 0.3))
LEARNED = "2025-01-31"


def learn(recipe: PartRecipe = QUICK, shelf: str = "spans") -> list[Rule]:
    """Return the rules that a few pages of a shelf teach."""
    pages = [replace(one, shelf=shelf) for one in examples()]
    return learn_part_rules(pages, recipe, LEARNED, lambda _: None)


def test_rules_are_for_parts_and_say_so() -> None:
    """Every rule is of a part, reads in words, is rounded, weighs something, and names pages that taught it."""
    rules = learn()

    assert {rule.looks_at for rule in rules} == {Family.PART_SHAPE, Family.PART_PHRASE}
    for rule in rules:
        assert rule.reads
        assert rule.learned == LEARNED
        assert rule.support.documents >= rule.support.sites > 0
        assert min(map(abs, rule.weights.values())) >= QUICK.smallest
        assert all(round(weight, QUICK.digits) == weight for weight in rule.weights.values())


def test_an_appeal_inside_a_line_is_learned_as_an_appeal() -> None:
    """The words of an annotated part speak for its kind."""
    by_id = {rule.id: rule for rule in learn()}

    assert by_id["part-phrase:donate today"].strongest is Kind.DONATION
    assert by_id["part-phrase:donate today"].reads == "part of a line: the words “donate today”"


def test_phrases_are_as_many_as_asked_at_most() -> None:
    """The recipe bounds the vocabulary; the shapes remain."""
    some = learn(replace(QUICK, phrases=3))

    assert 0 < sum(rule.looks_at is Family.PART_PHRASE for rule in some) <= 3
    assert any(rule.looks_at is Family.PART_SHAPE for rule in some)


def test_only_pages_annotated_by_hand_teach_parts() -> None:
    """Aligned pages say nothing about the inside of a line."""
    assert learn(shelf="flat") == []
    assert learn(shelf="seed")


def test_seed_pages_weigh_more_and_glued_parts_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """What people marked weighs as the recipe says, more on a seed page; what was glued for the lesson weighs less."""
    seen: list[Task] = []

    def watch(task: Task, penalty: Penalty, **others: object) -> object:
        seen.append(task)
        return fit(task, penalty, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(part_rules, "fit", watch)
    recipe = replace(QUICK, weights=PartWeights(real=2.0, seed=3.0, glued=0.25, around=0.125), iterations=2)
    for shelf in ("spans", "seed"):
        learn(recipe, shelf)

    usual, seed = (set(task.weight.tolist()) for task in seen)
    assert {2.0, 0.25, 0.125} <= usual
    assert 6.0 not in usual
    assert {6.0, 0.25, 0.125} <= seed


def test_what_it_learned_from_is_said() -> None:
    """The learner tells how far it is, and from how many parts it learned how many rules."""
    said: list[str] = []

    rules = learn_part_rules(examples(), replace(QUICK, iterations=40), LEARNED, said.append)

    assert said[-1].startswith(f"{len(rules)} rules for parts of lines, from ")
    assert any(line.startswith("  evaluation 20: ") for line in said)


def test_the_same_pages_and_seed_give_the_same_rules() -> None:
    """Another seed glues other lines, and weighs them otherwise."""
    assert learn() == learn()
    assert learn(replace(QUICK, seed=1)) != learn()
