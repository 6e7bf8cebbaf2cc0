"""Cases: pages in folders, with what any good rule set must make of them (see README.md here)."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dehusk_server.engine import Engine
from dehusk_server.model import Cleaning, Document, Kind, Options, Partition, Status

CASES = Path(__file__).parent
SHELVES = ("wild", "negative", "synthetic", "known-failures")
FIELDS = {"keep", "gone", "unchanged", "status", "options"}


def folders(*shelves: str) -> list[Path]:
    """Return the folders of the cases of some shelves."""
    return [folder for shelf in shelves for folder in sorted((CASES / shelf).iterdir())]


def name(folder: Path) -> str:
    """Return shelf and slug of a case."""
    return f"{folder.parent.name}/{folder.name}"


@functools.cache
def engine() -> Engine:
    """Return an engine of the shipped rules."""
    return Engine()


def faults(folder: Path) -> list[str]:
    """Return what of a case's expectations was not met."""
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text("utf-8"))
    text = (folder / "input.txt").read_bytes().decode()
    return list(_faults(text, engine().clean(Document(text), Options(**expected.get("options", {}))), expected))


def _faults(text: str, answer: Cleaning, expected: dict[str, Any]) -> Iterator[str]:
    for snippet in expected.get("keep", ()):
        _demand(snippet, text)
        if snippet not in answer.body:
            yield f"not in the body: {snippet!r}"
    for gone in expected.get("gone", ()):
        _demand(gone["text"], text)
        yield from _stayed(text, answer.partition, gone["text"], frozenset(map(Kind, gone.get("kinds", Kind))))
    if expected.get("unchanged") and answer.body.split() != text.split():
        yield "the body is not the page"
    if "status" in expected and answer.status not in map(Status, expected["status"]):
        yield f"status {answer.status}"


def _demand(snippet: str, text: str) -> None:
    # No AssertionError: a case that is written wrongly must not pass for a known failure.
    if snippet not in text:
        raise ValueError(f"the page does not hold {snippet!r}")


def _stayed(text: str, partition: Partition, wanted: str, kinds: frozenset[Kind]) -> Iterator[str]:
    fate = [
        piece.kind if piece.removed else Kind.BODY for piece in partition.pieces for _ in range(piece.start, piece.end)
    ]
    start = text.find(wanted)
    while start >= 0:
        found = Counter(fate[at] for at in range(start, start + len(wanted)) if not text[at].isspace())
        if Kind.BODY in found:
            yield f"still there: {wanted!r}"
        elif found.most_common(1)[0][0] not in kinds:
            yield f"{wanted!r} went as {found.most_common(1)[0][0]}"
        start = text.find(wanted, start + 1)


@pytest.mark.parametrize("folder", folders("wild", "negative", "synthetic"), ids=name)
def test_case(folder: Path) -> None:
    """The shipped rules meet what is expected."""
    assert faults(folder) == []


@pytest.mark.parametrize("folder", folders("known-failures"), ids=name)
@pytest.mark.xfail(strict=True, raises=AssertionError, reason="known: it passes one day, and moves to another shelf")
def test_known_failure(folder: Path) -> None:
    """What does not work yet; a case that begins to work says so by failing here."""
    assert faults(folder) == []


@pytest.mark.parametrize("folder", folders(*SHELVES), ids=name)
def test_byte_order_mark_and_line_ends_change_nothing(folder: Path) -> None:
    """A page is cut in the same places, as the same kinds and as surely, whichever editor wrote it."""
    page = (folder / "input.txt").read_bytes().decode().removeprefix("\ufeff").replace("\r\n", "\n")

    assert _pieces("\ufeff" + page) == _pieces(page) == _pieces(page.replace("\n", "\r\n"))


def _pieces(text: str) -> list[tuple[str, Kind, bool, float]]:
    found = engine().clean(Document(text)).partition
    return [
        (
            found.text(piece).removeprefix("\ufeff").replace("\r\n", "\n"),
            piece.kind,
            piece.removed,
            piece.confidence,
        )
        for piece in found.pieces
    ]


@pytest.mark.parametrize("folder", folders(*SHELVES), ids=name)
def test_a_case_is_whole(folder: Path) -> None:
    """Each has its three files, says where it is from and why it is there, and expects something."""
    assert {path.name for path in folder.iterdir()} == {"input.txt", "expected.json", "meta.json"}
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    assert meta["origin"] == "written for this project"
    assert meta["why"].endswith(".")
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    assert set(expected) <= FIELDS
    assert any(expected.values())
