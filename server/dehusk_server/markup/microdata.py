"""What a page says of its article in microdata (WHATWG HTML, "Microdata"): attributes on what readers see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from selectolax.lexbor import LexborNode

from dehusk_server.markup.claims import Claims
from dehusk_server.markup.linked_data import is_article, type_names
from dehusk_server.markup.short_text import node_text, tidy

_PROPERTIES: Final = frozenset({
    "headline", "name", "author", "creator", "datePublished", "dateModified", "inLanguage", "description", "publisher",
})  # fmt: skip
_NAMED: Final = frozenset({"author", "creator", "publisher"})
_NONE, _ANY = -1, 0
"""In place of an article: none met as yet; one that no element encloses."""
_MOST_PROPERTIES: Final = 200
_DEEPEST: Final = 64
"""Ancestors among which the thing is looked for that a property belongs to."""


def read_microdata(nodes: Sequence[LexborNode]) -> Claims:
    """Read the properties of the page's article.

    Args:
        nodes: The elements with ``itemprop`` or ``itemtype``, in order.

    Returns:
        The first value of each property, all of the author; properties of comments and other things do not count.

    """
    types: dict[str, None] = {}
    found: dict[str, list[str]] = {}
    article = _NONE
    for node in nodes[:_MOST_PROPERTIES]:
        types.update(dict.fromkeys(type_names(node.attributes.get("itemtype"))))
        name, scope = _property(node)
        if not name or article not in (_NONE, scope):
            continue
        value = _value(node)
        if value:
            article = scope
            found.setdefault(name, []).append(value)
    first = {name: values[0] for name, values in found.items()}
    return Claims(
        types=tuple(types),
        headline=first.get("headline", ""),
        authors=tuple(dict.fromkeys(found.get("author") or found.get("creator") or ())),
        published=first.get("datePublished", ""),
        modified=first.get("dateModified", ""),
        language=first.get("inLanguage", ""),
        description=first.get("description", ""),
        publisher=first.get("publisher", ""),
    )


def _property(node: LexborNode) -> tuple[str, int]:
    """Say what an element tells of an article, and which article; nothing where it tells of another thing."""
    names = (node.attributes.get("itemprop") or "").split()
    name = next((name for name in names if name in _PROPERTIES), "")
    scope = _scope(node) if name else None
    if name == "name":  # whose name: the author's, the publisher's?
        roles = ((scope.attributes.get("itemprop") or "") if scope else "").split()
        name = next((role for role in roles if role in _NAMED), "")
        scope = _scope(scope) if scope and name else None
    elif name in _NAMED and "itemscope" in node.attributes:
        return "", _NONE  # its name follows
    if scope is None:
        return name, _ANY
    types = type_names(scope.attributes.get("itemtype"))
    return (name, scope.mem_id) if any(is_article(kind) or kind == "CreativeWork" for kind in types) else ("", _NONE)


def _scope(node: LexborNode) -> LexborNode | None:
    above = node.parent
    for _ in range(_DEEPEST):
        if above is None or not above.is_element_node:
            return None
        if "itemscope" in above.attributes:
            return above
        above = above.parent
    return None


def _value(node: LexborNode) -> str:
    attributes = node.attributes
    return tidy(attributes.get("content")) or tidy(attributes.get("datetime")) or node_text(node)
