"""Rules for parts of lines, from hand-annotated examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from dehusk_server.learning.examples import Example
from dehusk_server.learning.line_rules import Say, make_rules
from dehusk_server.learning.matrix import firing_matrix
from dehusk_server.learning.parts import PartExamples, PartWeights, part_lessons
from dehusk_server.learning.softmax_fit import Penalty, Task, fit
from dehusk_server.learning.support import Counts, count_support
from dehusk_server.learning.vocabulary import Firings, choose_phrases
from dehusk_server.learning.wording import phrase_wording
from dehusk_server.rules.rule import Family, Rule
from dehusk_server.text.page import HashArray
from dehusk_server.text.segment_axes import SEGMENT_OFFSETS, segment_id, segment_reads

PENALTY: Final = Penalty(husk=0.6, kind=1.5)
_TOLD: Final = 20
"""Evaluations between two words on how far the fit is."""


@dataclass(frozen=True, slots=True)
class PartRecipe:
    """Numbers that rules for parts of lines are learned with."""

    seed: int = 0
    phrases: int = 1500
    min_sites: int = 4
    """Sites that a phrase must be seen on."""
    weights: PartWeights = field(default_factory=PartWeights)
    penalty: Penalty = PENALTY
    iterations: int = 90
    smallest: float = 0.05
    """Weights below this are left out of the set."""
    digits: int = 2


def learn_part_rules(examples: Sequence[Example], recipe: PartRecipe, learned: str, say: Say) -> list[Rule]:
    """Return the rules for parts of lines that the examples teach; none where no page was annotated by hand.

    Args:
        examples: the pages.
        recipe: how to learn.
        learned: day, ISO 8601.
        say: told how far it is.
    """
    parts = part_lessons(examples, recipe.seed, recipe.weights)
    if not any((part.label > 0).any() for part in parts):
        say("no page annotated by hand: no rules for parts of lines")
        return []
    vocabulary = _choose(parts, recipe)
    firing = ((part.bins, part.phrase_hash, part.phrase_part) for part in parts)
    task = Task(
        firing_matrix(firing, vocabulary, SEGMENT_OFFSETS[-1]),
        np.concatenate([part.label for part in parts]),
        np.concatenate([part.weight for part in parts]).astype(np.float32),
    )
    weights = fit(task, recipe.penalty, iterations=recipe.iterations, progress=_progress(say))
    weights = np.round(weights, recipe.digits)
    weights[np.abs(weights) < recipe.smallest] = 0.0
    rules = list(make_rules(_names(examples, vocabulary), weights, _count(task, parts), learned))
    husk = int((task.label > 0).sum())
    rest = len(task.label) - husk
    say(f"{len(rules)} rules for parts of lines, from {husk} parts that are husk and {rest} that are not")
    return rules


def _choose(parts: Sequence[PartExamples], recipe: PartRecipe) -> HashArray:
    numbers = {site: number for number, site in enumerate(sorted({part.site for part in parts}))}
    firings = Firings(
        np.concatenate([part.phrase_hash for part in parts]),
        np.concatenate([np.full(len(part.phrase_hash), numbers[part.site]) for part in parts]),
        np.concatenate([part.label[part.phrase_part] for part in parts]),
    )
    return choose_phrases(firings, min_sites=recipe.min_sites, most=recipe.phrases)


def _count(task: Task, parts: Sequence[PartExamples]) -> Counts:
    document = np.repeat(np.arange(len(parts)), [len(part.label) for part in parts])
    names, sites = [part.id for part in parts], [part.site for part in parts]
    return count_support(task.features, task.label, document, names, sites)


def _names(examples: Sequence[Example], vocabulary: HashArray) -> list[tuple[str, str]]:
    """Return id and wording of each feature; a phrase that only glued husk holds has none, and makes no rule."""
    names = [(segment_id(feature), segment_reads(feature)) for feature in range(SEGMENT_OFFSETS[-1])]
    wordings = phrase_wording(examples, vocabulary)
    return names + [
        (f"{Family.PART_PHRASE}:{text}", f"part of a line: the words “{text}”" if text else "") for text in wordings
    ]


def _progress(say: Say) -> Callable[[int, float], None]:
    def tell(evaluation: int, objective: float) -> None:
        if evaluation % _TOLD == 0:
            say(f"  evaluation {evaluation}: {objective:.1f}")

    return tell
