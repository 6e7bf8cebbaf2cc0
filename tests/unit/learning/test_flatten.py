"""Flattening: HTML to lines, in the ways that scrapers leave it."""

from __future__ import annotations

import pytest

from dehusk_server.learning.flatten import Flattening, flatten

INLINE = ["a", "b", "em", "i", "span", "strong", "small", "sup", "u", "code", "abbr", "time", "mark", "q", "cite"]
BLOCKS = [
    "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "ol", "p", "pre", "section", "ul",
]  # fmt: skip


@pytest.mark.parametrize("tag", INLINE)
def test_inline_elements_never_break_a_block(tag: str) -> None:
    """A word marked up inside a sentence stays inside it, glued or blank as it was."""
    assert flatten(f"<p>one <{tag}>two</{tag}>, th<{tag}>ree</{tag}></p>", Flattening.BLOCKS) == "one two, three"


@pytest.mark.parametrize("tag", BLOCKS)
def test_blocks_never_glue(tag: str) -> None:
    """What is a block of its own is a line of its own, before and after."""
    assert flatten(f"one<{tag}>two</{tag}>three", Flattening.BLOCKS) == "one\ntwo\nthree"


@pytest.mark.parametrize("flattening", Flattening)
def test_table_cells_and_breaks_part_lines(flattening: Flattening) -> None:
    """Cells stand apart, and a line break is one."""
    html = "<table><tr><td>one</td><td>two</td></tr></table>three<br>four"

    assert flatten(html, flattening) == "one\ntwo\nthree\nfour"


def test_nodes_break_at_links() -> None:
    """Each text node on its own line: sentences break at every element."""
    assert flatten("<p>one <a>two</a> three</p>", Flattening.NODES) == "one\ntwo\nthree"


@pytest.mark.parametrize("flattening", Flattening)
@pytest.mark.parametrize("tag", ["script", "style", "noscript", "template", "svg", "iframe", "textarea", "select"])
def test_what_nobody_sees_is_left_out(tag: str, flattening: Flattening) -> None:
    """Scripts, styles and fields are no text of the page."""
    assert flatten(f"<p>one</p><{tag}>hidden</{tag}><p>two</p>", flattening) == "one\ntwo"


@pytest.mark.parametrize("flattening", Flattening)
@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("   ", ""),
        ("<p></p><p> </p>", ""),
        ("plain", "plain"),
        ("<p>a\nb\r\n\tc&nbsp;d</p>", "a b c d"),
        ("<p>a<!-- c -->b</p>", None),
        ("<title>t</title><p>&lt;b&gt; &amp; 👍</p>", "<b> & 👍"),
        ("<p>one<p>two", "one\ntwo"),
        ("<div>one</p></span>two</div>", None),
    ],
)
def test_blanks_entities_and_broken_markup(html: str, text: str | None, flattening: Flattening) -> None:
    """Blanks are single, empty lines none, entities characters; broken markup loses no text."""
    found = flatten(html, flattening)

    if text is not None:
        assert found == text
    assert not any(line != line.strip() or not line for line in found.split("\n") if found)


@pytest.mark.parametrize("flattening", Flattening)
@pytest.mark.parametrize(("tag", "depth"), [("span", 100_000), ("b", 100_000), ("div", 10_000)])
def test_depth_is_no_danger(tag: str, depth: int, flattening: Flattening) -> None:
    """Elements deep inside each other are walked, not recursed into."""
    # Of blocks fewer: what the parser does with nested ones grows with the square of their depth.
    assert flatten(f"<{tag}>" * depth + "deep", flattening).strip() == "deep"
