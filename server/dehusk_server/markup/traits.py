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
    line_of = np.maximum(np.searchsorted(page.line_start, tree.runs[:, 0], side="right") - 1, 0)
    size = (tree.runs[:, 1] - tree.runs[:, 0]).astype(np.float64)
    whole = np.bincount(line_of, weights=size, minlength=page.lines).astype(np.float64)
    place = np.array(markup.elements.place, dtype=np.int64)
    held, own = place[tree.runs[:, 2]], place[tree.line_element]
    answers: dict[str, IntArray] = {}
    links: FloatArray = np.zeros(page.lines)
    for bit, name in enumerate(PLACE_NAMES):
        axis = AXES[f"dom-{name}"]
        if not axis.edges:
            answers[axis.name] = (own >> bit) & 1
            continue
        inside = np.bincount(line_of, weights=size * ((held >> bit) & 1), minlength=page.lines).astype(np.float64)
        answers[axis.name] = axis.bins(share(inside, whole))
        if name == "link":
            links = inside
    answers |= _tags(markup, tree)
    answers |= _counts(markup, tree, page)
    answers |= _levels(markup, tree, measures, links, whole)
    answers |= stated_answers(page, stated)
    answers |= nearness(markup, tree, measures, answers)
    return dom_bins(answers)


def _tags(markup: Markup, tree: Tree) -> dict[str, IntArray]:
    own = tree.line_block
    around = tree.around[own]
    names = [tags.GROUP_OF.get(tag, len(tags.GROUPS) - 1) for tag in markup.elements.tag]
    groups = np.array(names, dtype=np.int64)
    return {"dom-tag": groups[own], "dom-tag-1": groups[around], "dom-tag-2": groups[tree.around[around]]}


def _counts(markup: Markup, tree: Tree, page: Page) -> dict[str, IntArray]:
    elements = markup.elements
    links = [start for tag, start in zip(elements.tag, elements.start, strict=True) if tag == "a"]
    at = np.searchsorted(page.line_start, np.array(links, dtype=np.int64))
    counted = np.bincount(np.minimum(at, page.lines - 1), minlength=page.lines)
    images = np.bincount(tree.block[np.array(markup.images, dtype=np.int64)], minlength=len(tree.block))
    depth = np.array(elements.depth, dtype=np.int64)
    return {
        "dom-link-count": AXES["dom-link-count"].bins(counted),
        "dom-images": AXES["dom-images"].bins(images[tree.line_block]),
        "dom-depth": AXES["dom-depth"].bins(depth[tree.line_block]),
    }


def _levels(
    markup: Markup, tree: Tree, measures: Measures, links: FloatArray, whole: FloatArray
) -> dict[str, IntArray]:
    words, prose = tree.total(measures.words), tree.total(measures.prose)
    numbers = {
        "words": words,
        "links": share(tree.total(links), tree.total(whole)),
        "prose": share(prose, words),
        "alike": _alike(markup),
        "weight": prose / max(float(measures.prose.sum()), 1.0),
    }
    # The edges of an axis are the same for all levels.
    bins = {name: AXES[f"dom-{name}-0"].bins(values) for name, values in numbers.items()}
    answers: dict[str, IntArray] = {}
    block = tree.line_block
    for level in range(LEVELS):
        answers |= {f"dom-{name}-{level}": values[block] for name, values in bins.items()}
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
    """Count for each element those under the same parent with its tag and first class; shape (elements,)."""
    elements = markup.elements
    first = [names.partition(" ")[0] for names in elements.names]
    seen: dict[tuple[int, str, str], int] = {}
    places = zip(elements.parent, elements.tag, first, strict=True)
    numbers = np.array([seen.setdefault(place, len(seen)) for place in places], dtype=np.int64)
    return np.bincount(numbers)[numbers]
