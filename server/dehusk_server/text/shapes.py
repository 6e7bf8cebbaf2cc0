"""What a line looks like by itself, measured over the whole page at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dehusk_server.text.axes import AXES, IntArray
from dehusk_server.text.codepoints import CLASS_COUNT, CharClass
from dehusk_server.text.page import TARGET, Page

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measures:
    """Plain numbers per line that the axes are cut from; each array has shape (lines,)."""

    counts: IntArray
    """Characters per class, shape (lines, classes + 1); the last column counts link targets."""
    words: FloatArray
    """Words outside link targets; a character of an unspaced script counts 0.6."""
    visible: IntArray
    """Characters that are neither blank nor in a link target."""
    upper_share: FloatArray
    """Share of the words that begin with an upper-case letter."""
    short_share: FloatArray
    """Share of the words that are lower case and at most three letters long: function words, mostly."""
    mean_length: FloatArray
    """Mean letters per word."""
    prose: FloatArray
    """Words of the line where it reads like prose, else 0."""


def share(part: ArrayLike, whole: ArrayLike) -> FloatArray:
    """Divide, taking a whole under 1 as 1."""
    return np.asarray(part, dtype=np.float64) / np.maximum(np.asarray(whole, dtype=np.float64), 1.0)


def take_measures(page: Page) -> Measures:
    """Measure every line of a page in one pass over its characters and one over its words."""
    lengths = page.line_end - page.line_start
    line_of = np.repeat(np.arange(page.lines), lengths)
    offset = np.cumsum(lengths) - lengths
    index = np.arange(len(line_of)) - np.repeat(offset - page.line_start, lengths)
    width = CLASS_COUNT + 1
    counts = np.bincount(line_of * width + page.classes[index], minlength=page.lines * width).reshape(page.lines, width)

    first_class = page.classes[page.word_start]
    letters = page.word_end - page.word_start
    unspaced = ~page.word_target & (first_class == CharClass.UNSPACED)
    spaced = ~page.word_target & ~unspaced
    n_spaced = _per_line(page, spaced)
    words = n_spaced + 0.6 * _per_line(page, unspaced)
    upper = _per_line(page, spaced & (first_class == CharClass.UPPER))
    # Alphabets without case have no upper-case words to tell names by; their short words count as lower case.
    lower = spaced & ((first_class == CharClass.LOWER) | (first_class == CharClass.CASELESS))
    spaced_letters = np.bincount(page.word_line[spaced], weights=letters[spaced], minlength=page.lines)
    stops, commas, target = counts[:, CharClass.STOP], counts[:, CharClass.COMMA], counts[:, TARGET]
    visible = counts.sum(axis=1) - counts[:, CharClass.SPACE] - target
    reads = ((words >= 12) & (stops > 0)) | (words >= 25)
    reads &= target <= visible
    reads &= (share(upper, n_spaced) < 0.6) | (n_spaced == 0)
    reads &= share(stops + commas, words) < 0.4
    return Measures(
        counts=counts,
        words=words,
        visible=visible,
        upper_share=share(upper, n_spaced),
        short_share=share(_per_line(page, lower & (letters <= 3)), n_spaced),
        mean_length=share(spaced_letters, n_spaced),
        prose=np.where(reads, words, 0.0),
    )


def _per_line(page: Page, flags: NDArray[np.bool_]) -> IntArray:
    return np.bincount(page.word_line[flags], minlength=page.lines)


def _table(default: int, bins: dict[CharClass, int]) -> IntArray:
    table = np.full(TARGET + 1, default, dtype=np.int64)
    for char_class, answer in bins.items():
        table[char_class] = answer
    return table


_START: Final = _table(12, {
    CharClass.LOWER: 0, CharClass.UPPER: 1, CharClass.CASELESS: 2, CharClass.UNSPACED: 3, CharClass.DIGIT: 4,
    CharClass.QUOTE: 5, CharClass.BRACKET: 6, CharClass.BAR: 7, CharClass.DASH: 8, CharClass.MARKUP: 9,
    CharClass.SYMBOL: 10, CharClass.STOP: 11, CharClass.COMMA: 11, CharClass.CURRENCY: 4,
})  # fmt: skip
_END: Final = _table(9, {
    CharClass.LOWER: 0, CharClass.UPPER: 1, CharClass.CASELESS: 0, CharClass.UNSPACED: 2, CharClass.DIGIT: 3,
    CharClass.MARK: 0, CharClass.BRACKET: 5, CharClass.QUOTE: 6, CharClass.BAR: 7, CharClass.COMMA: 8,
})  # fmt: skip


def _starts(page: Page, counts: IntArray) -> IntArray:
    bins = _START[page.classes[page.line_start]]
    codes = page.codes[page.line_start]
    following = page.codes[np.minimum(page.line_start + 1, len(page.codes) - 1)]
    bins = np.where(((codes == ord("*")) | (codes == ord("+"))) & (following == ord(" ")), 7, bins)
    bins = np.where(codes == ord("#"), 13, bins)
    bins = np.where((codes == ord("!")) & (following == ord("[")), 14, bins)
    return np.where((codes == ord("[")) & (counts[:, TARGET] > 0), 15, bins)


def _ends(page: Page) -> IntArray:
    last = page.line_end - 1
    found = page.classes[last]
    codes = page.codes[last]
    before = page.classes[np.maximum(last - 1, page.line_start)]
    bins = np.where(found == CharClass.STOP, np.where((codes == ord("?")) | (codes == ord("!")), 10, 4), _END[found])
    # A full stop inside a closing quote, bracket or emphasis still ends the sentence.
    closing = (found == CharClass.QUOTE) | (found == CharClass.MARKUP) | (found == CharClass.BRACKET)
    bins = np.where(closing & (before == CharClass.STOP), 4, bins)
    return np.where((codes == ord(":")) | (codes == 0xFF1A), 11, bins)


def _lines_with_date(page: Page) -> tuple[IntArray, IntArray]:
    """Flag lines with a year and a day or month beside it, and lines with a time of day (hours:minutes)."""
    date, clock = np.zeros(page.lines, dtype=np.int64), np.zeros(page.lines, dtype=np.int64)
    length = page.word_end - page.word_start
    number = (page.classes[page.word_start] == CharClass.DIGIT) & (page.classes[page.word_end - 1] == CharClass.DIGIT)
    small = np.flatnonzero(number & (length <= 2) & ~page.word_target)
    if not len(small):
        return date, clock
    first = page.codes[page.word_start]
    year = number & (length == 4) & ((first == ord("1")) | (first == ord("2")))
    for distance in (-2, -1, 1, 2):
        other = small + distance
        inside = (other >= 0) & (other < len(length))
        at, other = small[inside], other[inside]
        found = at[year[other] & (page.word_line[at] == page.word_line[other])]
        date[page.word_line[found]] = 1
    following = small[small + 1 < len(length)]
    close = (page.word_start[following + 1] - page.word_end[following] == 1) & (length[following + 1] == 2)
    colon = page.codes[page.word_end[following[close]]] == ord(":")
    clock[page.word_line[following[close][colon]]] = 1
    return date, clock


def _links(page: Page) -> IntArray:
    if "](" not in page.text:
        return np.zeros(page.lines, dtype=np.int64)
    opened = np.flatnonzero((page.codes[:-1] == ord("]")) & (page.codes[1:] == ord("(")))
    return np.bincount(np.searchsorted(page.line_start, opened, side="right") - 1, minlength=page.lines)


def shape_answers(page: Page, measures: Measures) -> dict[str, IntArray]:
    """Answer every axis that asks about a line by itself; arrays of shape (lines,)."""
    counts, words, visible = measures.counts, measures.words, measures.visible
    letters = counts[:, CharClass.LOWER : CharClass.DIGIT].sum(axis=1)
    blank_above = np.diff(page.row_number, prepend=-3) - 1
    date, clock = _lines_with_date(page)
    mail = np.zeros(page.lines, dtype=np.int64)
    if "@" in page.text:
        mail[np.searchsorted(page.line_start, np.flatnonzero(page.codes == ord("@")), side="right") - 1] = 1
    unspaced, caseless = counts[:, CharClass.UNSPACED] * 2 > letters, counts[:, CharClass.CASELESS] * 2 > letters
    numbers = {
        "words": words,
        "coarse": words,
        "upper": measures.upper_share,
        "short": measures.short_share,
        "stops": counts[:, CharClass.STOP],
        "commas": share(counts[:, CharClass.COMMA], words),
        "word-length": measures.mean_length,
        "digits": share(counts[:, CharClass.DIGIT], visible),
        "bars": counts[:, CharClass.BAR],
        "quotes": counts[:, CharClass.QUOTE],
        "brackets": counts[:, CharClass.BRACKET],
        "symbols": counts[:, CharClass.SYMBOL],
        "currency": counts[:, CharClass.CURRENCY],
        "markup": counts[:, CharClass.MARKUP],
        "links": _links(page),
        "link-density": share(counts[:, TARGET], visible),
        "indent": page.line_start - page.row_start,
        "blank-above": blank_above,
        "blank-below": np.append(blank_above[1:], 2),
        "capitals": share(counts[:, CharClass.UPPER], letters),
    }
    answers = {name: AXES[name].bins(values) for name, values in numbers.items()}
    answers["start"] = _starts(page, counts)
    answers["end"] = _ends(page)
    answers["date"], answers["clock"], answers["mail"] = date, clock, mail
    answers["script"] = np.where(unspaced, 2, np.where(caseless, 1, 0))
    return answers
