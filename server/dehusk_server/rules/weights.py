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
_COLUMN: Final = {kind: column for column, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class UnitWeights:
    """Weights for one sort of unit (lines, or parts of lines)."""

    shape: FloatArray
    """Shape (bins over all groups, kinds)."""
    shape_rule: tuple[str, ...]
    """Rule id of each bin; empty where no rule stands for it."""
    phrase_hash: HashArray
    """Ascending; shape (phrases,)."""
    phrase: FloatArray
    """Shape (phrases, kinds)."""
    phrase_rule: tuple[str, ...]

    def find(self, phrases: Phrases) -> tuple[IntArray, IntArray]:
        """Return which phrases of a page have a rule, and the row of the rule; each rule once a unit."""
        if not len(self.phrase_hash) or not len(phrases.hash):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        row = np.minimum(np.searchsorted(self.phrase_hash, phrases.hash), len(self.phrase_hash) - 1)
        at = np.flatnonzero(self.phrase_hash[row] == phrases.hash)
        _, first = np.unique(phrases.line[at] * np.int64(len(self.phrase_hash)) + row[at], return_index=True)
        at = at[first]
        return at, row[at]

    def emissions(self, bins: IntArray, phrases: Phrases) -> FloatArray:
        """Add up the weights of all rules that fire on each unit; shape (units, kinds)."""
        total = np.zeros((len(bins), len(KINDS)))
        for column in range(bins.shape[1]):
            total += self.shape[bins[:, column]]
        at, row = self.find(phrases)
        np.add.at(total, phrases.line[at], self.phrase[row])
        return total


@dataclass(frozen=True, slots=True)
class Weights:
    """All weights of a rule set."""

    lines: UnitWeights
    parts: UnitWeights
    after: FloatArray
    """Weight of each kind (column) after a line of each kind (row)."""


def _row(rule: Rule) -> FloatArray:
    row = np.zeros(len(KINDS))
    for kind, weight in rule.weights.items():
        row[_COLUMN[kind]] = weight
    return row


def _unit(rules: Sequence[Rule], shapes: Family, phrases: Family, ids: Sequence[str]) -> UnitWeights:
    place = {rule_id: number for number, rule_id in enumerate(ids)}
    shape = np.zeros((len(ids), len(KINDS)))
    shape_rule = [""] * len(ids)
    texts, rows, names = [], [], []
    for rule in rules:
        if rule.looks_at is shapes:
            if rule.id not in place:
                raise RuleSetError(f"rule {rule.id!r}: no such shape in this version; learn the set anew")
            shape[place[rule.id]] = _row(rule)
            shape_rule[place[rule.id]] = rule.id
        elif rule.looks_at is phrases:
            texts.append(rule.id.partition(":")[2])
            rows.append(_row(rule))
            names.append(rule.id)
    try:
        hashes = phrase_hashes(texts) if texts else np.zeros(0, dtype=np.uint64)
    except ValueError as error:
        raise RuleSetError(f"a {phrases} rule cannot be read: {error}") from error
    order = np.argsort(hashes, kind="stable")
    if len(np.unique(hashes)) != len(hashes):
        raise RuleSetError(f"two {phrases} rules look for the same words")
    phrase = np.array(rows)[order] if rows else np.zeros((0, len(KINDS)))
    return UnitWeights(shape, tuple(shape_rule), hashes[order], phrase, tuple(names[index] for index in order))


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
                raise RuleSetError(f"rule {rule.id!r}: no kind {name!r}")
            after[_COLUMN[Kind(name)]] = _row(rule)
    line_ids = [shape_id(feature) for feature in range(GROUP_OFFSETS[-1])]
    part_ids = [segment_id(feature) for feature in range(SEGMENT_OFFSETS[-1])]
    return Weights(
        _unit(rules.rules, Family.SHAPE, Family.PHRASE, line_ids),
        _unit(rules.rules, Family.PART_SHAPE, Family.PART_PHRASE, part_ids),
        after,
    )
