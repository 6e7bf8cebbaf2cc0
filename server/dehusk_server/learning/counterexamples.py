"""Counterexamples for phrase rules: short lines of body that hold the phrase and stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dehusk_server.counterexamples import removed_counterexamples
from dehusk_server.decide.verdict import Thresholds
from dehusk_server.learning.examples import Example
from dehusk_server.learning.support import Counts
from dehusk_server.rules.network import Network
from dehusk_server.rules.rule import Family, Rule
from dehusk_server.rules.ruleset import Header, parse_rules, render_rules
from dehusk_server.rules.weights import compile_weights
from dehusk_server.text.page import IntArray, measure

LONGEST: Final = 60
"""Characters of a counterexample at most: evidence, not a passage."""
_TRIED: Final = 3
_WORDS_MORE: Final = 2
"""Words that a counterexample has beside those of the phrase, at least."""
_MARKS: Final = ("^", "$")


@dataclass(frozen=True, slots=True)
class Firing:
    """Where each rule fired."""

    counts: Counts
    features: Mapping[str, int]
    """Number of the feature of each rule, by id."""

    def on_body(self, rule_id: str) -> IntArray:
        """Return the units of body on which a rule fires."""
        feature = self.features[rule_id]
        matrix = self.counts.firing
        units = matrix.indices[matrix.indptr[feature] : matrix.indptr[feature + 1]]
        return np.asarray(units[self.counts.label[units] == 0], dtype=np.int64)


def with_counterexamples(
    rules: Sequence[Rule],
    network: Network,
    examples: Sequence[Example],
    firing: Firing,
    thresholds: Thresholds,
) -> list[Rule]:
    """Give phrase rules that speak for husk a counterexample where the corpora have one that stays.

    Args:
        rules: all rules of the set, of which those on phrases of lines may get one.
        network: the network that weighs them.
        examples: the pages that the units of ``counts`` come from, in order.
        firing: where each rule fired.
        thresholds: from which probability on text will go; no counterexample may reach them.
    """
    first = np.cumsum([0, *(example.lines for example in examples)])
    tried: list[tuple[int, str]] = []
    for number, rule in enumerate(rules):
        if rule.looks_at is Family.PHRASE and max(rule.weights.values()) > 0:
            units = firing.on_body(rule.id)
            phrase = rule.id.partition(":")[2]
            tried += [(number, text) for text in _candidates(phrase, units, examples, first)]
    held = parse_rules(render_rules(Header("tried", "", {}, {}), rules, network), "tried")
    gone = removed_counterexamples([text for _, text in tried], compile_weights(held), thresholds)
    found = {number: text for (number, text), bad in reversed(list(zip(tried, gone, strict=True))) if not bad}
    return [
        replace(rule, counterexamples=(found[number],)) if number in found else rule
        for number, rule in enumerate(rules)
    ]


def _candidates(phrase: str, units: IntArray, examples: Sequence[Example], first: IntArray) -> Iterator[str]:
    found = 0
    least = sum(word not in _MARKS for word in phrase.split(" ")) + _WORDS_MORE
    for unit in units.tolist():
        if found == _TRIED:
            return
        number = int(np.searchsorted(first, unit, side="right")) - 1
        example = examples[number]
        line = unit - int(first[number])
        if not least <= example.words[line] <= LONGEST / 4:
            continue
        page = measure(example.text)
        text = example.text[page.line_start[line] : page.line_end[line]]
        if len(text) <= LONGEST:
            found += 1
            yield text
