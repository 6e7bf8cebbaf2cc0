"""Annotation carried from one flattening of a page to another: the same words, laid out on other lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import numpy as np

from dehusk_server.learning.pages import SpanPage
from dehusk_server.model import KINDS
from dehusk_server.text.page import IntArray

UNKNOWN: Final = -1
_WORD: Final = re.compile(r"\w+")
_AGREE: Final = 0.6
"""Share of a line's words that must carry one kind for the line to carry it."""
_MOST_CHARACTERS: Final = 120_000
"""Longer texts are passed over: the alignment takes time that grows faster than their length."""
_COLUMN: Final = {kind: column for column, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is known of the characters of one flattening of a page."""

    text: str
    columns: IntArray
    """Column of the kind of each character, `UNKNOWN` where nobody said; shape (characters,)."""


def annotation_of(page: SpanPage) -> Annotation:
    """Return what hand annotation says: what no span covers is body."""
    columns = np.zeros(len(page.text), dtype=np.int64)
    for start, end, kind in page.spans:
        columns[start:end] = _COLUMN[kind]
    return Annotation(page.text, columns)


def carry_over(known: Annotation, text: str, starts: Sequence[int], ends: Sequence[int]) -> IntArray:
    """Return the kind (column) that an annotation gives to each line of another flattening of the same page.

    The words of the two texts are aligned (Ratcliff & Obershelp 1988, as `difflib` has it); each word brings its kind.

    Args:
        known: the annotated flattening.
        text: the other flattening; may be the same.
        starts: where its lines begin, ascending.
        ends: where they end.

    Returns:
        One column per line, `UNKNOWN` where its words do not agree or are not found; shape (lines,).
    """
    found = np.full(len(starts), UNKNOWN, dtype=np.int64)
    if max(len(known.text), len(text)) > _MOST_CHARACTERS and known.text != text:
        return found
    own = [(match.group().lower(), match.start()) for match in _WORD.finditer(known.text)]
    other = own if known.text == text else [(match.group().lower(), match.start()) for match in _WORD.finditer(text)]
    kinds = np.full(len(other), UNKNOWN, dtype=np.int64)
    for here, there, size in _matches([word for word, _ in own], [word for word, _ in other]):
        for step in range(size):
            kinds[there + step] = known.columns[own[here + step][1]]
    place = np.array([at for _, at in other], dtype=np.int64)
    first = np.searchsorted(place, np.asarray(starts, dtype=np.int64))
    last = np.searchsorted(place, np.asarray(ends, dtype=np.int64))
    for line, (a, b) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        counts = np.bincount(kinds[a:b] + 1, minlength=2)
        best = int(counts[1:].argmax())
        if b > a and counts[1:].any() and counts[best + 1] >= _AGREE * (b - a):
            found[line] = best
    return found


def _matches(own: Sequence[str], other: Sequence[str]) -> Sequence[tuple[int, int, int]]:
    if own == other:
        return [(0, 0, len(own))]
    return SequenceMatcher(None, own, other, autojunk=False).get_matching_blocks()
