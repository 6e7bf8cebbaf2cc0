"""Lessons: what each page teaches, and how much each of its lines weighs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dehusk_server.learning.examples import Example
from dehusk_server.learning.lessons import Balance, make_lessons
from dehusk_server.learning.network_fit import Lesson
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.phrases import phrase_hashes
from unit.learning.tiny_corpus import examples

EVEN = Balance(power=0.0)
WORDS = np.sort(phrase_hashes(["read more", "home", "the", "nowhere"]))


def lessons(pages: list[Example], balance: Balance = EVEN, weight: float = 1.0) -> list[Lesson]:
    """Return what pages teach, all of one weight."""
    return make_lessons(pages, WORDS, lambda _: weight, balance)


def of_kind(pages: list[Example], taught: list[Lesson], kind: Kind) -> float:
    """Return the weight of all lines that are known to be of a kind."""
    column = KINDS.index(kind)
    return sum(
        float(lesson.weight[(page.allowed.sum(axis=1) == 1) & (page.allowed[:, column] > 0)].sum())
        for page, lesson in zip(pages, taught, strict=True)
    )


def relabelled(page: Example, before: Kind, after: Kind) -> Example:
    """Return a page whose lines of one kind are of another."""
    allowed = page.allowed.copy()
    lines = page.allowed[:, KINDS.index(before)] > 0
    allowed[lines] = np.eye(len(KINDS), dtype=np.float32)[KINDS.index(after)]
    return dataclasses.replace(page, allowed=allowed)


def test_phrases_of_the_vocabulary_are_found_line_by_line() -> None:
    """Each phrase that counts stands with the line that holds it, lines in order; others are left out."""
    [page] = examples(1)
    [lesson] = lessons([page])

    lines = page.text.splitlines()
    expected = {
        (line, int(np.flatnonzero(phrase_hashes([words])[0] == WORDS)[0]))
        for words in ("read more", "home", "the")
        for line, text in enumerate(lines)
        if words in text.lower().split() or words == text.lower()
    }
    assert set(zip(lesson.line.tolist(), lesson.phrase.tolist(), strict=True)) == expected
    assert lesson.line.tolist() == sorted(lesson.line.tolist())
    assert lesson.bins.tolist() == page.bins.tolist()
    assert lesson.allowed is page.allowed


def test_long_lines_weigh_more_but_not_in_proportion() -> None:
    """A line weighs as the root of its words, and one; from two hundred words on all weigh alike."""
    [page] = examples(1)
    words = np.array([0, 3, 99, 200, 5000, 8], dtype=np.float32)

    weight = lessons([dataclasses.replace(page, words=words)])[0].weight

    assert (weight / weight[0]).tolist() == pytest.approx([1, 2, 10, 201**0.5, 201**0.5, 3])


def test_a_page_of_more_lines_weighs_little_more() -> None:
    """A page of a thousand times as many lines does not drown the others."""
    [page] = examples(1)
    long = dataclasses.replace(
        page,
        words=np.tile(page.words, 1000),
        allowed=np.tile(page.allowed, (1000, 1)),
        bins=np.tile(page.bins, (1000, 1)),
    )

    one, many = (float(lessons([each])[0].weight.sum()) for each in (page, long))

    assert many / one == pytest.approx(1000**0.3, rel=1e-3)


def test_pages_weigh_as_they_are_told_to_and_twins_share() -> None:
    """A page's weight and the share of its flattening multiply the weights of its lines."""
    [page] = examples(1)
    twin = dataclasses.replace(page, share=0.25)

    plain, heavy, shared = lessons([page])[0], lessons([page], weight=3.0)[0], lessons([twin])[0]

    np.testing.assert_allclose(heavy.weight, 3 * plain.weight, rtol=1e-6)
    np.testing.assert_allclose(shared.weight, plain.weight / 4, rtol=1e-6)


def test_rare_kinds_are_weighed_up_within_bounds() -> None:
    """With full balance the kinds come to one weight, as far as the bounds let them; body and the unknown stay."""
    pages = examples(6)
    pages = [*pages[:5], relabelled(pages[5], Kind.RELATED, Kind.TAGS)]
    plain = lessons(pages)

    full = lessons(pages, Balance(power=1.0, least=0.01, most=100.0))
    bound = lessons(pages, Balance(power=1.0, least=0.9, most=2.0))

    kinds = (Kind.RELATED, Kind.TAGS, Kind.LEGAL)
    assert of_kind(pages, plain, Kind.RELATED) > 3 * of_kind(pages, plain, Kind.TAGS)
    assert [of_kind(pages, full, kind) for kind in kinds] == pytest.approx(
        [of_kind(pages, full, kinds[0])] * 3, rel=1e-4
    )
    ratios = [of_kind(pages, bound, kind) / of_kind(pages, plain, kind) for kind in kinds]
    assert all(0.9 - 1e-5 <= ratio <= 2.0 + 1e-5 for ratio in ratios)
    assert of_kind(pages, full, Kind.BODY) == pytest.approx(of_kind(pages, plain, Kind.BODY))


def test_half_balance_goes_half_the_way() -> None:
    """At power 0.5 a kind of a quarter of the usual weight counts twice."""
    pages = examples(6)
    pages = [*pages[:5], relabelled(pages[5], Kind.RELATED, Kind.TAGS)]
    wide = {"least": 1e-6, "most": 1e6}

    plain, half, full = (lessons(pages, Balance(power=power, **wide)) for power in (0.0, 0.5, 1.0))

    ratio = [of_kind(pages, one, Kind.TAGS) / of_kind(pages, plain, Kind.TAGS) for one in (half, full)]
    assert ratio[0] == pytest.approx(ratio[1] ** 0.5, rel=1e-4)


def test_pages_without_any_known_kind_of_husk_keep_their_weights() -> None:
    """Where there is nothing to balance, nothing is."""
    pages = [dataclasses.replace(one, allowed=np.ones_like(one.allowed)) for one in examples(2)]

    for one, other in zip(lessons(pages), lessons(pages, Balance(power=1.0)), strict=True):
        assert one.weight.tolist() == other.weight.tolist()
