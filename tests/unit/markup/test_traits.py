"""What the tree says of a line, in the words that rules are read in."""

from __future__ import annotations

import pytest

from unit.markup.trees import grow

WORDS = "The river rose in the night, and by the morning the bridge was gone, the mayor said on Monday."
PAGE = f"""
<html><head><title>Bridge gone</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Bridge gone</h1><p>{WORDS} <a href="/mayor">More on the mayor</a></p><p>{WORDS} Twice.</p></article>
<aside><p>Weather</p></aside>
</body></html>
"""
HOME, NEWS, SPORT, TITLE, FIRST, SECOND, WEATHER = range(7)


@pytest.mark.parametrize(
    ("line", "axis", "answer"),
    [
        (HOME, "dom-nav", "in nav"),
        (HOME, "dom-link", "share of the line in <link> 0.999 or more"),
        (HOME, "dom-tag", "in <li>"),
        (HOME, "dom-tag-1", "in, around that, <ul>"),
        (HOME, "dom-tag-2", "in, around that again, <nav>"),
        (SPORT, "dom-alike-0", "3 to 4 elements like its block beside it"),
        (HOME, "dom-link-count", "1 links"),
        (HOME, "dom-links-1", "share of link text in the block around 0.999 or more"),
        (HOME, "dom-article", "in no <article>"),
        (HOME, "dom-core", "outside of the block with most prose, above it"),
        (HOME, "dom-title", "above the main heading"),
        (TITLE, "dom-title", "is the main heading"),
        (TITLE, "stated-title", "is the stated title"),
        (TITLE, "dom-heading", "in heading"),
        (FIRST, "dom-article", "in the <article> of the title"),
        (FIRST, "dom-link", "share of the line in <link> 0.1 to 0.3"),
        (FIRST, "dom-prose-0", "share of prose in its block 0.999 or more"),
        (FIRST, "dom-weight-0", "share of the page's prose in its block 0.3 to 0.6"),
        (FIRST, "dom-core", "one block inside it"),
        (SECOND, "dom-alike-0", "2 elements like its block beside it"),
        (SECOND, "dom-to-heading", "2 lines below a heading"),
        (WEATHER, "dom-aside", "in aside"),
        (WEATHER, "dom-core", "outside of it, below it"),
        (WEATHER, "dom-with-title", "in two blocks above the title's block, below"),
    ],
)
def test_what_the_tree_says(line: int, axis: str, answer: str) -> None:
    """Each axis puts each line into one of its answers."""
    assert grow(PAGE).answers[line][axis] == answer


def test_each_line_has_an_answer_on_each_axis_of_any_tree() -> None:
    """Pages without blocks, without prose or of one word are measured too."""
    for html in ("word", "<b>word", "<table><tr><td>a<td>b</table>", "<ul><li>a<li>b", "<p>a<p hidden>b<img><br>c"):
        for answers in grow(html).answers:
            assert all(answers.values())
