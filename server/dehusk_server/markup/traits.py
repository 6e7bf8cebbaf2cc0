"""What the tree says of each line, measured over the whole page at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.markup import tags
from dehusk_server.markup.dom_axes import AXES, LEVELS, PLACE_NAMES, dom_bins
from dehusk_server.markup.stated import Stated
from dehusk_server.markup.stated_share import stated_answers
from dehusk_server.markup.walk import Markup
from dehusk_server.text.axes import IntArray
from dehusk_server.text.page import Page
from dehusk_server.text.shapes import FloatArray, Measures, share

_HEAD: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements of a page as arrays, and where its lines stand among them."""

    parent: IntArray
    block: IntArray
    """Nearest block of each element; shape (elements,)."""
    around: IntArray
    """Nearest block around each element's block; the root's is itself. Shape (elements,)."""
    first: IntArray
    """First line that begins in each element …"""
    past: IntArray
    """… and one past the last; shape (elements,)."""
    line_block: IntArray
    """Block of each line; shape (lines,)."""
    line_element: IntArray
    """Element that holds the first text of each line; shape (lines,)."""


def plant(markup: Markup, page: Page) -> Tree:
    """Return a page's tree as arrays."""
    parent = np.array([element[0] for element in markup.elements], dtype=np.int64)
    block = np.array([element[3] for element in markup.elements], dtype=np.int64)
    begin = np.array([element[4] for element in markup.elements], dtype=np.int64)
    ends = np.array(markup.ends, dtype=np.int64)
    # An element that begins where text ended begins with the next text.
    first = np.searchsorted(page.line_start, begin)
    past = np.maximum(np.searchsorted(page.line_start, ends), first)
    around = block[np.maximum(parent[block], 0)]
    starts = np.array([run[0] for run in markup.runs], dtype=np.int64)
    holder = np.array([run[2] for run in markup.runs], dtype=np.int64)
    at = np.maximum(np.searchsorted(starts, page.line_start, side="right") - 1, 0)
    return Tree(parent, block, around, first, past, block[holder[at]], holder[at])


def take_traits(markup: Markup, tree: Tree, page: Page, measures: Measures, stated: Stated) -> IntArray:
    """Return the bin of every line on every axis of `dom_axes`; shape (lines, axes)."""
    runs = np.array(markup.runs, dtype=np.int64).reshape(-1, 3)
    place = np.array([element[2] for element in markup.elements], dtype=np.int64)
    line_of = np.maximum(np.searchsorted(page.line_start, runs[:, 0], side="right") - 1, 0)
    size = (runs[:, 1] - runs[:, 0]).astype(np.float64)
    whole = np.bincount(line_of, weights=size, minlength=page.lines)
    answers: dict[str, IntArray] = {}
    held = place[runs[:, 2]]
    links: FloatArray = np.zeros(page.lines)
    own_place = place[tree.line_element]
    for bit, name in enumerate(PLACE_NAMES):
        axis = AXES[f"dom-{name}"]
        if len(axis.edges):
            inside = np.bincount(line_of, weights=size * ((held >> bit) & 1), minlength=page.lines).astype(np.float64)
            answers[axis.name] = axis.bins(share(inside, whole))
            if name == "link":
                links = inside
        else:
            answers[axis.name] = (own_place >> bit) & 1
    groups = np.array([tags.group_of(element[1]) for element in markup.elements], dtype=np.int64)
    answers |= _tags(tree, groups)
    answers |= _counts(markup, tree, page, runs, line_of)
    answers |= _levels(markup, tree, measures, links, whole.astype(np.float64))
    answers |= _headings(markup, tree, page)
    answers |= stated_answers(page, stated)
    answers |= _near(markup, tree, measures, answers)
    return dom_bins(answers)


def _tags(tree: Tree, groups: IntArray) -> dict[str, IntArray]:
    own = tree.line_block
    around = tree.around[own]
    again = tree.around[around]
    return {"dom-tag": groups[own], "dom-tag-1": groups[around], "dom-tag-2": groups[again]}


def _counts(markup: Markup, tree: Tree, page: Page, runs: IntArray, line_of: IntArray) -> dict[str, IntArray]:
    links = [number for number, element in enumerate(markup.elements) if element[1] == "a"]
    at = np.searchsorted(page.line_start, np.array([markup.elements[n][4] for n in links], dtype=np.int64))
    counted = np.bincount(np.minimum(at, page.lines - 1), minlength=page.lines) if links else np.zeros(page.lines)
    images = np.bincount(tree.block[np.array(markup.images, dtype=np.int64)], minlength=len(tree.block)) if (
        markup.images
    ) else np.zeros(len(tree.block))
    depth = np.zeros(len(tree.parent), dtype=np.int64)
    for number, parent in enumerate(tree.parent.tolist()):
        if parent >= 0:
            depth[number] = depth[parent] + 1
    return {
        "dom-link-count": AXES["dom-link-count"].bins(counted),
        "dom-images": AXES["dom-images"].bins(images[tree.line_block]),
        "dom-depth": AXES["dom-depth"].bins(depth[tree.line_block]),
    }


def _total(tree: Tree, values: FloatArray) -> FloatArray:
    """Return the sum over the lines of each element; shape (elements,)."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(sums[tree.past] - sums[tree.first])


def _levels(
    markup: Markup, tree: Tree, measures: Measures, links: FloatArray, whole: FloatArray
) -> dict[str, IntArray]:
    words, prose = _total(tree, measures.words), _total(tree, measures.prose)
    linked, visible = _total(tree, links), _total(tree, whole)
    alike = _alike(markup, tree)
    page_prose = max(float(measures.prose.sum()), 1.0)
    answers: dict[str, IntArray] = {}
    block = tree.line_block
    for level in range(LEVELS):
        answers |= {
            f"dom-words-{level}": AXES[f"dom-words-{level}"].bins(words[block]),
            f"dom-links-{level}": AXES[f"dom-links-{level}"].bins(share(linked[block], visible[block])),
            f"dom-prose-{level}": AXES[f"dom-prose-{level}"].bins(share(prose[block], words[block])),
            f"dom-alike-{level}": AXES[f"dom-alike-{level}"].bins(alike[block]),
            f"dom-weight-{level}": AXES[f"dom-weight-{level}"].bins(prose[block] / page_prose),
        }
        block = tree.around[block]
    blocks = tree.block == np.arange(len(tree.block))
    # The last in document order that still holds so much is the smallest.
    for name, least in (("dom-core", 0.8), ("dom-half", 0.5)):
        core = int(np.flatnonzero(blocks & (prose >= least * prose[0]))[-1]) if prose[0] > 0 else 0
        answers[name] = _inside(tree, core)
    return answers


def _inside(tree: Tree, core: int) -> IntArray:
    lines = np.arange(len(tree.line_block))
    found = np.where(lines < tree.first[core], 0, 1)
    inside = (lines >= tree.first[core]) & (lines < tree.past[core])
    steps = np.full(len(lines), 3)
    block = tree.line_block
    for step in range(3):
        steps = np.where((block == core) & (steps == 3), step, steps)
        block = tree.around[block]
    return np.where(inside, 2 + steps, found)


def _near(
    markup: Markup, tree: Tree, measures: Measures, answers: dict[str, IntArray]
) -> dict[str, IntArray]:
    """Say how far each line is, in blocks, from the element of most paragraphs, from the opening and from the title."""
    around = tree.around[tree.line_block]
    prose = measures.prose
    by_parent = np.bincount(around, weights=prose, minlength=len(tree.parent))
    title = _title_line(markup, tree, answers["stated-title"])
    below = np.flatnonzero(prose[max(title, 0) :] > 0) + max(title, 0)
    opening = int(below[0]) if len(below) else -1
    return {
        "dom-paragraphs": _distance(tree, int(by_parent.argmax()) if prose.any() else -1),
        "dom-opening": _distance(tree, int(around[opening]) if opening >= 0 else -1),
        "dom-with-title": _distance(tree, int(tree.line_block[title]) if title >= 0 else -1),
        "dom-article": _article(markup, tree, title),
    }


def _title_line(markup: Markup, tree: Tree, likeness: IntArray) -> int:
    """Return the line most like the stated title, headings first, then the first main heading; -1 without either."""
    tag = [markup.elements[number][1] for number in tree.line_block.tolist()]
    rank = np.array([2 if name == "h1" else 1 if name in _HEAD else 0 for name in tag], dtype=np.int64)
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
    articles = [number for number, element in enumerate(markup.elements) if element[1] == "article"]
    if not articles:
        return np.zeros(count, dtype=np.int64)
    own = np.full(count, -1)
    for number in articles:
        own[tree.first[number] : tree.past[number]] = number
    others = 3 if len(articles) <= 3 else 4
    found = np.where(own < 0, 1, others)
    if title >= 0 and own[title] >= 0:
        found = np.where(own == own[title], 2, found)
        # What stands in an article inside of the title's own is another's only by its own account.
    return found


def _alike(markup: Markup, tree: Tree) -> IntArray:
    """Count for each element those under the same parent with its tag and class; shape (elements,)."""
    names: dict[tuple[int, str, str], int] = {}
    found = [
        names.setdefault((element[0], element[1], element[5].partition(" ")[0]), len(names))
        for element in markup.elements
    ]
    numbers = np.array(found, dtype=np.int64)
    return np.bincount(numbers, minlength=len(names))[numbers]


def _headings(markup: Markup, tree: Tree, page: Page) -> dict[str, IntArray]:
    lines = np.arange(page.lines)
    tag = [markup.elements[number][1] for number in tree.line_block.tolist()]
    heading = np.array([name in _HEAD for name in tag], dtype=np.bool_)
    last = np.maximum.accumulate(np.where(heading, lines, -200_000))
    main = next((number for number, name in enumerate(tag) if name == "h1"), -1)
    title = np.full(page.lines, 3) if main < 0 else np.sign(lines - main) + 1
    return {"dom-to-heading": AXES["dom-to-heading"].bins(lines - last), "dom-title": title}
