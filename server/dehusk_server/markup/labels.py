"""Names of encodings as pages write them, and how each is decoded.

Source: WHATWG Encoding Standard, https://encoding.spec.whatwg.org/. The labels are those of `webencodings`, its
decoding is that of Python, mended where the standard decodes more.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cache
from typing import Final

import webencodings

REPLACEMENT: Final = "\ufffd"
"""Stands where bytes could not be decoded."""

_MULTI_BYTE: Final = {
    "utf-8": ("utf-8",),
    "utf-16le": ("utf-16-le",),
    "utf-16be": ("utf-16-be",),
    "gb18030": ("gb18030",),
    "gbk": ("gb18030",),  # the standard decodes both alike
    "big5": ("big5hkscs",),
    "euc-kr": ("cp949",),
    "shift_jis": ("cp932",),
    "euc-jp": ("euc_jp", "euc_jis_2004"),  # the second knows the circled numbers, which pages use
    "iso-2022-jp": ("iso2022_jp",),
}
"""Python codecs of the encodings in which a character may take several bytes, tried in order; the last one replaces."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding of the standard."""

    name: str
    """As the standard writes it, in lower case."""
    codecs: tuple[str, ...]
    """Python codecs to try in order; empty for an encoding of single bytes."""
    table: str
    """What each of the 256 bytes stands for in an encoding of single bytes, else empty."""

    @property
    def single_byte(self) -> bool:
        """Whether every byte is one character."""
        return bool(self.table)

    def decode(self, content: bytes) -> tuple[str, int]:
        """Decode; never fails.

        Returns:
            The text, with U+FFFD for what could not be decoded, and in how many places that had to be.

        """
        if self.table:
            text = codecs.charmap_decode(content, "strict", self.table)[0]
            return text, text.count(REPLACEMENT)
        for codec in self.codecs:
            try:
                return content.decode(codec), 0
            except UnicodeDecodeError:
                continue
        text = content.decode(self.codecs[-1], "replace")
        written = content.count(REPLACEMENT.encode()) if self.name == "utf-8" else 0
        return text, max(1, text.count(REPLACEMENT) - written)


def find_encoding(label: str) -> Encoding | None:
    """Find the encoding that a label stands for.

    Args:
        label: As a page or a server wrote it: "latin1", "Shift_JIS", " utf8 "; case does not count.

    Returns:
        The encoding; ``None`` where the standard knows no such label, or has browsers refuse it (ISO-2022-KR, HZ).

    """
    found = webencodings.lookup(label) if label.isascii() else None
    return None if found is None or found.name == "replacement" else encoding_named(found.name)


@cache
def encoding_named(name: str) -> Encoding:
    """Return the encoding of a name of the standard.

    Raises:
        ValueError: the standard has no such name.

    """
    known = webencodings.lookup(name)
    if known is None or known.name != name:
        raise ValueError(f"{name!r} is no name of the Encoding Standard; a label is looked up with find_encoding")
    multi_byte = _MULTI_BYTE.get(name)
    return Encoding(name, multi_byte, "") if multi_byte else Encoding(name, (), _table(known))


def _table(known: webencodings.Encoding) -> str:
    if known.name == "x-user-defined":
        return "".join(chr(byte if byte < 0x80 else 0xF700 + byte) for byte in range(256))
    characters = list(bytes(range(256)).decode(known.codec_info.name, "replace"))
    # Python leaves holes in windows-1252 and its like; the standard fills those among the control characters.
    for byte in range(0x80, 0xA0):
        if characters[byte] == REPLACEMENT:
            characters[byte] = chr(byte)
    return "".join(characters)
