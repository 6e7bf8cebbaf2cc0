"""How much of each line is in what the page states of itself: its title, its article's body, its description."""

from __future__ import annotations

from typing import Final

import numpy as np

from dehusk_server.markup.stated import Stated
from dehusk_server.text.axes import IntArray
from dehusk_server.text.page import HashArray, Page, measure

_PAIR: Final = np.uint64(0x9E3779B97F4A7C15)


_TYPES: Final = (
    ("article", 1), ("posting", 1), ("report", 1), ("product", 2), ("offer", 2), ("discussion", 3), ("qapage", 3),
    ("question", 3), ("forum", 3), ("itemlist", 4), ("collection", 4), ("searchresults", 4), ("business", 5),
    ("organization", 5), ("service", 5), ("corporation", 5),
)  # fmt: skip
"""What the name of a type holds, and the answer of the axis; the first that fits."""


def _type(types: tuple[str, ...]) -> int:
    names = [name.lower() for name in types]
    for part, answer in _TYPES:
        if any(part in name for name in names):
            return answer
    return 6 if names else 0


def stated_answers(page: Page, stated: Stated) -> dict[str, IntArray]:
    """Return the bins of the axes ``stated-…`` for every line."""
    title, body, description = _words(stated.title, stated.article_body, stated.description)
    return {
        "stated-type": np.full(page.lines, _type(stated.types)),
        "stated-title": _title(page, title),
        "stated-body": _text(page, body),
        "stated-description": _text(page, description),
    }


def _words(*texts: str) -> list[HashArray | None]:
    """Return the hashes of the words of each text, ``None`` for one that is blank; all are measured at once."""
    if not any(map(str.strip, texts)):
        return [None] * len(texts)
    page = measure("\n".join(texts) + "\n")
    past = np.cumsum([len(text) + 1 for text in texts])
    words = np.split(page.word_hash, np.searchsorted(page.word_start, past[:-1]))
    return [found if text.strip() else None for text, found in zip(texts, words, strict=True)]


def _pairs(hashes: HashArray) -> HashArray:
    return np.asarray(hashes[:-1] * _PAIR + hashes[1:])


def _text(page: Page, known: HashArray | None) -> IntArray:
    """Return by the share of its pairs of words that stand in a text: 0 no text, 1 under .2, 2, 3 from .8."""
    lines = page.lines
    if known is None:
        return np.zeros(lines, dtype=np.int64)
    if len(known) < 2 or len(page.word_hash) < 2:
        return np.ones(lines, dtype=np.int64)
    same = page.word_line[:-1] == page.word_line[1:]
    hit = np.isin(_pairs(page.word_hash), _pairs(known)) & same
    total = np.bincount(page.word_line[:-1][same], minlength=lines)
    hits = np.bincount(page.word_line[:-1][hit], minlength=lines)
    found = hits / np.maximum(total, 1)
    return 1 + (found >= 0.2).astype(np.int64) + (found >= 0.8)


def _title(page: Page, words: HashArray | None) -> IntArray:
    """Return 0 no title, 1 no word shared, 2 some, 3 most words of the title, 4 the title."""
    lines = page.lines
    if words is None:
        return np.zeros(lines, dtype=np.int64)
    known = np.unique(words)
    if not len(known):
        return np.ones(lines, dtype=np.int64)
    hit = np.isin(page.word_hash, known)
    place = np.searchsorted(known, page.word_hash[hit])
    once = np.unique(page.word_line[hit] * len(known) + place)
    covered = np.bincount(once // len(known), minlength=lines) / len(known)
    total = np.bincount(page.word_line, minlength=lines)
    own = np.bincount(page.word_line[hit], minlength=lines) / np.maximum(total, 1)
    answer = 1 + ((covered > 0.2) & (own > 0.5)).astype(np.int64) + ((covered > 0.7) & (own > 0.6))
    return np.where((covered > 0.9) & (own > 0.9), 4, answer)
