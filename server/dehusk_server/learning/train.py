"""Examples to the bytes of a rule set: choose phrases, weigh all rules together, count their support, write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.learning.chain_fit import Fitted, Penalty, fit
from dehusk_server.learning.corpora import SHELVES
from dehusk_server.learning.examples import Example, without_appeals
from dehusk_server.learning.matrix import firing_matrix
from dehusk_server.learning.pages import CorpusError
from dehusk_server.learning.parts import PartExamples, glued_parts, real_parts
from dehusk_server.learning.support import Counts, count_support
from dehusk_server.learning.vocabulary import Firings, choose_phrases, gather, labels
from dehusk_server.learning.wording import phrase_wording
from dehusk_server.model import KINDS, Kind
from dehusk_server.rules.rule import Family, Rule, Support
from dehusk_server.rules.ruleset import render_rules
from dehusk_server.text.axes import GROUP_OFFSETS, shape_id, shape_reads
from dehusk_server.text.segments import SEGMENT_OFFSETS, segment_id, segment_reads

FloatArray = NDArray[np.float64]
_LINES_OF_A_PAGE: Final = 100
"""A page of this many lines has weight 1; a longer one less than its lines would give it."""

LINE_PENALTY: Final = Penalty(husk=20.0, kind=3.0, after=1.0)
PART_PENALTY: Final = Penalty(husk=0.3, kind=0.5, after=1.0)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Numbers that the learner is run with."""

    seed: int = 0
    phrases: int = 4000
    min_sites: int = 8
    part_phrases: int = 600
    part_min_sites: int = 4
    penalty: Penalty = LINE_PENALTY
    part_penalty: Penalty = PART_PENALTY
    iterations: int = 120
    seed_weight: float = 10.0
    """Weight of a page of the seed shelf beside any other page."""
    appeal_weight: float = 2.0
    """Most that the appeals (DONATION) of one page weigh: a few paragraphs must not teach that prose is an appeal."""
    calm_weight: float = 0.25
    """Weight of a clean body that was made a page beside any other page."""

    smallest: float = 0.05
    """Weights below this are left out of the set."""
    digits: int = 2
    threshold: float = 0.7
    """Probability of husk from which a line goes."""
    part_threshold: float = 0.75
    """Probability of husk from which a part of a line goes."""

    def weight(self, example: Example) -> float:
        """Return the weight of a page beside others."""
        return {"seed": self.seed_weight, "calm": self.calm_weight}.get(example.shelf, 1.0)


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
    lines = _line_rules(examples, recipe, learned, say)
    parts = _part_rules(examples, recipe, learned, say)
    settings = {"threshold": recipe.threshold, "part_threshold": recipe.part_threshold}
    return render_rules("text", learned, provenance, settings, [*lines, *parts])


def _weighed(examples: Sequence[Example], recipe: Recipe) -> Iterator[tuple[Example, float]]:
    """Yield the pages with their weights; a heavy page with appeals twice, of which the heavier leaves them open."""
    for example in examples:
        weight = recipe.weight(example)
        rest = without_appeals(example) if weight > recipe.appeal_weight else None
        if rest is None:
            yield example, weight
        else:
            yield example, recipe.appeal_weight
            yield rest, weight - recipe.appeal_weight


def _line_rules(teachers: Sequence[Example], recipe: Recipe, learned: str, say: Callable[[str], None]) -> list[Rule]:
    weighed = list(_weighed(teachers, recipe))
    examples = [example for example, _ in weighed]
    vocabulary = choose_phrases(gather(teachers), min_sites=recipe.min_sites, most=recipe.phrases)
    say(f"{len(vocabulary)} phrases chosen")
    firing = ((one.bins, one.phrase_hash, one.phrase_line) for one in examples)
    matrix = firing_matrix(firing, vocabulary, GROUP_OFFSETS[-1])
    lengths = [example.lines for example in examples]
    weight = np.concatenate(
        [
            np.full(
                example.lines,
                page_weight * (_LINES_OF_A_PAGE / example.lines) ** 0.5,
                dtype=np.float32,
            )
            for example, page_weight in weighed
        ]
    )
    allowed = np.concatenate([example.allowed for example in examples])
    fitted = fit(
        matrix, allowed, lengths, weight, recipe.penalty, iterations=recipe.iterations, progress=_progress(say)
    )
    counts = count_support(
        matrix,
        np.concatenate([labels(example.allowed) for example in examples]),
        np.repeat(np.arange(len(examples)), lengths),
        [example.id for example in examples],
        [example.site for example in examples],
    )
    shapes = GROUP_OFFSETS[-1]
    names = [(shape_id(feature), shape_reads(feature)) for feature in range(shapes)]
    wordings = phrase_wording(teachers, vocabulary)
    names += [(f"{Family.PHRASE}:{text}", f"the words “{text}”" if text else "") for text in wordings]
    rules = _rules(names, fitted.emissions, counts, recipe, learned)
    say(f"{len(rules)} rules for lines, objective {fitted.objective:.0f}")
    return rules + _after_rules(fitted, teachers, recipe, learned)


def _part_rules(examples: Sequence[Example], recipe: Recipe, learned: str, say: Callable[[str], None]) -> list[Rule]:
    parts: list[PartExamples] = []
    weights: list[float] = []
    for example in examples:
        real = real_parts(example) if example.shelf in ("seed", "spans") else None
        if real is not None:
            parts.append(real)
            weights.append(recipe.weight(example))
        for glued in glued_parts(example, recipe.seed):
            parts.append(glued)
            weights.append(0.3)
    if not parts:
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
    weight = np.repeat(np.array(weights, dtype=np.float32), sizes)
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
    rules = _rules(names, fitted.emissions, counts, recipe, learned)
    husk = int((label > 0).sum())
    say(f"{len(rules)} rules for parts of lines, from {husk} parts that are husk and {len(label) - husk} that are not")
    return rules


def _rules(
    names: Sequence[tuple[str, str]], weights: FloatArray, counts: Counts, recipe: Recipe, learned: str
) -> list[Rule]:
    rules = []
    rounded = np.round(weights, recipe.digits)
    rounded[np.abs(rounded) < recipe.smallest] = 0.0
    for feature, (rule_id, reads) in enumerate(names):
        held = _weights(rounded[feature])
        if held and reads:
            rules.append(
                Rule(rule_id, Family(rule_id.partition(":")[0]), reads, held, counts.support(feature, held), learned)
            )
    return rules


def _weights(row: FloatArray) -> dict[Kind, float]:
    return {kind: float(weight) for kind, weight in zip(KINDS, row.tolist(), strict=True) if weight}


def _after_rules(fitted: Fitted, examples: Sequence[Example], recipe: Recipe, learned: str) -> list[Rule]:
    rules = []
    for column, kind in enumerate(KINDS):
        seen = [example for example in examples if (labels(example.allowed) == column).any()]
        support = Support(len(seen), len({example.site for example in seen}), 1.0, tuple(one.id for one in seen[:3]))
        held = _weights(np.round(fitted.transitions[column], recipe.digits))
        rules.append(Rule(f"{Family.AFTER}:{kind}", Family.AFTER, f"the line before is {kind}", held, support, learned))
    return rules


def _progress(say: Callable[[str], None]) -> Callable[[int, float], None]:
    def tell(evaluation: int, objective: float) -> None:
        if evaluation % 20 == 0:
            say(f"  evaluation {evaluation}: {objective:.1f}")

    return tell
