"""What a labelled page is, by the sort of label. Offsets are code points of the page's text, half-open."""

from __future__ import annotations

from dataclasses import dataclass

from dehusk_server.errors import DehuskError
from dehusk_server.model import Kind

Span = tuple[int, int, Kind]
"""Start, end and kind of a stretch of husk."""

Label = tuple[int, int, float]
"""Start and end of a line, and the share in [0, 1] of its words that belong to the body."""


class CorpusError(DehuskError):
    """A corpus cannot be read; the message names the file, the line and the fault."""


@dataclass(frozen=True, slots=True)
class SpanPage:
    """A page whose husk was marked by hand; non-blank text outside of the spans is body."""

    id: str
    style: str
    site: str
    page_type: str
    text: str
    spans: tuple[Span, ...]
    """Ordered, without overlap."""
    inline: tuple[Span, ...]
    """Those spans that share a line with body text."""


@dataclass(frozen=True, slots=True)
class FlatPage:
    """A page with a reference body, and line labels made by aligning the two."""

    id: str
    style: str
    site: str
    page_type: str
    text: str
    body: str
    labels: tuple[Label, ...]
    """In order, one for each line that holds words; of lines without (bullets, rules) the alignment says nothing."""


@dataclass(frozen=True, slots=True)
class NewsPage:
    """A news page as HTML, with what its publisher's own parser takes from it."""

    id: str
    country: str
    publisher: str
    site: str
    url: str
    title: str
    authors: tuple[str, ...]
    published: str
    captions: tuple[str, ...]
    body: str
    html: str


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page as HTML with a reference body."""

    id: str
    site: str
    page_type: str
    title: str
    """Empty where the reference gives none."""
    html: str
    body: str
    must_have: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page with a reference body and nothing else that must be there."""

    id: str
    style: str
    site: str
    page_type: str
    text: str
    """Empty where the row has no text: such a page can be scored, not cleaned."""
    body: str
    must_have: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


Page = SpanPage | FlatPage | NewsPage | HtmlPage | GoldPage
