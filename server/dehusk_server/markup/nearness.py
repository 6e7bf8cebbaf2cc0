"""How far each line stands from the title, from the first paragraph and from where most paragraphs are, in blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dehusk_server.markup.dom_axes import AXES
from dehusk_server.markup.tags import HEADINGS
from dehusk_server.markup.tree import Tree
from dehusk_server.markup.walk import Markup
from dehusk_server.text.axes import IntArray
from dehusk_server.text.shapes import Measures


def nearness(markup: Markup, tree: Tree, measures: Measures, answers: dict[str, IntArray]) -> dict[str, IntArray]:
    """Say how far each line is from headings, and in blocks from most paragraphs, the opening and the title."""
    around = tree.around[tree.line_block]
    prose = measures.prose
    by_parent = np.bincount(around, weights=prose, minlength=len(tree.parent))
    tags = [markup.elements.tag[number] for number in tree.line_block.tolist()]
    title = _title_line(tags, answers["stated-title"])
    below = np.flatnonzero(prose[max(title, 0) :] > 0) + max(title, 0)
    opening = int(below[0]) if len(below) else -1
    return _headings(tags) | {
        "dom-paragraphs": _distance(tree, int(by_parent.argmax()) if prose.any() else -1),
        "dom-opening": _distance(tree, int(around[opening]) if opening >= 0 else -1),
        "dom-with-title": _distance(tree, int(tree.line_block[title]) if title >= 0 else -1),
        "dom-article": _article(markup, tree, title),
    }


def _title_line(tags: Sequence[str], likeness: IntArray) -> int:
    """Return the line most like the stated title, headings first, then the first main heading; -1 without either."""
    rank = np.array([2 if tag == "h1" else 1 if tag in HEADINGS else 0 for tag in tags], dtype=np.int64)
    score = np.where(likeness >= 3, likeness * 4 + rank, np.where(rank == 2, 3, 0))
    return int(score.argmax()) if score.any() else -1


def _distance(tree: Tree, element: int) -> IntArray:
    """Return for each line how many blocks up from an element it takes to hold it, and on which side it stands."""
    count = len(tree.line_block)
    if element < 0:
        return np.full(count, 13)
    lines = np.arange(count)
    first, past = tree.first[element], tree.past[element]
    side = np.where(lines < first, 0, np.where(lines >= past, 2, 1))
    steps = np.full(count, 4)
    for step in range(4):
        inside = (lines >= tree.first[element]) & (lines < tree.past[element])
        steps = np.where(inside & (steps == 4), step, steps)
        element = int(tree.around[element])
    return steps * 3 + side


def _article(markup: Markup, tree: Tree, title: int) -> IntArray:
    count = len(tree.line_block)
    articles = [number for number, tag in enumerate(markup.elements.tag) if tag == "article"]
    if not articles:
        return np.zeros(count, dtype=np.int64)
    own = np.full(count, -1)
    for number in articles:
        own[tree.first[number] : tree.past[number]] = number
    others = 3 if len(articles) <= 3 else 4
    found = np.where(own < 0, 1, others)
    if title >= 0 and own[title] >= 0:
        found = np.where(own == own[title], 2, found)
    return found


def _headings(tags: Sequence[str]) -> dict[str, IntArray]:
    """Say how far below a heading each line is, and on which side of the main heading."""
    lines = np.arange(len(tags))
    heading = np.array([tag in HEADINGS for tag in tags], dtype=np.bool_)
    last = np.maximum.accumulate(np.where(heading, lines, -200_000))
    main = next((number for number, tag in enumerate(tags) if tag == "h1"), -1)
    title = np.full(len(lines), 3) if main < 0 else np.sign(lines - main) + 1
    return {"dom-to-heading": AXES["dom-to-heading"].bins(lines - last), "dom-title": title}
