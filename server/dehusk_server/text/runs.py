"""Runs of equal values in an array, without the overhead that `numpy.diff` has on small arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


def run_starts(values: NDArray[Any]) -> IntArray:
    """Return where each run of equal values begins; shape (runs,), empty for an empty array."""
    new = np.empty(len(values), dtype=np.bool_)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return np.flatnonzero(new)


def run_lengths(starts: IntArray, count: int) -> IntArray:
    """Return the length of each run.

    Args:
        starts: where the runs begin, ascending.
        count: length of the array that they are runs of.
    """
    lengths = np.empty_like(starts)
    if len(starts):
        np.subtract(starts[1:], starts[:-1], out=lengths[:-1])
        lengths[-1] = count - starts[-1]
    return lengths
