"""Parts: real ones from annotated pages, and husk glued to prose for the lesson, each with the right label."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from dehusk_server.learning import parts as module
from dehusk_server.learning.examples import Example, span_example
from dehusk_server.learning.pages import SpanPage
from dehusk_server.learning.parts import GLUED_KINDS, PartExamples, glued_parts, real_parts
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.page import measure
from dehusk_server.text.phrases import phrase_hashes
from dehusk_server.text.segment_axes import SEGMENT_OFFSETS
from unit.learning.tiny_corpus import PROSE, examples, page

LONG = " ".join(PROSE[:2])


def example(text: str, *spans: tuple[int, int, Kind], shelf: str = "spans", inline: bool = True) -> Example:
    """Return a page marked by hand."""
    found = span_example(SpanPage("p", "bs4", "a.example", "article", text, spans, spans if inline else ()), shelf)
    assert found is not None
    return found


def kinds(found: PartExamples | None) -> list[Kind]:
    """Return the label of each part."""
    assert found is not None
    return [KINDS[column] for column in found.label.tolist()]


def glued(one: Example, monkeypatch: pytest.MonkeyPatch, seeds: Iterable[int] = range(30)) -> list[tuple[str, str]]:
    """Return the texts that are glued, with the labels of their parts, over some seeds."""
    made: list[tuple[str, str]] = []
    original = module._parts

    def watch(
        of: Example,
        text: str,
        spans: list[tuple[int, int, int]],
        lines: np.ndarray[tuple[int], np.dtype[np.bool_]] | None,
    ) -> PartExamples | None:
        found = original(of, text, spans, lines)
        [(start, end, column)] = spans
        labels = "" if found is None else ",".join(kinds(found))
        made.append((f"{text[:start]}<{KINDS[column]}>{text[start:end]}</>{text[end:]}", labels))
        return found

    monkeypatch.setattr(module, "_parts", watch)
    for seed in seeds:
        list(glued_parts(one, seed))
    return made


def test_real_parts_are_those_of_body_lines() -> None:
    """Lines of husk are not cut; what annotation marks inside of a body line is husk, the rest is body."""
    [one] = examples(1)

    assert kinds(real_parts(one)) == [Kind.DONATION, Kind.BODY, Kind.BODY, Kind.BODY]


@pytest.mark.parametrize(("covered", "kind"), [(11, Kind.SHARE), (9, Kind.SHARE), (8, Kind.BODY), (1, Kind.BODY)])
def test_a_part_is_husk_where_a_mark_covers_most_of_it(covered: int, kind: Kind) -> None:
    """Four fifths of a part make it husk; less leaves it body."""
    text = f"{PROSE[0]} Share this."

    start = len(PROSE[0]) + 1
    found = real_parts(example(text, (start, start + covered, Kind.SHARE)))

    assert kinds(found) == [Kind.BODY, kind]


def test_a_page_without_parts_has_none() -> None:
    """Lines of one sentence teach nothing about parts."""
    assert real_parts(example("One line\nand another")) is None


@pytest.mark.parametrize("shelf", ["flat", "news"])
def test_only_annotated_pages_are_glued(shelf: str) -> None:
    """Where kinds are not known by hand there is nothing to label the glue with."""
    text = f"Share this now\n{LONG}\n"

    assert not list(glued_parts(example(text, (0, 14, Kind.SHARE), shelf=shelf), 0))


def test_glued_husk_carries_its_kind_and_the_prose_stays_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before or behind the prose, with a blank or none: parts that are the husk have its kind, all others are body."""
    text = f"Please donate today.\n{LONG}\n"
    made = dict(glued(example(text, (0, 20, Kind.DONATION), inline=False), monkeypatch))

    husk = "<DONATION>Please donate today.</>"
    assert made[f"{husk} {LONG}"] == "DONATION,BODY,BODY"
    assert made[f"{husk}{LONG}"] == "DONATION,BODY,BODY"
    assert made[f"{LONG} {husk}"] == "BODY,BODY,DONATION"
    assert made[f"{LONG}{husk}"] == "BODY,BODY,DONATION"
    assert all(set(labels.split(",")) == {"BODY", "DONATION"} for labels in made.values())
    assert all(labels.split(",").count("DONATION") == 1 for labels in made.values())


@pytest.mark.parametrize("kind", [Kind.NAVIGATION, Kind.LEGAL, Kind.BYLINE])
def test_kinds_that_never_stand_glued_are_not_glued(kind: Kind) -> None:
    """Menus and footers are blocks of their own in real pages."""
    assert kind not in GLUED_KINDS
    assert not list(glued_parts(example(f"Some line\n{LONG}\n", (0, 9, kind)), 0))


@pytest.mark.parametrize("line", ["…!?", "abc", "word " * 40])
def test_neither_signs_nor_long_lines_are_glued_whole(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Husk that is glued in real pages is a phrase or a sentence."""
    one = example(f"{line.strip()}\n{LONG}\n", (0, len(line.strip()), Kind.SHARE))

    assert glued(one, monkeypatch) == []


def test_gluing_depends_on_seed_and_page_alone() -> None:
    """The same seed glues the same; pages are drawn independently of each other."""
    one, other = examples(2)
    drawn = [str([found.phrase_hash.tolist() for found in glued_parts(one, seed)]) for seed in (0, 0, *range(1, 9))]

    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 1
    assert {found.id for found in glued_parts(other, 0)} == {"spans-1"}


def test_what_fires_is_what_the_engine_sees() -> None:
    """Bins are those of parts, phrases count once a part and know their part."""
    found = real_parts(example(f"{PROSE[0]} More, more, more."))
    assert found is not None

    assert found.bins.shape == (2, len(SEGMENT_OFFSETS) - 1)
    [more] = phrase_hashes(["^ more"])
    assert found.phrase_part[found.phrase_hash == more].tolist() == [1]
    assert found.site == "a.example"
    assert measure(page(0).text).lines == 6
