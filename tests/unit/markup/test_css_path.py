"""CSS paths: each finds the element again that holds its span."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from dehusk_server.markup.css_path import Paths
from dehusk_server.markup.walk import flatten

PAGE = """<body><div id="top"><p>menu</p></div><div><p>one</p><p>two <b>bold</b></p><ul><li>a<li>b</ul></div>
<div id="twice">x</div><div id="twice">y</div></body>"""


def path_of(html: str, words: str) -> str:
    """Return the path of the first place of some words."""
    markup = flatten(LexborHTMLParser(html))
    start = markup.text.index(words)
    return Paths(markup).of(start, start + len(words))


def test_a_path_begins_at_an_id_that_stands_once() -> None:
    """Such an element needs no steps above it; an id that stands twice is none."""
    assert path_of(PAGE, "menu") == "#top > p:nth-of-type(1)"
    assert path_of(PAGE, "y") == "html > body > div:nth-of-type(4)"


def test_a_span_over_several_elements_has_what_holds_them_all() -> None:
    """The smallest element around them."""
    assert path_of(PAGE, "bold") == "html > body > div:nth-of-type(2) > p:nth-of-type(2) > b:nth-of-type(1)"
    assert path_of(PAGE, "a\nb") == "html > body > div:nth-of-type(2) > ul:nth-of-type(1)"
    assert path_of(PAGE, "two bold\n\na") == "html > body > div:nth-of-type(2)"


def test_a_name_that_css_cannot_say_as_it_is_is_escaped() -> None:
    """Office's own elements, and slips that make a name of anything; the path finds the very element."""
    for name in ("o:p", "x.y", "a<", "c=", "é'\"漢", "z😀"):
        html = f"<body><{name}>menu</{name}><{name}>words</{name}>" if name[0].isascii() else f"<body><x{name}>words"
        found = LexborHTMLParser(html).css(path_of(html, "words"))
        assert [element.text() for element in found] == ["words"]


def test_an_id_that_stands_once_more_where_nothing_shows_is_none() -> None:
    """A selector would find that element: in a drawing, or where formatting left open is opened again."""
    assert path_of("<body><svg id=x></svg><p id=x>words", "words") == "html > body > p:nth-of-type(1)"
    assert path_of("<body><h3>H<rp><b id=x></h3>words", "words") == "html > body > b:nth-of-type(1)"


def test_names_without_end_are_not_said_again_for_each_span() -> None:
    """Neither of ids nor of elements."""
    html = f"<body><div id='{'x' * 10_000}'><y{'z' * 10_000}>words"

    assert path_of(html, "words") == "html > body > div:nth-of-type(1) > *"


@given(st.recursive(
    st.sampled_from(["word", "other"]),
    lambda inner: st.tuples(st.sampled_from(["div", "p", "ul", "section"]), st.lists(inner, max_size=3)),
    max_leaves=12,
))  # fmt: skip
def test_a_path_finds_its_element_again(tree: object) -> None:
    """What the selector finds holds the text of the run, and is the first that it finds."""
    parser = LexborHTMLParser(f"<body>{_html(tree)}</body>")
    markup = flatten(parser)
    paths = Paths(markup)
    for start, end, _ in markup.runs:
        found = parser.css(paths.of(start, end))
        assert len(found) == 1
        assert markup.text[start:end] in found[0].text()


def test_a_page_nested_without_end_costs_no_more() -> None:
    """Paths of deep elements are cut, and looking for them ends."""
    depth = 50_000
    markup = flatten(LexborHTMLParser("<div>" * depth + "<p>a</p><p>b</p>" * 500))
    paths = Paths(markup)

    found = [paths.of(0, start + 1) for start, _, _ in markup.runs]
    assert all(path.count(" > ") < 40 for path in found)


def _html(tree: object) -> str:
    if isinstance(tree, tuple):
        tag, inner = tree
        return f"<{tag}>{''.join(_html(one) for one in inner)}</{tag}>"
    return str(tree)
