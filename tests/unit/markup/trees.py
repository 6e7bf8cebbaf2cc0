"""Pages of HTML as what is measured on them, for tests."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from dehusk_server.markup.dom_axes import AXES, OFFSETS
from dehusk_server.markup.stated import read_stated
from dehusk_server.markup.traits import take_traits
from dehusk_server.markup.tree import Tree, plant
from dehusk_server.markup.walk import Markup, flatten
from dehusk_server.text.features import Features, take_features


@dataclass(frozen=True, slots=True)
class Grown:
    """A page with everything that is measured on it."""

    markup: Markup
    features: Features
    tree: Tree
    answers: list[dict[str, str]]
    """Of each line, the answer in words on each axis of the tree."""


def grow(html: str) -> Grown:
    """Measure a page that shows some text."""
    parser = LexborHTMLParser(html)
    markup = flatten(parser)
    features = take_features(markup.text)
    assert features is not None
    tree = plant(markup, features.page)
    bins = take_traits(markup, tree, features.page, features.measures, read_stated(parser)) - OFFSETS[:-1]
    answers = [
        {name: axis.answers[number] for (name, axis), number in zip(AXES.items(), row, strict=True)}
        for row in bins.tolist()
    ]
    return Grown(markup, features, tree, answers)
