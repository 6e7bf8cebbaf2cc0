"""HTML to everything that rules look at: the features of its text, and what the tree says of each line."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dehusk_server.markup.stated import Stated
from dehusk_server.markup.tokens import TokenReader, find_tokens
from dehusk_server.markup.traits import take_traits
from dehusk_server.markup.tree import Tree, plant
from dehusk_server.markup.walk import Markup
from dehusk_server.text.features import Features, TreeFeatures, take_features
from dehusk_server.text.page import HashArray, IntArray, Page
from dehusk_server.text.phrases import Phrases


@dataclass(frozen=True, slots=True)
class MarkupFeatures:
    """A page's features with the tree that they were taken from."""

    features: Features
    tree: Tree


def take_markup_features(markup: Markup, text: str, stated: Stated, reader: TokenReader) -> MarkupFeatures | None:
    """Measure the text of an HTML page, or its beginning; ``None`` where it holds no visible character.

    Args:
        markup: the page.
        text: its text, or as much of it as is to be looked at, cut at the end of a line.
        stated: what the page states of itself.
        reader: reads the tokens that are wanted.
    """
    features = take_features(text)
    if features is None:
        return None
    page = features.page
    tree = plant(markup, page)
    bins = take_traits(markup, tree, page, features.measures, stated)
    tokens = _of_lines(page, *find_tokens(markup, tree, reader))
    return MarkupFeatures(replace(features, tree=TreeFeatures(bins, tokens)), tree)


def _of_lines(page: Page, hashes: HashArray, lines: IntArray) -> Phrases:
    """Return tokens as phrases that cover their line; a line without a word has none."""
    first = np.searchsorted(page.word_line, np.arange(page.lines))
    past = np.searchsorted(page.word_line, np.arange(page.lines), side="right")
    use = past[lines] > first[lines]
    lines, hashes = lines[use], hashes[use]
    return Phrases(hashes, lines, first[lines], past[lines] - 1, np.zeros(len(lines), dtype=np.uint8))
