"""Where a part of a line may begin: behind a sentence, a gap, an image, a button or a link, or at a glued word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.text.axes import IntArray
from dehusk_server.text.codepoints import CharClass
from dehusk_server.text.page import TARGET, Page

_MARKS = re.compile(
    r"\[?!\[[^\]\n]{0,400}\]\([^)\n]{0,1200}\)(?:\s?\]\([^)\n]{0,1200}\))?|\[ [^\[\]\n]{1,40} \](?!\()",
)
"""Markdown images (in a link or not), and buttons as flatteners write them: ``[ Sign in ]``."""
_LONGEST_MARK: Final = 3_000
"""Characters that a match of `_MARKS` and the look behind it may take: more than all its bounds together."""
_STRIDE: Final = 1 << 15
"""Characters searched at once. A search holds the interpreter's lock: on a hostile page others must get their turn."""
_LONGEST_LINK: Final = 600
"""Characters of the words of a link, or behind its target (a title)."""
_ENDING: Final = 5
"""Letters that a word needs to begin a part in lower case right behind a stop: more than the endings of host names."""
_MARGIN: Final = 8
"""Characters that any look ahead or back takes, at most."""

# Members of an enumeration are slow to reach; these are asked for on every page.
_OTHER, _SPACE, _NEWLINE, _LOWER, _UPPER, _STOP, _DIGIT, _QUOTE, _BRACKET, _BAR, _MARKUP = (
    int(one)
    for one in (
        CharClass.OTHER, CharClass.SPACE, CharClass.NEWLINE, CharClass.LOWER, CharClass.UPPER, CharClass.STOP,
        CharClass.DIGIT, CharClass.QUOTE, CharClass.BRACKET, CharClass.BAR, CharClass.MARKUP,
    )
)  # fmt: skip


def _signs(text: str) -> NDArray[np.bool_]:
    """Return a table of the given signs; the last place is for all code points beyond."""
    table = np.zeros(0x10000, dtype=np.bool_)
    table[[ord(sign) for sign in text]] = True
    return table


_OPENING: Final = _signs("([{„‚「『《〈（［【〔")
"""Quotes and brackets that open in every language; the others open in one and close in another."""
_CLOSING: Final = _signs(")）】")
_AFTER_GLUED: Final = np.zeros(TARGET + 1, dtype=np.bool_)
_AFTER_GLUED[[_UPPER, _QUOTE, _BRACKET, _MARKUP]] = True


class Cut(IntEnum):
    """Why a part begins where it does."""

    NONE = 0
    """The line begins there."""
    SENTENCE = 1
    GLUED = 2
    GAP = 3
    MARK = 4
    CASE = 5
    BAR = 6
    BRACKET = 7


_SENTENCE, _GLUED, _GAP, _MARK, _CASE, _BAR_CUT, _BRACKET_CUT = (int(cut) for cut in list(Cut)[1:])


@dataclass(frozen=True, slots=True)
class Cuts:
    """Places where parts may begin."""

    why: NDArray[np.uint8]
    """The `Cut` at each character, 0 for none; shape (characters,)."""
    visible: IntArray
    """Offsets of the characters that are not blank, ascending."""
    marks: IntArray
    """Start and end of every image and button, with the emphasis around it; shape (marks, 2)."""
    links: IntArray
    """Start and end of every link outside of those; shape (links, 2)."""


class _Page:
    """A page with a margin of line ends, so that looking ahead and back needs no care."""

    def __init__(self, page: Page) -> None:
        size = len(page.codes)
        self.page = page
        self.classes = np.full(size + 2 * _MARGIN, _NEWLINE, dtype=np.uint8)
        self.classes[_MARGIN : size + _MARGIN] = page.classes
        self.why = np.zeros(size + 2 * _MARGIN, dtype=np.uint8)

    def of(self, at: IntArray, step: int = 0) -> NDArray[np.uint8]:
        """Return the classes some steps on from each place."""
        return self.classes[at + (_MARGIN + step)]

    def cut(self, at: IntArray, why: int) -> None:
        """Mark places."""
        self.why[at] = why


def find_cuts(page: Page) -> Cuts:
    """Return where parts of lines may begin, on the whole page."""
    padded = _Page(page)
    _cut_gaps(padded)
    _cut_words(padded)
    _cut_brackets(padded)
    _cut_sentences(padded)
    marks = _find_marks(page.text) if "![" in page.text or "[ " in page.text else np.zeros((0, 2), dtype=np.int64)
    links = np.zeros((0, 2), dtype=np.int64)
    visible = np.flatnonzero((page.classes > _NEWLINE) | (page.classes == _OTHER))
    why = padded.why[: len(page.codes) + 1]
    if "](" in page.text or "://" in page.text or "www." in page.text:
        why[:-1][page.classes == TARGET] = 0
        links = _find_links(page)
    if len(marks):
        # Nothing inside an image or a button cuts it.
        depth = np.zeros(len(why) + 1, dtype=np.int8)
        depth[marks[:, 0]] = 1
        depth[marks[:, 1]] -= 1
        inside = np.cumsum(depth[:-1], dtype=np.int8) > 0
        why[inside] = 0
        links = links[~inside[links[:, 0]]]
        marks = _with_emphasis(page, marks)
    if len(links):
        # Names in the words of a link are whole, and its target is no bracket.
        depth = np.zeros(len(why) + 1, dtype=np.int8)
        depth[links[:, 0]] = 1
        depth[links[:, 1]] -= 1
        why[(why >= _CASE) & (np.cumsum(depth[:-1], dtype=np.int8) > 0)] = 0
        why[links[_alone(page, visible, links, marks)].ravel()] = _MARK
    why[marks.ravel()] = _MARK
    why[page.line_start] = 0
    return Cuts(why[:-1], visible, marks, links)


def _cut_gaps(page: _Page) -> None:
    """Cut behind two blanks or a tab, and at bars between blanks."""
    classes, codes = page.page.classes, page.page.codes
    blank = classes == _SPACE
    gap = blank.copy()
    gap[:-1] &= blank[1:] | (codes[:-1] == 0x09)
    gap[-1:] &= codes[-1:] == 0x09
    page.cut(np.flatnonzero(gap) + 1, _GAP)
    bars = np.flatnonzero((classes == _BAR) | (codes == 0xB7))
    page.cut(bars[(page.of(bars, -1) == _SPACE) & (page.of(bars, 1) == _SPACE)], _BAR_CUT)


def _cut_words(page: _Page) -> None:
    """Cut where a capital follows small letters, a capitalised word a shouted one, or either a number or bracket."""
    at = np.flatnonzero(page.page.classes == _UPPER)
    at = at[page.of(at, -1) > _NEWLINE]
    before, second, third = page.of(at, -1), page.of(at, -2), page.of(at, -3)
    small = (page.of(at, 1) == _LOWER) & (page.of(at, 2) == _LOWER)
    sure = (before == _LOWER) & (second == _LOWER) & (third == _LOWER)
    loud = (before == _UPPER) & (second == _UPPER) & (third == _UPPER)
    year = (before == _DIGIT) & (second == _DIGIT)
    closed = _CLOSING[np.minimum(page.page.codes[np.maximum(at - 1, 0)], 0xFFFF)]
    page.cut(at[sure | small & (loud | year | closed)], _CASE)


def _cut_brackets(page: _Page) -> None:
    """Cut before a bracket that closes with the line, and before words with a # in front."""
    codes, start = page.page.codes, page.page.line_start
    last = page.page.line_end - 1
    last = np.maximum(last - (page.of(last) == _STOP), start)
    opens = np.flatnonzero((codes == ord("(")) | (codes == ord("（")) | (codes == ord("【")))
    if len(opens):
        place = np.searchsorted(opens, last) - 1
        at = opens[place]
        shut = _CLOSING[np.minimum(codes[last], 0xFFFF)] & (place >= 0) & (at > start)
        # That of a link is no such bracket.
        shut &= codes[np.maximum(at - 1, 0)] != ord("]")
        page.cut(at[shut], _BRACKET_CUT)
    signs = np.flatnonzero(codes == ord("#"))
    if len(signs):
        following = page.of(signs, 1)
        word = (following >= _LOWER) & (following <= _DIGIT)
        page.cut(signs[word & (page.of(signs, -1) != _MARKUP)], _BRACKET_CUT)


def _cut_sentences(page: _Page) -> None:
    """Cut behind the stops of sentences, where a blank follows or what follows is no part of the sentence."""
    codes = page.page.codes
    at = np.flatnonzero(page.page.classes == _STOP)
    after = at[page.of(at, 1) != _STOP] + 1
    at = after - 1
    for _ in range(2):
        # A closing quote or bracket, and emphasis that closes, belong to the sentence before it.
        following = page.of(after)
        code = codes[np.minimum(after, len(codes) - 1)]
        shut = ((following == _QUOTE) | (following == _BRACKET)) & ~_OPENING[np.minimum(code, 0xFFFF)]
        once, twice = page.of(after, 1), page.of(after, 2)
        ends = (once <= _NEWLINE) | ((once == _MARKUP) & (twice <= _NEWLINE))
        after = after + (shut | ((following == _MARKUP) & ends))
    following = page.of(after)
    blank = following == _SPACE
    wide = (codes[at] >= 0x3000) & (codes[at] <= 0xFFEF)
    sure = (page.of(at, -1) == _LOWER) & (page.of(at, -2) == _LOWER) & (page.of(at, -3) == _LOWER)
    begins = _AFTER_GLUED[following]
    small = np.flatnonzero(sure & (following == _LOWER))
    for step in range(1, _ENDING):
        small = small[page.of(after[small], step) == _LOWER]
    begins[small] = True
    page.cut(after[wide | (sure & begins & ~blank)], _GLUED)
    page.cut(after[blank], _SENTENCE)


def _find_marks(text: str) -> IntArray:
    """Return start and end of every image mark and button; shape (marks, 2)."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        stop = at + _STRIDE
        for match in _MARKS.finditer(text, at, stop + _LONGEST_MARK):
            if match.start() >= stop:
                break
            found.append(match.span())
        at = max(stop, found[-1][1] if found else 0)
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _with_emphasis(page: Page, marks: IntArray) -> IntArray:
    """Take emphasis around a mark into it: ``*![alt](source)*``."""
    start, end = marks[:, 0], marks[:, 1]
    before, after = page.codes[np.maximum(start - 1, 0)], page.codes[np.minimum(end, len(page.codes) - 1)]
    star = (before == ord("*")) | (before == ord("_"))
    both = star & (before == after) & (start > 0) & (end < len(page.codes))
    return np.stack([start - both, end + both], axis=1)


def _find_links(page: Page) -> IntArray:
    """Return start and end of the markdown links whose words hold no bracket; shape (links, 2)."""
    target = page.classes == TARGET
    first = np.flatnonzero(target[2:] & ~target[1:-1]) + 2
    first = first[(page.codes[first - 1] == ord("(")) & (page.codes[first - 2] == ord("]"))]
    opens, closes = np.flatnonzero(page.codes == ord("[")), np.flatnonzero(page.codes == ord(")"))
    if not len(first) or not len(opens) or not len(closes):
        return np.zeros((0, 2), dtype=np.int64)
    past = np.flatnonzero(np.append(~target, True))
    past = past[np.searchsorted(past, first)]
    place = np.searchsorted(opens, first - 2) - 1
    start = opens[np.maximum(place, 0)]
    shut = np.searchsorted(closes, past)
    end = closes[np.minimum(shut, len(closes) - 1)] + 1
    line = np.searchsorted(page.line_start, start, side="right") - 1
    use = (place >= 0) & (shut < len(closes)) & (first - start < _LONGEST_LINK) & (end - past < _LONGEST_LINK)
    use &= end <= page.line_end[np.maximum(line, 0)]
    return np.stack([start[use], end[use]], axis=1)


def _alone(page: Page, visible: IntArray, links: IntArray, marks: IntArray) -> NDArray[np.bool_]:
    """Flag the links that stand at an end of their line, or next to a stop, a bar, another link or a mark."""
    start, end = links[:, 0], links[:, 1]
    line = np.searchsorted(page.line_start, start, side="right") - 1
    before = visible[np.maximum(np.searchsorted(visible, start) - 1, 0)]
    after = visible[np.minimum(np.searchsorted(visible, end), len(visible) - 1)]
    edge = np.zeros(len(page.codes) + 1, dtype=np.bool_)
    edge[links[:, 1] - 1] = edge[marks[:, 1] - 1] = edge[links[:, 0]] = edge[marks[:, 0]] = True
    stopped = (page.classes[before] == _STOP) | (page.classes[before] == _BAR) | edge[before]
    barred = (page.classes[after] == _BAR) | edge[after]
    return np.asarray((start <= page.line_start[line]) | stopped | (end >= page.line_end[line]) | barred)
