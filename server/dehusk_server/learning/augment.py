"""More lessons from the same pages: blocks of husk of one page put into another, where such blocks stand.

Hand-annotated pages are few, and each shows a kind in one surrounding only. A newsletter box is a newsletter box below
any article: so blocks of annotated husk are laid into other pages, between paragraphs or after the article, and now and
then the beginning of a second article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.learning.chance import chance_of
from dehusk_server.learning.examples import Example, MaskArray, Origin, make_example
from dehusk_server.learning.written import Languages, Written
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.features import take_features
from dehusk_server.text.page import measure

INSIDE: Final = frozenset(
    {Kind.RELATED, Kind.SUBSCRIBE, Kind.ADVERT, Kind.DONATION, Kind.CAPTION, Kind.SHARE, Kind.INTERFACE}
)
"""Kinds whose short blocks also stand between two paragraphs."""
BELOW: Final = INSIDE - {Kind.CAPTION} | {
    Kind.MOST_READ, Kind.COMMENTS, Kind.CONSENT, Kind.LEGAL, Kind.AUTHOR_BIO, Kind.TAGS
}  # fmt: skip
"""Kinds whose blocks stand below the article."""
ABOVE: Final = frozenset({Kind.BYLINE})
"""Kinds whose blocks stand right above the text."""
_WRITTEN: Final = 0.35
"""Share of the blocks that are written ones, where some are of the page's language."""
_LONGEST_BLOCK: Final = 60
_SHORT_BLOCK: Final = 6
_MOST_BLOCKS: Final = 4
_FEW: Final = 5
"""Blocks of a kind in one layout below which those of all layouts are taken."""
_ARTICLES: Final = frozenset({"article", "news"})
_SECOND_ARTICLE: Final = 0.12
"""Share of the new article pages on which another article follows: pages that load the next story by themselves."""
_FEWEST_PARAGRAPHS: Final = 3
_MOST_PARAGRAPHS: Final = 8
_OF_THE_ARTICLE: Final = [
    KINDS.index(kind) for kind in (Kind.BODY, Kind.HEADLINE, Kind.BYLINE, Kind.CAPTION, Kind.TAGS)
]
_LONGEST_HEAD: Final = 12
"""Rows between a headline and the first paragraph that still make the head of an article."""
_PARAGRAPH_WORDS: Final = 15
_STOPS: Final = frozenset('.!?"”。…')


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows of one page that are one kind of husk."""

    page: str
    rows: tuple[str, ...]


Shelf = Mapping[tuple[Kind, str], Sequence[Block]]
"""Blocks by kind and layout; the layout ``""`` holds those of all. Written ones by kind and language."""


@dataclass(frozen=True, slots=True)
class _Shelves:
    read: Shelf
    written: Shelf
    languages: Languages


def augmented(examples: Sequence[Example], written: Sequence[Written], seed: int) -> Iterator[Example]:
    """Yield one new page for each page that can take blocks; the same pages and seed give the same new pages.

    Args:
        examples: the pages, which give blocks and take them.
        written: blocks that were written for pages of their language.
        seed: of everything that is drawn.
    """
    shelves = _Shelves(_shelve(examples), _shelve_written(written), Languages(written))
    articles: dict[str, list[Example]] = {}
    for example in examples:
        if example.page_type in _ARTICLES and example.shelf != "calm":
            articles.setdefault(example.style, []).append(example)
    for example in examples:
        if example.shelf != "calm":
            page = _compose(example, shelves, articles, chance_of(seed, example.id))
            if page is not None:
                yield page


def _rows(example: Example) -> list[str]:
    """Return the rows of a page, blank ones with the row before."""
    starts = measure(example.text).row_start.tolist()
    starts[0] = 0
    rows = [example.text[a:b] for a, b in zip(starts, [*starts[1:], len(example.text)], strict=True)]
    rows[-1] = rows[-1].rstrip("\n") + "\n"
    return rows


def _columns(example: Example) -> NDArray[np.int64]:
    """Return the kind of each line; -1 where it is not known."""
    one = example.allowed.sum(axis=1) == 1
    return np.where(one, example.allowed.argmax(axis=1), -1)


def _shelve(examples: Sequence[Example]) -> Shelf:
    shelf: dict[tuple[Kind, str], list[Block]] = {}
    for example in examples:
        columns = _columns(example)
        first = np.flatnonzero(np.diff(columns, prepend=-2))
        last = np.append(first[1:], len(columns))
        rows: list[str] | None = None
        for a, b in zip(first.tolist(), last.tolist(), strict=True):
            kind = KINDS[columns[a]]
            if kind in INSIDE | BELOW | ABOVE and b - a <= _LONGEST_BLOCK and columns[a] > 0:
                rows = _rows(example) if rows is None else rows
                block = Block(example.id, tuple(rows[a:b]))
                shelf.setdefault((kind, ""), []).append(block)
                shelf.setdefault((kind, example.style), []).append(block)
    return shelf


def _shelve_written(blocks: Sequence[Written]) -> Shelf:
    shelf: dict[tuple[Kind, str], list[Block]] = {}
    for block in blocks:
        rows = tuple(_rows(block.example))
        shelf.setdefault((block.kind, block.language), []).append(Block(block.example.id, rows))
    return shelf


@dataclass(frozen=True, slots=True)
class _Insert:
    place: int
    rows: tuple[str, ...]
    allowed: MaskArray


def _compose(
    example: Example, shelves: _Shelves, articles: Mapping[str, Sequence[Example]], chance: np.random.Generator
) -> Example | None:
    rows, columns = _rows(example), _columns(example)
    body = np.flatnonzero(columns == 0)
    if len(body) < 2:
        return None
    first, after = int(body[0]), int(body[-1]) + 1
    between = [
        line + 1
        for line in body[:-1].tolist()
        if columns[line + 1] == 0 and example.words[line] > _PARAGRAPH_WORDS and rows[line].rstrip()[-1:] in _STOPS
    ]
    husk = [line for line in range(after + 1, len(rows)) if not example.allowed[line - 1 : line + 1, 0].any()]
    below = [after] * 3 + husk[:10]
    places = _Places([first], between, below)
    language = shelves.languages.of(example)
    inserts = [
        found
        for _ in range(int(chance.integers(1, _MOST_BLOCKS + 1)))
        if (found := _draw(example, shelves, language, places, chance)) is not None
    ]
    if example.page_type in _ARTICLES and chance.random() < _SECOND_ARTICLE:
        others = articles[example.style]
        other = others[int(chance.integers(len(others)))]
        if other.site != example.site:
            inserts += _second_article(other, min(len(rows), after + int(chance.integers(6))), chance)
    if not inserts:
        return None
    return _joined(example, rows, sorted(inserts, key=lambda insert: insert.place))


@dataclass(frozen=True, slots=True)
class _Places:
    """Rows before which a block may be put."""

    above: Sequence[int]
    between: Sequence[int]
    below: Sequence[int]


def _draw(
    example: Example, shelves: _Shelves, language: str, places: _Places, chance: np.random.Generator
) -> _Insert | None:
    kinds = sorted(INSIDE | BELOW | ABOVE)
    kind = kinds[int(chance.integers(len(kinds)))]
    blocks = _blocks(example, shelves, language, kind, chance)
    if not blocks:
        return None
    block = blocks[int(chance.integers(len(blocks)))]
    inside = bool(places.between) and kind in INSIDE and len(block.rows) <= _SHORT_BLOCK and chance.random() < 0.6
    if block.page == example.id or not (inside or kind in BELOW | ABOVE):
        return None
    some = places.between if inside else places.above if kind in ABOVE else places.below
    allowed = np.zeros((len(block.rows), len(KINDS)), dtype=np.float32)
    allowed[:, KINDS.index(kind)] = 1
    return _Insert(some[int(chance.integers(len(some)))], block.rows, allowed)


def _blocks(
    example: Example, shelves: _Shelves, language: str, kind: Kind, chance: np.random.Generator
) -> Sequence[Block]:
    written = shelves.written.get((kind, language), ())
    if written and chance.random() < _WRITTEN:
        return written
    blocks = shelves.read.get((kind, example.style), ())
    return blocks if len(blocks) >= _FEW else shelves.read.get((kind, ""), ()) or written


def _second_article(other: Example, place: int, chance: np.random.Generator) -> list[_Insert]:
    """Return the rows of another article from its headline on: what belongs to it there is husk of any kind here."""
    columns = _columns(other)
    body = np.flatnonzero(columns == 0)
    if len(body) < _FEWEST_PARAGRAPHS:
        return []
    titles = np.flatnonzero(columns[: body[0]] == KINDS.index(Kind.HEADLINE))
    first = int(titles[0] if len(titles) and body[0] - titles[0] <= _LONGEST_HEAD else body[0])
    last = int(body[min(len(body), _FEWEST_PARAGRAPHS + int(chance.integers(_MOST_PARAGRAPHS))) - 1])
    allowed = other.allowed[first : last + 1].copy()
    allowed[allowed[:, _OF_THE_ARTICLE].any(axis=1)] = 1
    allowed[:, 0] = 0
    return [_Insert(place, tuple(_rows(other)[first : last + 1]), allowed)]


def _joined(example: Example, rows: Sequence[str], inserts: Sequence[_Insert]) -> Example | None:
    text: list[str] = []
    allowed: list[MaskArray] = []
    at = 0
    for insert in (*inserts, _Insert(len(rows), (), np.zeros((0, len(KINDS)), dtype=np.float32))):
        text += rows[at : insert.place]
        allowed.append(example.allowed[at : insert.place])
        text += [row if row.endswith("\n") else row + "\n" for row in insert.rows]
        allowed.append(insert.allowed)
        at = insert.place
    labels = np.concatenate(allowed)
    features = take_features("".join(text))
    if features is None or features.page.lines != len(labels):
        return None
    origin = Origin(f"{example.id}+blocks", example.site, "blocks", example.style, example.page_type, example.share)
    return make_example(origin, features, labels)
