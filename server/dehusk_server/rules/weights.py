"""A rule set as arrays: which rule stands for which bin or phrase, and its weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.errors import RuleSetError
from dehusk_server.markup.dom_axes import OFFSETS as DOM_OFFSETS
from dehusk_server.markup.dom_axes import dom_id
from dehusk_server.markup.tokens import TokenReader, token_hashes
from dehusk_server.model import KINDS
from dehusk_server.rules.context import SCORE_UNITS, SingleArray, compile_context
from dehusk_server.rules.hearing import Hearing, bin_sums
from dehusk_server.rules.network import Network
from dehusk_server.rules.rule import Family, Rule
from dehusk_server.rules.ruleset import RuleSet
from dehusk_server.text.axes import AXIS_OFFSETS, shape_id
from dehusk_server.text.page import HashArray, IntArray
from dehusk_server.text.phrases import Phrases, phrase_hashes
from dehusk_server.text.runs import run_starts
from dehusk_server.text.segment_axes import SEGMENT_OFFSETS, segment_id

_SIEVE_SHIFT: Final = np.uint64(47)
_COLUMN: Final = {kind: column for column, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Fired:
    """Which rules fire on which unit."""

    bins: IntArray
    """Bins of each unit, one per axis or group of axes; shape (units, axes)."""
    phrases: Phrases
    """All phrases of the units."""
    phrase: IntArray
    """Numbers of those that have a rule; unit by unit, shape (firings,)."""
    row: IntArray
    """Row of the rule of each; shape (firings,)."""


@dataclass(frozen=True, slots=True)
class UnitWeights:
    """Weights for one sort of unit (lines, or parts of lines)."""

    shape: SingleArray
    """Weights in hundredths; shape (bins, kinds)."""
    shape_rule: tuple[str, ...]
    """Rule id of each bin; empty where no rule stands for it."""
    shape_known: NDArray[np.bool_]
    """Whether a rule stands for each bin; shape (bins,)."""
    phrase_hash: HashArray
    """Ascending; shape (phrases,)."""
    phrase: SingleArray
    """Weights in hundredths; shape (phrases, kinds)."""
    phrase_rule: tuple[str, ...]
    phrase_sieve: NDArray[np.bool_]
    """Whether any phrase's hash begins with these bits: most phrases of a page need no search. Shape (2**17,)."""

    names: tuple[str, ...]
    """Ids of the rules: those of all bins, then those of all phrases."""

    def find(self, phrases: Phrases) -> tuple[IntArray, IntArray]:
        """Return which phrases of a page have a rule, and the row of the rule; unit by unit, each rule once a unit."""
        at = np.flatnonzero(self.phrase_sieve[phrases.hash >> _SIEVE_SHIFT])
        if not len(at):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        row = np.minimum(np.searchsorted(self.phrase_hash, phrases.hash[at]), len(self.phrase_hash) - 1)
        found = self.phrase_hash[row] == phrases.hash[at]
        at, row = at[found], row[found]
        _, first = np.unique(phrases.line[at] * np.int64(len(self.phrase_hash)) + row, return_index=True)
        return at[first], row[first]

    def fire(self, bins: IntArray, phrases: Phrases) -> Fired:
        """Let all rules look at all units."""
        return Fired(bins, phrases, *self.find(phrases))

    def shape_scores(self, fired: Fired) -> SingleArray:
        """Add up the weights of the bins of each unit, in hundredths; shape (units, kinds)."""
        return bin_sums(fired.bins, self.shape)

    def phrase_scores(self, fired: Fired) -> SingleArray:
        """Add up the weights of the phrases of each unit, in hundredths; shape (units, kinds)."""
        total = np.zeros((len(fired.bins), len(KINDS)), dtype=np.float32)
        if len(fired.phrase):
            # The phrases come unit by unit, so that sums over runs do.
            unit = fired.phrases.line[fired.phrase]
            first = run_starts(unit)
            total[unit[first]] = np.add.reduceat(self.phrase[fired.row], first, axis=0)
        return total


@dataclass(frozen=True, slots=True)
class Weights:
    """All weights of a rule set."""

    lines: UnitWeights
    parts: UnitWeights
    text: Hearing
    """How the lines of a text are heard."""
    dom: UnitWeights
    """Of what the tree says of a line: its bins, and the tokens around it in place of phrases."""
    tokens: TokenReader
    """Reads the tokens that have a rule."""
    html: Hearing | None
    """How the lines of an HTML page are heard: by the bins of their text, then those of the tree. ``None`` in a set
    that never saw one."""


def _row(rule: Rule) -> SingleArray:
    row = np.zeros(len(KINDS), dtype=np.float32)
    for kind, weight in rule.weights.items():
        row[_COLUMN[kind]] = round(weight * SCORE_UNITS)
    return row


def _unit(
    rules: RuleSet,
    shapes: Family,
    phrases: Family,
    ids: Sequence[str],
    hashes_of: Callable[[Sequence[str]], HashArray] = phrase_hashes,
) -> UnitWeights:
    place = {rule_id: number for number, rule_id in enumerate(ids)}
    shape = np.zeros((len(ids), len(KINDS)), dtype=np.float32)
    shape_rule = [""] * len(ids)
    texts, rows, names = [], [], []
    for rule in rules.rules:
        if rule.looks_at is shapes:
            if rule.id not in place:
                raise _fault(rules, rule.id, "no such shape in this version; learn the set anew")
            shape[place[rule.id]] = _row(rule)
            shape_rule[place[rule.id]] = rule.id
        elif rule.looks_at is phrases:
            texts.append(rule.id.partition(":")[2])
            rows.append(_row(rule))
            names.append(rule.id)
    try:
        hashes = hashes_of(texts) if texts else np.zeros(0, dtype=np.uint64)
    except ValueError as error:
        raise _fault(rules, next(name for name in names if not _is_phrase(name)), str(error)) from error
    order = np.argsort(hashes, kind="stable")
    twins = np.flatnonzero(np.diff(hashes[order]) == 0)
    if len(twins):
        one, other = sorted((int(order[twins[0]]), int(order[twins[0] + 1])))
        raise _fault(rules, names[other], f"looks for the same words as rule {names[one]!r}")
    sieve = np.zeros(1 << (64 - int(_SIEVE_SHIFT)), dtype=np.bool_)
    sieve[hashes >> _SIEVE_SHIFT] = True
    phrase = np.array(rows)[order] if rows else np.zeros((0, len(KINDS)), dtype=np.float32)
    return UnitWeights(
        shape,
        tuple(shape_rule),
        np.array([bool(name) for name in shape_rule]),
        hashes[order],
        phrase,
        tuple(names[index] for index in order),
        sieve,
        (*shape_rule, *(names[index] for index in order)),
    )


def _is_phrase(rule_id: str) -> bool:
    try:
        phrase_hashes([rule_id.partition(":")[2]])
    except ValueError:
        return False
    return True


def _fault(rules: RuleSet, rule_id: str, fault: str) -> RuleSetError:
    """Return an error that names the line of the rule's file: the header is the first, then one rule a line."""
    number = next(number for number, rule in enumerate(rules.rules, 2) if rule.id == rule_id)
    return RuleSetError(f"rule set {rules.version}, line {number}: rule {rule_id!r}: {fault}")


def compile_weights(rules: RuleSet) -> Weights:
    """Lay a rule set out as arrays.

    Raises:
        RuleSetError: a rule reads something that this version does not know.
    """
    line_ids = [shape_id(feature) for feature in range(AXIS_OFFSETS[-1])]
    part_ids = [segment_id(feature) for feature in range(SEGMENT_OFFSETS[-1])]
    dom_ids = [dom_id(feature) for feature in range(DOM_OFFSETS[-1])]
    lines = _unit(rules, Family.SHAPE, Family.PHRASE, line_ids)
    parts = _unit(rules, Family.PART_SHAPE, Family.PART_PHRASE, part_ids)
    dom = _unit(rules, Family.DOM, Family.TOKEN, dom_ids, token_hashes)
    reader = TokenReader(rule.id.partition(":")[2] for rule in rules.rules if rule.looks_at is Family.TOKEN)
    text = _hearing(rules, Family.CONTEXT, rules.network, lines.shape)
    if rules.html_network is None:
        return Weights(lines, parts, text, dom, reader, None)
    both = np.concatenate([lines.shape, dom.shape])
    html = _hearing(rules, Family.DOM_CONTEXT, rules.html_network, both)
    return Weights(lines, parts, text, dom, reader, html)


def _hearing(rules: RuleSet, family: Family, network: Network | None, shape: SingleArray) -> Hearing:
    if network is None:
        return Hearing(family, None, shape)
    if network.bins != len(shape):
        raise RuleSetError(
            f"rule set {rules.version}: its network knows {network.bins} shapes of a line, this version "
            f"{len(shape)}; learn the set anew"
        )
    try:
        context = compile_context(network)
    except ValueError as error:
        raise RuleSetError(f"rule set {rules.version}: {error}") from error
    return Hearing(family, context, np.concatenate([shape, context.shape_hidden], axis=1))
