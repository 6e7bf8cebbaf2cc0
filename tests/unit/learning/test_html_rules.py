"""Rules on trees: learned from HTML pages on top of the rules for text, and used on HTML pages alone."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dehusk_server.engine import Engine
from dehusk_server.learning.html_examples import HtmlExample, body_shares, html_example, read_html_examples
from dehusk_server.learning.html_rules import HtmlRecipe
from dehusk_server.learning.network_fit import Training
from dehusk_server.learning.pages import HtmlPage
from dehusk_server.learning.train import train
from dehusk_server.model import Document
from dehusk_server.rules.rule import Family
from dehusk_server.rules.ruleset import RuleSet, parse_rules
from dehusk_server.text.page import measure
from unit.learning.test_train import QUICK
from unit.learning.tiny_corpus import PROSE, examples

RECIPE = HtmlRecipe(
    min_sites=3, training=Training(hidden=8, wide=8, rounds=150, averaged=0, rate=0.03, dropout=0.0, phrase_dropout=0.0)
)


def page(number: int) -> HtmlPage:
    """Return one page of one site: what is prose and what is not differs by the tree alone."""
    first, second, third = (PROSE[(number + step) % 4] for step in range(3))
    html = (
        f"<html><body><div class='top-{number} menu'><p>{PROSE[(number + 3) % 4]}</p></div>"
        f"<main class='story'><p>{first}</p><p>{second}</p></main>"
        f"<div class='reader-comments'><p>{third}</p><p>{first}</p></div></body></html>"
    )
    return HtmlPage(f"page-{number}", f"site{number}.example", "collection", "", html, f"{first}\n{second}")


def measured(count: int = 8) -> list[HtmlExample]:
    """Return that many pages, measured and labelled."""
    return [example for number in range(count) if (example := html_example(page(number), ())) is not None]


@functools.cache
def rules() -> RuleSet:
    """Return the set that eight pages of text and eight of HTML teach."""
    recipe = replace(QUICK, html=RECIPE)
    content = train(examples(8), recipe, html=measured(), provenance={}, learned="2025-01-31", say=lambda _: None)
    return parse_rules(content, "taught")


def test_each_line_is_labelled_by_the_reference() -> None:
    """What the body holds is body, once; the rest is husk of a kind that nobody named."""
    allowed = measured(1)[0].text.allowed

    assert (allowed[:, 0] == 1).tolist() == [False, True, True, False, False]
    assert (allowed.sum(axis=1) == 1).tolist() == [False, True, True, False, False]


def test_a_line_without_words_says_nothing() -> None:
    """The alignment is of words."""
    found = body_shares(measure("one two\n***\nthree"), "one two")

    assert found[0] == 1
    assert np.isnan(found[1])
    assert found[2] == 0


def test_what_the_tree_says_is_known_on_a_page_of_another_site() -> None:
    """Prose stays or goes by where it stands."""
    unseen = page(99)
    answer = Engine(rules()).clean(Document(html=unseen.html))

    assert answer.body.split() == unseen.body.split()
    said = {one.rule_id.partition(":")[0] for piece in answer.partition.removed() for one in piece.evidence}
    assert said & {Family.DOM, Family.TOKEN, Family.DOM_CONTEXT}


def test_rules_on_trees_stand_beside_those_on_text() -> None:
    """One set holds both; each says which it is, what it looks at and what taught it."""
    of_trees = [rule for rule in rules().rules if rule.looks_at in {Family.DOM, Family.TOKEN}]

    assert {rule.looks_at for rule in of_trees} == {Family.DOM, Family.TOKEN}
    assert all(rule.reads and rule.support.documents for rule in of_trees)
    assert any(rule.id == "token:near:comments" for rule in of_trees)
    assert rules().html_network is not None


def test_text_is_cleaned_as_if_there_were_no_rules_on_trees() -> None:
    """A page of text has no tree, so the rules on trees say nothing of it."""
    text_only = parse_rules(train(examples(8), QUICK, provenance={}, learned="2025-01-31", say=lambda _: None), "text")
    text = f"Home\n{PROSE[0]}\nRead more\n{PROSE[1]}"
    with_trees, without = (Engine(one).clean(Document(text)) for one in (rules(), text_only))

    assert with_trees.partition == without.partition


def test_the_same_pages_teach_the_same_bytes() -> None:
    """Same in, same out."""
    recipe = replace(QUICK, html=replace(RECIPE, training=Training(hidden=2, wide=2, rounds=1)))
    one, other = (
        train(examples(4), recipe, html=measured(4), provenance={}, learned="2025-01-31", say=lambda _: None)
        for _ in range(2)
    )

    assert one == other


def test_a_root_without_html_has_none(tmp_path: Path) -> None:
    """Shelves that are not there are passed over."""
    assert list(read_html_examples(tmp_path)) == []


@pytest.mark.parametrize("html", ["", "<p></p>", "<script>x</script>"])
def test_a_page_without_text_teaches_nothing(html: str) -> None:
    """There is no line to label."""
    assert html_example(HtmlPage("p", "s.example", "", "", html, "body"), ()) is None
