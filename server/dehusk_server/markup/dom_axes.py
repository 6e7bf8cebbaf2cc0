"""The axes that rules on HTML read: what the tree says of each line, in named bins, beside those of the line's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from dehusk_server.markup.tags import GROUPS
from dehusk_server.text.axes import Axis, IntArray, scale

_WORDS: Final = (1, 5, 15, 40, 100, 250, 600)
_SHARES: Final = (0.01, 0.1, 0.3, 0.6, 0.9, 0.999)
_MANY: Final = (2, 3, 5, 10, 20)
LEVELS: Final = 4
"""Blocks around a line that are measured: its own, the one around that, and so on."""
_ROUND: Final = ("its block", "the block around", "two blocks around", "three blocks around")
PLACE_NAMES: Final = (
    "link", "article", "main", "nav", "aside", "header", "footer", "form", "figure", "table", "quote", "list", "hidden",
    "noscript", "heading", "strong", "code", "time", "button", "dialog",
)  # fmt: skip
"""Places in the order of their bits in `tags`."""
_SHARED: Final = frozenset({"link", "strong", "time", "button", "code"})
"""Places that part of a line may stand in."""


def _tag(name: str, where: str) -> Axis:
    return Axis(name, tuple(f"{where} <{group}>" for group in GROUPS))


def _levels() -> list[Axis]:
    axes = []
    for level, where in enumerate(_ROUND):
        axes += [
            scale(f"dom-words-{level}", _WORDS, f"{{}} words in {where}"),
            scale(f"dom-links-{level}", _SHARES, f"share of link text in {where} {{}}", whole=False),
            scale(f"dom-prose-{level}", _SHARES, f"share of prose in {where} {{}}", whole=False),
            scale(f"dom-alike-{level}", _MANY, f"{{}} elements like {where} beside it"),
            scale(f"dom-weight-{level}", _SHARES, f"share of the page's prose in {where} {{}}", whole=False),
        ]
    return axes


def _steps(what: str) -> list[str]:
    inside = [f"in {what}", *(f"in {step} above {what}" for step in ("one block", "two blocks", "three blocks"))]
    return [f"{where}, {side}" for where in (*inside, f"farther from {what}") for side in ("above", "at", "below")]


AXES: Final[Mapping[str, Axis]] = {
    axis.name: axis
    for axis in (
        _tag("dom-tag", "in"),
        _tag("dom-tag-1", "in, around that,"),
        _tag("dom-tag-2", "in, around that again,"),
        *(
            scale(f"dom-{name}", _SHARES, f"share of the line in <{name}> {{}}", whole=False)
            if name in _SHARED
            else Axis(f"dom-{name}", (f"not in {name}", f"in {name}"))
            for name in PLACE_NAMES
        ),
        scale("dom-link-count", (1, 2, 3, 6, 12), "{} links"),
        scale("dom-images", (1, 2, 4), "{} images in its block"),
        scale("dom-depth", (4, 6, 8, 10, 13, 17, 24), "{} elements deep"),
        *_levels(),
        Axis("dom-core", ("outside of the block with most prose, above it", "outside of it, below it", "in it itself",
                          "one block inside it", "two blocks inside it", "three or more blocks inside it")),
        Axis("dom-half", ("outside of the smallest block with half the prose, above it", "outside of it, below it",
                          "in it itself", "one block inside it", "two blocks inside it",
                          "three or more blocks inside it")),
        Axis("dom-paragraphs", tuple(_steps("the element with most paragraphs"))),
        Axis("dom-opening", tuple(_steps("the element of the first paragraph below the title"))),
        Axis("dom-with-title", tuple(_steps("the title's block"))),
        Axis("dom-article", ("page without <article>", "in no <article>", "in the <article> of the title",
                             "in another <article>, one of few", "in another <article>, one of many")),
        scale("dom-to-heading", (1, 2, 3, 6, 12, 30, 100_000), "{} lines below a heading"),
        Axis("dom-title", ("above the main heading", "is the main heading", "below the main heading",
                           "page without a main heading")),
        Axis("stated-type", ("page states no type", "states an article", "states a product", "states a discussion",
                             "states a list", "states an organisation", "states another type")),
        Axis("stated-title", ("page states no title", "shares no word with the stated title",
                              "shares some words with it", "has most words of it", "is the stated title")),
        Axis("stated-body", ("page states no body", "not in the stated body", "partly in the stated body",
                             "mostly in the stated body")),
        Axis("stated-description", ("page states no description", "not in the stated description",
                                    "partly in the stated description", "mostly in the stated description")),
    )
}  # fmt: skip
"""Every axis by name."""

OFFSETS: Final = tuple(int(total) for total in np.cumsum((0, *(axis.size for axis in AXES.values()))))
"""Where each axis's bins begin when all are laid end to end; one longer than `AXES`."""
_NAMES: Final = tuple(AXES)


def dom_id(feature: int) -> str:
    """Return the rule id of one bin, counted over all axes."""
    name, answer = _place(feature)
    return f"dom:{name}={answer}"


def dom_reads(feature: int) -> str:
    """Say in words what one bin, counted over all axes, looks at."""
    name, answer = _place(feature)
    return AXES[name].answers[answer]


def _place(feature: int) -> tuple[str, int]:
    number = int(np.searchsorted(OFFSETS, feature, side="right")) - 1
    return _NAMES[number], feature - OFFSETS[number]


def dom_bins(answers: Mapping[str, IntArray]) -> IntArray:
    """Return the bin of every line on every axis, counted over all axes; shape (lines, axes)."""
    columns: Sequence[IntArray] = [answers[name] for name in _NAMES]
    return np.asarray(np.stack(columns, axis=1) + np.array(OFFSETS[:-1]))
