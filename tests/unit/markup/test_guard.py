"""What is cut off a page before it is parsed: attributes without number, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from dehusk_server.engine import Engine
from dehusk_server.markup.guard import MOST_ATTRIBUTES, bounded
from dehusk_server.model import Document


@given(st.text(alphabet="<p a='\"/>=x", max_size=300))
def test_tags_of_few_attributes_stay_as_they_are(html: str) -> None:
    """Whatever is open or closed in them."""
    assert bounded(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<p>if a <b and so on " + "word " * 1_000 + "</p>",
        "<script>if (a<b && '" + "x y " * 1_000 + "')</script><p>on</p>",
        "<!-- <p " + "a " * 1_000 + "> --><p>on</p>",
        "<p it's>" + "word's " * 1_000 + "</p>",
        "<p title='" + "a > b " * 1_000 + "'>on</p>",
    ],
    ids=["a sign in prose", "a script", "a comment", "a stray quote", "a long value"],
)
def test_what_only_looks_like_attributes_shows_as_before(html: str) -> None:
    """Text of scripts, comments and values is no list of attributes; in prose a browser would take it for one too."""
    shown = LexborHTMLParser(html).body
    kept = LexborHTMLParser(bounded(html)).body
    assert shown is not None
    assert kept is not None
    assert kept.text() == shown.text()


@pytest.mark.parametrize("form", ["a{}", "a{}=1", "a{}='x > y'", 'a{}=">"', "a{} = 1"])
def test_attributes_beyond_the_bound_are_cut(form: str) -> None:
    """However they are written; the element and its text stay."""
    attributes = " ".join(form.format(number) for number in range(1_000))
    parser = LexborHTMLParser(bounded(f"<p>one</p><p {attributes}>two</p><p>three</p>"))

    first, second, third = parser.css("p")
    assert (first.text(), second.text(), third.text()) == ("one", "two", "three")
    assert len(second.attributes) == MOST_ATTRIBUTES


def test_a_million_attributes_are_cleaned() -> None:
    """The page costs what its size costs."""
    attributes = " ".join(f"a{number}" for number in range(1_000_000))

    assert Engine().clean(Document(html=f"<p {attributes}>Some text</p>")).partition.source == "Some text"
