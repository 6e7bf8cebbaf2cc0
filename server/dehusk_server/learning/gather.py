"""A corpus root to examples: every labelled page, with all that is known of it from wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from dehusk_server.learning.corpora import flat_pages, news_pages, seed_pages, span_pages
from dehusk_server.learning.examples import Example
from dehusk_server.learning.flatten import Flattening, flatten
from dehusk_server.learning.labelling import (
    calm_example,
    flat_example,
    flattened_id,
    news_example,
    span_example,
    stem,
)
from dehusk_server.learning.pages import FlatPage
from dehusk_server.learning.readings import annotation_of_reading
from dehusk_server.learning.sites import held_out
from dehusk_server.learning.transfer import Annotation, annotation_of

PageT = TypeVar("PageT")


def read_examples(root: Path, seed: int) -> Iterator[Example]:
    """Yield every labelled page of a corpus root, measured; what is known of a page helps wherever it stands again."""
    by_hand: dict[str, Annotation] = {}
    for shelf, read in (("seed", seed_pages), ("spans", span_pages)):
        for page in _shelf(root, shelf, read):
            by_hand[page.id] = annotation_of(page)
            yield from _some(span_example(page, shelf))
    held: list[FlatPage] = []
    for flat in _shelf(root, "flat", flat_pages):
        if held and stem(held[0].id) != stem(flat.id):
            yield from _flat(held, by_hand, seed)
            held = []
        held.append(flat)
    if held:
        yield from _flat(held, by_hand, seed)
    for news in _shelf(root, "news", news_pages):
        texts = {flattened_id(news, flattening): flatten(news.html, flattening) for flattening in Flattening}
        annotations = _annotations(by_hand.get(news.id), texts)
        for flattening in Flattening:
            yield from _some(news_example(news, flattening, annotations))


def _shelf(root: Path, name: str, read: Callable[[Path], Iterator[PageT]]) -> Iterator[PageT]:
    """Return the pages of a shelf; a root need not hold every shelf."""
    return read(root) if (root / name).is_dir() else iter(())


def _annotations(by_hand: Annotation | None, texts: Mapping[str, str]) -> list[Annotation]:
    """Return what is known of a page: by hand first, then by reading. ``texts`` are its flattenings by id."""
    read = (annotation_of_reading(page_id, text) for page_id, text in texts.items())
    return [annotation for annotation in (by_hand, *read) if annotation is not None]


def _flat(rows: list[FlatPage], by_hand: Mapping[str, Annotation], seed: int) -> Iterator[Example]:
    annotations = _annotations(by_hand.get(stem(rows[0].id)), {page.id: page.text for page in rows})
    shelf = "read" if annotations else "flat"
    for page in rows:
        yield from _some(flat_example(page, 1.0 / len(rows), annotations, shelf))
    chosen = held_out(stem(rows[0].id), seed, len(rows)) if len(rows) > 1 else 0
    yield from _some(calm_example(rows[chosen], seed))


def _some(example: Example | None) -> Iterable[Example]:
    return () if example is None else (example,)
