"""What a page says of itself in ``<meta>``: Open Graph, article, Twitter, Dublin Core, citation and plain names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from selectolax.lexbor import LexborNode

from dehusk_server.markup.short_text import LONGEST, tidy

_MOST_METAS: Final = 2000
_MOST_VALUES: Final = 50
_LONGEST: Final = 5000
"""Characters of a description."""


class Field(StrEnum):
    """What a meta may tell."""

    TITLE = "title"
    AUTHOR = "author"
    PUBLISHED = "published"
    MODIFIED = "modified"
    LANGUAGE = "language"
    DESCRIPTION = "description"
    SITE_NAME = "site_name"


_NAMES: Final[Mapping[Field, tuple[str, ...]]] = MappingProxyType({
    Field.TITLE: (
        "og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title",
    ),
    Field.AUTHOR: (
        "citation_author", "author", "article:author", "og:article:author", "parsely-author", "sailthru.author",
        "dc.creator", "dcterms.creator", "byl", "article:author_name",
    ),
    Field.PUBLISHED: (
        "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
        "citation_publication_date", "citation_online_date", "citation_date", "parsely-pub-date", "sailthru.date",
        "publish-date", "publish_date", "publishdate", "publication_date", "article.published", "pubdate",
        "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "date",
    ),
    Field.MODIFIED: (
        "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "article.updated",
        "dc.date.modified", "dcterms.modified", "last-modified", "lastmod",
    ),
    Field.LANGUAGE: ("content-language", "og:locale", "dc.language", "dcterms.language", "language"),
    Field.DESCRIPTION: (
        "og:description", "description", "twitter:description", "dc.description", "dcterms.description",
    ),
    Field.SITE_NAME: ("og:site_name", "application-name", "apple-mobile-web-app-title"),
})  # fmt: skip
"""Names of each field in lower case, the most trusted first."""

_CARD: Final = ("twitter:data1", "twitter:data2")
_KNOWN: Final = frozenset((*_CARD, *(name for names in _NAMES.values() for name in names)))


@dataclass(frozen=True, slots=True)
class Metas:
    """The metas of a page that tell one of the fields."""

    by_name: Mapping[str, Sequence[str]]
    """Values by name in lower case, tidied, in order; never an empty one."""

    def groups(self, field: Field) -> list[Sequence[str]]:
        """Return the values of each name that tells a field, those of the most trusted name first."""
        groups = [self.by_name[name] for name in _NAMES[field] if name in self.by_name]
        return [*groups, *self._card_author()] if field is Field.AUTHOR else groups

    def _card_author(self) -> list[Sequence[str]]:
        """Read the author of a Twitter card, which has a name where the reading time stands second."""
        first, second = (self.by_name.get(name, [""])[0] for name in _CARD)
        return [[first]] if first and not _has_digit(first) and _has_digit(second) else []

    def first(self, field: Field) -> str:
        """Return the first value of the most trusted name that tells a field; empty where none does."""
        groups = self.groups(field)
        return groups[0][0] if groups else ""


def read_metas(nodes: Sequence[LexborNode]) -> Metas:
    """Read the fields from a page's ``meta`` elements, given in order."""
    by_name: dict[str, list[str]] = {}
    for node in nodes[:_MOST_METAS]:
        attributes = node.attributes
        for key in ("property", "name", "http-equiv"):
            name = (attributes.get(key) or "").strip().lower()
            if name in _KNOWN:
                value = tidy(attributes.get("content"), _LONGEST if name in _NAMES[Field.DESCRIPTION] else LONGEST)
                if value and len(by_name.get(name, ())) < _MOST_VALUES:
                    by_name.setdefault(name, []).append(value)
                break
    return Metas(by_name)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
