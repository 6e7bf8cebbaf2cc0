"""Rules on the tree of HTML pages, and the network that weighs them, learned on top of the rules for text.

What a line's text says keeps the weights that it has on pages of text; the tree's bins and tokens add theirs, and a
network of its own hears both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from dehusk_server.learning.examples import Example
from dehusk_server.learning.export import make_network, with_body
from dehusk_server.learning.html_examples import HtmlExample
from dehusk_server.learning.lessons import Balance, make_lessons
from dehusk_server.learning.line_rules import Say, context_rules, make_rules
from dehusk_server.learning.matrix import firing_matrix
from dehusk_server.learning.network_fit import Course, Held, Training, fit
from dehusk_server.learning.network_pass import Array
from dehusk_server.learning.support import Counts, count_support
from dehusk_server.learning.vocabulary import choose_phrases, gather, labels, look_up
from dehusk_server.markup.dom_axes import OFFSETS, dom_id, dom_reads
from dehusk_server.markup.tokens import FAR, NEAR, token_hash
from dehusk_server.rules.context import SCORE_UNITS
from dehusk_server.rules.network import Network
from dehusk_server.rules.rule import Family, Rule
from dehusk_server.rules.weights import UnitWeights
from dehusk_server.text.axes import AXIS_OFFSETS
from dehusk_server.text.page import HashArray

_TEXT_BINS: Final = AXIS_OFFSETS[-1]
_ARTICLES: Final = frozenset({"article", "news"})


@dataclass(frozen=True, slots=True)
class HtmlRecipe:
    """Numbers that rules for HTML are learned with."""

    seed: int = 0
    tokens: int = 1500
    min_sites: int = 6
    """Sites that a token must be seen on."""
    smallest: float = 0.05
    """Weights of tokens below this are left out of the set."""
    digits: int = 2
    other_pages: float = 1.0
    """Weight of a page that is no article beside one that is."""
    balance: Balance = field(default_factory=Balance)
    training: Training = field(default_factory=lambda: Training(rounds=22, averaged=6, axis_dropout=0.15))


@dataclass(frozen=True, slots=True)
class HtmlRules:
    """What was learned of HTML."""

    rules: list[Rule]
    network: Network


def learn_html_rules(
    examples: Sequence[HtmlExample], text: UnitWeights, recipe: HtmlRecipe, learned: str, say: Say
) -> HtmlRules:
    """Return the rules on the tree, and the network for HTML pages, that the examples teach.

    Args:
        examples: the pages.
        text: weights of the rules for lines of text.
        recipe: how to learn.
        learned: day, ISO 8601.
        say: told how far it is.
    """
    tokens = _choose(examples, recipe)
    say(f"{len(examples)} HTML pages, {len(tokens)} tokens chosen")
    vocabulary = np.union1d(text.phrase_hash, tokens)
    pages = [_joined(example) for example in examples]
    lessons = make_lessons(pages, vocabulary, lambda page: _weight(page, recipe), recipe.balance)
    held = Held(_logits(text.shape), _logits(text.phrase), look_up(vocabulary, text.phrase_hash)[0])
    parameters = fit(
        Course(lessons, _TEXT_BINS + OFFSETS[-1], len(vocabulary)),
        recipe.training,
        recipe.seed,
        lambda turn, loss: say(f"  round {turn + 1} of {recipe.training.rounds}: loss {loss:.1f}"),
        held,
    )
    shapes = parameters["shape.kinds"][_TEXT_BINS:].copy()
    # The bias goes to the first axis of the tree: one of its bins is met on every line of HTML.
    shapes[: OFFSETS[1]] += parameters["kinds.bias"]
    weights = np.round(parameters["phrase.kinds"][look_up(vocabulary, tokens)[0]], recipe.digits)
    weights[np.abs(weights) < recipe.smallest] = 0
    table = np.concatenate([with_body(np.round(shapes, recipe.digits)), with_body(weights)]).astype(np.float64)
    names = [(dom_id(feature), dom_reads(feature)) for feature in range(OFFSETS[-1])]
    names += _token_names(examples, tokens)
    rules = [*make_rules(names, table, _count(examples, tokens), learned)]
    rules += context_rules(pages, learned, Family.DOM_CONTEXT)
    say(f"{len(rules)} rules for HTML")
    return HtmlRules(rules, make_network(parameters))


def _logits(weights: Array) -> Array:
    return (weights[:, 1:] / SCORE_UNITS).astype(np.float32)


def _joined(example: HtmlExample) -> Example:
    """Return an example whose bins are those of text and tree, and whose phrases are those of text and the tokens."""
    return replace(
        example.text,
        bins=np.concatenate([example.text.bins, example.dom + np.uint16(_TEXT_BINS)], axis=1),
        phrase_hash=np.concatenate([example.text.phrase_hash, example.token_hash]),
        phrase_line=np.concatenate([example.text.phrase_line, example.token_line]),
    )


def _of_tokens(example: HtmlExample) -> Example:
    return replace(example.text, phrase_hash=example.token_hash, phrase_line=example.token_line)


def _choose(examples: Sequence[HtmlExample], recipe: HtmlRecipe) -> HashArray:
    firings = gather([_of_tokens(example) for example in examples])
    return choose_phrases(firings, min_sites=recipe.min_sites, most=recipe.tokens)


def _weight(page: Example, recipe: HtmlRecipe) -> float:
    return 1.0 if page.page_type in _ARTICLES else recipe.other_pages


def _token_names(examples: Sequence[HtmlExample], tokens: HashArray) -> list[tuple[str, str]]:
    known: Mapping[int, str] = {
        token_hash(f"{distance}:{word}"): f"{distance}:{word}"
        for word in sorted(frozenset[str]().union(*(example.names for example in examples)))
        for distance in (NEAR, FAR)
    }
    where = {NEAR: "near the line", FAR: "farther above it"}
    names = (known[number] for number in tokens.tolist())
    return [
        (f"{Family.TOKEN}:{name}", f"“{word}” in the class names or ids of the elements {where[distance]}")
        for name in names
        for distance, _, word in [name.partition(":")]
    ]


def _count(examples: Sequence[HtmlExample], tokens: HashArray) -> Counts:
    return count_support(
        firing_matrix(((one.dom, one.token_hash, one.token_line) for one in examples), tokens, OFFSETS[-1]),
        np.concatenate([labels(one.text.allowed) for one in examples]),
        np.repeat(np.arange(len(examples)), [one.text.lines for one in examples]),
        [one.text.id for one in examples],
        [one.text.site for one in examples],
    )
