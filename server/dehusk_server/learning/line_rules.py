"""Rules for lines, and the network that weighs them among their neighbours, from examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from dehusk_server.learning.augment import augmented
from dehusk_server.learning.counterexamples import Firing
from dehusk_server.learning.examples import Example
from dehusk_server.learning.export import make_network, rule_weights
from dehusk_server.learning.lessons import Balance, make_lessons
from dehusk_server.learning.matrix import firing_matrix
from dehusk_server.learning.network_fit import Course, Training, fit
from dehusk_server.learning.support import Counts, count_support
from dehusk_server.learning.vocabulary import Firings, choose_phrases, gather, labels
from dehusk_server.learning.wording import phrase_wording
from dehusk_server.learning.written import Written, shared_phrases, written_blocks
from dehusk_server.model import HUSK_KINDS, KINDS, Kind
from dehusk_server.rules.context import FloatArray
from dehusk_server.rules.network import Network
from dehusk_server.rules.rule import Family, Rule, Support
from dehusk_server.text.axes import AXIS_OFFSETS, shape_id, shape_reads
from dehusk_server.text.page import HashArray

Say = Callable[[str], None]
_TAUGHT_BY: Final = 3


@dataclass(frozen=True, slots=True)
class LineRecipe:
    """Numbers that rules for lines are learned with."""

    seed: int = 0
    phrases: int = 4000
    min_sites: int = 8
    """Sites that a phrase must be seen on."""
    written_phrases: int = 1500
    """Phrases that come from the written blocks besides."""
    written_min_blocks: int = 2
    """Blocks that such a phrase must stand in."""
    smallest: float = 0.05
    """Weights of phrases below this are left out of the set."""
    digits: int = 2
    page_weights: Mapping[str, float] = field(
        default_factory=lambda: {"seed": 3.0, "spans": 3.0, "read": 2.0, "blocks": 0.7, "calm": 0.25}
    )
    """Weight of a page beside others, by shelf; 1 where none is named."""
    balance: Balance = field(default_factory=Balance)
    training: Training = field(default_factory=Training)


@dataclass(frozen=True, slots=True)
class LineRules:
    """What was learned of lines, and from what."""

    rules: list[Rule]
    network: Network
    pages: Sequence[Example]
    """All that rules were counted on: the pages, then the written blocks."""
    firing: Firing
    """Where each rule fired on them."""


def learn_line_rules(examples: Sequence[Example], recipe: LineRecipe, learned: str, say: Say) -> LineRules:
    """Return the rules for lines and the context network that the examples teach.

    Args:
        examples: the pages.
        recipe: how to learn.
        learned: day, ISO 8601.
        say: told how far it is.
    """
    written = written_blocks()
    known = [*examples, *(block.example for block in written)]
    vocabulary = _choose(examples, written, recipe)
    say(f"{len(vocabulary)} phrases chosen")
    teachers = [*examples, *augmented(examples, written, recipe.seed)]
    lessons = make_lessons(
        teachers, vocabulary, lambda example: recipe.page_weights.get(example.shelf, 1.0), recipe.balance
    )
    parameters = fit(
        Course(lessons, AXIS_OFFSETS[-1], len(vocabulary)),
        recipe.training,
        recipe.seed,
        lambda turn, loss: say(f"  round {turn + 1} of {recipe.training.rounds}: loss {loss:.1f}"),
    )
    shapes, phrases = rule_weights(parameters, recipe.smallest, recipe.digits)
    counts = _count(known, vocabulary)
    names = [(shape_id(feature), shape_reads(feature)) for feature in range(AXIS_OFFSETS[-1])]
    wordings = phrase_wording(known, vocabulary)
    names += [(f"{Family.PHRASE}:{text}", f"the words “{text}”" if text else "") for text in wordings]
    rules = list(make_rules(names, np.concatenate([shapes, phrases]).astype(np.float64), counts, learned))
    rules += context_rules(examples, learned)
    network = make_network(parameters)
    features = {rule_id: feature for feature, (rule_id, _) in enumerate(names)}
    say(f"{len(rules)} rules for lines")
    return LineRules(rules, network, known, Firing(counts, features))


def _choose(examples: Sequence[Example], written: Sequence[Written], recipe: LineRecipe) -> HashArray:
    """Return the phrases that tell most on pages, and those that tell most of what written blocks share."""
    usual = choose_phrases(gather(examples), min_sites=recipe.min_sites, most=recipe.phrases)
    firings = gather([*examples, *(block.example for block in written)])
    shared = np.isin(firings.hash, shared_phrases(written, recipe.written_min_blocks))
    of_blocks = Firings(firings.hash[shared], firings.site[shared], firings.label[shared])
    besides = choose_phrases(of_blocks, min_sites=recipe.written_min_blocks, most=recipe.written_phrases)
    return np.union1d(usual, besides)


def _count(examples: Sequence[Example], vocabulary: HashArray) -> Counts:
    firing = ((one.bins, one.phrase_hash, one.phrase_line) for one in examples)
    return count_support(
        firing_matrix(firing, vocabulary, AXIS_OFFSETS[-1]),
        np.concatenate([labels(example.allowed) for example in examples]),
        np.repeat(np.arange(len(examples)), [example.lines for example in examples]),
        [example.id for example in examples],
        [example.site for example in examples],
    )


def make_rules(names: Sequence[tuple[str, str]], weights: FloatArray, counts: Counts, learned: str) -> Iterator[Rule]:
    """Yield the rules that have any weight and fired anywhere: what no page showed was not learned.

    Args:
        names: id and wording of each feature; a feature without a wording makes no rule.
        weights: rounded weights per kind; shape (features, kinds).
        counts: where each feature fired.
        learned: day, ISO 8601.
    """
    for feature, (rule_id, reads) in enumerate(names):
        held = {kind: round(weight, 6) for kind, weight in zip(KINDS, weights[feature].tolist(), strict=True) if weight}
        support = counts.support(feature, held) if held and reads else None
        if support is not None and support.documents:
            yield Rule(rule_id, Family(rule_id.partition(":")[0]), reads, held, support, learned)


def context_rules(examples: Sequence[Example], learned: str, family: Family = Family.CONTEXT) -> list[Rule]:
    """Return a rule for what the network adds for each kind; its support is where the kind was seen."""
    return [_context_rule(examples, kind, learned, family) for kind in HUSK_KINDS]


def _context_rule(examples: Sequence[Example], kind: Kind, learned: str, family: Family) -> Rule:
    column = KINDS.index(kind)
    seen = [example for example in examples if (labels(example.allowed) == column).any()]
    support = Support(
        len({example.id for example in seen}),
        len({example.site for example in seen}),
        1.0,
        tuple(sorted({example.id for example in seen})[:_TAUGHT_BY]),
    )
    reads = f"the lines around, and traits of the line that matter together, speak for {kind} (context network)"
    return Rule(f"{family}:{kind}", family, reads, {}, support, learned)
