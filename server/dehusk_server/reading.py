"""A document to what is looked at: its source text and the features of as much of it as the limits allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from dehusk_server.markup.burden import refuse_burdens
from dehusk_server.markup.css_path import Paths
from dehusk_server.markup.features import take_markup_features
from dehusk_server.markup.guard import bounded
from dehusk_server.markup.stated import NOTHING, Stated, read_stated
from dehusk_server.markup.tokens import TokenReader
from dehusk_server.markup.walk import Markup, flatten
from dehusk_server.model import Document
from dehusk_server.text.features import Features, take_features
from dehusk_server.text.page import first_rows


@dataclass(frozen=True, slots=True)
class Source:
    """The text that offsets point into, and where it comes from."""

    text: str
    markup: Markup | None = None
    """The tree behind it; ``None`` for a page that came as text."""
    stated: Stated = NOTHING
    """What the page states of itself."""

    def locator(self) -> Callable[[int, int], str] | None:
        """Return what gives the CSS path of the text between two offsets; ``None`` for a page that came as text."""
        return None if self.markup is None else Paths(self.markup).of


@dataclass(frozen=True, slots=True)
class Reading:
    """What is looked at."""

    features: Features | None
    """``None`` where it holds no visible character."""
    seen: int
    """Characters of the source that were looked at: the first."""


def read_source(document: Document) -> Source:
    """Return the source text of a document: its text as it is, or the visible text of its HTML.

    Raises:
        InvalidInputError: HTML that would cost more to parse than any page needs.
    """
    if not document.html:
        return Source(document.text)
    # Half of a surrogate pair is no character of HTML; the parser takes UTF-8, where it cannot stand.
    html = document.html if _is_whole(document.html) else document.html.encode("utf-8", "replace").decode("utf-8")
    html = bounded(html)
    refuse_burdens(html)
    parser = LexborHTMLParser(html)
    markup = flatten(parser)
    return Source(markup.text, markup, read_stated(parser))


def _is_whole(html: str) -> bool:
    """Say whether a page holds no half of a surrogate pair."""
    try:
        html.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def read_features(source: Source, most_rows: int, reader: TokenReader) -> Reading:
    """Measure the first rows of a source text.

    Args:
        source: the text and its tree.
        most_rows: lines that are looked at, blank ones counted.
        reader: reads the tokens of HTML that are wanted.
    """
    if not source.text:
        return Reading(None, 0)
    seen = first_rows(source.text, most_rows)
    text = source.text[:seen]
    if source.markup is None:
        return Reading(take_features(text), seen)
    taken = take_markup_features(source.markup, text, source.stated, reader)
    return Reading(None if taken is None else taken.features, seen)
