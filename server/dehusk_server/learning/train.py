"""Examples to the bytes of a rule set: rules for lines with their context network, rules for parts of lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dehusk_server.decide.verdict import Thresholds
from dehusk_server.learning.corpora import SHELVES
from dehusk_server.learning.counterexamples import with_counterexamples
from dehusk_server.learning.examples import Example
from dehusk_server.learning.line_rules import LineRecipe, Say, learn_line_rules
from dehusk_server.learning.pages import CorpusError
from dehusk_server.learning.part_rules import PartRecipe, learn_part_rules
from dehusk_server.rules.ruleset import Header, render_rules


@dataclass(frozen=True, slots=True)
class Recipe:
    """Numbers that the learner is run with."""

    seed: int = 0
    """Of everything that is drawn; those of ``lines`` and ``parts`` give way to it."""
    lines: LineRecipe = field(default_factory=LineRecipe)
    parts: PartRecipe = field(default_factory=PartRecipe)
    threshold: float = 0.6
    """Probability of husk from which a line goes."""
    part_threshold: float = 0.85
    """Probability of husk from which a part of a line goes."""


def train(
    examples: Sequence[Example], recipe: Recipe, *, provenance: Mapping[str, str], learned: str, say: Say
) -> bytes:
    """Return the file of the rule set that the examples teach.

    Raises:
        CorpusError: there are no examples.
    """
    if not examples:
        raise CorpusError(
            "there is no labelled page to learn from; give corpora with the shelves " + ", ".join(SHELVES)
        )
    lines = learn_line_rules(examples, replace(recipe.lines, seed=recipe.seed), learned, say)
    parts = learn_part_rules(examples, replace(recipe.parts, seed=recipe.seed), learned, say)
    thresholds = Thresholds(usual=recipe.threshold, part=recipe.part_threshold)
    rules = with_counterexamples([*lines.rules, *parts], lines.network, lines.pages, lines.firing, thresholds)
    say(f"{len(rules)} rules, {sum(bool(rule.counterexamples) for rule in rules)} with a counterexample")
    settings = {"threshold": recipe.threshold, "part_threshold": recipe.part_threshold}
    return render_rules(Header("text", learned, provenance, settings), rules, lines.network)
