"""What the tree says of each line, measured over the whole page at once."""

from __future__ import annotations

import numpy as np

from dehusk_server.markup import tags
from dehusk_server.markup.dom_axes import AXES, LEVELS, PLACE_NAMES, dom_bins
from dehusk_server.markup.nearness import nearness
from dehusk_server.markup.stated import Stated
from dehusk_server.markup.stated_share import stated_answers
from dehusk_server.markup.tree import Tree
from dehusk_server.markup.walk import Markup
from dehusk_server.text.axes import IntArray
from dehusk_server.text.page import Page
from dehusk_server.text.shapes import FloatArray, Measures, share


def take_traits(markup: Markup, tree: Tree, page: Page, measures: Measures, stated: Stated) -> IntArray:
    """Return the bin of every line on every axis of `dom_axes`; shape (lines, axes)."""
    runs = np.array(markup.runs, dtype=np.int64).reshape(-1, 3)
    place = np.array([element.place for element in markup.elements], dtype=np.int64)
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
    groups = np.array([tags.group_of(element.tag) for element in markup.elements], dtype=np.int64)
    answers |= _tags(tree, groups)
    answers |= _counts(markup, tree, page)
    answers |= _levels(markup, tree, measures, links, whole.astype(np.float64))
    answers |= stated_answers(page, stated)
    answers |= nearness(markup, tree, measures, answers)
    return dom_bins(answers)


def _tags(tree: Tree, groups: IntArray) -> dict[str, IntArray]:
    own = tree.line_block
    around = tree.around[own]
    again = tree.around[around]
    return {"dom-tag": groups[own], "dom-tag-1": groups[around], "dom-tag-2": groups[again]}


def _counts(markup: Markup, tree: Tree, page: Page) -> dict[str, IntArray]:
    links = [number for number, element in enumerate(markup.elements) if element.tag == "a"]
    at = np.searchsorted(page.line_start, np.array([markup.elements[number].start for number in links], dtype=np.int64))
    counted = np.bincount(np.minimum(at, page.lines - 1), minlength=page.lines) if links else np.zeros(page.lines)
    images = (
        np.bincount(tree.block[np.array(markup.images, dtype=np.int64)], minlength=len(tree.block))
        if markup.images
        else np.zeros(len(tree.block))
    )
    depth = np.zeros(len(tree.parent), dtype=np.int64)
    for number, parent in enumerate(tree.parent.tolist()):
        if parent >= 0:
            depth[number] = depth[parent] + 1
    return {
        "dom-link-count": AXES["dom-link-count"].bins(counted),
        "dom-images": AXES["dom-images"].bins(images[tree.line_block]),
        "dom-depth": AXES["dom-depth"].bins(depth[tree.line_block]),
    }


def _levels(
    markup: Markup, tree: Tree, measures: Measures, links: FloatArray, whole: FloatArray
) -> dict[str, IntArray]:
    words, prose = tree.total(measures.words), tree.total(measures.prose)
    linked, visible = tree.total(links), tree.total(whole)
    alike = _alike(markup)
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


def _alike(markup: Markup) -> IntArray:
    """Count for each element those under the same parent with its tag and class; shape (elements,)."""
    names: dict[tuple[int, str, str], int] = {}
    found = [
        names.setdefault((element.parent, element.tag, element.names.partition(" ")[0]), len(names))
        for element in markup.elements
    ]
    numbers = np.array(found, dtype=np.int64)
    return np.bincount(numbers, minlength=len(names))[numbers]
