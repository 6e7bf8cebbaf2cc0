"""Runs: where equal neighbours begin and how many they are."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dehusk_server.text.runs import run_lengths, run_starts

_values = st.lists(st.integers(0, 2), max_size=30)


@given(_values)
def test_runs_are_those_of_equal_neighbours(values: list[int]) -> None:
    """Starts and lengths are what grouping gives, for an empty array none."""
    lengths = [len(list(group)) for _, group in itertools.groupby(values)]
    starts = run_starts(np.array(values, dtype=np.int64))

    assert starts.tolist() == [0, *itertools.accumulate(lengths)][: len(lengths)]
    assert run_lengths(starts, len(values)).tolist() == lengths


def test_runs_of_unsigned_values() -> None:
    """Values are compared, not subtracted: hashes of 64 bits have runs too."""
    assert run_starts(np.array([2**64 - 1, 0, 0, 2**63], dtype=np.uint64)).tolist() == [0, 1, 3]
