"""The axes that rules read: each puts every line of a page into one of a few named bins.

An axis is a question ("how many words?") with its possible answers in words. A shape rule is one answer, so what it
reads can be said in words; which answers matter together is the context network's to find out.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Axis:
    """One question about a line and the words for each answer."""

    name: str
    answers: tuple[str, ...]
    edges: tuple[float, ...] = ()
    """Where the bins of a number begin; empty for axes that are no number."""

    @property
    def size(self) -> int:
        """Number of bins."""
        return len(self.answers)

    def bins(self, values: ArrayLike) -> IntArray:
        """Return for each value how many edges it has reached."""
        return _edges(self.edges).searchsorted(np.asarray(values), side="right").astype(np.int64, copy=False)


@functools.cache
def _edges(edges: tuple[float, ...]) -> NDArray[np.float64]:
    return np.array(edges, dtype=np.float64)


def _number(value: float) -> str:
    return f"{value:g}"


def scale(name: str, edges: Sequence[float], wording: str, *, whole: bool = True) -> Axis:
    """Return the axis of a number cut at edges; ``wording`` holds ``{}`` for the range."""
    answers = [wording.format(f"under {_number(edges[0])}" if edges[0] != 1 or not whole else "no")]
    for low, high in itertools.pairwise(edges):
        if whole and high - low == 1:
            answers.append(wording.format(_number(low)))
        elif whole:
            answers.append(wording.format(f"{_number(low)} to {_number(high - 1)}"))
        else:
            answers.append(wording.format(f"{_number(low)} to {_number(high)}"))
    answers.append(wording.format(f"{_number(edges[-1])} or more"))
    return Axis(name, tuple(answers), tuple(edges))


COARSE_EDGES: Final = (2, 4, 7, 12, 20, 40)
_DISTANCE_EDGES: Final = (2, 3, 4, 6, 10, 20, 60, 100_000)
_MASS_EDGES: Final = (1, 15, 30, 60, 120, 240, 480)
_DEPTH_EDGES: Final = (1, 2, 3, 5, 8, 14, 30)

START_ANSWERS: Final = (
    "begins in lower case", "begins in upper case", "begins with a letter without case",
    "begins with a Han, Kana or Thai letter", "begins with a digit", "begins with a quote", "begins with a bracket",
    "begins with a bullet or bar", "begins with a dash",
    "begins with a markup sign", "begins with a symbol", "begins with a stop or comma", "begins with another sign",
    "begins with #", "begins with an image", "begins with a link",
)  # fmt: skip
END_ANSWERS: Final = (
    "ends in a letter", "ends in upper case", "ends in a Han, Kana or Thai letter", "ends in a digit",
    "ends a sentence",    "ends with a bracket", "ends with a quote", "ends with a bar", "ends with a comma",
    "ends with another sign",
    "ends with ? or !", "ends with a colon",
)  # fmt: skip
_TRAIT_ENDS: Final = ("no stop", "a full stop", "open end")


def _trait(name: str, which: str) -> Axis:
    coarse = scale("", COARSE_EDGES, "{} words").answers
    return Axis(name, (*(f"{which}: {words}, {end}" for words in coarse for end in _TRAIT_ENDS), f"{which}: none"))


AXES: Final[Mapping[str, Axis]] = {
    axis.name: axis
    for axis in (
        scale("words", (1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 23, 31, 46, 71, 111), "{} words"),
        scale("coarse", COARSE_EDGES, "{} words"),
        Axis("start", START_ANSWERS),
        Axis("end", END_ANSWERS),
        scale("upper", (0.01, 0.15, 0.3, 0.5, 0.75, 0.999), "share of capitalised words {}", whole=False),
        scale("short", (0.01, 0.12, 0.22, 0.32, 0.42), "share of short lower-case words {}", whole=False),
        scale("stops", (1, 2, 3, 5, 9), "{} stops"),
        scale("commas", (0.001, 0.03, 0.06, 0.1, 0.2), "commas per word {}", whole=False),
        scale("word-length", (2, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 10), "mean word length {}", whole=False),
        scale("digits", (0.001, 0.05, 0.1, 0.2, 0.4, 0.7), "share of digits {}", whole=False),
        scale("bars", (1, 2, 3, 5), "{} bars or bullets"),
        scale("quotes", (1, 2, 3, 5), "{} quotes"),
        scale("brackets", (1, 2, 3, 5), "{} brackets"),
        scale("symbols", (1, 2), "{} symbols"),
        scale("currency", (1, 2), "{} currency signs"),
        scale("markup", (1, 2, 4, 8), "{} markup signs"),
        scale("links", (1, 2, 3, 6), "{} markdown links"),
        scale("link-density", (0.01, 0.1, 0.4, 1.0, 2.5), "link target over text {}", whole=False),
        scale("indent", (1, 3, 5, 9, 17), "indent {}"),
        scale("blank-above", (1, 2), "{} blank lines above"),
        scale("blank-below", (1, 2), "{} blank lines below"),
        Axis("date", ("no date", "a date")),
        Axis("clock", ("no time of day", "a time of day")),
        Axis("mail", ("no @", "an @")),
        scale("capitals", (0.02, 0.1, 0.3, 0.6, 0.9), "share of capital letters {}", whole=False),
        Axis("script", ("cased script", "script without case", "script without spaces")),
        _trait("previous", "line before"),
        _trait("previous-2", "second line before"),
        _trait("next", "line after"),
        _trait("next-2", "second line after"),
        scale("near", _MASS_EDGES, "{} words of prose next to it"),
        scale("around", _MASS_EDGES, "{} words of prose within 3 lines"),
        scale("wide", _MASS_EDGES, "{} words of prose within 8 lines"),
        scale("back", _DISTANCE_EDGES, "prose {} lines back"),
        scale("on", _DISTANCE_EDGES, "prose {} lines on"),
        scale("above", (0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999), "share of the page's prose above {}", whole=False),
        scale("repeated", (1, 2, 3, 5), "on the page {} times"),
        scale("alike", (2, 3, 5, 9, 17), "in a run of {} lines that begin alike"),
        scale("run", (2, 3, 5, 9, 17, 40), "in a run of {} lines of its size"),
        scale("from-top", _DEPTH_EDGES, "{} lines from the top"),
        scale("from-bottom", _DEPTH_EDGES, "{} lines from the bottom"),
        scale("known", (0.0, 0.01, 0.2, 0.4, 0.6, 0.8, 0.999), "share of words that the prose knows {}", whole=False),
        scale("known-above", (0.0, 0.01, 0.2, 0.4, 0.6, 0.8), "share of words that prose above knows {}", whole=False),
        scale("known-below", (0.0, 0.01, 0.2, 0.4, 0.6, 0.8), "share of words that prose below knows {}", whole=False),
        Axis("occurrence", ("stands once", "first of several alike", "alike to one above")),
        scale("rhythm", (1, 2, 3, 4, 5, 6), "{} lines make a pattern that repeats"),
        scale("title", (0.01, 0.3, 0.6, 0.8, 0.999), "share of words in the first line {}", whole=False),
        scale("page-prose", (0.02, 0.15, 0.3, 0.5, 0.7, 0.9), "share of prose on the page {}", whole=False),
        scale("page-lines", (5, 20, 60, 150, 400), "page of {} lines"),
        scale("page-median", (2, 3, 4, 7, 12), "median line of {} words"),
    )
}  # fmt: skip
"""Every axis by name."""

AXIS_OFFSETS: Final = tuple(int(total) for total in np.cumsum((0, *(axis.size for axis in AXES.values()))))
"""Where each axis's bins begin when all axes are laid end to end; one longer than `AXES`."""
_NAMES: Final = tuple(AXES)


def shape_id(feature: int) -> str:
    """Return the rule id of one bin, counted over all axes."""
    axis, answer = _place(feature)
    return f"shape:{axis.name}={answer}"


def shape_reads(feature: int) -> str:
    """Say in words what one bin, counted over all axes, looks at."""
    axis, answer = _place(feature)
    return axis.answers[answer]


def _place(feature: int) -> tuple[Axis, int]:
    number = int(np.searchsorted(AXIS_OFFSETS, feature, side="right")) - 1
    return AXES[_NAMES[number]], feature - AXIS_OFFSETS[number]


def axis_bins(answers: Mapping[str, IntArray]) -> IntArray:
    """Return the bin of every line on every axis, counted over all axes; shape (lines, axes)."""
    return np.asarray(np.stack([answers[name] for name in _NAMES], axis=1) + np.array(AXIS_OFFSETS[:-1]))
