"""Pages that would cost hours or all memory to parse: each is refused before, by the limit that it passes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from dehusk_server.engine import Engine
from dehusk_server.errors import InvalidInputError
from dehusk_server.markup import burden
from dehusk_server.markup.burden import (
    MOST_DEEP,
    MOST_NAMES,
    MOST_REPEATED,
    MOST_STEPS,
    reckoned,
    refuse_burdens,
)
from dehusk_server.model import Document


def numbered(form: str, count: int) -> str:
    """Write a form once for each number."""
    return "".join(form.format(number) for number in range(count))


def limit_of(html: str) -> str:
    """Return the limit that a page is refused by."""
    with pytest.raises(InvalidInputError, match="send its text") as refused:
        refuse_burdens(html)
    assert refused.value.field == "html"
    return refused.value.limit


@pytest.mark.parametrize(
    "nest", ["<div>", "<DIV a='</div>'>", "<div></x>", "<div><!--</div>-->", "<section><b>", "<svg><foreignObject><g/>"]
)
def test_a_page_nested_without_end_is_refused(nest: str) -> None:
    """Before it is parsed, however its tags are dressed up; the error says the limit."""
    with pytest.raises(InvalidInputError, match="deeper than any page needs") as refused:
        Engine().clean(Document(html=nest * 30_000))

    assert refused.value.limit == f"{MOST_DEEP} elements deep"


def test_a_long_page_is_not_a_deep_one() -> None:
    """Elements beside each other, closed or closed by the next."""
    rows = "<div><ul><li>a<li>b<br></ul><p>c<p>d<script>'<div>'</script><svg><path d='x'/></svg></div>" * 5_000

    assert reckoned(rows).deepest == 2


FONTS = numbered("<font a={}>", 3_000)
REPEATED = f"{MOST_REPEATED} elements"
STEPS = f"{MOST_STEPS} steps"
PAGES = {
    "formatting left open in paragraphs": (f"<p>{FONTS}{'<p>x' * 3_000}", REPEATED),
    "formatting left open in blocks": (f"<div>{FONTS}</div>{'<div>x</div>' * 3_000}", REPEATED),
    "formatting left open in a cell outside a table": (f"<td>{FONTS}</td>{'<p>x' * 3_000}", REPEATED),
    "formatting left open in a template": (f"<template><p>{FONTS}{'<p>x' * 3_000}</template>", REPEATED),
    "formatting in upper case": (f"<P>{FONTS.upper()}{'<P>x' * 3_000}", REPEATED),
    "formatting closed where it cannot be": (f"<p>{FONTS}<table><td>{'</font>' * 3_000}</table>{'<p>x' * 9}", REPEATED),
    "formatting closed through a table": (
        f"<p>{FONTS}<table><td><table></td>{'</font>' * 3_000}</table></table>{'<p>x' * 9}", REPEATED,
    ),
    "formatting closed in the wrong order": (numbered("<b id={}><div>x", 4_000) + "</b>" * 4_000, REPEATED),
    "formatting that links close": (f"<p>{FONTS}{'<a><font><a>x' * 100}", REPEATED),
    "formatting that formatting closes": ("<b>" * 3_000 + FONTS + "</b>x" * 3_000, REPEATED),
    "formatting with many attributes": (numbered(f"<b {numbered(' a{}', 250)} z={{}}>", 400), STEPS),
    "bodies with attributes": (numbered("<body a{}>", 50_000), STEPS),
    "few bodies with many attributes": (
        "".join(f"<body {' '.join(f'a{number}x{one}' for one in range(250))}>" for number in range(400)), STEPS,
    ),
    "a choice of many": ("<select>" + "<option>x" * 30_000, STEPS),
    "a choice of many, with templates between": (
        "<select>" + ("<option>x" * 100 + "<template></select><select></template>") * 300, STEPS,
    ),
    "tags that look through many": ("<span>" * 9_999 + "<div>x</div>" * 40_000, STEPS),
    "names of elements": (numbered("<x{0}>y</x{0}>", 30_000), f"{MOST_NAMES} names"),
    "names of attributes": (numbered("<p attribute{}>", 120_000), f"{MOST_NAMES} names"),
    "names of attributes without blanks": (numbered("<p a=''b{0}=''c{0}=''>", 50_000), f"{MOST_NAMES} names"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_would_cost_too_much_is_refused(name: str) -> None:
    """Each was found to cost seconds to hours, or gigabytes, where twice its size costs four times that or more."""
    html, limit = PAGES[name]

    assert limit_of(html) == limit


def test_a_page_of_more_elements_than_any_page_needs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """They cost memory, some 600 bytes each; with a lower limit here, as a million take their time."""
    monkeypatch.setattr(burden, "MOST_ELEMENTS", 25_000)

    assert limit_of("x<br>" * 25_001) == "25000 elements"
    refuse_burdens("x<br>" * 25_000)


def kinds_of(count: int) -> Iterator[str]:
    """Yield pages as people write them, each with one thing many times over."""
    yield "<p><b>a</b> <i class=x>b</i> <a href=y>c</a></p>" * count
    yield "<table>" + "<tr><td><font size=1>never closed<td><b>nor this" * (count // 5) + "</table>"
    yield "<p><b>never closed<p>" + "<p>x" * count
    yield "<p><a name=never-closed>x" * (count // 4)
    yield "<select>" + "<option>x</option>" * 5_000 + "</select>"
    yield ("<select>" + "<option>x</option>" * 200 + "</select>") * (count // 100)
    yield "<body class=a>" * 20
    yield numbered("<i class='icon icon-{}'></i>", count)
    yield "".join(f"<p title='{'word ' * 200}'>x</p>" for _ in range(count // 20))


@pytest.mark.parametrize("html", list(kinds_of(20_000)), ids=range(9))
def test_a_long_page_is_not_refused(html: str) -> None:
    """Length alone costs nothing more; it is looked at only by the limit for length."""
    refuse_burdens(html)


@pytest.mark.parametrize(
    ("html", "most"),
    [
        (f"<p>{numbered('<font a={}>', 300)}{'<p>x' * 300}", 100_000),
        (f"<p>{'<font a=1>' * 300}{'<p>x' * 300}", 2_000),
        (f"<p>{numbered('<a href={}>', 300)}{'<p>x' * 300}", 2_000),
    ],
    ids=["each its own", "all alike", "links"],
)
def test_what_is_opened_again_is_not_reckoned_too_low(html: str, most: int) -> None:
    """The parser makes no more elements than were reckoned; those alike are opened again three times, links once."""
    root = LexborHTMLParser(html).root
    assert root is not None
    made = sum(1 for _ in root.traverse()) - html.count("<")
    reckoning = reckoned(html)

    assert made <= reckoning.elements + reckoning.repeated
    assert reckoning.repeated <= most


FORMATTING = ("b", "i", "font", "nobr", "s", "a", "code")
OTHERS = (
    "p", "div", "table", "tr", "td", "th", "caption", "object", "marquee", "template", "li", "ul", "button", "select",
    "option", "svg", "math", "foreignObject", "h1", "dd", "form", "body", "html", "tbody", "pre", "frameset",
)  # fmt: skip
TAGS = st.one_of(
    st.sampled_from(FORMATTING).map("<{} z=%>".format),
    st.sampled_from((*FORMATTING, *OTHERS)).map("</{}>".format),
    st.sampled_from(OTHERS).map("<{}>".format),
)
PHASES = st.lists(st.tuples(st.lists(TAGS, min_size=1, max_size=4).map("".join), st.integers(1, 80)), max_size=4)


@settings(max_examples=300)
@given(PHASES)
def test_no_page_has_more_elements_than_its_tags_and_what_was_reckoned(phases: list[tuple[str, int]]) -> None:
    """Whatever is opened and closed in whatever order, many times over, each formatting with an attribute of its own.

    A tag may make three elements: a cell makes its row and the rows' group.
    """
    written = "".join(f"{tags}x" * times for tags, times in phases)
    html = "".join(f"{piece}{number}" for number, piece in enumerate(written.split("%")))
    root = LexborHTMLParser(html).root
    made = 0 if root is None else sum(1 for _ in root.traverse(include_text=False))

    assert made <= 3 * html.count("<") + 5 + reckoned(html).repeated
