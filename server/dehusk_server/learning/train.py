"""Examples to the bytes of a rule set: rules for lines with their context network, rules for parts of lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dehusk_server.decide.verdict import Thresholds
from dehusk_server.learning.corpora import SHELVES
from dehusk_server.learning.counterexamples import with_counterexamples
from dehusk_server.learning.examples import Example
from dehusk_server.learning.html_examples import HtmlExample
from dehusk_server.learning.html_rules import HtmlRecipe, HtmlRules, learn_html_rules
from dehusk_server.learning.line_rules import LineRecipe, Say, learn_line_rules
from dehusk_server.learning.pages import CorpusError
from dehusk_server.learning.part_rules import PartRecipe, learn_part_rules
from dehusk_server.rules.ruleset import Header, parse_rules, render_rules
from dehusk_server.rules.weights import Weights, compile_weights


@dataclass(frozen=True, slots=True)
class Recipe:
    """Numbers that the learner is run with."""

    seed: int = 0
    """Of everything that is drawn; those of ``lines``, ``parts`` and ``html`` give way to it."""
    lines: LineRecipe = field(default_factory=LineRecipe)
    parts: PartRecipe = field(default_factory=PartRecipe)
    html: HtmlRecipe = field(default_factory=HtmlRecipe)
    threshold: float = 0.6
    """Probability of husk from which a line goes."""
    part_threshold: float = 0.85
    """Probability of husk from which a part of a line goes."""


def train(
    examples: Sequence[Example],
    recipe: Recipe,
    *,
    html: Sequence[HtmlExample] = (),
    provenance: Mapping[str, str],
    learned: str,
    say: Say,
) -> bytes:
    """Return the file of the rule set that the examples teach.

    Args:
        examples: pages of text.
        recipe: how to learn.
        html: HTML pages; without any the set knows nothing of trees, and cleans the text of HTML pages as any other.
        provenance: where the examples come from.
        learned: day, ISO 8601.
        say: told how far it is.

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
    rendered = render_rules(Header("text", learned, {}, {}), rules, lines.network)
    taught = _html(html, compile_weights(parse_rules(rendered, "text")), recipe, learned, say) if html else None
    settings = {"threshold": recipe.threshold, "part_threshold": recipe.part_threshold}
    header = Header("dehusk", learned, provenance, settings)
    if taught is None:
        return render_rules(header, rules, lines.network)
    return render_rules(header, [*rules, *taught.rules], lines.network, taught.network)


def _html(examples: Sequence[HtmlExample], weights: Weights, recipe: Recipe, learned: str, say: Say) -> HtmlRules:
    return learn_html_rules(examples, weights.lines, replace(recipe.html, seed=recipe.seed), learned, say)
