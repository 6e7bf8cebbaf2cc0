"""Markdown links and images: what is one, what is not, and that hostile text costs no more than its length."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk_server.text.link_marks import find_link_marks
from strategies import surrogate_text, texts

SIGNS = st.text(st.sampled_from('[]()!\\`"\n<> ab'), max_size=60)


def found(text: str) -> list[str]:
    """Return the source of each link and image."""
    return [text[mark.start : mark.end] for mark in find_link_marks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see [it](x) now", ["[it](x)"]),
        ("![a](b)", ["![a](b)"]),
        ("[![a](b)](c)", ["![a](b)", "[![a](b)](c)"]),
        ('[a](b "c d")', ['[a](b "c d")']),
        ("[a](b 'c')", ["[a](b 'c')"]),
        ("[a](<b c>)", ["[a](<b c>)"]),
        ("[a](b(c)d)", ["[a](b(c)d)"]),
        ("([a](b))", ["[a](b)"]),
        ("[](b)", ["[](b)"]),
        ("[a]()", ["[a]()"]),
        ("[[1]](b)", ["[[1]](b)"]),
        ("[a] [b](c)", ["[b](c)"]),
        ("[a [b](c) d](e)", ["[b](c)", "[a [b](c) d](e)"]),
        ("`x` [a](b)", ["[a](b)"]),
        ("it`s [a](b)", ["[a](b)"]),
        ("```\n[a](b)\n```\n[c](d)", ["[c](d)"]),
    ],
)
def test_links(text: str, expected: list[str]) -> None:
    """A link has words in paired brackets and a target right behind them."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a note [1] and [^2]",
        "[a][b]",
        "[a]: http://example.org",
        "<http://example.org>",
        "http://example.org/a_(b)",
        "[sic](as it stands)",
        "[a] (b)",
        "[a]\n(b)",
        "[a\nb](c)",
        "\\[a](b)",
        "[a\\](b)",
        "a](b)",
        "[a](b",
        '[a](b "c)',
        "`[a](b)`",
        "``a ` [a](b)``",
        "~~~\n[a](b)",
    ],
)
def test_what_is_no_link(text: str) -> None:
    """Notes, links by reference, addresses, brackets that do not pair up, escaped ones, and code are none."""
    assert found(text) == []


@given(st.one_of(texts, surrogate_text, SIGNS))
def test_marks_are_links(text: str) -> None:
    """Each begins and ends as a link does, stands in one line, and overlaps another only by holding it."""
    marks = find_link_marks(text)
    for mark in marks:
        assert text[mark.start : mark.end].startswith("![" if mark.image else "[")
        assert text[mark.words_end : mark.words_end + 2] == "]("
        assert text[mark.end - 1] == ")"
        assert "\n" not in text[mark.start : mark.end]
    for one, other in itertools.pairwise(marks):
        assert one.end <= other.start or other.start < one.start < one.end <= other.words_end
