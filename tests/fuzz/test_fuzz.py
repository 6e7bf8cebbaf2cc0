"""The fuzzer: some hundred inputs hold to the laws, an input is made the same way each time, and faults are found."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dehusk_server.engine import Engine
from dehusk_server.errors import DeadlineError
from dehusk_server.model import Cleaning, Document, Options, Partition, Status
from fuzz.__main__ import Progress, tried, write
from fuzz.check import fault
from fuzz.inputs import Input, made, seed_pages
from fuzz.minimise import minimised

PAGE = Input("<nav><a href=/>Home</a><a href=/n>News</a></nav><p>The council met on Tuesday to talk about it.</p>")


@functools.cache
def engine() -> Engine:
    """Return an engine of the shipped rules."""
    return Engine()


@functools.cache
def pages() -> list[str]:
    """Return the pages that are mutated."""
    return seed_pages()


@pytest.mark.parametrize("first", range(0, 300, 25))
def test_inputs_hold_to_the_laws(first: int) -> None:
    """The first inputs of one seed; `make fuzz` goes on for as long as it is let."""
    broken = {number: fault(engine(), made(7, number, pages())) for number in range(first, first + 25)}

    assert {number: found for number, found in broken.items() if found} == {}


def test_an_input_is_made_of_seed_and_number_alone() -> None:
    """So that what was found can be made again."""
    assert [made(1, number, pages()) for number in range(50)] == [made(1, number, pages()) for number in range(50)]
    assert made(1, 0, pages()) != made(2, 0, pages())


class Broken(Engine):
    """An engine that does one thing wrong."""

    def __init__(self, wrong: Callable[[Cleaning], Cleaning]) -> None:
        super().__init__()
        self._wrong = wrong

    def clean(self, document: Document, options: Options | None = None, **more: Any) -> Cleaning:
        """Clean a document, wrongly."""
        return self._wrong(engine().clean(document, options, **more))


def without_reasons(answer: Cleaning) -> Cleaning:
    """Return an empty answer that says nothing of why."""
    return dataclasses.replace(answer, body="", status=Status.OK, reasons=(), partition=Partition("", ()))


def without_paths(answer: Cleaning) -> Cleaning:
    """Return an answer whose paths find nothing."""
    found = tuple(dataclasses.replace(piece, css_path="main") for piece in answer.partition.pieces)
    return dataclasses.replace(answer, partition=Partition(answer.partition.source, found))


def without_a_word(answer: Cleaning) -> Cleaning:
    """Return an answer that lost a word of its body."""
    return dataclasses.replace(answer, body=answer.body.replace("council ", ""))


def without_end(_answer: Cleaning) -> Cleaning:
    """Fail."""
    raise DeadlineError("too late")


@pytest.mark.parametrize(
    ("wrong", "law"),
    [
        (without_reasons, "never nothing without a word"),
        (without_paths, "paths find their element"),
        (without_a_word, "no word is altered"),
        (without_end, "no DeadlineError"),
    ],
)
def test_a_fault_is_found(wrong: Callable[[Cleaning], Cleaning], law: str) -> None:
    """Each law can be broken, and then says so."""
    broken = Broken(wrong)
    broken.source_text = lambda document: broken.clean(document).partition.source  # type: ignore[method-assign]
    found = fault(broken, PAGE)

    assert found is not None
    assert found.law == law


def test_what_breaks_a_law_is_cut_down_and_written(tmp_path: Path) -> None:
    """The finding is small, and says seed, number and law."""
    broken = Broken(without_end)

    assert tried(broken, tmp_path, 3, 5, pages()) == 1
    assert len((tmp_path / "3-5.html").read_bytes()) == 1
    assert '"seed": 3' in (tmp_path / "3-5.json").read_text("utf-8")


def test_cutting_down_keeps_what_breaks() -> None:
    """Characters of a page, bytes of bytes."""
    assert minimised(Input("<p>one <b>two</b></p>"), lambda given: "two" in str(given.html)) == Input("two")
    assert minimised(Input(b"abc\xffdef", "gbk"), lambda given: "\\xff" in repr(given.html)) == Input(b"\xff", "gbk")


def test_a_run_goes_on_where_it_ended(tmp_path: Path) -> None:
    """Past an input under which the process died, which is told."""
    first = Progress(tmp_path / "progress")
    assert (first.number, first.died) == (-1, False)
    first.end(12)
    assert (Progress(tmp_path / "progress").number, Progress(tmp_path / "progress").died) == (12, False)
    first.begin(13)
    died = Progress(tmp_path / "progress")

    assert (died.number, died.died) == (13, True)


def test_half_a_character_is_written_as_it_is(tmp_path: Path) -> None:
    """Findings hold whatever breaks."""
    write(tmp_path, 1, 2, Input("\ud800"), "a law")

    assert (tmp_path / "1-2.html").read_bytes().decode("utf-8", "surrogatepass") == "\ud800"
