"""A rule set as arrays: which rule stands for which bin or phrase, and its weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.errors import RuleSetError
from dehusk_server.model import KINDS, Kind
from dehusk_server.rules.rule import Family, Rule
from dehusk_server.rules.ruleset import RuleSet
from dehusk_server.text.axes import GROUP_OFFSETS, shape_id
from dehusk_server.text.page import HashArray, IntArray
from dehusk_server.text.phrases import Phrases, phrase_hashes
from dehusk_server.text.segments import SEGMENT_OFFSETS, segment_id

FloatArray = NDArray[np.float64]
_SIEVE_SHIFT: Final = np.uint64(47)
_COLUMN: Final = {kind: column for column, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Fired:
    """Which rules fire on which unit."""

    bins: IntArray
    """One bin per unit and group; shape (units, groups)."""
    phrases: Phrases
    """All phrases of the units."""
    phrase: IntArray
    """Numbers of those that have a rule; unit by unit, shape (firings,)."""
    row: IntArray
    """Row of the rule of each; shape (firings,)."""


@dataclass(frozen=True, slots=True)
class UnitWeights:
    """Weights for one sort of unit (lines, or parts of lines)."""

    shape: FloatArray
    """Shape (bins over all groups, kinds)."""
    shape_rule: tuple[str, ...]
    """Rule id of each bin; empty where no rule stands for it."""
    shape_known: NDArray[np.bool_]
    """Whether a rule stands for each bin; shape (bins over all groups,)."""
    phrase_hash: HashArray
    """Ascending; shape (phrases,)."""
    phrase: FloatArray
    """Shape (phrases, kinds)."""
    phrase_rule: tuple[str, ...]
    phrase_sieve: NDArray[np.bool_]
    """Whether any phrase's hash begins with these bits: most phrases of a page need no search. Shape (2**17,)."""

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

    def emissions(self, fired: Fired) -> FloatArray:
        """Add up the weights of all rules that fire on each unit; shape (units, kinds)."""
        bins, at, row = fired.bins, fired.phrase, fired.row
        total = np.zeros((len(bins), len(KINDS)))
        for column in range(bins.shape[1]):
            total += self.shape[bins[:, column]]
        if len(at):
            # The phrases come unit by unit, so that sums over runs do.
            line = fired.phrases.line[at]
            first = np.flatnonzero(np.diff(line, prepend=-1))
            total[line[first]] += np.add.reduceat(self.phrase[row], first, axis=0)
        return total


@dataclass(frozen=True, slots=True)
class Weights:
    """All weights of a rule set."""

    lines: UnitWeights
    parts: UnitWeights
    after: FloatArray
    """Weight of each kind (column) after a line of each kind (row)."""
    after_known: bool
    """Whether the set has rules for all kinds of the line before."""


def _row(rule: Rule) -> FloatArray:
    row = np.zeros(len(KINDS))
    for kind, weight in rule.weights.items():
        row[_COLUMN[kind]] = weight
    return row


def _unit(rules: RuleSet, shapes: Family, phrases: Family, ids: Sequence[str]) -> UnitWeights:
    place = {rule_id: number for number, rule_id in enumerate(ids)}
    shape = np.zeros((len(ids), len(KINDS)))
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
        hashes = phrase_hashes(texts) if texts else np.zeros(0, dtype=np.uint64)
    except ValueError as error:
        raise _fault(rules, next(name for name in names if not _is_phrase(name)), str(error)) from error
    order = np.argsort(hashes, kind="stable")
    twins = np.flatnonzero(np.diff(hashes[order]) == 0)
    if len(twins):
        one, other = sorted((int(order[twins[0]]), int(order[twins[0] + 1])))
        raise _fault(rules, names[other], f"looks for the same words as rule {names[one]!r}")
    sieve = np.zeros(1 << (64 - int(_SIEVE_SHIFT)), dtype=np.bool_)
    sieve[hashes >> _SIEVE_SHIFT] = True
    phrase = np.array(rows)[order] if rows else np.zeros((0, len(KINDS)))
    return UnitWeights(
        shape,
        tuple(shape_rule),
        np.array([bool(name) for name in shape_rule]),
        hashes[order],
        phrase,
        tuple(names[index] for index in order),
        sieve,
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
    after = np.zeros((len(KINDS), len(KINDS)))
    for rule in rules.rules:
        if rule.looks_at is Family.AFTER:
            name = rule.id.partition(":")[2]
            if name not in _COLUMN:
                raise _fault(rules, rule.id, f"no kind {name!r}")
            after[_COLUMN[Kind(name)]] = _row(rule)
    line_ids = [shape_id(feature) for feature in range(GROUP_OFFSETS[-1])]
    part_ids = [segment_id(feature) for feature in range(SEGMENT_OFFSETS[-1])]
    return Weights(
        _unit(rules, Family.SHAPE, Family.PHRASE, line_ids),
        _unit(rules, Family.PART_SHAPE, Family.PART_PHRASE, part_ids),
        after,
        sum(rule.looks_at is Family.AFTER for rule in rules.rules) == len(KINDS),
    )
