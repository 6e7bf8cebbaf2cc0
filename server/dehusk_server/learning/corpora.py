"""Corpora: labelled pages from JSON Lines files, read one at a time.

A corpus is a file (``.jsonl`` or ``.jsonl.gz``), a folder of such files, or a root folder whose sub-folders `SHELVES`
hold them. A row's fields say what it is: ``spans`` a `SpanPage`, ``labels`` a `FlatPage`, ``publisher`` with ``html`` a
`NewsPage`, ``body`` with ``html`` an `HtmlPage`, otherwise ``body`` a `GoldPage`.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from dehusk_server.learning.pages import (
    CorpusError,
    FlatPage,
    GoldPage,
    HtmlPage,
    Label,
    NewsPage,
    Page,
    Span,
    SpanPage,
)
from dehusk_server.learning.rows import read_row
from dehusk_server.learning.sites import held_out, site_name, site_of

__all__ = [
    "SHELVES",
    "CorpusError",
    "FlatPage",
    "GoldPage",
    "HtmlPage",
    "Label",
    "NewsPage",
    "Page",
    "Span",
    "SpanPage",
    "corpus_files",
    "flat_pages",
    "held_out",
    "html_pages",
    "news_pages",
    "read_corpus",
    "seed_pages",
    "site_name",
    "site_of",
    "span_pages",
]

SHELVES = ("seed", "spans", "flat", "news")
"""Sub-folders of a corpus root that are read, in this order; others are passed over."""

PageT = TypeVar("PageT", SpanPage, FlatPage, NewsPage, HtmlPage)


def read_corpus(source: Path) -> Iterator[Page]:
    """Yield every page of a corpus in file order, without holding more than one.

    Raises:
        CorpusError: nothing is there to read, or a row is broken.
    """
    for path in corpus_files(source):
        yield from _read_file(path)


def seed_pages(root: Path) -> Iterator[SpanPage]:
    """Yield the hand-marked pages of the ``seed`` shelf of a root (or of a file).

    Raises:
        CorpusError: as `read_corpus`, or a page of another sort.
    """
    return _shelf(root, "seed", SpanPage)


def span_pages(root: Path) -> Iterator[SpanPage]:
    """Yield the hand-marked pages of the ``spans`` shelf of a root (or of a file).

    Raises:
        CorpusError: as `read_corpus`, or a page of another sort.
    """
    return _shelf(root, "spans", SpanPage)


def flat_pages(root: Path) -> Iterator[FlatPage]:
    """Yield the line-labelled pages of the ``flat`` shelf of a root (or of a file).

    Raises:
        CorpusError: as `read_corpus`, or a page of another sort.
    """
    return _shelf(root, "flat", FlatPage)


def news_pages(root: Path) -> Iterator[NewsPage]:
    """Yield the news pages of the ``news`` shelf of a root (or of a file).

    Raises:
        CorpusError: as `read_corpus`, or a page of another sort.
    """
    return _shelf(root, "news", NewsPage)


def html_pages(root: Path) -> Iterator[HtmlPage]:
    """Yield the pages of the ``html`` shelf of a root (or of a file).

    Raises:
        CorpusError: as `read_corpus`, or a page of another sort.
    """
    return _shelf(root, "html", HtmlPage)


def corpus_files(source: Path) -> tuple[Path, ...]:
    """Return the files that make a corpus, in reading order.

    Raises:
        CorpusError: ``source`` does not exist or holds no JSON Lines file.
    """
    if source.is_file():
        return (source,)
    if not source.is_dir():
        raise CorpusError(f"{source}: no such file or folder; give a .jsonl or .jsonl.gz file, or a folder of them")
    shelves = [source / name for name in SHELVES if (source / name).is_dir()] or [source]
    files = tuple(path for shelf in shelves for path in sorted(shelf.iterdir()) if _is_rows(path))
    if not files:
        raise CorpusError(f"{source}: holds no .jsonl or .jsonl.gz file, nor does a sub-folder {', '.join(SHELVES)}")
    return files


def _shelf(root: Path, name: str, sort: type[PageT]) -> Iterator[PageT]:
    source = root / name if (root / name).is_dir() else root
    for page in read_corpus(source):
        if not isinstance(page, sort):
            raise CorpusError(f"{source}: page {page.id!r} is a {type(page).__name__}, where {sort.__name__} is wanted")
        yield page


def _is_rows(path: Path) -> bool:
    return path.name.endswith((".jsonl", ".jsonl.gz")) and path.is_file()


def _read_file(path: Path) -> Iterator[Page]:
    opener = gzip.open if path.name.endswith(".gz") else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield read_row(line, f"{path}:{number}")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as fault:
        raise CorpusError(f"{path}:{number + 1}: cannot be read: {fault}") from fault
