"""What is asked of a part of a line: its size and signs, the cuts at both of its ends, its neighbours and its twins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.text.axes import Axis, IntArray, scale
from dehusk_server.text.codepoints import CharClass
from dehusk_server.text.page import HashArray, Page, mix
from dehusk_server.text.runs import run_starts
from dehusk_server.text.shapes import share

_LEAD_WORDS: Final = 4
_NEVER: Final = np.uint64(0)


_CUT_WORDS: Final = (
    "{} the line", "a sentence and a blank {}", "glued to a sentence {}", "a wide gap {}", "a link or image {}",
    "glued to a word {}", "a bar {}", "a bracket or # {}",
)  # fmt: skip
_TRAITS: Final = (
    "none", "up to 3 words", "up to 3 words and a stop", "4 to 10 words", "4 to 10 words and a stop",
    "more than 10 words", "more than 10 words and a stop", "an image, button or link",
)  # fmt: skip
_BESIDE: Final = ("nothing", "what goes", "what stays", "what stays and runs on")


def _edge(name: str, at_end: str, inside: str) -> Axis:
    return Axis(name, (_CUT_WORDS[0].format(at_end), *(words.format(inside) for words in _CUT_WORDS[1:])))


SEGMENT_AXES: Final = {
    axis.name: axis
    for axis in (
        scale("words", (1, 2, 3, 4, 6, 8, 11, 16, 25, 40), "{} words"),
        _edge("left", "opens", "before"),
        _edge("right", "closes", "after"),
        Axis("sort", ("words alone", "an image mark", "a button", "a link", "words with a link among them")),
        Axis(
            "begin",
            (
                "begins in lower case", "begins in upper case", "begins with a letter without case",
                "begins with a Han, Kana or Thai letter", "begins with a digit", "begins with a quote or bracket",
                "begins with another sign",
            ),
        ),
        Axis(
            "stop",
            (
                "without a stop", "with a full stop", "with ? or !", "with a colon", "with a quote or bracket",
                "with another sign", "with …",
            ),
        ),
        scale("capital", (0.01, 0.3, 0.6, 0.999), "share of capitalised words {}", whole=False),
        Axis("case", ("no letter has case", "no capitals", "few capitals", "mostly capitals", "all in capitals")),
        scale("digits", (0.001, 0.1, 0.3, 0.6), "share of digits {}", whole=False),
        scale("rest", (5, 15, 40, 100), "{} other words in the line"),
        scale("parts", (3, 4, 6, 10), "line of {} parts"),
        Axis("lead", ("no lead-in", "up to four words and a colon first", "the same, all in capitals")),
        Axis("previous", tuple(f"part before: {words}" for words in _TRAITS)),
        Axis("next", tuple(f"part after: {words}" for words in _TRAITS)),
        Axis("alike", ("no other part says the same", "one other part says the same", "others say the same",
                       "a line of the page says the same")),
        Axis("above", tuple(f"above the line: {words}" for words in _BESIDE)),
        Axis("below", tuple(f"below the line: {words}" for words in _BESIDE)),
    )
}  # fmt: skip
"""What inline rules ask of a segment."""

SEGMENT_GROUPS: Final[tuple[tuple[str, str], ...]] = (
    ("words", "left"), ("words", "right"), ("left", "right"), ("sort", "left"), ("sort", "words"), ("begin", "stop"),
    ("words", "stop"), ("words", "capital"), ("rest", "right"), ("lead", "left"), ("previous", "next"),
    ("alike", "right"), ("digits", "words"), ("parts", "left"), ("case", "words"), ("above", "left"),
    ("below", "right"), ("begin", "left"), ("stop", "right"),
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
class Parts:
    """Parts of some lines of a page, in order. Arrays: (parts,) unless said otherwise."""

    page: Page
    start: IntArray
    end: IntArray
    line: IntArray
    cut: IntArray
    """The `Cut` (see `cuts`) at the start of each."""
    sort: IntArray
    """0, or what it is where it is nothing else: 1 an image, 2 a button, 3 a link."""
    unit: IntArray
    """Part that each word of the page belongs to, -1 for none; shape (words,)."""
    gone: NDArray[np.bool_] | None
    """Lines of the page that go; ``None`` where that is not known. Shape (lines,)."""


_BEGIN: Final = np.full(32, 6, dtype=np.int64)
_BEGIN[[CharClass.LOWER, CharClass.UPPER, CharClass.CASELESS, CharClass.UNSPACED, CharClass.DIGIT]] = range(5)
_BEGIN[[CharClass.QUOTE, CharClass.BRACKET]] = 5
_STOP: Final = np.full(32, 5, dtype=np.int64)
_STOP[[CharClass.LOWER, CharClass.UPPER, CharClass.CASELESS, CharClass.UNSPACED, CharClass.DIGIT, CharClass.MARK]] = 0
_STOP[CharClass.STOP] = 1
_STOP[[CharClass.QUOTE, CharClass.BRACKET]] = 4


def segment_bins(parts: Parts) -> IntArray:
    """Return one bin per group of `SEGMENT_GROUPS`, counted over all groups; shape (parts, groups)."""
    page, start, end, line = parts.page, parts.start, parts.end, parts.line
    count = len(start)
    mine = parts.unit >= 0
    counted = mine & ~page.word_target
    words = np.bincount(parts.unit[counted], minlength=count)
    upper = np.bincount(parts.unit[counted & (page.classes[page.word_start] == CharClass.UPPER)], minlength=count)
    linked = np.bincount(parts.unit[mine & page.word_target], minlength=count) > 0
    in_line = np.bincount(line, weights=words)[line]
    first = np.diff(line, prepend=-1) != 0
    last = np.append(first[1:], True)
    stop = _stops(page, end)
    trait = np.where(
        parts.sort > 0, 7, 1 + 2 * np.searchsorted((4, 11), words, side="right") + ((stop == 1) | (stop == 2))
    )
    answers = {
        "words": SEGMENT_AXES["words"].bins(words),
        "left": parts.cut,
        "right": np.where(last, 0, np.append(parts.cut[1:], 0)),
        "sort": np.where(parts.sort > 0, parts.sort, 4 * linked),
        "begin": _BEGIN[page.classes[start]],
        "stop": stop,
        "capital": SEGMENT_AXES["capital"].bins(share(upper, words)),
        "rest": SEGMENT_AXES["rest"].bins(in_line - words),
        "parts": SEGMENT_AXES["parts"].bins(np.bincount(line)[line]),
        "lead": _leads(page, start, end),
        "previous": np.where(first, 0, np.append(0, trait[:-1])),
        "next": np.where(last, 0, np.append(trait[1:], 0)),
        "alike": _twins(parts, words, counted),
        **_neighbours(parts),
        **_letters(page, start, end),
    }
    # An image or a button is one wherever it stands: only its ends and its size are looked at.
    mark = (parts.sort == 1) | (parts.sort == 2)
    if mark.any():
        for name in answers.keys() - {"left", "right", "sort"}:
            answers[name] = np.where(mark, np.minimum(answers[name], 2) if name == "words" else 0, answers[name])
    columns = np.empty((count, len(SEGMENT_GROUPS)), dtype=np.int64)
    for number, (one, other) in enumerate(SEGMENT_GROUPS):
        columns[:, number] = answers[one] * SEGMENT_AXES[other].size + answers[other] + SEGMENT_OFFSETS[number]
    return columns


def _stops(page: Page, end: IntArray) -> IntArray:
    code, stop = page.codes[end - 1], _STOP[page.classes[end - 1]]
    stop = np.where((stop == 1) & ((code == ord("?")) | (code == ord("!"))), 2, stop)
    stop = np.where((code == ord(":")) | (code == 0xFF1A), 3, stop)
    return np.where(code == ord("…"), 6, stop)


def _letters(page: Page, start: IntArray, end: IntArray) -> dict[str, IntArray]:
    """Answer what is asked of capitals and digits."""

    def number(which: CharClass) -> IntArray:
        total = np.concatenate(([0], np.cumsum(page.classes == which, dtype=np.int32)))
        return (total[end] - total[start]).astype(np.int64)

    low, high, digits = number(CharClass.LOWER), number(CharClass.UPPER), number(CharClass.DIGIT)
    case = np.where(low + high == 0, 0, np.where(high == 0, 1, np.where(2 * high <= low + high, 2, 3)))
    case = np.where((low == 0) & (high > 1), 4, case)
    return {"case": case, "digits": SEGMENT_AXES["digits"].bins(share(digits, end - start))}


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


def _texts(word_hash: HashArray, owner: IntArray, count: int) -> HashArray:
    """Hash the words of each owner in their order; 0 for one without words. ``owner`` never falls. Shape (count,)."""
    out = np.zeros(count, dtype=np.uint64)
    if len(owner):
        first = run_starts(owner)
        place = np.arange(len(owner)) - np.repeat(first, np.diff(first, append=len(owner)))
        out[owner[first]] = np.add.reduceat(mix(word_hash + place.astype(np.uint64)), first)
    return out


def _twins(parts: Parts, words: IntArray, counted: NDArray[np.bool_]) -> IntArray:
    """Tell which parts say the same as other parts, or as whole lines, of the page."""
    page = parts.page
    own = _texts(page.word_hash[counted], parts.unit[counted], len(words))
    plain = ~page.word_target
    whole = _texts(page.word_hash[plain], page.word_line[plain], page.lines)
    values, inverse, counts = np.unique(own, return_inverse=True, return_counts=True)
    others = np.minimum(counts - 1, 2)
    others[np.isin(values, whole)] = 3
    others[values == _NEVER] = 0
    return np.asarray(others[inverse])


def _neighbours(parts: Parts) -> dict[str, IntArray]:
    """Tell what becomes of the lines above and below, and whether a sentence runs on from them or into them."""
    page = parts.page
    gone = np.zeros(page.lines, dtype=np.bool_) if parts.gone is None else parts.gone
    fate = np.where(gone, 1, 2)
    ends = page.classes[page.line_end - 1]
    begins = page.classes[page.line_start]
    open_end = (ends == CharClass.LOWER) | (ends == CharClass.CASELESS) | (ends == CharClass.COMMA)
    runs_on = (begins == CharClass.LOWER) | (begins == CharClass.COMMA) | (begins == CharClass.STOP)
    above = np.concatenate(([0], np.where((fate == 2) & open_end, 3, fate)))[parts.line]
    below = np.concatenate((np.where((fate == 2) & runs_on, 3, fate), [0]))[parts.line + 1]
    return {"above": above, "below": below}
