"""The axes that rules read: each puts every line of a page into one of a few named bins.

An axis is a question ("how many words?") with its possible answers in words; a *group* is one axis or two taken
together. A shape rule is one bin of one group, so what it reads can be said in words.
"""

from __future__ import annotations

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
        return np.searchsorted(np.asarray(self.edges, dtype=np.float64), np.asarray(values), side="right").astype(
            np.int64
        )


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
        scale("title", (0.01, 0.3, 0.6, 0.8, 0.999), "share of words in the first line {}", whole=False),
        scale("page-prose", (0.02, 0.15, 0.3, 0.5, 0.7, 0.9), "share of prose on the page {}", whole=False),
        scale("page-lines", (5, 20, 60, 150, 400), "page of {} lines"),
        scale("page-median", (2, 3, 4, 7, 12), "median line of {} words"),
    )
}  # fmt: skip
"""Every axis by name."""

GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    ("words",), ("start",), ("end",), ("coarse", "end"), ("coarse", "start"), ("coarse", "upper"), ("coarse", "short"),
    ("coarse", "stops"), ("coarse", "commas"), ("word-length",), ("digits",), ("bars",), ("quotes",), ("brackets",),
    ("symbols",), ("currency",), ("markup",), ("links",), ("link-density", "coarse"), ("indent",),
    ("blank-above", "blank-below"), ("blank-above", "coarse"), ("blank-below", "coarse"), ("date", "coarse"),
    ("clock", "coarse"), ("mail",), ("capitals", "coarse"), ("script", "end"), ("previous-2",), ("previous",),
    ("next",), ("next-2",), ("previous", "coarse"), ("next", "coarse"), ("near", "coarse"), ("around", "coarse"),
    ("wide", "coarse"),     ("around", "end"), ("back", "on"), ("back", "coarse"), ("on", "coarse"),
    ("above", "coarse"), ("above", "on"),
    ("repeated", "coarse"), ("alike", "start"), ("run", "coarse"), ("from-top",), ("from-bottom",), ("known",),
    ("known", "coarse"), ("title", "coarse"), ("title", "above"), ("page-prose", "coarse"), ("page-lines", "coarse"),
    ("page-median", "coarse"),
)  # fmt: skip
"""The groups that shape rules are bins of: one axis, or two together."""

GROUP_SIZES: Final = tuple(int(np.prod([AXES[name].size for name in group])) for group in GROUPS)
GROUP_OFFSETS: Final = tuple(int(total) for total in np.cumsum((0, *GROUP_SIZES)))
"""Where each group's bins begin when all groups are laid end to end; one longer than `GROUPS`."""


def shape_id(feature: int) -> str:
    """Return the rule id of one bin, counted over all groups."""
    group, answers = _place(feature)
    return "shape:" + "+".join(f"{name}={answer}" for name, answer in zip(GROUPS[group], answers, strict=True))


def shape_reads(feature: int) -> str:
    """Say in words what one bin, counted over all groups, looks at."""
    group, answers = _place(feature)
    return "; ".join(AXES[name].answers[answer] for name, answer in zip(GROUPS[group], answers, strict=True))


def _place(feature: int) -> tuple[int, tuple[int, ...]]:
    group = int(np.searchsorted(GROUP_OFFSETS, feature, side="right")) - 1
    bin_number = feature - GROUP_OFFSETS[group]
    sizes = tuple(AXES[name].size for name in GROUPS[group])
    return group, tuple(int(part) for part in np.unravel_index(bin_number, sizes))


def group_bins(answers: Mapping[str, IntArray]) -> IntArray:
    """Return the bin of every line in every group, counted over all groups; shape (lines, groups)."""
    columns = []
    for offset, group in zip(GROUP_OFFSETS[:-1], GROUPS, strict=True):
        if len(group) == 1:
            columns.append(answers[group[0]] + offset)
        else:
            columns.append(answers[group[0]] * AXES[group[1]].size + answers[group[1]] + offset)
    return np.stack(columns, axis=1)
