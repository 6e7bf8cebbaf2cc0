"""Parts of lines: where husk may be glued to prose. A part begins behind a sentence, a gap, a link, a mark or a bar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.text.axes import IntArray
from dehusk_server.text.codepoints import CharClass
from dehusk_server.text.page import TARGET, Page
from dehusk_server.text.phrases import Phrases, find_phrases
from dehusk_server.text.segment_axes import Cut, Parts, segment_bins

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

_OPENING: Final = np.array([ord(sign) for sign in "([{„‚「『《〈（［【〔"], dtype=np.uint32)
"""Quotes and brackets that open in every language; the others open in one and close in another."""
_ROUND: Final = (ord("("), ord("（"), ord("【"))
_ENDING: Final = 6
"""Letters that a word needs to begin a part in lower case right behind a stop: more than the endings of host names."""


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


class _Cuts:
    """Where parts may begin, and why: the `Cut` at each character, later ones over earlier ones."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.why = np.zeros(len(page.codes) + 1, dtype=np.uint8)
        self.visible = np.flatnonzero((page.classes > CharClass.NEWLINE) | (page.classes == CharClass.OTHER))

    def near(self, at: IntArray, step: int) -> IntArray:
        """Return the visible character before (-1), or at or after (0), each place; an end where there is none."""
        place = np.searchsorted(self.visible, at) + step
        return self.visible[np.clip(place, 0, max(len(self.visible) - 1, 0))]

    def class_at(self, at: IntArray) -> NDArray[np.uint8]:
        """Return the class of each place; blank beyond the text."""
        inside = (at >= 0) & (at < len(self.page.classes))
        return np.where(inside, self.page.classes[np.clip(at, 0, len(self.page.classes) - 1)], CharClass.NEWLINE)


def _cut_gaps(cuts: _Cuts) -> None:
    """Cut behind two blanks or a tab, and at bars between blanks."""
    classes, codes = cuts.page.classes, cuts.page.codes
    blank = classes == CharClass.SPACE
    gap = blank & (np.append(blank[1:], False) | (codes == 0x09))
    cuts.why[np.flatnonzero(gap) + 1] = Cut.GAP
    bars = np.flatnonzero((classes == CharClass.BAR) | (codes == 0xB7))
    bars = bars[(cuts.class_at(bars - 1) == CharClass.SPACE) & (cuts.class_at(bars + 1) == CharClass.SPACE)]
    cuts.why[bars] = Cut.BAR


def _cut_words(cuts: _Cuts) -> None:
    """Cut where a capital follows small letters, a capitalised word a shouted one, or either a number or bracket."""
    classes = cuts.page.classes
    upper, lower = classes == CharClass.UPPER, classes == CharClass.LOWER
    at = np.flatnonzero(upper[1:] & (classes[:-1] > CharClass.NEWLINE)) + 1
    before = classes[at - 1]
    small = (cuts.class_at(at + 1) == CharClass.LOWER) & (cuts.class_at(at + 2) == CharClass.LOWER)
    sure = lower[at - 1] & lower[np.maximum(at - 2, 0)] & lower[np.maximum(at - 3, 0)]
    loud = upper[at - 1] & upper[np.maximum(at - 2, 0)] & upper[np.maximum(at - 3, 0)] & small
    year = (before == CharClass.DIGIT) & (cuts.class_at(at - 2) == CharClass.DIGIT) & small
    closed = np.isin(cuts.page.codes[at - 1], (ord(")"), ord("]"))) & small
    cuts.why[at[sure | loud | year | closed]] = Cut.CASE


def _cut_brackets(cuts: _Cuts) -> None:
    """Cut before a bracket that closes with the line, and before words with a # in front."""
    page, codes = cuts.page, cuts.page.codes
    if not page.lines:
        return
    last = page.line_end - 1
    stop = page.classes[last] == CharClass.STOP
    last = np.where(stop, np.maximum(last - 1, 0), last)
    opens = np.flatnonzero(np.isin(codes, _ROUND))
    if len(opens):
        shut = np.isin(codes[last], [ord(sign) for sign in ")）】"])
        place = np.searchsorted(opens, last) - 1
        use = shut & (place >= 0)
        at = opens[place[use]]
        cuts.why[at[at > page.line_start[use]]] = Cut.BRACKET
    signs = np.flatnonzero(codes == ord("#"))
    if len(signs):
        following = cuts.class_at(signs + 1)
        words = (following >= CharClass.LOWER) & (following <= CharClass.DIGIT)
        cuts.why[signs[words & (cuts.class_at(signs - 1) != CharClass.MARKUP)]] = Cut.BRACKET


def _cut_sentences(cuts: _Cuts) -> None:
    page, classes = cuts.page, cuts.page.classes
    stop = classes == CharClass.STOP
    size = len(classes)
    at = np.flatnonzero(stop[:-1] & ~stop[1:]) if size > 1 else np.zeros(0, dtype=np.int64)
    # A closing quote or bracket belongs to the sentence before it, one that can only open to the next.
    after = at + 1
    for _ in range(2):
        # Emphasis that closes with the sentence belongs to it.
        following = cuts.class_at(after)
        closing = (following == CharClass.QUOTE) | (following == CharClass.BRACKET)
        shut = closing & ~np.isin(page.codes[np.minimum(after, size - 1)], _OPENING)
        starred = (following == CharClass.MARKUP) & np.isin(
            cuts.class_at(after + 1), (CharClass.SPACE, CharClass.NEWLINE, CharClass.MARKUP)
        )
        after = after + (shut | starred)
    at, after = at[after < size], after[after < size]
    following = classes[after]
    blank = following == CharClass.SPACE
    code = page.codes[at]
    wide = (code >= 0x3000) & (code <= 0xFFEF)
    lower = classes == CharClass.LOWER
    sure = lower[np.maximum(at - 1, 0)] & lower[np.maximum(at - 2, 0)] & lower[np.maximum(at - 3, 0)]
    glued = sure & np.isin(following, (CharClass.UPPER, CharClass.QUOTE, CharClass.BRACKET, CharClass.MARKUP))
    # A host name goes on in lower case too, but its last part is short.
    small = np.ones(len(after), dtype=np.bool_)
    for step in range(_ENDING - 1):
        small &= cuts.class_at(after + step) == CharClass.LOWER
    cuts.why[after[wide | (glued | sure & small) & ~blank]] = Cut.GLUED
    cuts.why[after[blank]] = Cut.SENTENCE


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


def _starred(page: Page, marks: IntArray) -> IntArray:
    """Take emphasis around a mark into it: ``*![alt](source)*``."""
    start, end = marks[:, 0], marks[:, 1]
    before, after = page.codes[np.maximum(start - 1, 0)], page.codes[np.minimum(end, len(page.codes) - 1)]
    both = (start > 0) & (end < len(page.codes)) & (before == after) & np.isin(before, (ord("*"), ord("_")))
    return np.stack([start - both, end + both], axis=1)


def _find_links(page: Page) -> IntArray:
    """Return start and end of the markdown links whose words hold no bracket; shape (links, 2)."""
    target = page.classes == TARGET
    first = np.flatnonzero(target[2:] & ~target[1:-1]) + 2
    first = first[(page.codes[first - 1] == ord("(")) & (page.codes[first - 2] == ord("]"))]
    opens, closes = np.flatnonzero(page.codes == ord("[")), np.flatnonzero(page.codes == ord(")"))
    if not len(first) or not len(opens) or not len(closes):
        return np.zeros((0, 2), dtype=np.int64)
    past = np.append(np.flatnonzero(~target), len(target))
    past = past[np.searchsorted(past, first)]
    place = np.searchsorted(opens, first - 2) - 1
    start = opens[np.maximum(place, 0)]
    shut = np.searchsorted(closes, past)
    end = closes[np.minimum(shut, len(closes) - 1)] + 1
    line = np.searchsorted(page.line_start, start, side="right") - 1
    use = (place >= 0) & (shut < len(closes)) & (first - start < _LONGEST_LINK) & (end - past < _LONGEST_LINK)
    use &= end <= page.line_end[np.maximum(line, 0)]
    return np.stack([start[use], end[use]], axis=1)


def _cut_links(cuts: _Cuts, links: IntArray, marks: IntArray) -> None:
    """Cut around marks, and around links that stand alone: at an end of the line, by a stop, bar, link or mark."""
    page = cuts.page
    if len(links):
        line = np.searchsorted(page.line_start, links[:, 0], side="right") - 1
        before, after = cuts.near(links[:, 0], -1), cuts.near(links[:, 1], 0)
        ends = np.concatenate([links[:, 1], marks[:, 1]]) - 1
        starts = np.concatenate([links[:, 0], marks[:, 0]])
        stopped = (page.classes[before] == CharClass.STOP) | (page.classes[before] == CharClass.BAR)
        left = (links[:, 0] <= page.line_start[line]) | stopped | np.isin(before, ends)
        right = (links[:, 1] >= page.line_end[line]) | (page.classes[after] == CharClass.BAR) | np.isin(after, starts)
        alone = left | right
        cuts.why[links[alone].ravel()] = Cut.MARK
    cuts.why[marks.ravel()] = Cut.MARK


def find_segments(page: Page, lines: IntArray, gone: NDArray[np.bool_] | None = None) -> Segments | None:
    """Cut the given lines (ascending numbers) into segments.

    Args:
        page: the page.
        lines: which are cut.
        gone: lines of the page that are removed whole; none by default. Shape (lines of the page,).

    Returns:
        The segments of those lines that have more than one; ``None`` where there are none.
    """
    cuts = _Cuts(page)
    _cut_gaps(cuts)
    _cut_words(cuts)
    _cut_brackets(cuts)
    _cut_sentences(cuts)
    marks = _find_marks(page.text) if "![" in page.text or "[ " in page.text else np.zeros((0, 2), dtype=np.int64)
    links = _find_links(page) if "](" in page.text else np.zeros((0, 2), dtype=np.int64)
    cuts.why[:-1][page.classes == TARGET] = Cut.NONE
    if len(marks):
        # Nothing inside an image mark or a button cuts it.
        depth = np.zeros(len(cuts.why) + 1, dtype=np.int8)
        depth[marks[:, 0]] = 1
        depth[marks[:, 1]] -= 1
        inside = np.cumsum(depth[:-1], dtype=np.int8) > 0
        cuts.why[inside] = Cut.NONE
        links = links[~inside[links[:, 0]]]
        marks = _starred(page, marks)
    _cut_links(cuts, links, marks)
    return _segments(cuts, lines, gone, links, marks)


def _segments(
    cuts: _Cuts, lines: IntArray, gone: NDArray[np.bool_] | None, links: IntArray, marks: IntArray
) -> Segments | None:
    page = cuts.page
    cuts.why[page.line_start] = Cut.NONE
    begins = cuts.why[:-1] > 0
    begins[page.line_start[lines]] = True
    edges = np.flatnonzero(begins)
    owner = np.searchsorted(page.line_start, edges, side="right") - 1
    wanted = np.zeros(page.lines, dtype=np.bool_)
    wanted[lines] = True
    use = (owner >= 0) & wanted[owner] & (edges < page.line_end[owner])
    edges, owner = edges[use], owner[use]
    ends = np.minimum(np.append(edges[1:], len(page.codes)), page.line_end[owner])
    first, past = np.searchsorted(cuts.visible, edges), np.searchsorted(cuts.visible, ends)
    use = past > first
    several = np.bincount(owner[use], minlength=page.lines)[owner] > 1
    use &= several
    if not use.any():
        return None
    start, end, line = cuts.visible[first[use]], cuts.visible[past[use] - 1] + 1, owner[use]
    why = cuts.why[edges[use]].astype(np.int64)
    number = np.searchsorted(start, page.word_start, side="right") - 1
    inside = (number >= 0) & (page.word_start < end[np.maximum(number, 0)])
    unit = np.where(inside, number, -1)
    parts = Parts(page, start, end, line, why, _sorts(page, start, end, links, marks), unit, lines, gone)
    return Segments(start, end, line, segment_bins(parts), find_phrases(page, unit))


def _sorts(page: Page, start: IntArray, end: IntArray, links: IntArray, marks: IntArray) -> IntArray:
    """Tell which parts are an image (1), a button (2) or a link (3), and nothing else."""
    is_mark = np.isin(start, marks[:, 0]) & np.isin(end, marks[:, 1])
    code, second = page.codes[start], page.codes[np.minimum(start + 1, end - 1)]
    button = (code == ord("[")) & (second == ord(" "))
    is_link = np.isin(start, links[:, 0]) & np.isin(end, links[:, 1])
    return np.where(is_mark, np.where(button, 2, 1), np.where(is_link, 3, 0))
