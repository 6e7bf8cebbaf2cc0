"""Examples to the bytes of a rule set: choose phrases, weigh all rules together, count their support, write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from dehusk_server.learning.chain_fit import Penalty, fit
from dehusk_server.learning.corpora import SHELVES
from dehusk_server.learning.examples import Example
from dehusk_server.learning.line_rules import LineRecipe, learn_line_rules, make_rules
from dehusk_server.learning.matrix import firing_matrix
from dehusk_server.learning.pages import CorpusError
from dehusk_server.learning.parts import part_lessons
from dehusk_server.learning.support import count_support
from dehusk_server.learning.vocabulary import Firings, choose_phrases
from dehusk_server.learning.wording import phrase_wording
from dehusk_server.model import KINDS
from dehusk_server.rules.rule import Family, Rule
from dehusk_server.rules.ruleset import Header, render_rules
from dehusk_server.text.segment_axes import SEGMENT_OFFSETS, segment_id, segment_reads

PART_PENALTY: Final = Penalty(husk=0.6, kind=1.5, after=1.0)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Numbers that the learner is run with."""

    seed: int = 0
    lines: LineRecipe = field(default_factory=LineRecipe)
    part_phrases: int = 1500
    part_min_sites: int = 4
    part_penalty: Penalty = PART_PENALTY
    iterations: int = 90
    seed_weight: float = 10.0
    """Weight of the parts of a page of the seed shelf beside any other page."""
    smallest: float = 0.05
    """Weights below this are left out of the set."""
    digits: int = 2
    threshold: float = 0.6
    """Probability of husk from which a line goes."""
    part_threshold: float = 0.85
    """Probability of husk from which a part of a line goes."""

    def weight(self, example: Example) -> float:
        """Return the weight of the parts of a page beside those of others."""
        return self.seed_weight if example.shelf == "seed" else 1.0


def train(
    examples: Sequence[Example],
    recipe: Recipe,
    *,
    provenance: Mapping[str, str],
    learned: str,
    say: Callable[[str], None],
) -> bytes:
    """Return the file of the rule set that the examples teach.

    Raises:
        CorpusError: there are no examples.
    """
    if not examples:
        raise CorpusError(
            "there is no labelled page to learn from; give corpora with the shelves " + ", ".join(SHELVES)
        )
    lines, network = learn_line_rules(examples, replace(recipe.lines, seed=recipe.seed), recipe.threshold, learned, say)
    parts = _part_rules(examples, recipe, learned, say)
    settings = {"threshold": recipe.threshold, "part_threshold": recipe.part_threshold}
    return render_rules(Header("text", learned, provenance, settings), [*lines, *parts], network)


def _part_rules(examples: Sequence[Example], recipe: Recipe, learned: str, say: Callable[[str], None]) -> list[Rule]:
    parts = part_lessons(examples, recipe.seed)
    if not any((part.label > 0).any() for part in parts):
        say("no page annotated by hand: no rules for parts of lines")
        return []
    numbers = {site: number for number, site in enumerate(sorted({part.site for part in parts}))}
    firings = Firings(
        np.concatenate([part.phrase_hash for part in parts]),
        np.concatenate([np.full(len(part.phrase_hash), numbers[part.site]) for part in parts]),
        np.concatenate([part.label[part.phrase_part] for part in parts]),
    )
    vocabulary = choose_phrases(firings, min_sites=recipe.part_min_sites, most=recipe.part_phrases)
    firing = ((part.bins, part.phrase_hash, part.phrase_part) for part in parts)
    matrix = firing_matrix(firing, vocabulary, SEGMENT_OFFSETS[-1])
    label = np.concatenate([part.label for part in parts])
    allowed = np.zeros((len(label), len(KINDS)), dtype=np.float32)
    allowed[np.arange(len(label)), label] = 1
    sizes = [len(part.label) for part in parts]
    weight = np.concatenate([part.weight for part in parts]).astype(np.float32)
    # Parts are decided one by one: sequences of length one, whose transitions are never used.
    fitted = fit(
        matrix,
        allowed,
        [1] * len(label),
        weight,
        recipe.part_penalty,
        iterations=recipe.iterations,
        progress=_progress(say),
    )
    counts = count_support(
        matrix,
        label,
        np.repeat(np.arange(len(parts)), sizes),
        [part.id for part in parts],
        [part.site for part in parts],
    )
    shapes = SEGMENT_OFFSETS[-1]
    names = [(segment_id(feature), segment_reads(feature)) for feature in range(shapes)]
    wordings = phrase_wording(examples, vocabulary)
    # A phrase that only husk glued for the lesson holds has no wording, and makes no rule.
    names += [
        (f"{Family.PART_PHRASE}:{text}", f"part of a line: the words “{text}”" if text else "") for text in wordings
    ]
    rounded = np.round(fitted.emissions, recipe.digits)
    rounded[np.abs(rounded) < recipe.smallest] = 0.0
    rules = list(make_rules(names, rounded, counts, learned))
    husk = int((label > 0).sum())
    say(f"{len(rules)} rules for parts of lines, from {husk} parts that are husk and {len(label) - husk} that are not")
    return rules


def _progress(say: Callable[[str], None]) -> Callable[[int, float], None]:
    def tell(evaluation: int, objective: float) -> None:
        if evaluation % 20 == 0:
            say(f"  evaluation {evaluation}: {objective:.1f}")

    return tell
