"""Rules for lines: which phrases they read, and what teaches what."""

from __future__ import annotations

import numpy as np

from dehusk_server.learning import line_rules
from dehusk_server.learning.examples import Example
from dehusk_server.learning.line_rules import LineRecipe, context_rules, learn_line_rules
from dehusk_server.learning.network_fit import Training
from dehusk_server.learning.written import written_blocks
from dehusk_server.model import HUSK_KINDS, Kind
from dehusk_server.rules.context import compile_context
from dehusk_server.rules.rule import Family
from dehusk_server.text.phrases import phrase_hashes
from unit.learning.tiny_corpus import examples

SHORT = LineRecipe(min_sites=3, training=Training(hidden=2, wide=2, rounds=1, rate=20.0))


def chosen(recipe: LineRecipe, pages: list[Example]) -> set[int]:
    """Return the hashes of the phrases that a recipe chooses."""
    return set(line_rules._choose(pages, written_blocks()[:70], recipe).tolist())


def hashes(*phrases: str) -> set[int]:
    """Return the hashes of phrases."""
    return set(phrase_hashes(phrases).tolist())


def test_phrases_of_several_sites_are_chosen_and_those_of_written_blocks_besides() -> None:
    """A corpus phrase needs its sites; a phrase of the written blocks needs some blocks, and there is room for it."""
    few = chosen(LineRecipe(min_sites=3, phrases=5, written_phrases=0), examples())
    more = chosen(LineRecipe(min_sites=3, phrases=5, written_phrases=20, written_min_blocks=4), examples())
    many = chosen(LineRecipe(min_sites=3, written_phrases=0), examples())

    assert len(few) == 5
    assert few < more
    assert len(more) <= 25
    assert hashes("support") & more
    assert hashes("read more", "home") <= many
    assert not hashes("read more") & chosen(LineRecipe(min_sites=9, written_phrases=0), examples())


def test_phrases_come_in_order_and_once() -> None:
    """Chosen twice, for the corpus and for the written blocks, a phrase stands once."""
    found = line_rules._choose(examples(), written_blocks(), LineRecipe(min_sites=3))

    assert (np.diff(found.astype(np.float64)) > 0).all()
    assert len(np.unique(found)) == len(found)


def test_rules_and_network_are_learned_together() -> None:
    """Rules of lines alone, one for each kind of the context, and a network that an engine can run."""
    said: list[str] = []
    lines = learn_line_rules(examples(4), SHORT, "2025-01-31", said.append)
    rules, network = lines.rules, lines.network

    assert {rule.looks_at for rule in rules} == {Family.SHAPE, Family.PHRASE, Family.CONTEXT}
    assert (network.hidden, network.wide) == (2, 2)
    compile_context(network)
    assert "  round 1 of 1: loss" in said[1]
    assert said[-1] == f"{len(rules)} rules for lines"


def test_what_no_page_showed_makes_no_rule() -> None:
    """A bin that was met on no line was weighed by nothing but chance."""
    rules = learn_line_rules(examples(4), SHORT, "2025-01-31", lambda _: None).rules

    weighed = [rule for rule in rules if rule.looks_at is not Family.CONTEXT]
    assert all(rule.support.documents > 0 for rule in weighed)
    assert not [rule for rule in weighed if rule.id == f"shape:words={15}"]  # Nobody wrote a line of 111 words.


def test_a_kind_is_supported_by_the_pages_that_show_it() -> None:
    """The rule of the context for a kind names pages, not lines; written appeals are no pages."""
    by_kind = {rule.strongest: rule for rule in context_rules(examples(5), "2025-01-31")}

    assert set(by_kind) == set(HUSK_KINDS)
    assert (by_kind[Kind.RELATED].support.documents, by_kind[Kind.RELATED].support.sites) == (5, 5)
    assert by_kind[Kind.RELATED].support.taught_by == ("spans-0", "spans-1", "spans-2")
    assert by_kind[Kind.TAGS].support.documents == 0
    assert all(not rule.weights and rule.looks_at is Family.CONTEXT for rule in by_kind.values())
