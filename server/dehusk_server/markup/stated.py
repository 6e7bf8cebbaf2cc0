"""What a page says of itself: title, author, dates, language and the like, from the marks that it leaves for machines.

Sources, the most trusted first: JSON-LD of an article, microdata, metas (Open Graph, citation, Dublin Core and plain
ones), then what readers see (``h1``, ``time``, ``title``). Nothing is fetched, and nothing is guessed from prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dehusk_server.markup.linked_data import read_linked_data
from dehusk_server.markup.meta_fields import Field, Metas, read_metas
from dehusk_server.markup.microdata import read_microdata
from dehusk_server.markup.short_text import node_text, tidy
from dehusk_server.markup.titles import choose_title

# One walk over the page finds everything; each further selection would cost as much again.
_WANTED: Final = (
    'html, meta, title, h1, script[type^="application/ld+json" i], '
    "time[datetime], a[rel~=author], [itemprop], [itemtype]"
)
_MOST_SCRIPTS: Final = 50
_LONGEST_SCRIPTS: Final = 2_000_000
"""Characters of JSON-LD that are read of one page."""
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_ADDRESS: Final = re.compile(r"(?i)(?:https?:)?//|^www\.|^@?[\w.]+\.(?:com|org|net)\b|^[\w.+-]+@[\w-]+\.\w+$")
_BY: Final = re.compile(r"(?i)^(?:by|author)\b:?\s+")
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_LINKED: Final = 3
"""Authors of one article that links may name; more are those of a list of articles."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a page says of itself; empty where it says nothing."""

    title: str = ""
    """The headline, without the site's name where that is known."""
    byline: str = ""
    """Names of the authors, joined by ", "."""
    published: str = ""
    """The date as the page wrote it, ISO 8601 where a machine's mark has it."""
    modified: str = ""
    language: str = ""
    """A BCP 47 tag as the page wrote it, with hyphens."""
    article_body: str = ""
    """The text of the article as JSON-LD repeats it, without markup; paragraphs may have run together."""
    description: str = ""
    site_name: str = ""
    types: tuple[str, ...] = ()
    """Names of the schema.org types of what the page says it is, in its order."""


NOTHING: Final = Stated()
"""What a page that came as text states of itself."""


def read_stated(parser: LexborHTMLParser) -> Stated:
    """Read what a page says of itself; never fails, and changes nothing in the page."""
    found: dict[str, list[LexborNode]] = {}
    for node in parser.css(_WANTED):
        found.setdefault(node.tag or "", []).append(node)
        if "itemprop" in node.attributes or "itemtype" in node.attributes:
            found.setdefault("itemprop", []).append(node)
    metas = read_metas(found.get("meta", []))
    data = read_microdata(found.get("itemprop", []))
    document_title = _first_text(found.get("title", []))
    headings = [node_text(node) for node in found.get("h1", [])[:10]]
    linked = read_linked_data(_scripts(found.get("script", [])), [metas.first(Field.TITLE), document_title, *headings])
    site_name = metas.first(Field.SITE_NAME) or linked.publisher or data.publisher
    site_names = {site_name, linked.publisher, data.publisher} - {""}
    titles = [data.headline, *(group[0] for group in metas.groups(Field.TITLE))]
    authors = [linked.authors, data.authors, *metas.groups(Field.AUTHOR), _linked_names(found.get("a", []))]
    dates = [linked.published, data.published, *(group[0] for group in metas.groups(Field.PUBLISHED))]
    return Stated(
        title=choose_title(linked.headline, titles, headings, document_title, site_names),
        byline=_byline(authors, {name.casefold() for name in site_names}),
        published=_date([*dates, _time(found.get("time", []))]),
        modified=_date([linked.modified, data.modified, metas.first(Field.MODIFIED)]),
        language=_language([linked.language, *_languages(found.get("html", []), metas)]),
        article_body=linked.body,
        description=_first([linked.description, metas.first(Field.DESCRIPTION), data.description]),
        site_name=site_name,
        types=tuple(dict.fromkeys((*linked.types, *data.types))),
    )


def _scripts(nodes: Sequence[LexborNode]) -> list[str]:
    scripts: list[str] = []
    left = _LONGEST_SCRIPTS
    for node in nodes[:_MOST_SCRIPTS]:
        script = node.text(deep=True)
        left -= len(script)
        if left >= 0:
            scripts.append(script)
    return scripts


def _byline(groups: Sequence[Sequence[str]], site_names: set[str]) -> str:
    """Join the names of the first source that names somebody else than the site, or else the site."""
    people = list(filter(None, map(_people, groups)))
    first = next((names for names in people if not site_names >= set(map(str.casefold, names))), None)
    return ", ".join(first or next(iter(people), []))


def _people(names: Iterable[str]) -> list[str]:
    """Return names without a leading "By"; addresses are no names."""
    bare = (_BY.sub("", name).strip(" ,;") for name in names if not _ADDRESS.search(name))
    people: dict[str, str] = {}
    for name in bare:
        if any(character.isalpha() for character in name):
            people.setdefault(name.casefold(), name)
    return list(people.values())


def _linked_names(nodes: Sequence[LexborNode]) -> list[str]:
    """Read the names that link to their author (``rel=author``)."""
    links = [node for node in nodes if "author" in (node.attributes.get("rel") or "").lower().split()]
    names = list(dict.fromkeys(filter(None, map(node_text, links[:20]))))
    return names if len(names) <= _MOST_LINKED else []


def _date(stated: Iterable[str]) -> str:
    """Choose the most trusted date in ISO 8601, else the most trusted."""
    dates = [date for date in stated if date]
    return next((date for date in dates if _ISO.match(date)), next(iter(dates), ""))


def _time(nodes: Sequence[LexborNode]) -> str:
    times = (tidy(node.attributes.get("datetime"), 100) for node in nodes[:10])
    return next((time for time in times if any(character.isdigit() for character in time)), "")


def _language(stated: Iterable[str]) -> str:
    for language in stated:
        if _LANGUAGE.fullmatch(language):
            return language.replace("_", "-")
    return ""


def _first_text(nodes: Sequence[LexborNode]) -> str:
    return next(filter(None, map(node_text, nodes[:10])), "")


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def _languages(nodes: Sequence[LexborNode], metas: Metas) -> list[str]:
    written = [tidy(node.attributes.get("lang"), 50) for node in nodes[:1]]
    return [*written, *(group[0] for group in metas.groups(Field.LANGUAGE))]
