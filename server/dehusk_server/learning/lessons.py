"""Examples to lessons: the vocabulary that counts, and how much each line weighs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dehusk_server.learning.examples import Example
from dehusk_server.learning.network_fit import Lesson
from dehusk_server.learning.network_pass import Array
from dehusk_server.learning.vocabulary import look_up
from dehusk_server.model import KINDS
from dehusk_server.text.page import HashArray, IntArray

_MOST_WORDS: Final = 200.0
"""Words of a line beyond which it weighs no more."""
_LINE_POWER: Final = 0.5
"""A line weighs as its words to this power …"""
_PAGE_POWER: Final = 0.3
"""… and all lines of a page together as their number to this power."""
_SCALE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Balance:
    """How kinds are brought to one scale."""

    power: float = 0.5
    """A kind that has a quarter of the usual weight is weighed twice (0.5), or fully made up for (1)."""
    least: float = 0.5
    most: float = 4.0
    """Bounds of that factor."""


def make_lessons(
    examples: Sequence[Example], vocabulary: HashArray, page_weight: Callable[[Example], float], balance: Balance
) -> list[Lesson]:
    """Return what each page teaches.

    Args:
        examples: the pages.
        vocabulary: hashes of the phrases that count, ascending.
        page_weight: weight of a page beside others.
        balance: how kinds are brought to one scale.
    """
    weights = [_line_weights(example) * page_weight(example) * example.share for example in examples]
    factor = _kind_factors(examples, weights, balance)
    return [
        _lesson(example, vocabulary, weight * factor[_known(example)])
        for example, weight in zip(examples, weights, strict=True)
    ]


def _lesson(example: Example, vocabulary: HashArray, weight: Array) -> Lesson:
    place, hit = look_up(vocabulary, example.phrase_hash)
    order = np.argsort(example.phrase_line[hit], kind="stable")
    return Lesson(
        bins=example.bins.astype(np.int64),
        phrase=place[hit][order],
        line=example.phrase_line[hit][order].astype(np.int64),
        allowed=example.allowed,
        weight=weight.astype(np.float32),
    )


def _line_weights(example: Example) -> Array:
    weight = (np.minimum(example.words, _MOST_WORDS) + 1.0) ** _LINE_POWER
    return np.asarray(_SCALE * weight / weight.sum() * len(weight) ** _PAGE_POWER, dtype=np.float32)


def _known(example: Example) -> IntArray:
    """Return the kind of each line, one past the last where it is not known."""
    return np.where(example.allowed.sum(axis=1) == 1, example.allowed.argmax(axis=1), len(KINDS)).astype(np.int64)


def _kind_factors(examples: Sequence[Example], weights: Sequence[Array], balance: Balance) -> Array:
    total = np.zeros(len(KINDS) + 1)
    for example, weight in zip(examples, weights, strict=True):
        total += np.bincount(_known(example), weights=weight, minlength=len(total))
    husk = total[1 : len(KINDS)]
    factor = np.ones(len(total), dtype=np.float32)
    usual = husk.mean()
    if usual > 0:
        rare = (usual / np.maximum(husk, 1e-6)) ** balance.power
        factor[1 : len(KINDS)] = np.clip(rare, balance.least, balance.most)
    return factor
