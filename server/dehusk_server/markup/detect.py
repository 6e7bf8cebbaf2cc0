"""Which legacy encoding a page is in, from its bytes alone: the one that makes letters of one language of them.

Browsers do the same where nothing is declared. The packages that do it were measured, and none was taken: what has a
plain licence reads short pages and small languages wrongly more often than this does, or lacks builds for current
Pythons, which would make the answer depend on the machine.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from enum import IntEnum, auto
from functools import cache
from typing import Final

from dehusk_server.markup.alphabets import LANGUAGES, LETTERS
from dehusk_server.markup.labels import REPLACEMENT, encoding_named

_SAMPLE: Final = 8192
"""Bytes that are looked at, those outside ASCII with what follows them."""
_HEAD: Final = 1024
"""Bytes in which UTF-16 without a byte order mark shows."""
_LONGEST_HEAD: Final = 65_536
"""Bytes in which a switch to Japanese is looked for where all are ASCII."""
_ESCAPE: Final = re.compile(rb"\x1b\$[@B]")
_PIECE: Final = re.compile(rb"[A-Za-z]?[\x80-\xff][^<>\n]*")
_DOUBTFUL: Final = -6.5
"""Mean score of a byte outside ASCII under which nothing is likely: no text of any encoding, it seems."""

# Scores are natural logarithms of how likely a character is, rough on purpose: encodings differ by far more.
_PUNCTUATION: Final = frozenset("“”‘’„–—…«»\u00a0€£©®™°§•¿¡ºª·№")
_SYMBOLS: Final = frozenset("×¶¬±¢¥÷½¼¾¹²³´¨¯¦‹›†‡\u00ad")
_MARK, _SYMBOL, _UPPER, _FOREIGN, _DRAWING, _NEVER = -4.0, -5.5, -2.5, -9.0, -10.0, -14.0
_KANA, _HALFWIDTH, _WIDE, _HANGUL, _COMMON, _RARE = -4.0, -6.5, -4.5, -6.3, -7.2, -11.0
_BEFORE_UPPER, _BEFORE_SYMBOL, _AFTER_SYMBOL, _TWO_SCRIPTS, _EDGE = -3.0, -0.7, -2.0, -4.0, -1.5
_USUAL: Final = 0.5
"""How much likelier the encoding of Western Europe is before anything is read."""


class _Shape(IntEnum):
    """What a byte is, for its neighbours."""

    NONE = auto()
    UPPER = auto()
    LOWER = auto()
    LETTER = auto()
    LATIN = auto()
    """A letter of ASCII in text of another script."""
    MARK = auto()
    SYMBOL = auto()


def detect_encoding(content: bytes) -> str:
    """Guess the encoding of a page that is not UTF-8; bounded, whatever the page's length.

    Args:
        content: The page. At most some kilobytes of it that are not ASCII are looked at.

    Returns:
        A name of the Encoding Standard; empty where no encoding makes likely text of the bytes.

    """
    head = content[:_LONGEST_HEAD]
    if head.isascii() and _ESCAPE.search(head):
        return "iso-2022-jp"
    wide = _utf_16(content[:_HEAD])
    if wide:
        return wide
    sample = _sample(content)
    outside = sum(byte > 0x7F for byte in sample)
    if not outside:
        return ""
    score, name = max((*_multi_byte(sample), *_single_byte(sample)), key=lambda guess: guess[0])
    return name if score / outside > _DOUBTFUL else ""


def _utf_16(head: bytes) -> str:
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd * 5 > len(head) and even * 20 < odd:  # markup is ASCII, so every second byte of it is nought
        return "utf-16le"
    return "utf-16be" if even * 5 > len(head) and odd * 20 < even else ""


def _sample(content: bytes) -> bytes:
    pieces: list[bytes] = []
    length = 0
    for piece in _PIECE.finditer(content):
        pieces.append(content[piece.start() : min(piece.end(), piece.start() + _SAMPLE - length)])
        length += len(pieces[-1])
        if length >= _SAMPLE:
            break
    return b"\n".join(pieces)


def _single_byte(sample: bytes) -> Iterator[tuple[float, str]]:
    neighbours = Counter(zip(b"\n" + sample, sample + b"\n", strict=True))
    pairs = [(before, byte, count) for (before, byte), count in neighbours.items() if before > 0x7F or byte > 0x7F]
    for name, languages in LANGUAGES.items():
        for language in languages:
            scores, shapes = _byte_scores(name, language)
            score = _USUAL if name == "windows-1252" else 0.0
            for before, byte, count in pairs:
                score += count * (scores[byte] + _JOINTS.get((shapes[before], shapes[byte]), 0.0))
            yield score, name


_WORD: Final = (_Shape.UPPER, _Shape.LOWER, _Shape.LETTER)
_JOINTS: Final = {
    **{(shape, _Shape.LATIN): _TWO_SCRIPTS for shape in _WORD},
    **{(_Shape.LATIN, shape): _TWO_SCRIPTS for shape in _WORD},
    **{(shape, _Shape.NONE): _EDGE for shape in _WORD},
    **{(_Shape.NONE, shape): _EDGE for shape in _WORD},
    **{(shape, _Shape.SYMBOL): _BEFORE_SYMBOL for shape in (*_WORD, _Shape.LATIN)},
    (_Shape.SYMBOL, _Shape.LATIN): _AFTER_SYMBOL,
    (_Shape.SYMBOL, _Shape.LOWER): _AFTER_SYMBOL,
    (_Shape.LOWER, _Shape.UPPER): _BEFORE_UPPER,
}
"""Neighbours that are rare in text."""


@cache
def _byte_scores(name: str, language: str) -> tuple[list[float], list[_Shape]]:
    """Score each of the 256 bytes as text of a language, and say what it is; ASCII scores nothing."""
    table = encoding_named(name).table
    weights = {letter: 1 / (rank + 2) for rank, letter in enumerate(LETTERS[language])}
    whole = sum(weights.values())
    letters = {letter: math.log(weight / whole) for letter, weight in weights.items()}
    scores = [0.0] * 0x80 + [_score(character, letters) for character in table[0x80:]]
    shapes = [_shape(character, letters) for character in table]
    if unicodedata.name(LETTERS[language][0]).partition(" ")[0] != "LATIN":
        shapes[:0x80] = [_Shape.LATIN if character.isalpha() else _Shape.NONE for character in table[:0x80]]
    return scores, shapes


def _score(character: str, letters: dict[str, float]) -> float:
    if character in letters:
        return letters[character]
    small = character.lower()
    if small in letters:
        return letters[small] + _UPPER
    if character in _PUNCTUATION:
        return _MARK
    if character in _SYMBOLS:
        return _SYMBOL
    if character == REPLACEMENT or character < "\u00a0":
        return _NEVER
    return _FOREIGN if character.isalpha() else _DRAWING


def _shape(character: str, letters: dict[str, float]) -> _Shape:
    if character.isupper():
        return _Shape.UPPER
    if character.islower():
        return _Shape.LOWER
    if character.isalpha() or character in letters:
        return _Shape.LETTER
    if character in _PUNCTUATION:
        return _Shape.MARK
    return _Shape.NONE if character < "\u00a1" else _Shape.SYMBOL


def _multi_byte(sample: bytes) -> Iterator[tuple[float, str]]:
    for name, frequent in _FREQUENT.items():
        encoding = encoding_named(name)
        counts = Counter(encoding.decode(sample)[0])
        codec = encoding.codecs[0]
        yield sum(count * _wide_score(character, codec, frequent) for character, count in counts.items()), name


_FREQUENT: Final = {
    "shift_jis": range(0x88, 0x98),
    "euc-jp": range(0xB0, 0xD0),
    "euc-kr": range(0xB0, 0xC9),
    "big5": range(0xA4, 0xC7),
    "gb18030": range(0xB0, 0xD8),
}
"""First bytes of the characters that the national standards put first as the frequent ones: nearly all of a text."""


def _wide_score(character: str, codec: str, frequent: range) -> float:
    code = ord(character)
    if code < 0x80:
        return 0.0
    if character == REPLACEMENT or 0xE000 <= code < 0xF900:
        return _NEVER
    if 0x3040 <= code < 0x3100:
        return _KANA if codec in ("cp932", "euc_jp") else _FOREIGN
    if 0xFF61 <= code < 0xFFA0:
        return _HALFWIDTH
    if 0x3000 <= code < 0x3020 or 0xFF00 <= code < 0xFF60 or character in _PUNCTUATION:
        return _WIDE
    written = character.encode(codec, "replace")
    common = written[0] in frequent and len(written) == 2
    if 0xAC00 <= code < 0xD7A4:
        return _HANGUL if common and written[1] > 0xA0 else _NEVER
    if 0x4E00 <= code < 0xA000 and codec != "cp949":
        return _COMMON if common else _RARE
    return _RARE
