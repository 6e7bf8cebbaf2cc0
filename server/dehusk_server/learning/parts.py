"""Examples of parts of lines: real ones from annotated pages, husk glued to prose for the lesson, and clean prose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.learning.examples import Example
from dehusk_server.learning.glue import Laid, glue
from dehusk_server.learning.labelling import visible
from dehusk_server.learning.sites import held_out
from dehusk_server.model import KINDS
from dehusk_server.text.page import HashArray, IntArray, measure
from dehusk_server.text.segment_axes import SEGMENT_AXES, SEGMENT_GROUPS, SEGMENT_OFFSETS
from dehusk_server.text.segments import find_segments

_COVER: Final = 0.8
"""Share of a part that an annotated span must cover for the part to carry its kind."""
_SORT: Final = SEGMENT_GROUPS.index(("sort", "left"))
_MARK_BINS: Final = range(
    SEGMENT_OFFSETS[_SORT] + SEGMENT_AXES["left"].size, SEGMENT_OFFSETS[_SORT] + 3 * SEGMENT_AXES["left"].size
)
"""Bins of parts that are an image or a button."""


@dataclass(frozen=True, slots=True)
class PartWeights:
    """How much parts weigh beside a part of an annotated page that is prose."""

    real: float = 8.0
    """All real husk of one page and form, shared by the square root of its number."""
    seed: float = 3.0
    """Times the above, on pages of the seed shelf."""
    glued: float = 0.4
    """Husk that was glued for the lesson."""
    marks: float = 1.0
    """Images and buttons among it."""
    around: float = 0.25
    """Prose that it was glued to."""
    flat: float = 0.1
    """Prose of pages with silver labels, times the page's share."""
    calm: float = 0.15
    """Prose of clean bodies."""
    turns: int = 3
    """Times that each annotated page is laid out anew."""
    most: int = 16
    """Spans glued to each at most."""


@dataclass(frozen=True, slots=True)
class PartExamples:
    """Parts of one page's lines. Arrays of shape (parts, …)."""

    id: str
    site: str
    label: IntArray
    """Column of the kind."""
    weight: NDArray[np.float32]
    bins: IntArray
    phrase_hash: HashArray
    phrase_part: IntArray


def part_lessons(examples: Sequence[Example], seed: int, weights: PartWeights) -> list[PartExamples]:
    """Return all parts that rules for parts are learned from.

    Args:
        examples: pages of any shelf.
        seed: of everything that is drawn.
        weights: how much each sort of part weighs.
    """
    found: list[PartExamples | None] = []
    for example in examples:
        if example.shelf in ("seed", "spans"):
            found.append(real_parts(example, weights))
            found += [glued_parts(example, seed, turn, weights) for turn in range(weights.turns)]
        elif example.shelf == "calm" or (example.shelf in ("flat", "read") and held_out(example.id, seed + 7, 2) == 0):
            found.append(prose_parts(example, weights))
    return [one for one in found if one is not None]


def _parts(example: Example, laid: Laid, only: NDArray[np.bool_] | None = None) -> PartExamples | None:
    page = measure(laid.text)
    chosen = np.flatnonzero(laid.stays)
    segments = find_segments(page, chosen, laid.gone) if len(chosen) else None
    if segments is None:
        return None
    label = np.zeros(len(segments.start), dtype=np.int64)
    for start, end, column in laid.spans:
        cover = np.minimum(segments.end, end) - np.maximum(segments.start, start)
        label[cover >= _COVER * (segments.end - segments.start)] = column
    weight = np.ones(len(label), dtype=np.float32)
    bins, phrases = segments.bins, segments.phrases
    part, hashes = phrases.line, phrases.hash
    if only is not None:
        use = only[segments.line]
        if not use.any():
            return None
        number = np.cumsum(use) - 1
        mine = use[part]
        part, hashes = number[part[mine]], hashes[mine]
        label, weight, bins = label[use], weight[use], bins[use]
    pairs = np.unique(np.stack([part.astype(np.uint64), hashes]), axis=1)
    return PartExamples(example.id, example.site, label, weight, bins, pairs[1], pairs[0].astype(np.int64))


def real_parts(example: Example, weights: PartWeights) -> PartExamples | None:
    """Return the parts of a page's body lines; those that hand annotation marks inside them are husk."""
    column = {kind: number for number, kind in enumerate(KINDS)}
    spans = [(start, end, column[kind]) for start, end, kind in example.inline]
    stays = _mixed(example) | example.body
    found = _parts(example, Laid(example.text, stays, ~stays, spans))
    if found is None:
        return None
    husk = found.label > 0
    own = weights.real * (weights.seed if example.shelf == "seed" else 1.0)
    found.weight[husk] = own / np.sqrt(max(int(husk.sum()), 1))
    marks = ~husk & _marks(found)
    found.weight[marks] = 1.0 / np.sqrt(max(int(marks.sum()), 1))
    return found


def _marks(found: PartExamples) -> NDArray[np.bool_]:
    """Flag the parts that are an image or a button."""
    return np.asarray(np.isin(found.bins, np.array(_MARK_BINS)).any(axis=1))


def _mixed(example: Example) -> NDArray[np.bool_]:
    """Flag the lines of which marked parts are husk and the rest, under half of it, is not."""
    page = measure(example.text)
    mixed = np.zeros(page.lines, dtype=np.bool_)
    covered = np.zeros(len(example.text), dtype=np.bool_)
    for start, end, _ in example.inline:
        covered[start:end] = True
    seen = visible(page)
    for line in {int(np.searchsorted(page.line_end, start, side="right")) for start, _, _ in example.inline}:
        bare = slice(int(page.line_start[line]), int(page.line_end[line]))
        mixed[line] = bool((seen[bare] & ~covered[bare]).any())
    return mixed


def prose_parts(example: Example, weights: PartWeights) -> PartExamples | None:
    """Return the parts of lines that are body by silver labels, or of a clean body."""
    found = _parts(example, Laid(example.text, example.body, example.husk, ()))
    if found is not None:
        found.weight[:] = weights.calm if example.shelf == "calm" else weights.flat * example.share
        # What silver labels say of a line, they do not say of an image in it.
        found.weight[_marks(found)] = 0.0
    return found


def glued_parts(example: Example, seed: int, turn: int, weights: PartWeights) -> PartExamples | None:
    """Return parts of the lines of an annotated page to which short husk of that page was glued."""
    laid = glue(example, seed, turn, weights.most)
    found = None if laid is None else _parts(example, *laid)
    if found is not None:
        found.weight[:] = np.where(
            found.label > 0, np.where(_marks(found), weights.marks, weights.glued), weights.around
        )
    return found
