"""Cases of HTML: pages in folders, with the text that a reader sees of each (see README.md here)."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from dehusk_server.engine import Engine
from dehusk_server.markup.encoding import decode
from dehusk_server.markup.tags import HIDDEN
from dehusk_server.markup.walk import flatten
from dehusk_server.model import Document, Status

CASES = Path(__file__).parent
SHELVES = ("html", "html-known-failures")
FIELDS = {"origin", "why", "hidden", "charset", "encoding", "replaced", "status"}


def folders(*shelves: str) -> list[Path]:
    """Return the folders of the cases of some shelves."""
    return [folder for shelf in shelves for folder in sorted((CASES / shelf).iterdir())]


def name(folder: Path) -> str:
    """Return the slug of a case."""
    return folder.name


@functools.cache
def engine() -> Engine:
    """Return an engine of the shipped rules."""
    return Engine()


def meta(folder: Path) -> dict[str, Any]:
    """Return what is said of a case."""
    told: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
    return told


def page(folder: Path) -> str:
    """Return the page of a case, decoded as the service decodes it."""
    return decode((folder / "page.html").read_bytes(), meta(folder).get("charset", "")).text or " "


def shown(folder: Path) -> str:
    """Return the text that a case's page must have."""
    return (folder / "source.txt").read_bytes().decode().removesuffix("\n")


@pytest.mark.parametrize("folder", folders("html"), ids=name)
def test_a_page_has_the_text_that_a_reader_sees(folder: Path) -> None:
    """To the character, and the answer is made of it."""
    assert engine().clean(Document(html=page(folder))).partition.source == shown(folder)


@pytest.mark.parametrize("folder", folders("html-known-failures"), ids=name)
@pytest.mark.xfail(strict=True, raises=AssertionError, reason="known: it passes one day, and moves to the other shelf")
def test_a_known_failure(folder: Path) -> None:
    """What is not yet read as a reader sees it; a case that begins to work says so by failing here."""
    assert engine().source_text(Document(html=page(folder))) == shown(folder)


@pytest.mark.parametrize("folder", folders("html"), ids=name)
def test_an_answer_is_never_nothing_without_a_word(folder: Path) -> None:
    """A page whose body is empty has a status and a reason that say so; where the case says a status, it is that."""
    answer = engine().clean(Document(html=page(folder)))

    assert answer.body.strip() or (answer.status is not Status.OK and answer.reasons)
    assert answer.status == meta(folder).get("status", answer.status)
    assert shown(folder) or answer.status is Status.NO_ARTICLE


@pytest.mark.parametrize("folder", folders("html"), ids=name)
def test_what_is_hidden_is_known_to_be(folder: Path) -> None:
    """The stretches that no reader sees at first, and no others."""
    markup = flatten(LexborHTMLParser(page(folder)))
    hidden = [markup.text[start:end] for start, end, holder in markup.runs if markup.elements.place[holder] & HIDDEN]

    assert hidden == meta(folder).get("hidden", [])


@pytest.mark.parametrize("folder", [each for each in folders("html") if "encoding" in meta(each)], ids=name)
def test_bytes_are_read_in_the_encoding_that_they_are_in(folder: Path) -> None:
    """Whatever page and transport say; bytes that are no text are said to be replaced."""
    told = meta(folder)
    read = decode((folder / "page.html").read_bytes(), told.get("charset", ""))

    assert (read.encoding, read.replaced) == (told["encoding"], told["replaced"])


@pytest.mark.parametrize("folder", folders(*SHELVES), ids=name)
def test_a_case_is_whole(folder: Path) -> None:
    """Each has its three files and says where it is from and why it is there."""
    assert {path.name for path in folder.iterdir()} == {"page.html", "source.txt", "meta.json"}
    told = meta(folder)
    assert set(told) <= FIELDS
    assert told["origin"] == "written for this project"
    assert told["why"].endswith(".")
