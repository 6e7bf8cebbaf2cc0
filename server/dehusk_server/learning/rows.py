"""One line of a corpus file, checked field by field and made a page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
from dehusk_server.learning.sites import site_of
from dehusk_server.model import HUSK_KINDS, Kind


def read_row(line: str, place: str) -> Page:
    """Make the page that one line of JSON describes.

    Args:
        line: one JSON object.
        place: file and line number, for messages.

    Raises:
        CorpusError: the line is not JSON, or a field is missing or out of range.
    """
    return _page(_Row.parse(line, place))


def _page(row: _Row) -> Page:
    if "spans" in row.data:
        return _span_page(row)
    if "labels" in row.data:
        return _flat_page(row)
    if "publisher" in row.data and "html" in row.data:
        return _news_page(row)
    if "body" in row.data and "html" in row.data:
        return _html_page(row)
    if "body" in row.data:
        return _gold_page(row)
    raise CorpusError(
        f"{row.place}: has none of the fields that say what a page is: spans, labels, html with publisher or body, body"
    )


def _span_page(row: _Row) -> SpanPage:
    text = row.string("text")
    return SpanPage(
        id=row.string("id"),
        style=row.string("style", ""),
        # The seed pages name no site; as one site they stay together in any split.
        site=row.site(otherwise=row.string("style", "") or row.string("id")),
        page_type=row.string("page_type", ""),
        text=text,
        spans=row.spans("spans", len(text)),
        inline=row.spans("inline", len(text), ordered=False) if "inline" in row.data else (),
    )


def _flat_page(row: _Row) -> FlatPage:
    text = row.string("text")
    return FlatPage(
        id=row.string("id"),
        style=row.string("style", ""),
        site=row.site(otherwise=row.string("id")),
        page_type=row.string("page_type", ""),
        text=text,
        body=row.string("body"),
        labels=row.labels("labels", len(text)),
    )


def _news_page(row: _Row) -> NewsPage:
    return NewsPage(
        id=row.string("id"),
        country=row.string("country", ""),
        publisher=row.string("publisher"),
        site=row.site(otherwise=row.string("publisher").lower()),
        url=row.string("url", ""),
        title=row.string("title", ""),
        authors=row.strings("authors"),
        published=row.string("published", ""),
        captions=row.strings("captions"),
        body=row.string("body"),
        html=row.string("html"),
    )


def _html_page(row: _Row) -> HtmlPage:
    return HtmlPage(
        id=row.string("id"),
        site=row.site(otherwise=row.string("id")),
        page_type=row.string("page_type", ""),
        title=row.string("title", ""),
        html=row.string("html"),
        body=row.string("body"),
        must_have=row.strings("must_have"),
        must_not=row.strings("must_not"),
    )


def _gold_page(row: _Row) -> GoldPage:
    return GoldPage(
        id=row.string("id"),
        style=row.string("style", ""),
        site=row.site(otherwise=row.string("id")),
        page_type=row.string("page_type", ""),
        text=row.string("text", ""),
        body=row.string("body"),
        must_have=row.strings("must_have"),
        must_not=row.strings("must_not"),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One JSON object and where it stands; its readers raise `CorpusError` that name the place and the field."""

    data: Mapping[str, Any]
    place: str

    @classmethod
    def parse(cls, line: str, place: str) -> _Row:
        try:
            data = json.loads(line)
        except ValueError as fault:
            raise CorpusError(f"{place}: not JSON: {fault}") from fault
        if not isinstance(data, dict):
            raise CorpusError(f"{place}: a JSON object is wanted, not {type(data).__name__}")
        return cls(data, place)

    def string(self, name: str, default: str | None = None) -> str:
        value = self.data.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise CorpusError(f"{self.place}: field {name!r} must be a string, not {_sort(value)}")
        return value

    def strings(self, name: str) -> tuple[str, ...]:
        value = self.data.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise CorpusError(f"{self.place}: field {name!r} must be a list of strings")
        return tuple(value)

    def site(self, otherwise: str) -> str:
        return site_of(self.string("domain", "")) or site_of(self.string("url", "")) or otherwise

    def spans(self, name: str, length: int, *, ordered: bool = True) -> tuple[Span, ...]:
        read: list[Span] = []
        for start, end, kind in self._triples(name, length, ordered=ordered):
            if kind not in HUSK_KINDS:
                raise CorpusError(f"{self.place}: field {name!r}: {kind!r} at {start} is no kind of husk")
            read.append((start, end, Kind(kind)))
        return tuple(read)

    def labels(self, name: str, length: int) -> tuple[Label, ...]:
        read: list[Label] = []
        for start, end, keep in self._triples(name, length):
            if keep is None:  # A line without words: the alignment says nothing of it.
                continue
            if not isinstance(keep, (int, float)) or not (math.isfinite(keep) and 0 <= keep <= 1):
                raise CorpusError(f"{self.place}: field {name!r}: share {keep!r} at {start} is outside 0..1")
            read.append((start, end, float(keep)))
        return tuple(read)

    def _triples(self, name: str, length: int, *, ordered: bool = True) -> Iterator[tuple[int, int, Any]]:
        value = self.data.get(name)
        if not isinstance(value, list):
            raise CorpusError(f"{self.place}: field {name!r} must be a list of [start, end, label], not {_sort(value)}")
        floor = 0
        for item in value:
            match item:
                case [int(start), int(end), label] if floor <= start < end <= length:
                    yield start, end, label
                    floor = end if ordered else 0
                case _:
                    fault = f"{item!r} is no [start, end, label] with {floor} <= start < end <= {length}"
                    raise CorpusError(f"{self.place}: field {name!r}: {fault}")


def _sort(value: object) -> str:
    return "absent" if value is None else type(value).__name__
