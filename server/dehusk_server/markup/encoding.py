"""The bytes of a page as text, as a browser would decode them, and with lying declarations in mind.

What decides, in this order (WHATWG HTML, "Determining the character encoding"):

1. A byte order mark.
2. The caller's hint, which is what the transport said.
3. The page's own declaration, in its first 1024 bytes; where the bytes are not UTF-8 without it, a later one too, as
   browsers start over at one.
4. The bytes themselves: UTF-8 where they are UTF-8, else what `detect_encoding` makes of them.
5. windows-1252, the browsers' fallback (UTF-8 where all bytes are ASCII: it is the same).

Browsers believe hint and declaration whatever the bytes are. Here they are disbelieved where that loses less:

- An encoding of single bytes is stated, and the bytes are UTF-8 with characters outside ASCII: by chance that does not
  happen to more than a word. Encodings of several bytes may look like UTF-8 for a word or two; they need some more.
- UTF-8 or another encoding of several bytes is stated, and more of the places outside ASCII are wrong than right. Stray
  wrong bytes, or a page cut off within a character, change nothing.
- UTF-16 is hinted, and there is no zero byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dehusk_server.markup.detect import detect_encoding
from dehusk_server.markup.labels import REPLACEMENT, Encoding, encoding_named, find_encoding
from dehusk_server.markup.prescan import declared_encoding

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
_LATE: Final = 65_536
"""Bytes in which a late declaration is looked for."""
_BY_CHANCE: Final = 4
"""Bytes after the first of their characters, in all, under which text in an encoding of several bytes may be UTF-8 by
chance."""


class Source(StrEnum):
    """What decided the encoding of a page."""

    BOM = "BOM"
    """A byte order mark."""
    HINT = "HINT"
    """The caller, from the transport."""
    DECLARED = "DECLARED"
    """The page, in a ``<meta>`` or an XML declaration."""
    DETECTED = "DETECTED"
    """The bytes themselves."""
    FALLBACK = "FALLBACK"
    """Nothing; the page is ASCII, or like no text that we know."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as text."""

    text: str
    """Without byte order mark; U+FFFD where bytes could not be decoded, NUL where the page has NUL."""
    encoding: str
    """Name in the Encoding Standard, in lower case."""
    source: Source
    replaced: bool
    """Whether any byte could not be decoded."""
    unknown_hint: bool
    """Whether the caller's hint is no label of the standard, and was ignored."""

    def notes(self, hint: str) -> tuple[str, ...]:
        """Say what a caller should know of how the page was read, one sentence each; ``hint`` as for `decode`."""
        notes = []
        if self.unknown_hint:
            notes.append(f"the charset {hint.strip()[:50]!r} names no encoding and was ignored")
        if self.replaced:
            notes.append(f"some bytes are no {self.encoding}; U+FFFD stands for each")
        return tuple(notes)


@dataclass(frozen=True, slots=True)
class _Choice:
    """An encoding, why it, and what the page reads like in it."""

    encoding: Encoding
    source: Source
    text: str
    wrong: int
    """Places that could not be decoded."""


def decode(content: bytes, hint: str = "") -> Decoded:
    """Decode a page; never fails, in time linear in the page.

    Args:
        content: The page as it came. No bytes give no text.
        hint: The transport's label of its encoding: the charset of the HTTP header; empty where it named none.

    Returns:
        The text, its encoding and what decided that; the rules stand at the head of this module.

    """
    label = hint.strip(" \t\r\n\f\"'")
    hinted = find_encoding(label) if label else None
    choice = _marked(content) or _chosen(content, hinted)
    return Decoded(choice.text, choice.encoding.name, choice.source, choice.wrong > 0, bool(label) and hinted is None)


def _marked(content: bytes) -> _Choice | None:
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _read(content[len(mark) :], encoding_named(name), Source.BOM)
    return None


def _chosen(content: bytes, hinted: Encoding | None) -> _Choice:
    stated, source = hinted, Source.HINT
    if stated is None or (stated.name.startswith("utf-16") and b"\x00" not in content):
        stated, source = declared_encoding(content), Source.DECLARED
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf_8(content, stated, source)
    return _utf_8(content, text, stated, source)


def _utf_8(content: bytes, text: str, stated: Encoding | None, source: Source) -> _Choice:
    """Choose for bytes that can be read as UTF-8; bytes that are all ASCII can."""
    following = len(content) - len(text)
    if stated is not None and stated.name != "utf-8" and following < (1 if stated.single_byte else _BY_CHANCE):
        return _read(content, stated, source)
    if stated is None and not following and (name := detect_encoding(content)):
        return _read(content, encoding_named(name), Source.DETECTED)
    if stated is None or stated.name != "utf-8":
        source = Source.DETECTED if following else Source.FALLBACK
    return _Choice(encoding_named("utf-8"), source, text, 0)


def _not_utf_8(content: bytes, stated: Encoding | None, source: Source) -> _Choice:
    if stated is None:
        stated, source = declared_encoding(content, _LATE), Source.DECLARED
    believed = _read(content, stated, source) if stated is not None else None
    if believed is not None and not _mostly_wrong(believed):
        return believed
    if believed is None or believed.encoding.name != "utf-8":
        damaged = _read(content, encoding_named("utf-8"), Source.DETECTED)
        if not _mostly_wrong(damaged):
            return damaged
    name = detect_encoding(content)
    if name:
        return _read(content, encoding_named(name), Source.DETECTED)
    return believed or _read(content, encoding_named("windows-1252"), Source.FALLBACK)


def _mostly_wrong(choice: _Choice) -> bool:
    if choice.encoding.single_byte or not choice.wrong:
        return False  # nothing in the bytes could speak against it
    outside = len(choice.text) - len(choice.text.encode("ascii", "ignore"))
    cut_short = choice.text.endswith(REPLACEMENT)
    return choice.wrong - cut_short > outside - choice.wrong


def _read(content: bytes, encoding: Encoding, source: Source) -> _Choice:
    text, wrong = encoding.decode(content)
    return _Choice(encoding, source, text, wrong)
