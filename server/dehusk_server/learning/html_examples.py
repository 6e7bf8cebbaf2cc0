"""HTML pages to labelled examples: each line of the visible text by the reference body, its kind by what was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser

from dehusk_server.learning.corpora import flat_pages, html_pages, news_pages, span_pages
from dehusk_server.learning.examples import Example, MaskArray, Origin, make_example
from dehusk_server.learning.flatten import Flattening
from dehusk_server.learning.flatten import flatten as flatten_text
from dehusk_server.learning.labelling import BODY_SHARE, HUSK_SHARE, flattened_id, stem
from dehusk_server.learning.pages import HtmlPage
from dehusk_server.learning.readings import annotation_of_reading
from dehusk_server.learning.transfer import Annotation, annotation_of, carry_over
from dehusk_server.markup.features import take_markup_features
from dehusk_server.markup.stated import read_stated
from dehusk_server.markup.tokens import TokenReader, words
from dehusk_server.markup.walk import flatten
from dehusk_server.model import KINDS
from dehusk_server.text.page import HashArray, Page

_TOKENS: Final = TokenReader()
"""All are wanted: which ones count is to be learned."""
_WORD: Final = re.compile(r"\w+")
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HtmlExample:
    """A labelled HTML page, measured."""

    text: Example
    """Its visible text, with labels."""
    dom: NDArray[np.uint16]
    """Bins of the axes of the tree, counted over all of them; shape (lines, axes)."""
    token_hash: HashArray
    """Each token once a line; shape (tokens,)."""
    token_line: NDArray[np.int32]
    names: frozenset[str]
    """Words in the class names and ids of its elements, to put tokens in words."""


def read_html_examples(root: Path) -> Iterator[HtmlExample]:
    """Yield the pages of the shelves ``html`` and ``news`` of a corpus root, measured and labelled."""
    by_hand = {page.id: annotation_of(page) for page in span_pages(root)} if (root / "spans").is_dir() else {}
    flat: dict[str, list[tuple[str, str]]] = {}
    if (root / "flat").is_dir():
        for row in flat_pages(root):
            flat.setdefault(stem(row.id), []).append((row.id, row.text))
    if (root / "html").is_dir():
        for html in html_pages(root):
            known = _annotations(by_hand.get(html.id), flat.get(html.id, ()))
            yield from _some(html_example(html, known))
    if (root / "news").is_dir():
        for news in news_pages(root):
            texts = [(flattened_id(news, way), flatten_text(news.html, way)) for way in Flattening]
            page = HtmlPage(news.id, news.site, "news", news.title, news.html, news.body)
            yield from _some(html_example(page, _annotations(by_hand.get(news.id), texts)))


def _annotations(by_hand: Annotation | None, texts: Sequence[tuple[str, str]]) -> list[Annotation]:
    read = (annotation_of_reading(page_id, text) for page_id, text in texts if text)
    return [one for one in (by_hand, *read) if one is not None]


def _some(example: HtmlExample | None) -> Iterator[HtmlExample]:
    if example is not None:
        yield example


def html_example(page: HtmlPage, annotations: Sequence[Annotation]) -> HtmlExample | None:
    """Measure a page and label its lines; ``None`` where it shows no text.

    Args:
        page: the page.
        annotations: what is known of its flattenings, the surest first: they name the kind of husk, and speak where
            the reference is silent; body is what the reference says.
    """
    parser = LexborHTMLParser(page.html)
    markup = flatten(parser)
    taken = take_markup_features(markup, markup.text, read_stated(parser), _TOKENS) if markup.text else None
    if taken is None or taken.features.tree is None:
        return None
    features, tree = taken.features, taken.features.tree
    allowed = _labels(features.page, page.body)
    for annotation in annotations:
        starts, ends = features.page.line_start.tolist(), features.page.line_end.tolist()
        columns = carry_over(annotation, markup.text, starts, ends)
        husk = (columns > 0) & (allowed[:, 0] == 0) & (allowed.sum(axis=1) > 1)
        said = husk | (columns >= 0) & allowed.all(axis=1)
        allowed[said] = 0
        allowed[said, columns[said]] = 1
    origin = Origin(page.id, page.site, "html", "html", page.page_type)
    return HtmlExample(
        text=make_example(origin, features, allowed),
        dom=tree.bins.astype(np.uint16),
        token_hash=tree.tokens.hash,
        token_line=tree.tokens.line.astype(np.int32),
        names=frozenset(word for names in markup.elements.names for word in words(names)),
    )


def _labels(page: Page, body: str) -> MaskArray:
    allowed = np.ones((page.lines, len(KINDS)), dtype=np.float32)
    found = body_shares(page, body)
    allowed[found >= BODY_SHARE, 1:] = 0
    allowed[found <= HUSK_SHARE, 0] = 0
    return allowed


def body_shares(page: Page, body: str) -> FloatArray:
    """Return the share of each line's words that an alignment with the reference body finds; NaN without a word.

    The words of page and body are aligned (Ratcliff & Obershelp 1988, as `difflib` has it); shape (lines,).
    """
    own = [(match.group().lower(), match.start()) for match in _WORD.finditer(page.text)]
    wanted = [match.group().lower() for match in _WORD.finditer(body)]
    hit = np.zeros(len(own))
    for _, there, size in SequenceMatcher(
        None, wanted, [word for word, _ in own], autojunk=False
    ).get_matching_blocks():
        hit[there : there + size] = 1
    place = np.array([at for _, at in own], dtype=np.int64)
    hits = np.concatenate([[0.0], np.cumsum(hit)])
    first, past = np.searchsorted(place, page.line_start), np.searchsorted(place, page.line_end)
    count = past - first
    return np.where(count > 0, (hits[past] - hits[first]) / np.maximum(count, 1), np.nan)
