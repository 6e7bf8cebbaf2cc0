"""Contexts: what stands around a line, and whether the page repeats it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.text import context
from dehusk_server.text.axes import AXES
from dehusk_server.text.context import context_answers, distances, line_hashes, window_sum
from dehusk_server.text.page import measure
from dehusk_server.text.shapes import shape_answers, take_measures

PROSE = "The council met on Tuesday to talk about the bridge, which has been shut since the flood."
OTHER = "Nobody there could say when repairs would begin, or who should pay for all of them."


def answers(lines: list[str], axis: str) -> list[str]:
    """Return an axis's answer about each line of a page, in words."""
    page = measure("\n".join(lines))
    measures = take_measures(page)
    found = context_answers(page, measures, shape_answers(page, measures))[axis]
    return [AXES[axis].answers[answer] for answer in found.tolist()]


def test_neighbours_are_told_by_words_and_end() -> None:
    """A line knows how long its neighbours are and how they end; beyond the page there is none."""
    page = ["Menu", PROSE, "Read on:"]

    assert answers(page, "previous") == [
        "line before: none", "line before: under 2 words, no stop", "line before: 12 to 19 words, a full stop"
    ]  # fmt: skip
    assert answers(page, "next") == [
        "line after: 12 to 19 words, a full stop", "line after: 2 to 3 words, open end", "line after: none"
    ]  # fmt: skip
    assert answers(page, "previous-2") == [
        "second line before: none", "second line before: none", "second line before: under 2 words, no stop"
    ]  # fmt: skip
    assert answers(page, "next-2") == [
        "second line after: 2 to 3 words, open end", "second line after: none", "second line after: none"
    ]  # fmt: skip


def test_prose_around_a_line_leaves_the_line_itself_out() -> None:
    """Words of prose are counted next to a line and further out, never its own."""
    page = [PROSE, "Menu", "Share", "Print", PROSE]

    assert answers(page, "near") == [
        "no words of prose next to it", "15 to 29 words of prose next to it", "no words of prose next to it",
        "15 to 29 words of prose next to it", "no words of prose next to it",
    ]  # fmt: skip
    assert answers(page, "around")[2] == "30 to 59 words of prose within 3 lines"
    assert answers(page, "wide")[0] == "15 to 29 words of prose within 8 lines"


def test_distance_to_prose_both_ways() -> None:
    """A line knows how far back and on the nearest other line of prose is."""
    page = ["Menu", PROSE, "Share", "Print", PROSE]

    assert answers(page, "back") == [
        "prose 100000 or more lines back", "prose 100000 or more lines back", "prose under 2 lines back",
        "prose 2 lines back", "prose 3 lines back",
    ]  # fmt: skip
    assert answers(page, "on") == [
        "prose under 2 lines on", "prose 3 lines on", "prose 2 lines on", "prose under 2 lines on",
        "prose 100000 or more lines on",
    ]  # fmt: skip


def test_share_of_prose_above() -> None:
    """A line knows how much of the page's prose it comes after."""
    assert answers(["Menu", PROSE, "Share", PROSE, "Terms"], "above") == [
        "share of the page's prose above under 0.001", "share of the page's prose above under 0.001",
        "share of the page's prose above 0.5 to 0.8", "share of the page's prose above 0.5 to 0.8",
        "share of the page's prose above 0.999 or more",
    ]  # fmt: skip


def test_repeated_lines_are_counted_by_their_words() -> None:
    """The same words count as the same line, whatever signs and numbers; lines without words never repeat."""
    page = ["Read more", "* read more!", "Page 1", "Page 22", "more read", "—", "—"]

    assert answers(page, "repeated") == [
        "on the page 2 times", "on the page 2 times", "on the page 2 times", "on the page 2 times",
        "on the page 1 times", "on the page no times", "on the page no times",
    ]  # fmt: skip


def test_runs_of_lines_that_begin_alike() -> None:
    """A list is seen by what its lines begin with and how far they are indented."""
    assert answers(["* a", "* b", "  * c", "d"], "alike") == [
        "in a run of 2 lines that begin alike", "in a run of 2 lines that begin alike",
        "in a run of under 2 lines that begin alike", "in a run of under 2 lines that begin alike",
    ]  # fmt: skip


def test_runs_of_lines_of_one_size() -> None:
    """Short lines one below the other make a run, lines of prose another."""
    assert answers(["Home", "News", "Sport", PROSE, PROSE], "run") == [
        *["in a run of 3 to 4 lines of its size"] * 3, *["in a run of 2 lines of its size"] * 2
    ]  # fmt: skip


def test_depth_from_both_ends() -> None:
    """Lines are counted from the top and from the bottom, blank rows left out."""
    assert answers(["a", "", "b", "", "", "c"], "from-top") == [
        "no lines from the top", "1 lines from the top", "2 lines from the top"
    ]  # fmt: skip
    assert answers(["a", "b"], "from-bottom") == ["1 lines from the bottom", "no lines from the bottom"]


def test_words_that_the_prose_knows() -> None:
    """A line is known by its longer words, where prose other than itself uses them; its own use vouches for nothing."""
    page = ["The council and the bridge", "Weather forecast", "a b", PROSE, OTHER]

    assert answers(page, "known") == [
        "share of words that the prose knows 0.999 or more", "share of words that the prose knows 0 to 0.01",
        "share of words that the prose knows under 0", "share of words that the prose knows 0 to 0.01",
        "share of words that the prose knows 0 to 0.01",
    ]  # fmt: skip


def test_words_that_prose_above_and_below_knows() -> None:
    """A line of a second article shares its words with the prose below it, not with that above."""
    page = [PROSE, "Council bridge", "Nobody repairs", OTHER]

    assert answers(page, "known-above")[1:3] == [
        "share of words that prose above knows 0.8 or more", "share of words that prose above knows 0 to 0.01"
    ]  # fmt: skip
    assert answers(page, "known-below")[1:3] == [
        "share of words that prose below knows 0 to 0.01", "share of words that prose below knows 0.8 or more"
    ]  # fmt: skip


def test_a_line_of_prose_does_not_vouch_for_itself() -> None:
    """Prose that stands once is known neither above nor below; what stands again is known on either side."""
    once, twice = [PROSE, "Menu"], [PROSE, "Menu", PROSE]

    assert [answers(once, axis)[0][-9:] for axis in ("known-above", "known-below")] == ["0 to 0.01"] * 2
    assert answers(twice, "known-above")[::2] == [
        "share of words that prose above knows 0 to 0.01", "share of words that prose above knows 0.8 or more"
    ]  # fmt: skip
    assert answers(twice, "known-below")[::2] == [
        "share of words that prose below knows 0.8 or more", "share of words that prose below knows 0 to 0.01"
    ]  # fmt: skip


def test_lines_without_longer_words_are_known_nowhere() -> None:
    """Short words tell no topic: a line of them alone has no share, on a page of them alone no line has one."""
    for axis in ("known", "known-above", "known-below"):
        assert answers([PROSE, "a b"], axis)[1].endswith("knows under 0")
        assert {answer[-7:] for answer in answers(["a b", "c"], axis)} == {"under 0"}


def test_the_first_of_lines_that_stand_again_is_told_from_the_later_ones() -> None:
    """Words decide what is alike, and lines without words stand for themselves."""
    assert answers(["Read more", "Menu", "* READ more!", "—", "—", "read more"], "occurrence") == [
        "first of several alike", "stands once", "alike to one above", "stands once", "stands once",
        "alike to one above",
    ]  # fmt: skip


def test_a_list_of_teasers_has_the_rhythm_of_its_template() -> None:
    """Headline, caption and time again and again repeat every three lines; lines of one sort every line."""
    teasers = ["Bridge stays shut for a year", "photo by hand", "12:30"] * 6
    captioned = ["Bridge stays shut for a year", "Photo"] * 6
    links = ["Menu"] * 8

    assert set(answers(teasers, "rhythm")[4:-4]) == {"3 lines make a pattern that repeats"}
    assert set(answers(captioned, "rhythm")[3:-3]) == {"2 lines make a pattern that repeats"}
    assert set(answers(links, "rhythm")[2:-2]) == {"1 lines make a pattern that repeats"}


def test_prose_has_no_rhythm() -> None:
    """Paragraphs of any length make no pattern."""
    page = ["Menu", PROSE, "It rained.", f"{PROSE} {OTHER}", "“Nobody knew,” she said:", "a", f"- {OTHER}", "The end?"]

    assert set(answers(page, "rhythm")) == {"no lines make a pattern that repeats"}


@settings(max_examples=80)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=40))
def test_rhythm_is_counted_as_said(traits: list[int]) -> None:
    """The shortest period of at most six lines by which four fifths of the lines around repeat the line so far back."""
    count = len(traits)

    def repeats(at: int, period: int) -> bool:
        window = range(max(at - period, 0), min(at + 2 * period, count - 1) + 1)
        hits = sum(line >= period and traits[line] == traits[line - period] for line in window)
        return count > 2 * period and hits >= 0.8 * len(window)

    expected = [next((period for period in range(1, 7) if repeats(at, period)), 0) for at in range(count)]
    assert context._rhythm(np.array(traits)).tolist() == expected


def test_words_of_the_first_line() -> None:
    """A line that repeats the page's title shares its words."""
    assert answers(["Bridge shut again", "Bridge shut", "Bridge open", "Sport"], "title") == [
        "share of words in the first line 0.999 or more", "share of words in the first line 0.999 or more",
        "share of words in the first line 0.3 to 0.6", "share of words in the first line under 0.01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("page", "axis", "expected"),
    [
        (["a"] * 25, "page-lines", "page of 20 to 59 lines"),
        (["a b", "c d e", "f"], "page-median", "median line of 2 words"),
        ([PROSE], "page-prose", "share of prose on the page 0.9 or more"),
        (["Menu"], "page-prose", "share of prose on the page under 0.02"),
    ],
)
def test_the_page_as_a_whole(page: list[str], axis: str, expected: str) -> None:
    """Every line knows what sort of page it stands on."""
    assert set(answers(page, axis)) == {expected}


def test_line_hashes_know_the_order_of_words() -> None:
    """Two lines hash alike where their words do, in order."""
    one, same, other, none = line_hashes(measure("read more\nREAD: more\nmore read\n!")).tolist()

    assert one == same
    assert one != other
    assert none == 0


@settings(max_examples=60)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(0, 9))
def test_window_sums(values: list[int], reach: int) -> None:
    """A window's sum is that of the values up to so many places away."""
    expected = [sum(values[max(0, at - reach) : at + reach + 1]) for at in range(len(values))]

    assert window_sum(np.array(values, dtype=np.float64), reach).tolist() == expected


@settings(max_examples=60)
@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_distances(flags: list[bool]) -> None:
    """Distances are to the nearest flagged place other than itself, or a million where none is."""
    back, on = distances(np.array(flags))

    places = [at for at, flag in enumerate(flags) if flag]
    for at in range(len(flags)):
        assert back[at] == min([at - place for place in places if place < at], default=10**6)
        assert on[at] == min([place - at for place in places if place > at], default=10**6)
