"""Title, byline and date: read from what was found to hold them."""

from __future__ import annotations

import pytest

from dehusk_server.metadata import Metadata, read_metadata
from dehusk_server.model import Evidence, Kind, Partition, Piece

WHY = (Evidence("phrase:x", 1.0, 0, 1),)


def read(*parts: tuple[Kind, str], removed: bool = True) -> Metadata:
    """Return what is read from pieces."""
    pieces, at = [], 0
    for kind, text in parts:
        gone = removed and kind is not Kind.BODY
        pieces.append(Piece(at, at + len(text), kind, gone, 0.9, WHY if gone else ()))
        at += len(text)
    return read_metadata(Partition("".join(text for _, text in parts), tuple(pieces)))


def test_a_page_without_any() -> None:
    """Where nothing is found, the fields are empty; the body is not guessed from."""
    assert read((Kind.BODY, "By Jane Doe\n12 May 2024\n")) == Metadata("", "", "")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("Bridge shut again\n", "Bridge shut again"),
        ("# Bridge shut *again*\n", "Bridge shut *again"),
        ("Bridge shut again | The Example\nBridge shut again\n", "Bridge shut again"),
        ("Bridge shut again | The Example\nBRIDGE shut again\n", "BRIDGE shut again"),
        ("Bridge shut again\nA standfirst about it\n", "Bridge shut again"),
        ("Bridge shut again\nBridge\n", "Bridge shut again"),
        ("***\nBridge shut again\n", "Bridge shut again"),
    ],
)
def test_title(lines: str, title: str) -> None:
    """The first headline without its markup, or the one inside it that stands further down without the site's name."""
    assert read((Kind.HEADLINE, lines)).title == title


def test_a_headline_further_down_counts_too() -> None:
    """The pieces may stand anywhere on the page, and may have been kept."""
    parts = (
        (Kind.HEADLINE, "Bridge shut again - The Example\n"),
        (Kind.BODY, "x\n"),
        (Kind.HEADLINE, "Bridge shut again"),
    )

    assert read(*parts).title == read(*parts, removed=False).title == "Bridge shut again"


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published 12 May 2024 at 10:31", "12 May 2024"),
        ("May 12, 2024", "May 12, 2024"),
        ("12. Mai 2024", "12. Mai 2024"),
        ("12 de mayo de 2024", "12 de mayo de 2024"),
        ("3rd May 2024", "3rd May 2024"),
        ("2024-05-12T10:31:00Z", "2024-05-12T10:31:00Z"),
        ("2024-05-12", "2024-05-12"),
        ("12/05/2024", "12/05/2024"),
        ("2024年5月12日", "2024年5月12日"),
        ("2024년 5월 12일", "2024년 5월 12일"),
        ("5 min read", ""),
        ("Room 12", ""),
        ("x" * 600 + " 12 May 2024", ""),
    ],
)
def test_published(line: str, published: str) -> None:
    """The date as the page wrote it, in the ways that dates are written; far into a line nothing is looked for."""
    assert read((Kind.BYLINE, line)).published == published


@pytest.mark.parametrize(
    ("lines", "byline"),
    [
        ("By Jane Doe\n", "By Jane Doe"),
        ("12 May 2024\nBy Jane Doe\n", "By Jane Doe"),
        ("Published:\nJane Doe, 12 May 2024\n", "Jane Doe, 12 May 2024"),
        ("12 May 2024\n", ""),
    ],
)
def test_byline(lines: str, byline: str) -> None:
    """The first line that names somebody: more than a date, and no label of what follows."""
    assert read((Kind.BYLINE, lines)).byline == byline


def test_a_hostile_title_is_not_searched() -> None:
    """A headline of a book's length is taken as it stands: nothing is looked for in it."""
    giant = "word " * 1000

    assert read((Kind.HEADLINE, f"{giant}\nword word\n")).title == giant.strip()
