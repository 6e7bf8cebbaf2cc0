"""Parts of lines: sentences, image marks and bracketed buttons, where husk may be glued to prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from dehusk_server.text.axes import Axis, IntArray, scale
from dehusk_server.text.codepoints import CharClass
from dehusk_server.text.page import Page
from dehusk_server.text.phrases import Phrases, find_phrases
from dehusk_server.text.shapes import share

_MARKS = re.compile(
    r"\[?!\[[^\]\n]{0,400}\]\([^)\n]{0,1200}\)(?:\s?\]\([^)\n]{0,1200}\))?|\[ [^\[\]\n]{1,40} \](?!\()",
)
"""Markdown images (in a link or not), and buttons as flatteners write them: ``[ Sign in ]``."""
_LONGEST_MARK: Final = 3_000
"""Characters that a match of `_MARKS` and the look behind it may take: more than all its bounds together."""
_STRIDE: Final = 1 << 15
"""Characters searched at once. A search holds the interpreter's lock: on a hostile page others must get their turn."""

_OPENING: Final = np.array([ord(sign) for sign in "([{„‚「『《〈（［【〔"], dtype=np.uint32)
"""Quotes and brackets that open in every language; the others open in one and close in another."""

_LEAD_WORDS: Final = 4

SEGMENT_AXES: Final = {
    axis.name: axis
    for axis in (
        scale("words", (1, 2, 3, 4, 6, 8, 11, 16, 25, 40), "{} words"),
        Axis("place", ("opens the line", "inside the line", "closes the line", "is the line")),
        Axis("left", ("after a blank", "glued to what stands before")),
        Axis("right", ("before a blank", "glued to what follows")),
        Axis("sort", ("a sentence", "an image mark", "a button")),
        Axis("begin", ("begins in lower case", "begins in upper case", "begins with another sign")),
        Axis("stop", ("without a stop", "with a full stop", "with ? or !", "with a colon")),
        scale("capital", (0.01, 0.3, 0.6, 0.999), "share of capitalised words {}", whole=False),
        scale("rest", (5, 15, 40, 100), "{} other words in the line"),
        Axis("lead", ("no lead-in", "up to four words and a colon first", "the same, all in capitals")),
    )
}
"""What inline rules ask of a segment."""

SEGMENT_GROUPS: Final[tuple[tuple[str, str], ...]] = (
    ("words", "place"), ("sort", "place"), ("left", "place"), ("right", "place"), ("begin", "stop"), ("words", "stop"),
    ("words", "capital"), ("place", "stop"), ("rest", "place"), ("words", "begin"), ("lead", "place"),
)  # fmt: skip

SEGMENT_SIZES: Final = tuple(SEGMENT_AXES[one].size * SEGMENT_AXES[other].size for one, other in SEGMENT_GROUPS)
SEGMENT_OFFSETS: Final = tuple(int(total) for total in np.cumsum((0, *SEGMENT_SIZES)))
"""Where each group's bins begin when all are laid end to end; one longer than `SEGMENT_GROUPS`."""


def segment_id(feature: int) -> str:
    """Return the rule id of one bin, counted over all groups."""
    names, answers = _place(feature)
    return "part-shape:" + "+".join(f"{name}={answer}" for name, answer in zip(names, answers, strict=True))


def segment_reads(feature: int) -> str:
    """Say in words what one bin, counted over all groups, looks at."""
    names, answers = _place(feature)
    return "part of a line: " + "; ".join(
        SEGMENT_AXES[name].answers[answer] for name, answer in zip(names, answers, strict=True)
    )


def _place(feature: int) -> tuple[tuple[str, ...], tuple[int, int]]:
    group = int(np.searchsorted(SEGMENT_OFFSETS, feature, side="right")) - 1
    names = SEGMENT_GROUPS[group]
    first, second = divmod(feature - SEGMENT_OFFSETS[group], SEGMENT_AXES[names[1]].size)
    return names, (first, second)


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


def _cuts(page: Page) -> IntArray:
    """Return the offsets where a segment may begin inside a line."""
    classes = page.classes
    stop = classes == CharClass.STOP
    size = len(classes)
    at = np.flatnonzero(stop[:-1] & ~stop[1:]) if size > 1 else np.zeros(0, dtype=np.int64)
    # A closing quote or bracket belongs to the sentence before it, one that can only open to the next.
    after = at + 1
    closing = (classes[after] == CharClass.QUOTE) | (classes[after] == CharClass.BRACKET)
    after = after + (closing & ~np.isin(page.codes[after], _OPENING))
    # Behind the last character nothing begins.
    at, after = at[after < size], after[after < size]
    blank = classes[after] == CharClass.SPACE
    code = page.codes[at]
    wide = (code >= 0x3000) & (code <= 0xFFEF)
    lower = classes == CharClass.LOWER
    sure = lower[np.maximum(at - 1, 0)] & lower[np.maximum(at - 2, 0)] & lower[np.maximum(at - 3, 0)]
    following = classes[after]
    glued = sure & ((following == CharClass.UPPER) | (following == CharClass.QUOTE)) & ~blank
    return np.asarray(after[blank | wide | glued])


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


def find_segments(page: Page, lines: IntArray) -> Segments | None:
    """Cut the given lines (ascending numbers) into segments.

    Returns:
        The segments of those lines that have more than one; ``None`` where there are none.
    """
    cuts = [_cuts(page)]
    marks = np.zeros((0, 2), dtype=np.int64)
    if "![" in page.text or "[ " in page.text:
        marks = _find_marks(page.text)
        # A stop inside an image mark does not cut it.
        which = np.searchsorted(marks[:, 0], cuts[0], side="right") - 1
        inside = (
            (which >= 0) & (cuts[0] < marks[np.maximum(which, 0), 1]) if len(marks) else np.zeros(0, dtype=np.bool_)
        )
        cuts = [cuts[0][~inside] if len(marks) else cuts[0], marks.ravel()]
    edges = np.unique(np.concatenate((*cuts, page.line_start[lines])))
    owner = np.searchsorted(page.line_start, edges, side="right") - 1
    wanted = np.zeros(page.lines, dtype=np.bool_)
    wanted[lines] = True
    use = (owner >= 0) & wanted[owner] & (edges < page.line_end[owner])
    edges, owner = edges[use], owner[use]
    ends = np.minimum(np.append(edges[1:], len(page.codes)), page.line_end[owner])
    filled = (page.classes > CharClass.NEWLINE) | (page.classes == CharClass.OTHER)
    visible = np.flatnonzero(filled)
    first, past = np.searchsorted(visible, edges), np.searchsorted(visible, ends)
    use = past > first
    start, end, owner = visible[first[use]], visible[past[use] - 1] + 1, owner[use]
    several = np.bincount(owner, minlength=page.lines)[owner] > 1
    start, end, owner = start[several], end[several], owner[several]
    if not len(start):
        return None
    return _described(page, start, end, owner, marks)


def _leads(page: Page, start: IntArray, end: IntArray) -> IntArray:
    """Tell which segments begin with a few words and a colon, and which of those in capitals ("READ MORE: …")."""
    colons = np.append(np.flatnonzero((page.codes == ord(":")) | (page.codes == 0xFF1A)), len(page.codes))
    colon = colons[np.searchsorted(colons, start)]
    words = np.searchsorted(page.word_start, colon) - np.searchsorted(page.word_start, start)
    lower = np.concatenate(([0], np.cumsum(page.classes == CharClass.LOWER)))
    lead = (colon < end) & (words >= 1) & (words <= _LEAD_WORDS)
    shouted = lower[np.minimum(colon, end)] == lower[start]
    upper = page.classes[np.maximum(np.minimum(colon, end) - 1, 0)] == CharClass.UPPER
    return np.where(lead, np.where(shouted & upper, 2, 1), 0)


def _described(page: Page, start: IntArray, end: IntArray, line: IntArray, marks: IntArray) -> Segments:
    number = np.searchsorted(start, page.word_start, side="right") - 1
    inside = (number >= 0) & (page.word_start < end[np.maximum(number, 0)])
    unit = np.where(inside, number, -1)
    counted = inside & ~page.word_target
    words = np.bincount(unit[counted], minlength=len(start))
    upper = np.bincount(unit[counted & (page.classes[page.word_start] == CharClass.UPPER)], minlength=len(start))
    line_words = np.bincount(line, weights=words)[line]
    first = np.diff(line, prepend=-1) != 0
    last = np.append(first[1:], True)
    is_mark = np.isin(start, marks[:, 0]) & np.isin(end, marks[:, 1])
    image = page.codes[np.minimum(start + 1, end - 1)] == ord("!")
    image |= page.codes[start] == ord("!")
    begin, stop = page.classes[start], page.classes[end - 1]
    code = page.codes[end - 1]
    before, after = page.classes[np.maximum(start - 1, 0)], page.classes[np.minimum(end, len(page.classes) - 1)]
    answers = {
        "words": SEGMENT_AXES["words"].bins(words),
        "place": np.where(first & last, 3, np.where(first, 0, np.where(last, 2, 1))),
        "left": (~first & (before != CharClass.SPACE)).astype(np.int64),
        "right": (~last & (after != CharClass.SPACE)).astype(np.int64),
        "sort": np.where(is_mark, np.where(image, 1, 2), 0),
        "begin": np.where(begin == CharClass.LOWER, 0, np.where(begin == CharClass.UPPER, 1, 2)),
        "stop": np.where(
            stop == CharClass.STOP,
            np.where((code == ord("?")) | (code == ord("!")), 2, 1),
            np.where(code == ord(":"), 3, 0),
        ),
        "capital": SEGMENT_AXES["capital"].bins(share(upper, words)),
        "rest": SEGMENT_AXES["rest"].bins(line_words - words),
        "lead": _leads(page, start, end),
    }
    columns = []
    for offset, (one, other) in zip(SEGMENT_OFFSETS[:-1], SEGMENT_GROUPS, strict=True):
        columns.append(answers[one] * SEGMENT_AXES[other].size + answers[other] + offset)
    return Segments(start, end, line, np.stack(columns, axis=1), find_phrases(page, unit))
