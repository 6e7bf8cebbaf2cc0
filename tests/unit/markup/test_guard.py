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
