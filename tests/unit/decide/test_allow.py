"""Allowed phrases: every occurrence, however they overlap, in bounded time."""

from __future__ import annotations

import itertools
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk_server.decide.allow import allowed_spans


def nothing() -> None:
    """Let the work go on."""


def slow(source: str, phrases: list[str]) -> set[int]:
    """Return the covered offsets, found the plain way."""
    return {
        at + step
        for phrase in phrases
        for at in range(len(source))
        if source.startswith(phrase, at)
        for step in range(len(phrase))
    }


@given(st.text("ab \n", max_size=40), st.lists(st.text("ab ", min_size=1, max_size=5), max_size=3))
def test_every_occurrence_is_covered(source: str, phrases: list[str]) -> None:
    """What is covered is what plain search covers; spans ascend and never touch."""
    spans = allowed_spans(source, phrases, nothing)

    assert {at for start, end in spans for at in range(start, end)} == slow(source, phrases)
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(spans))


def test_a_deadline_ends_a_long_search() -> None:
    """The check is asked during the search of one phrase, not only between phrases."""
    asked = 0

    def count() -> None:
        nonlocal asked
        asked += 1
        if asked > 3:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        allowed_spans("a" * 100_000, ["a"], count)


def test_a_phrase_that_overlaps_itself_is_one_stretch() -> None:
    """Overlapping occurrences join."""
    assert allowed_spans("xababax", ["aba"], nothing) == [(1, 6)]


def test_many_phrases_over_the_same_text_take_no_more_memory() -> None:
    """What is held grows with the text, not with the occurrences of all phrases together."""
    word, count = "abcdefgh", 3_000
    parts = [word[first:last] for first, last in itertools.combinations(range(len(word) + 1), 2)]

    def peak(phrases: list[str]) -> int:
        tracemalloc.start()
        spans = allowed_spans(f"{word}." * count, phrases, nothing)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(spans) == count
        return held

    assert peak(parts) < 1.5 * peak([word])
