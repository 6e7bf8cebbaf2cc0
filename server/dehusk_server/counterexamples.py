"""Counterexamples: short texts that hold what a rule looks for and must stay. A set that removes one cannot load."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from dehusk_server.decide.verdict import Thresholds, decide
from dehusk_server.errors import RuleSetError
from dehusk_server.rules.ruleset import RuleSet
from dehusk_server.rules.weights import Weights
from dehusk_server.text.features import take_features

PROSE: Final = (
    "The ferry left the harbour a little after six, with eleven people on board and a load of timber for the island.",
    "Nobody had expected the wind to turn so early, and the captain said later that he would have waited another hour.",
    "In the village they had lit the stove in the hall, because the power had been off since the evening before.",
    "She told him that the letters were still in the drawer, tied with the same string that her mother had used.",
)
"""Paragraphs that a counterexample stands in the middle of when it is tried."""


def removed_counterexamples(texts: Sequence[str], weights: Weights, thresholds: Thresholds) -> list[bool]:
    """Try counterexamples, each as a line between paragraphs of prose; returns which of them are removed.

    Each is tried alone, a thousandth of a second or two, so that none depends on the others.

    Args:
        texts: one line each.
        weights: the rules.
        thresholds: from which probability on text goes.
    """
    return [_is_removed(" ".join(text.split()), weights, thresholds) for text in texts]


def _is_removed(text: str, weights: Weights, thresholds: Thresholds) -> bool:
    half = len(PROSE) // 2
    features = take_features("\n".join((*PROSE[:half], text, *PROSE[half:])))
    if features is None or features.page.lines == len(PROSE):
        return False  # Without a visible character there is nothing to remove.
    verdict = decide(features, weights, thresholds)
    parts = verdict.parts
    some = parts is not None and bool(parts.decisions.removed[parts.segments.line == half].any())
    return bool(verdict.lines.removed[half]) or some


def refuse_removed(rules: RuleSet, weights: Weights, thresholds: Thresholds) -> None:
    """Refuse a rule set that removes a counterexample of one of its own rules.

    Raises:
        RuleSetError: names the rule and the text.
    """
    pairs = [(rule, text) for rule in rules.rules for text in rule.counterexamples]
    removed = removed_counterexamples([text for _, text in pairs], weights, thresholds)
    for rule, text in itertools.compress(pairs, removed):
        raise RuleSetError(
            f"rule set {rules.version}: rule {rule.id!r} removes its own counterexample {text!r}; "
            "lower its weights, or take the counterexample away"
        )
