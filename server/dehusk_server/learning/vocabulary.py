"""Which phrases become rules: those whose sites tell husk from body, or one kind from another.

Counted by site, not by page or line: a phrase of one publisher's template says nothing about the next publisher, and
words seen on few sites ruin pages of other sites and languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.learning.examples import Example
from dehusk_server.model import KINDS
from dehusk_server.text.page import HashArray, IntArray

FloatArray = NDArray[np.float64]
_UNKNOWN_HUSK: Final = len(KINDS)
"""Label of a line that is husk of a kind nobody named."""
_KIND_SHARE: Final = 0.7
"""Weight of telling kinds apart beside telling husk from body."""


@dataclass(frozen=True, slots=True)
class Firings:
    """Every phrase of every labelled unit, with the unit's site and label; arrays of shape (firings,)."""

    hash: HashArray
    site: IntArray
    label: IntArray
    """Column of the kind, or one past the last for husk of unknown kind."""


def labels(allowed: NDArray[np.float32]) -> IntArray:
    """Return the label of each line: a kind's column, `len(KINDS)` for any husk, -1 for unknown."""
    known = allowed.sum(axis=1) == 1
    return np.where(known, allowed.argmax(axis=1), np.where(allowed[:, 0] == 0, _UNKNOWN_HUSK, -1)).astype(np.int64)


def gather(examples: Sequence[Example]) -> Firings:
    """Collect the firings of all phrases on labelled lines."""
    numbers: dict[str, int] = {}
    hashes, sites, found = [], [], []
    for example in examples:
        site = numbers.setdefault(example.site, len(numbers))
        label = labels(example.allowed)[example.phrase_line]
        use = label >= 0
        hashes.append(example.phrase_hash[use])
        found.append(label[use])
        sites.append(np.full(int(use.sum()), site, dtype=np.int64))
    return Firings(np.concatenate(hashes), np.concatenate(sites), np.concatenate(found))


def choose_phrases(firings: Firings, *, min_sites: int, most: int) -> HashArray:
    """Return the hashes of the phrases that tell most, ascending.

    The score is the likelihood ratio (G², Dunning 1993) of the numbers of sites that use a phrase in husk and in
    body, plus that of its kinds against the kinds of all phrases.

    Args:
        firings: what was counted.
        min_sites: sites that a phrase must be seen on.
        most: phrases to return at most.
    """
    if not len(firings.hash):
        return np.zeros(0, dtype=np.uint64)
    values, inverse, counts = np.unique(firings.hash, return_inverse=True, return_counts=True)
    frequent = counts >= min_sites
    number = np.cumsum(frequent) - 1
    use = frequent[inverse]
    row, values = number[inverse[use]], values[frequent]
    site, label = firings.site[use], firings.label[use]
    sites = int(firings.site.max()) + 1
    key = row * sites + site

    def per_phrase(chosen: NDArray[np.bool_]) -> FloatArray:
        return np.bincount(np.unique(key[chosen]) // sites, minlength=len(values)).astype(np.float64)

    everywhere = per_phrase(np.ones(len(row), dtype=np.bool_))
    body, husk = per_phrase(label == 0), per_phrase(label > 0)
    by_kind = np.stack([per_phrase(label == column) for column in range(len(KINDS))], axis=1)
    # Body lines are known on every shelf, kinds on one: bring them to one scale.
    by_kind[:, 0] *= 0.4
    score = _ratio(np.stack([body, husk], axis=1), np.array([0.5, 0.5]))
    score += _KIND_SHARE * _ratio(by_kind, by_kind.sum(axis=0) / max(by_kind.sum(), 1.0))
    score[everywhere < min_sites] = -1.0
    best = np.argsort(-score, kind="stable")[:most]
    return np.sort(values[best[score[best] > 0]])


def look_up(vocabulary: HashArray, hashes: HashArray) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return the place of each hash in an ascending vocabulary, and whether it is there at all; shape (hashes,)."""
    if not len(vocabulary):
        return np.zeros(len(hashes), dtype=np.int64), np.zeros(len(hashes), dtype=np.bool_)
    place = np.minimum(np.searchsorted(vocabulary, hashes), len(vocabulary) - 1).astype(np.int64)
    return place, np.asarray(vocabulary[place] == hashes)


def _ratio(counts: FloatArray, shares: FloatArray) -> FloatArray:
    expected = np.maximum(counts.sum(axis=1, keepdims=True) * shares, 1e-9)
    return np.asarray(2.0 * (counts * np.log(np.maximum(counts, 1e-9) / expected)).sum(axis=1))
