"""Shapes: what each axis answers about a line by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.text.axes import AXES
from dehusk_server.text.page import measure
from dehusk_server.text.shapes import shape_answers, take_measures
from strategies import surrogate_text, texts


def answers(text: str, axis: str) -> list[str]:
    """Return an axis's answer about each line, in words."""
    page = measure(text)
    found = shape_answers(page, take_measures(page))[axis]
    return [AXES[axis].answers[answer] for answer in found.tolist()]


def answer(line: str, axis: str) -> str:
    """Return an axis's answer about one line."""
    [found] = answers(line, axis)
    return found


@pytest.mark.parametrize(
    ("line", "axis", "expected"),
    [
        ("lower", "start", "begins in lower case"),
        ("Upper", "start", "begins in upper case"),
        ("اجتمع", "start", "begins with a letter without case"),
        ("議会", "start", "begins with a Han, Kana or Thai letter"),
        ("12 May", "start", "begins with a digit"),
        ("$5", "start", "begins with a digit"),
        ("“Nobody", "start", "begins with a quote"),
        ("(b)", "start", "begins with a bracket"),
        ("[b]", "start", "begins with a bracket"),
        ("• b", "start", "begins with a bullet or bar"),
        ("* b", "start", "begins with a bullet or bar"),
        ("+ b", "start", "begins with a bullet or bar"),
        ("*b*", "start", "begins with a markup sign"),
        ("– b", "start", "begins with a dash"),
        ("© b", "start", "begins with a symbol"),
        ("…b", "start", "begins with a stop or comma"),
        ("@b", "start", "begins with another sign"),
        ("# b", "start", "begins with #"),
        ("![b](c)", "start", "begins with an image"),
        ("[b](c)", "start", "begins with a link"),
        ("!", "start", "begins with a stop or comma"),
        ("more", "end", "ends in a letter"),
        ("MORE", "end", "ends in upper case"),
        ("議会", "end", "ends in a Han, Kana or Thai letter"),
        ("2024", "end", "ends in a digit"),
        ("It rained.", "end", "ends a sentence"),
        ("It rained…", "end", "ends a sentence"),
        ("“It rained.”", "end", "ends a sentence"),
        ("*It rained.*", "end", "ends a sentence"),
        ("(b)", "end", "ends with a bracket"),
        ("“b”", "end", "ends with a quote"),
        ("b |", "end", "ends with a bar"),
        ("b,", "end", "ends with a comma"),
        ("b*", "end", "ends with another sign"),
        ("Why?", "end", "ends with ? or !"),
        ("Tags:", "end", "ends with a colon"),
        ("標籤：", "end", "ends with a colon"),
        ("—", "words", "no words"),
        ("one two three", "words", "3 words"),
        ("議会は火曜", "words", "3 words"),
        ("[a](https://b.example/c/d)", "words", "1 words"),
        ("One Two three four", "upper", "share of capitalised words 0.5 to 0.75"),
        ("it was a cat, said Ann", "short", "share of short lower-case words 0.42 or more"),
        ("Ann Eve Bob", "short", "share of short lower-case words under 0.01"),
        ("One. Two. Three.", "stops", "3 to 4 stops"),
        ("no stop", "stops", "no stops"),
        ("a, b, c", "commas", "commas per word 0.2 or more"),
        ("aa bbbb", "word-length", "mean word length 3 to 3.5"),
        ("1, 2, 3!", "digits", "share of digits 0.4 to 0.7"),
        ("12345678", "digits", "share of digits 0.7 or more"),
        ("a | b | c", "bars", "2 bars or bullets"),
        ("“a”", "quotes", "2 quotes"),
        ("(a)", "brackets", "2 brackets"),
        ("© a", "symbols", "1 symbols"),
        ("$5", "currency", "1 currency signs"),
        ("**a**", "markup", "4 to 7 markup signs"),
        ("[a](b) [c](d)", "links", "2 markdown links"),
        ("[ab](https://c.example)", "link-density", "link target over text 2.5 or more"),
        ("   a", "indent", "indent 3 to 4"),
        ("12 May 2024", "date", "a date"),
        ("2024-05-12", "date", "a date"),
        ("the 12 of 3000", "date", "no date"),
        ("1999", "date", "no date"),
        ("at 10:31", "clock", "a time of day"),
        ("10 31", "clock", "no time of day"),
        ("a@b.example", "mail", "an @"),
        ("ab", "mail", "no @"),
        ("ABCd", "capitals", "share of capital letters 0.6 to 0.9"),
        ("abc", "script", "cased script"),
        ("اجتمع المجلس", "script", "script without case"),
        ("議会は火曜", "script", "script without spaces"),
    ],
)  # fmt: skip
def test_answers_about_one_line(line: str, axis: str, expected: str) -> None:
    """Each axis answers in the words that a reader of the line would use."""
    assert answer(line, axis) == expected


def test_blank_rows_are_counted_up_and_down() -> None:
    """The first and the last line of a page count as standing free."""
    text = "a\nb\n\nc\n\n\nd"

    assert answers(text, "blank-above") == [
        "2 or more blank lines above", "no blank lines above", "1 blank lines above", "2 or more blank lines above"
    ]  # fmt: skip
    assert answers(text, "blank-below") == [
        "no blank lines below", "1 blank lines below", "2 or more blank lines below", "2 or more blank lines below"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "reads"),
    [
        ("The council met on Tuesday to talk about the bridge, which has been shut since.", True),
        ("the council met to talk about the bridge which has been shut since march and nobody there knew just why it "
         * 2, True),
        ("It rained.", False),
        ("Home News Sport Culture Weather Travel Money Food Health Science Books Games.", False),
        ("a, b, c, d, e, f, g, h, i, j, k, l, m.", False),
    ],
)  # fmt: skip
def test_prose_is_long_stopped_and_mostly_lower_case(line: str, reads: bool) -> None:
    """A line reads like prose where it is a dozen words with a stop or more, neither a list nor a row of names."""
    assert bool(take_measures(measure(line)).prose[0]) is reads


@settings(deadline=None, max_examples=60)
@given(st.one_of(texts, surrogate_text))
def test_measures_are_finite_and_shares_are_shares(text: str) -> None:
    """No text makes a number that is none, a share outside 0..1 or a class counted outside its line."""
    page = measure(text)
    found = take_measures(page)

    for values in (found.words, found.mean_length, found.prose, found.upper_share, found.short_share):
        assert ((values >= 0) & (values < 1e9)).all()
    assert (found.upper_share <= 1).all()
    assert (found.short_share <= 1).all()
    assert found.counts.sum(axis=1).tolist() == (page.line_end - page.line_start).tolist()
