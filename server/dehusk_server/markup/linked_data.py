"""What a page says of its article in JSON-LD (https://www.w3.org/TR/json-ld11/, https://schema.org/Article)."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from dehusk_server.markup.claims import Claims
from dehusk_server.markup.lenient_json import Json, parse_lenient
from dehusk_server.markup.short_text import tidy, whole

_ENTRANCES: Final = ("@graph", "mainEntity", "mainEntityOfPage")
"""Keys under which a page's own article may stand; under others stand related articles, comments and the like."""
_ARTICLES: Final = frozenset({
    "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "Report", "APIReference",
})  # fmt: skip
_PAGES: Final = frozenset({"WebPage", "ItemPage", "AboutPage", "QAPage", "FAQPage", "MedicalWebPage"})
_MOST_THINGS: Final = 2000
_MOST_NAMES: Final = 200
_LONGEST_BODY: Final = 500_000
"""Characters."""
_MOST_TAGS: Final = 2000
"""Tags in a body that is parsed; the parser's time grows with the square of their depth."""
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_BREAK: Final = re.compile(r"(?i)(?=</(?:p|div|li|h[1-6]|blockquote|tr)>|<br\b)")

Thing = Mapping[str, Json]


def is_article(type_name: str) -> bool:
    """Say whether a schema.org type is an article or the like."""
    return type_name.endswith("Article") or type_name in _ARTICLES


def type_names(value: Json) -> list[str]:
    """Return the bare names of schema.org types: "https://schema.org/NewsArticle" is "NewsArticle"."""
    written = value if isinstance(value, list) else [value]
    names = (re.split(r"[/#:]", tidy(name, 100))[-1] for name in written[:20] if isinstance(name, str))
    return [name for name in names if name.isalnum() and name[0].isalpha()]


def read_linked_data(scripts: Sequence[str], titles: Sequence[str] = ()) -> Claims:
    """Read all JSON-LD of a page; never fails.

    Args:
        scripts: What stands in the page's ``script`` elements of type ``application/ld+json``, in order.
        titles: What else the page is called; of several articles, the one called so is taken, else the first.

    Returns:
        What is said of the page's article; what only the page as a whole is said to be stands in for its dates.

    """
    things = list(_things([value for script in scripts for value in parse_lenient(script)]))
    typed = [(thing, type_names(thing.get("@type"))) for thing in things]
    index = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str) and len(thing) > 1}
    articles = [thing for thing, names in typed if any(map(is_article, names))]
    article = _chosen(articles, titles)
    page = next((thing for thing, names in typed if not _PAGES.isdisjoint(names)), {})
    site = next((thing for thing, names in typed if "WebSite" in names), {})
    publishers = _names(article.get("publisher"), index) or _names(site.get("name"), index)
    return Claims(
        types=tuple(dict.fromkeys(name for _, names in typed for name in names)),
        headline=tidy(article.get("headline")) or tidy(article.get("name")),
        authors=_names(article.get("author"), index) or _names(article.get("creator"), index),
        published=_date(article, "datePublished") or _date(article, "dateCreated") or _date(page, "datePublished"),
        modified=_date(article, "dateModified") or _date(page, "dateModified"),
        language=tidy(article.get("inLanguage"), 50) or tidy(page.get("inLanguage"), 50),
        body=_body(article.get("articleBody")),
        description=tidy(article.get("description"), 5000),
        publisher=publishers[0] if publishers else "",
    )


def _things(values: list[Json]) -> Iterator[Thing]:
    """Yield the objects that speak of the page itself, outer ones first."""
    waiting = deque(values)
    met = 0
    while waiting and met < _MOST_THINGS:
        met += 1
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extend(value[:_MOST_THINGS])
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[key] for key in _ENTRANCES if key in value)


def _chosen(articles: Sequence[Thing], titles: Sequence[str]) -> Thing:
    known = {title.casefold() for title in titles if title}
    for article in articles:
        if tidy(article.get("headline")).casefold() in known or tidy(article.get("name")).casefold() in known:
            return article
    return articles[0] if articles else {}


def _names(value: Json, index: Mapping[str, Thing]) -> tuple[str, ...]:
    """Read names of people or organisations, written as text, objects, references or lists of them."""
    names: list[str] = []
    stack, looked = [value], 0
    while stack and looked < _MOST_NAMES:
        looked += 1
        value = stack.pop()
        if isinstance(value, str):
            names.append(tidy(value, 200))
        elif isinstance(value, list):
            stack.extend(reversed(value[:_MOST_NAMES]))
        elif isinstance(value, dict):
            stack.append(_name(value, index))
    return tuple(dict.fromkeys(name for name in names if name))


def _name(thing: Thing, index: Mapping[str, Thing]) -> Json:
    if thing.get("name"):
        return thing["name"]
    reference = thing.get("@id")
    if isinstance(reference, str) and reference in index and index[reference] is not thing:
        return index[reference].get("name")
    return " ".join(filter(None, (tidy(thing.get("givenName")), tidy(thing.get("familyName")))))


def _date(thing: Thing, key: str) -> str:
    value = thing.get(key)
    written = tidy(value[0] if isinstance(value, list) and value else value, 100)
    return written if any(character.isdigit() for character in written) else ""


def _body(value: Json) -> str:
    if not isinstance(value, str):
        return ""
    text = whole(value[:_LONGEST_BODY])
    if "&lt;" in text:
        text = html.unescape(text)
    if text.count("<") > _MOST_TAGS:
        text = html.unescape(_MARKUP.sub(" ", text))
    elif _MARKUP.search(text):
        parsed = LexborHTMLParser(_BREAK.sub("\n", text))
        parsed.strip_tags(["script", "style"])
        text = parsed.body.text() if parsed.body else ""
    elif "&" in text:
        text = html.unescape(text)
    return whole(text).strip()
