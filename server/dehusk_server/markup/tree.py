"""The elements of a page as arrays, and where its lines stand among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dehusk_server.markup.walk import Markup
from dehusk_server.text.axes import IntArray
from dehusk_server.text.page import Page
from dehusk_server.text.shapes import FloatArray


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements of a page as arrays, and where its lines stand among them."""

    parent: IntArray
    block: IntArray
    """Nearest block of each element; shape (elements,)."""
    around: IntArray
    """Nearest block around each element's block; the root's is itself. Shape (elements,)."""
    first: IntArray
    """First line that begins in each element …"""
    past: IntArray
    """… and one past the last; shape (elements,)."""
    line_block: IntArray
    """Block of each line; shape (lines,)."""
    line_element: IntArray
    """Element that holds the first text of each line; shape (lines,)."""
    runs: IntArray
    """As `Markup.runs`; shape (runs, 3)."""

    def total(self, values: FloatArray) -> FloatArray:
        """Return the sum of the lines' values over each element; shape (elements,)."""
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return np.asarray(sums[self.past] - sums[self.first])


def plant(markup: Markup, page: Page) -> Tree:
    """Return a page's tree as arrays."""
    elements = markup.elements
    parent = np.array(elements.parent, dtype=np.int64)
    block = np.array(elements.block, dtype=np.int64)
    begin = np.array(elements.start, dtype=np.int64)
    ends = np.array(elements.end, dtype=np.int64)
    runs = np.array(markup.runs, dtype=np.int64).reshape(-1, 3)
    # An element that begins where text ended begins with the next text.
    first = np.searchsorted(page.line_start, begin)
    past = np.maximum(np.searchsorted(page.line_start, ends), first)
    around = block[np.maximum(parent[block], 0)]
    at = np.maximum(np.searchsorted(runs[:, 0], page.line_start, side="right") - 1, 0)
    holder = runs[at, 2]
    return Tree(parent, block, around, first, past, block[holder], holder, runs)
