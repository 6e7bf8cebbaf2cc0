"""What a page says of itself: which mark is believed, and what is dropped."""

from __future__ import annotations

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from dehusk_server.markup.stated import Stated, read_stated
from unit.markup.stating import ARTICLE, meta, script, stated


def test_an_article_tells_everything_in_json_ld() -> None:
    """Each field comes from the object of the article."""
    assert stated(script(ARTICLE)) == Stated(
        title="Bridge stays shut",
        byline="Jane Doe",
        published="2024-03-05T10:00:00+01:00",
        modified="2024-03-06",
        language="en-GB",
        article_body="The bridge stays shut.",
        description="Repairs will take a year.",
        site_name="The Example",
        types=("NewsArticle",),
    )


def test_a_page_that_says_nothing_says_nothing() -> None:
    """Prose is not guessed from."""
    assert stated("", "<p>By Jane Doe, 5 March 2024</p>") == Stated()


def test_the_trusted_mark_beats_the_others() -> None:
    """JSON-LD before microdata, microdata before metas, metas before what readers see."""
    seen = '<title>From title</title><time datetime="2001-01-01">'
    metas = meta("og:title", "From meta") + meta("article:published_time", "2002-02-02")
    data = (
        '<div itemscope itemtype="https://schema.org/Article"><b itemprop="headline">From microdata</b>'
        '<i itemprop="datePublished" content="2003-03-03"></i></div>'
    )
    linked = script({"@type": "Article", "headline": "From JSON-LD", "datePublished": "2004-04-04"})

    answers = [
        stated(head, body)
        for head, body in ((seen, ""), (seen + metas, ""), (seen + metas, data), (linked + seen + metas, data))
    ]

    assert [answer.title for answer in answers] == ["From title", "From meta", "From microdata", "From JSON-LD"]
    assert [answer.published[:4] for answer in answers] == ["2001", "2002", "2003", "2004"]


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            "<title>Bridge stays shut | The Example</title>" + meta("og:site_name", "The Example"),
            "",
            "Bridge stays shut",
        ),
        (
            "<title>The Example: Bridge stays shut</title>" + meta("og:site_name", "the example"),
            "",
            "Bridge stays shut",
        ),
        ("<title>Bridge - News - The Example</title>" + meta("og:site_name", "The Example"), "", "Bridge - News"),
        ("<title>Bridge stays shut | The Example</title>", "", "Bridge stays shut | The Example"),
        ("<title>Bridge stays shut | The Example</title>", "<h1>Bridge stays shut</h1>", "Bridge stays shut"),
        ("<title>The Example</title>" + meta("og:site_name", "The Example"), "", "The Example"),
        (meta("og:title", "You will not believe it") + meta("twitter:title", "Bridge"), "<h1>Bridge</h1>", "Bridge"),
        (
            meta("og:title", "Bridge stays shut for long"),
            "<h1>Bridge will long stay shut</h1>",
            "Bridge will long stay shut",
        ),
        (meta("og:title", "Bridge stays shut"), "<h1>Example news</h1>", "Bridge stays shut"),
        (script(ARTICLE) + meta("og:title", "Shut!"), "<h1>The bridge stays shut</h1>", "Bridge stays shut"),
        (script({**ARTICLE, "headline": "Bridge &amp; <em>tunnel</em>\n shut"}), "", "Bridge & tunnel shut"),
        (meta("og:title", "The &lt;div&gt; element"), "", "The <div> element"),
        ("", "<h1>Bridge<br>stays <b>sh</b>ut</h1>", "Bridge stays shut"),
        ("", "<svg><title>Logo</title></svg>", "Logo"),
        (script({"@type": "ItemList", "itemListElement": [ARTICLE]}) + "<title>All news</title>", "", "All news"),
        (script([{**ARTICLE, "headline": "Another"}, ARTICLE]), "<h1>Bridge stays shut</h1>", "Bridge stays shut"),
    ],
)
def test_the_title_is_the_headline(head: str, body: str, expected: str) -> None:
    """What a heading repeats is believed; the site's name goes where it is known to be that, and no guess is made."""
    assert stated(head, body).title == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (script({"@type": "Article", "datePublished": "5 March 2024"}), "", "5 March 2024"),
        (
            script({"@type": "Article", "datePublished": "5 March 2024"})
            + meta("article:published_time", "2024-03-05"),
            "",
            "2024-03-05",
        ),
        (script({"@type": "Article", "datePublished": ["2024-03-05"]}), "", "2024-03-05"),
        (script({"@type": "Article", "datePublished": {"@value": 3}}), "", ""),
        (script({"@type": "WebPage", "datePublished": "2024-03-05"}), "", "2024-03-05"),
        (script({"@type": "Event", "datePublished": "2024-03-05"}), "", ""),
        ('<meta name="dc.date.issued" content="2024-03-05">', "", "2024-03-05"),
        ('<meta name="citation_publication_date" content="2024/03/05">', "", "2024/03/05"),
        (
            "",
            '<time>now</time><time datetime="soon"></time><time datetime="2024-03-05T10:00">5 March</time>',
            "2024-03-05T10:00",
        ),
    ],
)
def test_the_date_is_as_the_page_wrote_it(head: str, body: str, expected: str) -> None:
    """In ISO 8601 where any trusted mark has it so."""
    assert stated(head, body).published == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<html lang="de-AT">', "de-AT"),
        ('<html lang=" pt_BR ">', "pt-BR"),
        ('<html lang="deutsch (de)"><meta http-equiv="Content-Language" content="de">', "de"),
        ('<html><meta property="og:locale" content="fr_FR">', "fr-FR"),
        ("<html lang><p>x</p>", ""),
        ('<html lang="en">' + script({**ARTICLE, "inLanguage": "English"}), "en"),
        ('<html lang="en">' + script({**ARTICLE, "inLanguage": "sv"}), "sv"),
    ],
)
def test_the_language_is_a_tag(page: str, expected: str) -> None:
    """What is no language tag says nothing."""
    assert read_stated(LexborHTMLParser(page)).language == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("<p>One &amp; <b>all</b>.</p><p>Two.</p>", "One & all.\nTwo."),
        ("&lt;p&gt;One.&lt;/p&gt;", "One."),
        ("Salt &amp; pepper, 1 &lt; 2", "Salt & pepper, 1 < 2"),
        ("<p>One.</p><script>alert(1)<\\/script>", "One."),
        ("<i>" * 3000 + "One.", "One."),
        (["One."], ""),
        ("", ""),
    ],
)
def test_the_body_is_text(written: object, expected: str) -> None:
    """Markup and entities in it are taken for what they are."""
    data = json.dumps({**ARTICLE, "articleBody": written}).replace("\\\\/", "\\/")

    assert stated(script(data)).article_body == expected


def test_only_an_article_has_a_body() -> None:
    """What a job offer calls its body is not the article."""
    assert stated(script({"@type": "JobPosting", "articleBody": "Baker wanted."})).article_body == ""


def test_types_are_bare_names_in_order() -> None:
    """Whatever prefix they are written with."""
    graph = {"@graph": [{"@type": ["WebPage", "http://schema.org/FAQPage"]}, {"@type": "schema:Article"}, {"@type": 3}]}

    assert stated(script(graph), '<div itemscope itemtype="https://schema.org/Article#x">').types == (
        "WebPage", "FAQPage", "Article", "x",
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrapped",
    [
        {"@graph": [{"@type": "WebSite"}, ARTICLE]},
        [{"@type": "WebSite"}, ARTICLE],
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {"@type": "WebPage", "mainEntityOfPage": [[ARTICLE]]},
    ],
)
def test_the_article_is_found_inside(wrapped: object) -> None:
    """Graphs, lists and pages that name their article."""
    assert stated(script(wrapped)).title == "Bridge stays shut"
