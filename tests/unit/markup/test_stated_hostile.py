"""Pages that are broken, or mean harm: what can be read is read, and nothing fails or takes its time."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from dehusk_server.markup.stated import read_stated
from strategies import surrogate_text, texts
from unit.markup.stating import ARTICLE, meta, script, stated


@pytest.mark.parametrize(
    "written",
    [
        "<!-- {} -->",
        "//<![CDATA[\n{}\n//]]>",
        "/* <![CDATA[ */ {} /* ]]> */",
        "{};",
        "{} {{}}",
        "window.data = {}",
        "[{},]",
        '{{"@graph": [{},,]}}'.replace(",,", ","),
    ],
)
def test_json_is_read_through_its_wrappers(written: str) -> None:
    """Comments, CDATA, semicolons, trailing commas, several values."""
    assert stated(script(written.format(json.dumps(ARTICLE)))).title == "Bridge stays shut"


@pytest.mark.parametrize(
    "written",
    [
        '{"@type": "Article", "headline": "Bridge\n\tstays shut"}',
        '{"@type": "Article", "headline": "Bridge stays shut",}',
        r'{"@type": "Article", "headline": "Bridge\' stays shut"}'.replace("\\' s", "\\ s"),
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Bridge stays shut&quot;}",
        '\ufeff{"@type": "Article", "headline": "Bridge stays shut"}',
    ],
)
def test_json_is_read_through_its_slips(written: str) -> None:
    """Line ends in strings, commas too many, stray backslashes, escaped quotes."""
    assert stated(script(written)).title == "Bridge stays shut"


BOMBS = {
    "deep list": "[" * 200_000,
    "deep object": '{"@graph":' * 100_000,
    "deep and closed": "[" * 50_000 + "]" * 50_000,
    "deep author": '{"@type":"Article","author":' + '{"name":' * 400 + '"x"' + "}" * 400 + "}",
    "author of himself": '{"@type":"Article","author":{"@id":"#a"},"@id":"#a"}',
    "long number": '{"@type":"Article","headline":' + "9" * 200_000 + "}",
    "many things": "[" + '{"@type":"Article"},' * 20_000 + "{}]",
    "half a character": '{"@type":"Article","headline":"\\ud800 x","articleBody":"<p>\\udfff</p>"}',
    "no JSON": "<h1>" * 1000,
    "too long": '"' + "x" * 1_100_000 + '"',
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_hostile_json_costs_its_own_script_alone(bomb: str) -> None:
    """The next script is read as ever."""
    answer = stated(script(BOMBS[bomb]) + script({"@type": "WebSite", "name": "The Example"}))

    assert answer.site_name == "The Example"
    str(answer).encode()


def test_hostile_markup_is_looked_at_in_part() -> None:
    """Fields stay short, however much a page writes into them."""
    many = "".join(meta("og:title", "x" * 5000) for _ in range(3000))
    deep = "<div itemscope itemprop=author>" * 500 + "<h1>" + "<b>y</b>" * 5000 + "</h1>"

    answer = stated(many, deep)

    assert len(answer.title) <= 1000
    assert len(answer.byline) <= 1000 * 200


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | surrogate_text,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*ARTICLE, "@graph", "@id", "name", "mainEntity"]) | texts, inner, max_size=6)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_no_json_ld_fails(value: object) -> None:
    """Any value whatever, where an article is looked for."""
    answer = stated(
        script({"@type": "Article", "author": value, "headline": value, "publisher": value, "@graph": value})
    )

    str(answer).encode()


TAGS = """<meta |property=|"og:title"|"author"|content=|<h1>|</h1>|<title>|</title>|>|<time |datetime=|2024-03-05|
<div itemscope |itemprop=author |itemtype=//schema.org/Article |<a rel=author |
<script type="application/ld+json">|</script>|{"@type":"Article",|"author":|"x"|}|<!--|\x00|&amp;"""
SOUP = st.lists(st.sampled_from(TAGS.split("|")) | st.text(st.characters(codec="utf-8"), max_size=5))


@given(SOUP)
def test_no_page_fails(pieces: list[str]) -> None:
    """Any soup of tags and text gives texts on one line each, in valid Unicode."""
    answer = read_stated(LexborHTMLParser("".join(pieces)))

    for text in (answer.title, answer.byline, answer.published, answer.language, answer.description, answer.site_name):
        assert text == " ".join(text.split())
        text.encode()


def test_reading_changes_nothing() -> None:
    """The page that is read is the page that is cleaned next."""
    page = LexborHTMLParser(f"<head>{script(ARTICLE)}</head><body><h1>Bridge</h1><a rel=author>Jane</a></body>")
    before = page.html

    read_stated(page)

    assert page.html == before
