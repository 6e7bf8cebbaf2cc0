"""A document measured once: its code points, its lines and its words as arrays over the whole page.

Everything later reads these arrays; nothing walks the text line by line in Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.text.codepoints import CLASS_COUNT, CharClass, class_table, code_points, lower_table

IntArray = NDArray[np.int64]
HashArray = NDArray[np.uint64]

TARGET: Final = CLASS_COUNT
"""Class of characters inside a link target; one past the classes of `CharClass`."""

# Bounded repeats: a page of nothing but opening brackets must not cost quadratic time.
_TARGETS = re.compile(
    r"(?<=\]\()[^()\s]{0,800}(?:\([^()\s]{0,200}\)[^()\s]{0,400})?|(?:https?://|www\.)[^\s()<>\[\]\"']{1,800}"
)
_LONGEST_WORD: Final = 48
_BYTE_ORDER_MARK: Final = "\ufeff"
NUMBER: Final = np.uint64(0x9E3779B97F4A7C15)
"""Hash that all words of digits alone share."""


def mix(values: HashArray) -> HashArray:
    """Scramble 64-bit values (the finaliser of SplitMix64: Steele, Lea & Flood 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_PLACE: Final[HashArray] = mix(np.arange(1, 513, dtype=np.uint64)) | np.uint64(1)


@dataclass(frozen=True, slots=True)
class Page:
    """A measured document. A *line* here is a line of the text that holds at least one visible character."""

    text: str
    codes: NDArray[np.uint32]
    """Code points of the text; shape (characters,)."""
    classes: NDArray[np.uint8]
    """`CharClass` of each character, `TARGET` inside link targets; shape (characters,)."""
    line_start: IntArray
    """First visible character of each line; shape (lines,)."""
    line_end: IntArray
    """One past the last visible character of each line; shape (lines,)."""
    row_start: IntArray
    """Start of the row (with its indent) that the line stands in; shape (lines,). A byte order mark at the start of the
    text is before its row, so that it is no indent: a page is the same page with and without it."""
    row_number: IntArray
    """Number of that row among all rows, blank ones counted; shape (lines,)."""
    word_start: IntArray
    word_end: IntArray
    word_line: IntArray
    """Index of the line that each word stands in; shape (words,), never falling."""
    word_hash: HashArray
    """Hash of the lower-cased word; words of digits only share one. Shape (words,)."""
    word_target: NDArray[np.bool_]
    """Whether the word stands in a link target; shape (words,)."""

    @property
    def lines(self) -> int:
        """Number of lines that hold a visible character."""
        return len(self.line_start)


def _rows(codes: NDArray[np.uint32], classes: NDArray[np.uint8]) -> tuple[IntArray, IntArray]:
    """Return start and end of every row; the line end belongs to its row, CR LF counts as one end."""
    ends = np.flatnonzero(classes == CharClass.NEWLINE)
    if len(ends):
        following = np.append(codes, 0)[ends + 1]
        ends = ends[~((codes[ends] == 0x0D) & (following == 0x0A))]
    starts = np.concatenate(([0], ends + 1)).astype(np.int64)
    stops = np.concatenate((ends + 1, [len(codes)])).astype(np.int64)
    if len(starts) > 1 and starts[-1] == len(codes):
        return starts[:-1], stops[:-1]
    return starts, stops


def _word_hashes(
    lowered: NDArray[np.uint32], starts: IntArray, ends: IntArray, numeric: NDArray[np.bool_]
) -> HashArray:
    if not len(starts):
        return np.zeros(0, dtype=np.uint64)
    lengths = ends - starts
    total = int(lengths.sum())
    first = np.cumsum(lengths) - lengths
    place = np.arange(total, dtype=np.int64) - np.repeat(first, lengths)
    index = place + np.repeat(starts, lengths)
    # Past the longest word all places weigh alike: long runs stay linear and still differ by their letters.
    values = mix(lowered[index].astype(np.uint64)) * _PLACE[np.minimum(place, _LONGEST_WORD)]
    hashes = mix(np.add.reduceat(values, first))
    hashes[numeric] = NUMBER
    return hashes


def first_rows(text: str, most: int) -> int:
    """Return where the row after the first ``most`` rows begins; the length of the text where there are no more."""
    if len(text) <= most:
        return len(text)
    codes = code_points(text)
    starts, _ = _rows(codes, class_table()[codes])
    return int(starts[most]) if len(starts) > most else len(text)


def measure(text: str) -> Page:
    """Measure a text.

    Args:
        text: any string of at least one character.

    Returns:
        The page; its lines leave out rows without a visible character.
    """
    codes = code_points(text)
    classes = class_table()[codes]
    lowered = lower_table()[codes]
    row_start, row_end = _rows(codes, classes)
    row_start[0] = text.startswith(_BYTE_ORDER_MARK)
    visible = (classes > CharClass.NEWLINE) | (classes == CharClass.OTHER)
    at = np.flatnonzero(visible)
    first = np.searchsorted(at, row_start)
    past = np.searchsorted(at, row_end)
    filled = np.flatnonzero(past > first)
    line_start = at[first[filled]] if len(at) else np.zeros(0, dtype=np.int64)
    line_end = at[past[filled] - 1] + 1 if len(at) else np.zeros(0, dtype=np.int64)

    letters = (classes >= CharClass.LOWER) & (classes <= CharClass.DIGIT)
    unspaced = classes == CharClass.UNSPACED
    digits = classes == CharClass.DIGIT
    target = np.zeros(len(codes), dtype=np.bool_)
    if "](" in text or "://" in text or "www." in text:
        for match in _TARGETS.finditer(text):
            target[match.start() : match.end()] = True
        classes = np.where(target, np.uint8(TARGET), classes)
    before = np.concatenate(([False], letters[:-1]))
    begins = letters & (~before | unspaced | np.concatenate(([False], unspaced[:-1])))
    word_start = np.flatnonzero(begins)
    stops = letters & ~np.concatenate((letters[1:], [False]))
    # A word ends where the letters end or where the next word begins.
    word_end = np.flatnonzero(stops | np.concatenate((begins[1:], [False])) & letters) + 1
    word_line = np.searchsorted(line_start, word_start, side="right") - 1
    digit_count = np.concatenate(([0], np.cumsum(digits)))
    numeric = (digit_count[word_end] - digit_count[word_start]) == (word_end - word_start)
    lowered = np.where(digits, np.uint32(0x30), lowered)
    return Page(
        text=text,
        codes=codes,
        classes=classes,
        line_start=line_start.astype(np.int64),
        line_end=line_end.astype(np.int64),
        row_start=row_start[filled],
        row_number=filled.astype(np.int64),
        word_start=word_start,
        word_end=word_end,
        word_line=word_line,
        word_hash=_word_hashes(lowered, word_start, word_end, numeric),
        word_target=target[word_start] if len(word_start) else np.zeros(0, dtype=np.bool_),
    )
