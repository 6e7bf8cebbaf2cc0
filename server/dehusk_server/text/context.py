"""Where a line stands: among its neighbours, between the page's prose, and whether the page repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.text.axes import AXES, IntArray
from dehusk_server.text.page import HashArray, Page, mix
from dehusk_server.text.runs import run_lengths, run_starts
from dehusk_server.text.shapes import FloatArray, Measures, share

_END_TRAIT: Final = np.array([0, 0, 0, 0, 1, 0, 2, 0, 2, 0, 1, 2], dtype=np.int64)
"""Answers of the axis ``end`` put into three: no stop, a full stop, open end."""
_NO_NEIGHBOUR: Final = AXES["next"].size - 1
_FAR: Final = 10**6
_LONGER: Final = 5
"""Letters of the words that tell topics apart."""
_LONGEST_PERIOD: Final = 6
_REPEATS: Final = 0.8


def line_hashes(page: Page) -> HashArray:
    """Hash each line by its words in order; digits are alike, lines without a word share 0."""
    position = np.arange(len(page.word_line)) - np.searchsorted(page.word_line, page.word_line)
    salted = mix(page.word_hash + mix(position.astype(np.uint64)))
    total = np.zeros(page.lines, dtype=np.uint64)
    if len(page.word_line):
        first = run_starts(page.word_line)
        total[page.word_line[first]] = np.add.reduceat(salted, first)
    return total


def _repeats(hashes: HashArray) -> tuple[IntArray, IntArray]:
    """Return how often the page has each line, and 0 for one that stands once, 1 for the first of several, else 2.

    Lines without a word repeat nothing.
    """
    _, first, inverse, counts = np.unique(hashes, return_index=True, return_inverse=True, return_counts=True)
    times = np.where(hashes == 0, 0, counts[inverse])
    opens = np.arange(len(hashes)) == first[inverse]
    return times.astype(np.int64), np.where(times > 1, np.where(opens, 1, 2), 0)


def _shifted(values: IntArray, by: int, fill: int) -> IntArray:
    out = np.full_like(values, fill)
    if by > 0:
        out[:-by] = values[by:]
    else:
        out[-by:] = values[:by]
    return out


def window_sum(values: FloatArray, reach: int) -> FloatArray:
    """Sum each value with its neighbours up to ``reach`` lines away."""
    total = np.concatenate(([0.0], np.cumsum(values)))
    at = np.arange(len(values))
    return total[np.minimum(at + reach + 1, len(values))] - total[np.maximum(at - reach, 0)]


def distances(flags: NDArray[np.bool_]) -> tuple[IntArray, IntArray]:
    """Return the lines back and on to the nearest other flagged line; 10**6 where none is."""
    at = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, at, -_FAR))
    back = at - np.concatenate(([-_FAR], last[:-1]))
    following = np.minimum.accumulate(np.where(flags, at, 2 * _FAR)[::-1])[::-1]
    on = np.concatenate((following[1:], [2 * _FAR])) - at
    return np.minimum(back, _FAR), np.minimum(on, _FAR)


def _run_length(keys: IntArray) -> IntArray:
    lengths = run_lengths(run_starts(keys), len(keys))
    return np.repeat(lengths, lengths)


def _known_words(page: Page, measures: Measures) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the shares of each line's longer words that prose elsewhere, above and below uses; -1 without such words.

    A second article, or a reader's comment, shares fewer words with the prose above it than with that below.
    """
    use = np.flatnonzero((page.word_end - page.word_start >= _LONGER) & ~page.word_target)
    if not len(use):
        none = np.full(page.lines, -1.0)
        return none, none, none
    _, inverse = np.unique(page.word_hash[use], return_inverse=True)
    # Count lines, not words: a line's own repetitions must not vouch for it.
    key = np.unique(inverse * np.int64(page.lines) + page.word_line[use])
    word, line = np.divmod(key, page.lines)
    in_prose = measures.prose[line] > 0
    first = run_starts(word)
    before: IntArray = np.cumsum(in_prose) - in_prose
    above: IntArray = before - np.repeat(before[first], run_lengths(first, len(word)))
    other = np.bincount(word, weights=in_prose)[word] - in_prose
    total = np.bincount(line, minlength=page.lines)

    def shares(flags: NDArray[np.bool_]) -> FloatArray:
        found = np.bincount(line, weights=flags, minlength=page.lines)
        return np.where(total > 0, share(found, total), -1.0)

    return shares(other > 0), shares(above > 0), shares(other > above)


def _rhythm(trait: IntArray) -> IntArray:
    """Return the shortest period, 1 to 6 lines, in which the lines around repeat their traits; 0 where none does.

    Lists of teasers repeat a template (headline, caption, time); prose does not.
    """
    count = len(trait)
    found = np.zeros(count, dtype=np.int64)
    at = np.arange(count)
    total = np.zeros(count + 1, dtype=np.int64)
    for period in range(min(_LONGEST_PERIOD, (count - 1) // 2), 0, -1):
        total[: period + 1] = 0
        np.cumsum(trait[period:] == trait[:-period], out=total[period + 1 :])
        # A line takes part where the two periods before and the two after it repeat.
        past = np.minimum(at + (2 * period + 1), count)
        first = np.maximum(at - period, 0)
        found[total[past] - total[first] >= _REPEATS * (past - first)] = period
    return found


def _title_share(page: Page) -> FloatArray:
    """Return the share of each line's words that the first line holds too: often that is the page's title."""
    plain = ~page.word_target
    first = page.word_hash[plain & (page.word_line == 0)]
    inside = np.isin(page.word_hash, first) & plain
    everything = np.bincount(page.word_line[plain], minlength=page.lines)
    return share(np.bincount(page.word_line[inside], minlength=page.lines), everything)


def context_answers(page: Page, measures: Measures, shapes: Mapping[str, IntArray]) -> dict[str, IntArray]:
    """Answer every axis that asks what stands around a line; arrays of shape (lines,)."""
    prose, coarse = measures.prose, shapes["coarse"]
    is_prose = prose > 0
    trait = coarse * 3 + _END_TRAIT[shapes["end"]]
    back, on = distances(is_prose)
    at = np.arange(page.lines)
    begins = shapes["start"] * 64 + np.minimum(page.line_start - page.row_start, 63)
    one = np.ones(page.lines)
    repeated, occurrence = _repeats(line_hashes(page))
    known, known_above, known_below = _known_words(page, measures)
    numbers = {
        "near": window_sum(prose, 1) - prose,
        "around": window_sum(prose, 3) - prose,
        "wide": window_sum(prose, 8) - prose,
        "back": back,
        "on": on,
        "above": (np.cumsum(prose) - prose) / max(float(prose.sum()), 1.0),
        "repeated": repeated,
        "alike": _run_length(begins),
        "run": _run_length((coarse <= 3).astype(np.int64) * 2 + is_prose),
        "from-top": at,
        "from-bottom": page.lines - 1 - at,
        "known": known,
        "known-above": known_above,
        "known-below": known_below,
        "title": _title_share(page),
        "page-prose": one * share(prose.sum(), measures.words.sum()),
        "page-lines": one * page.lines,
        "page-median": one * float(np.median(measures.words)),
    }
    answers = {name: AXES[name].bins(values) for name, values in numbers.items()}
    answers["occurrence"] = occurrence
    answers["rhythm"] = _rhythm(trait * 16 + shapes["start"])
    for name, by in (("previous-2", -2), ("previous", -1), ("next", 1), ("next-2", 2)):
        answers[name] = _shifted(trait, by, _NO_NEIGHBOUR)
    return answers
