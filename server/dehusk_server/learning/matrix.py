"""Which features fire on which unit (lines, or parts of lines), as the sparse matrix that weights are fitted on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from dehusk_server.learning.vocabulary import look_up
from dehusk_server.text.page import HashArray

Firing = tuple[NDArray[Any], HashArray, NDArray[Any]]
"""Of one page: a bin per unit and group (units, groups), the hash of each phrase, and the unit it stands in."""


def firing_matrix(pages: Iterable[Firing], vocabulary: HashArray, shapes: int) -> csr_matrix:
    """Return which features fire on which unit; shape (units of all pages, features).

    Args:
        pages: what fires on each page; at least one page.
        vocabulary: hashes of the phrases that count, ascending.
        shapes: number of shape bins; they are the first features, the phrases the rest.
    """
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    start = 0
    for bins, phrase_hash, unit in pages:
        place, hit = look_up(vocabulary, phrase_hash)
        count, groups = bins.shape
        rows += [np.repeat(np.arange(count), groups) + start, unit[hit].astype(np.int64) + start]
        columns += [bins.ravel().astype(np.int64), place[hit] + shapes]
        start += count
    row, column = np.concatenate(rows), np.concatenate(columns)
    return csr_matrix((np.ones(len(row), dtype=np.float32), (row, column)), shape=(start, shapes + len(vocabulary)))
