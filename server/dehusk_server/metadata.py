"""Title, byline and date of an article, read from the spans that were found to hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import regex

from dehusk_server.markup.stated import NOTHING, Stated
from dehusk_server.model import Kind, Partition

_MARKUP: Final = "#*_[]>|- \t\u00a0"
_TIMEOUT_S: Final = 0.05
_LONGEST_TITLE: Final = 1000
"""Characters of a title in which a shorter one is looked for; in a longer one that would cost too much."""
_DATE = regex.compile(
    r"\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?\s(?:de\s)?\p{L}{3,12}\.?,?\s(?:de\s)?\d{4}"
    r"|\p{L}{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4})\b|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
)
"""The shape of a written date; the name of the month is any word of letters."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of its article; empty where nothing was found."""

    title: str = ""
    byline: str = ""
    published: str = ""


def read_metadata(partition: Partition, stated: Stated = NOTHING) -> Metadata:
    """Read the fields from what the page states of itself, else from the HEADLINE and BYLINE pieces.

    Args:
        partition: the pieces.
        stated: what an HTML page states; of text nothing.
    """
    found = _of_pieces(partition)
    return Metadata(stated.title or found.title, stated.byline or found.byline, stated.published or found.published)


def _of_pieces(partition: Partition) -> Metadata:
    headlines = _lines(partition, Kind.HEADLINE)
    bylines = _lines(partition, Kind.BYLINE)
    return Metadata(_title(headlines), _byline(bylines), _published(bylines))


def _lines(partition: Partition, kind: Kind) -> list[str]:
    texts = (partition.text(piece) for piece in partition.pieces if piece.kind is kind)
    lines = (line.strip().strip(_MARKUP).strip() for text in texts for line in text.splitlines())
    return [line for line in lines if line]


def _title(lines: list[str]) -> str:
    if not lines:
        return ""
    title = lines[0]
    if len(title) > _LONGEST_TITLE:
        return title
    # A page's <title> often is the headline with the site's name; the headline itself stands further down.
    for line in lines[1:]:
        if 3 <= len(line) < len(title) and len(line.split()) > 1 and line.casefold() in title.casefold():
            title = line
    return title


def _published(lines: list[str]) -> str:
    for line in lines:
        try:
            found = _DATE.search(line[:500], timeout=_TIMEOUT_S)
        except TimeoutError:
            continue
        if found:
            return str(found.group())
    return ""


def _byline(lines: list[str]) -> str:
    for line in lines:
        bare = _DATE.sub("", line[:500])
        if sum(character.isalpha() for character in bare) >= 4 and not bare.rstrip().endswith(":"):
            return line
    return ""
