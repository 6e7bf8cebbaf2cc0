"""Parts of lines: where husk may be glued to prose, and what each part looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.text.axes import IntArray
from dehusk_server.text.cuts import Cut, Cuts, find_cuts
from dehusk_server.text.page import Page
from dehusk_server.text.phrases import Phrases, find_phrases
from dehusk_server.text.segment_axes import Parts, segment_bins

_SHORTEST: Final = 3
"""Characters of the shortest part, blanks behind it counted."""


@dataclass(frozen=True, slots=True)
class Segments:
    """Parts of some lines of a page; they follow each other and hold no blank at either end. Arrays: (segments,)."""

    start: IntArray
    end: IntArray
    line: IntArray
    bins: IntArray
    """One bin per group of `SEGMENT_GROUPS`, counted over all groups; shape (segments, groups)."""
    phrases: Phrases
    """Their phrases; ``line`` there is the number of the segment."""


def find_segments(page: Page, lines: IntArray, gone: NDArray[np.bool_] | None = None) -> Segments | None:
    """Cut the given lines (ascending numbers) into segments.

    Args:
        page: the page.
        lines: which are cut.
        gone: lines of the page that are removed whole; none by default. Shape (lines of the page,).

    Returns:
        The segments of those lines that have more than one; ``None`` where there are none.
    """
    if not len(lines):
        return None
    cuts = find_cuts(page)
    wanted = np.zeros(page.lines, dtype=np.bool_)
    wanted[lines] = True
    begins = cuts.why > 0
    begins[page.line_start] = True
    edges = _worded(page, cuts, np.flatnonzero(begins))
    owner = np.searchsorted(page.line_start, edges, side="right") - 1
    use = (owner >= 0) & wanted[owner] & (edges < page.line_end[owner])
    ends = np.minimum(np.append(edges[1:], len(page.codes)), page.line_end[owner])
    first, past = np.searchsorted(cuts.visible, edges), np.searchsorted(cuts.visible, ends)
    use &= past > first
    use &= np.bincount(owner[use], minlength=page.lines)[owner] > 1
    if not use.any():
        return None
    start, end, line = cuts.visible[first[use]], cuts.visible[past[use] - 1] + 1, owner[use]
    why = cuts.why[edges[use]].astype(np.int64)
    number = np.searchsorted(start, page.word_start, side="right") - 1
    inside = (number >= 0) & (page.word_start < end[np.maximum(number, 0)])
    unit = np.where(inside, number, -1)
    parts = Parts(page, start, end, line, why, _sorts(page, cuts, start, end), unit, gone)
    return Segments(start, end, line, segment_bins(parts), find_phrases(page, unit))


def _worded(page: Page, cuts: Cuts, edges: IntArray) -> IntArray:
    """Leave out the cuts before what holds no word, or next to nothing: it goes with the part before.

    Around marks all cuts stand.
    """
    past = np.append(edges[1:], len(page.codes))
    words = np.searchsorted(page.word_start, past) > np.searchsorted(page.word_start, edges)
    words &= past - edges >= _SHORTEST
    why = cuts.why[edges]
    return np.asarray(edges[words | (why == 0) | (why == Cut.MARK)])


def _sorts(page: Page, cuts: Cuts, start: IntArray, end: IntArray) -> IntArray:
    """Tell which parts are an image (1), a button (2) or a link (3), and nothing else."""
    sort = np.zeros(len(start), dtype=np.int64)
    if not len(cuts.marks) and not len(cuts.links):
        return sort
    begins = np.zeros(len(page.codes) + 1, dtype=np.uint8)
    begins[cuts.links[:, 0]] = 3
    begins[cuts.marks[:, 0]] = 1
    ends = np.zeros(len(page.codes) + 1, dtype=np.uint8)
    ends[cuts.links[:, 1]] = 3
    ends[cuts.marks[:, 1]] = 1
    same = begins[start] == ends[end]
    sort = np.where(same, begins[start], 0).astype(np.int64)
    button = (page.codes[start] == ord("[")) & (page.codes[np.minimum(start + 1, end - 1)] == ord(" "))
    return np.where((sort == 1) & button, 2, sort)
