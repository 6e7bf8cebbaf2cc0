"""All that rules can see of a page: the shape bins of its lines and the phrases in them."""

from __future__ import annotations

from dataclasses import dataclass

from dehusk_server.text.axes import IntArray, axis_bins
from dehusk_server.text.context import context_answers
from dehusk_server.text.page import Page, measure
from dehusk_server.text.phrases import Phrases, find_phrases
from dehusk_server.text.shapes import Measures, shape_answers, take_measures


@dataclass(frozen=True, slots=True)
class Features:
    """A page with everything that rules look at."""

    page: Page
    measures: Measures
    bins: IntArray
    """One bin per line and axis, counted over all axes; shape (lines, axes)."""
    phrases: Phrases
    tree: TreeFeatures | None = None
    """What the tree says of each line, on HTML pages."""


@dataclass(frozen=True, slots=True)
class TreeFeatures:
    """What rules see of the tree that a page's lines stand in."""

    bins: IntArray
    """One bin per line and axis of the tree, counted over all of them; shape (lines, axes)."""
    tokens: Phrases
    """Words in the class names and ids around each line that holds a word; each covers the whole line."""


def take_features(text: str) -> Features | None:
    """Measure a text; ``None`` where it holds no visible character."""
    page = measure(text)
    if not page.lines:
        return None
    measures = take_measures(page)
    shapes = shape_answers(page, measures)
    answers = shapes | context_answers(page, measures, shapes)
    return Features(page, measures, axis_bins(answers), find_phrases(page))
