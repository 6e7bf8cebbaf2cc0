"""What a page's first bytes say of its encoding, found before anything is decoded.

Source: WHATWG HTML, "Prescan a byte stream to determine its encoding" and "Extracting a character encoding from a meta
element", https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dehusk_server.markup.labels import Encoding, find_encoding

PRESCANNED: Final = 1024
"""Bytes in which browsers look for a declaration before they parse."""

_MARKUP: Final = re.compile(rb"<!--|</?[A-Za-z][^\t\n\f\r >]*|<[!/?]")
_ATTRIBUTE: Final = re.compile(
    rb"[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r /=>]*)"  # a name may begin with the sign that else ends it
    rb"(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r >\"'][^\t\n\f\r >]*)?))?"
)
_CLOSE: Final = re.compile(rb"[\t\n\f\r /]*>")
_CHARSET: Final = re.compile(
    rb"charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\"'\t\n\f\r ;][^\t\n\f\r ;]*))", re.IGNORECASE
)
_XML: Final = re.compile(
    rb"<\?xml[^>]*?encoding[\x00-\x20]*=[\x00-\x20]*(?:\"([^\x00-\x20\">]+)\"|'([^\x00-\x20'>]+)')"
)


def declared_encoding(content: bytes, limit: int = PRESCANNED) -> Encoding | None:
    """Find the encoding that a page declares in a ``<meta>``, or else in an XML declaration.

    Args:
        content: The page.
        limit: Bytes that are looked at.

    Returns:
        The first encoding declared that is known; as browsers have it, UTF-16 means UTF-8 (the declaration could not be
        read otherwise) and x-user-defined means windows-1252.

    """
    head = content[:limit]
    for attributes in _metas(head):
        found = _of_meta(attributes)
        if found is not None:
            return found
    xml = _XML.match(head)
    return _known(xml[1] or xml[2]) if xml else None


def _metas(head: bytes) -> Iterator[dict[bytes, bytes]]:
    at = 0
    while (markup := _MARKUP.search(head, at)) is not None:
        opened = markup[0]
        if opened == b"<!--":
            end = head.find(b"-->", markup.start() + 2)  # "<!-->" is a whole comment
            at = end + 3 if end >= 0 else len(head)
        elif opened in (b"<!", b"</", b"<?"):
            end = head.find(b">", markup.end())
            at = end + 1 if end >= 0 else len(head)
        else:
            # A "/" ends the name of a meta, and of no other: so the standard has it.
            is_meta = opened[:5].lower() == b"<meta" and opened[5:6] in (b"", b"/")
            attributes, at = _attributes(head, markup.start() + 5 if is_meta else markup.end())
            if is_meta and _CLOSE.match(head, at):  # a tag cut short by the limit may have lost half of its label
                yield attributes


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """Read the attributes of a tag, the first of each name; and say where the tag ends."""
    attributes: dict[bytes, bytes] = {}
    while (attribute := _ATTRIBUTE.match(head, at)) is not None:
        attributes.setdefault(attribute[1].lower(), attribute[2] or attribute[3] or attribute[4] or b"")
        at = attribute.end()
    return attributes, at


def _of_meta(attributes: dict[bytes, bytes]) -> Encoding | None:
    if b"charset" in attributes:
        return _known(attributes[b"charset"])
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return None
    charset = _CHARSET.search(attributes.get(b"content", b""))
    return _known(charset[1] or charset[2] or charset[3] or b"") if charset else None


def _known(label: bytes) -> Encoding | None:
    found = find_encoding(label.decode("latin-1"))
    if found is not None and found.name.startswith("utf-16"):
        return find_encoding("utf-8")
    if found is not None and found.name == "x-user-defined":
        return find_encoding("windows-1252")
    return found
