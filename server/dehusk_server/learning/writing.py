"""Which group of languages a text belongs to, roughly: reports stand by these groups. No rule reads this."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from dehusk_server.text.codepoints import CharClass, class_table, code_points

_WORD: Final = re.compile(r"[^\W\d_]+")
_ENGLISH: Final = frozenset({"the", "and", "of", "to", "in"})
_ENGLISH_SHARE: Final = 0.08
"""Share of these five among the words of a text from which it counts as English."""
_LATIN_END: Final = 0x250


def writing(text: str) -> str:
    """Return ``English``, ``Latin script``, ``Cyrillic or Greek``, ``no case`` (Arabic …) or ``no spaces`` (Han …)."""
    codes = code_points(text)
    classes = class_table()[codes]
    letters = (classes >= CharClass.LOWER) & (classes <= CharClass.UNSPACED)
    total = max(int(letters.sum()), 1)
    if int((classes == CharClass.UNSPACED).sum()) > total / 3:
        return "no spaces"
    if int((classes == CharClass.CASELESS).sum()) > total / 3:
        return "no case"
    if int((letters & (codes >= np.uint32(_LATIN_END))).sum()) > total / 3:
        return "Cyrillic or Greek"
    words = [word.lower() for word in _WORD.findall(text)]
    english = sum(word in _ENGLISH for word in words)
    return "English" if english >= _ENGLISH_SHARE * max(len(words), 1) else "Latin script"
