"""Whom a page names as its author, wherever and however it does."""

from __future__ import annotations

import pytest

from unit.markup.stating import ARTICLE, meta, script, stated


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Jane Doe", "Jane Doe"),
        ("By Jane Doe", "Jane Doe"),
        (["Jane Doe", {"name": "Max Roe"}, "jane doe"], "Jane Doe, Max Roe"),
        ([[{"name": ["Jane Doe", "Max Roe"]}]], "Jane Doe, Max Roe"),
        ({"givenName": "Jane", "familyName": "Doe"}, "Jane Doe"),
        ({"@id": "#jane"}, "Jane Doe"),
        (["https://example.org/jane", "//example.org/max", "jane@example.org", "Max Roe"], "Max Roe"),
        ("Byron Doe", "Byron Doe"),
        (None, ""),
        (17, ""),
        ({}, ""),
        ("  ,; ", ""),
    ],
)
def test_authors_are_read_however_they_are_written(author: object, expected: str) -> None:
    """Text, object, list, reference; addresses are no names, and nobody is named twice."""
    graph = {"@graph": [{**ARTICLE, "author": author}, {"@type": "Person", "@id": "#jane", "name": "Jane Doe"}]}

    assert stated(script(graph)).byline == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ('<meta name="author" content="Jane Doe">', "", "Jane Doe"),
        (meta("article:author", "https://www.facebook.com/jane") + '<meta name="author" content="Jane">', "", "Jane"),
        (
            '<meta name="citation_author" content="Doe, J."><meta name="citation_author" content="Roe, M.">',
            "",
            "Doe, J., Roe, M.",
        ),
        (script({**ARTICLE, "author": "The Example"}) + '<meta name="author" content="Jane Doe">', "", "Jane Doe"),
        (script({**ARTICLE, "author": "The Example"}), "", "The Example"),
        (meta("twitter:data1", "Jane Doe") + meta("twitter:data2", "3 minutes"), "", "Jane Doe"),
        (meta("twitter:data1", "3 minutes"), "", ""),
        (meta("twitter:data1", "In stock") + meta("twitter:data2", "Blue"), "", ""),
        ("", '<a href="/jane" rel="nofollow author">By Jane Doe</a> <a href="/">Home</a>', "Jane Doe"),
        ("", "".join(f"<a rel=author>Writer {letter}</a>" for letter in "ABCD"), ""),
        ("", '<p itemprop="author">Jane Doe</p>', "Jane Doe"),
        ("", '<nav itemscope itemtype="https://schema.org/BreadcrumbList"><a itemprop="name">Home</a></nav>', ""),
    ],
)
def test_authors_stand_in_other_places_too(head: str, body: str, expected: str) -> None:
    """Metas, cards, links and microdata; the site itself is named only where nobody else is."""
    assert stated(head, body).byline == expected


def test_the_author_of_a_comment_is_not_the_author() -> None:
    """Microdata of other things than the article do not count."""
    body = (
        '<div itemscope itemtype="https://schema.org/BlogPosting"><span itemprop="author" itemscope '
        'itemtype="https://schema.org/Person"><b itemprop="name">Jane Doe</b></span>'
        '<p itemprop="comment" itemscope itemtype="https://schema.org/Comment"><i itemprop="author">Reader</i></p>'
        "</div>"
        '<div itemscope itemtype="https://schema.org/BlogPosting"><i itemprop="author">Of the next post</i></div>'
    )

    answer = stated("", body)

    assert (answer.byline, answer.types) == ("Jane Doe", ("BlogPosting", "Person", "Comment"))
