"""Phrases of a page: every run of one to three words inside a line, as hashes that a vocabulary can look up at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.text.codepoints import CharClass, lower_table
from dehusk_server.text.page import NUMBER, HashArray, IntArray, Page, measure, mix
from dehusk_server.text.runs import run_starts

LONGEST: Final = 3
"""Words in the longest phrase."""
LINE_START: Final = mix(np.array([0xA11CE], dtype=np.uint64))[0]
LINE_END: Final = mix(np.array([0x0B0B5], dtype=np.uint64))[0]
_TARGET_SALT: Final = mix(np.array([0x7A46E7], dtype=np.uint64))[0]
_SIGNS: Final = ("^", "$", "#")
_IN_TARGET: Final = 4
_STEP: Final = mix(np.arange(77, 77 + LONGEST, dtype=np.uint64)) | np.uint64(1)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases with the line and the words that they cover; all arrays have shape (phrases,)."""

    hash: HashArray
    line: IntArray
    first_word: IntArray
    """Index of the first word of the phrase among the page's words (the next word for a line start)."""
    last_word: IntArray
    marks: NDArray[np.uint8]
    """1 where the phrase opens its line, 2 where it closes it, 3 for both, 4 for a word in a link target."""


def find_phrases(page: Page, owner: IntArray | None = None) -> Phrases:
    """Return the phrases of each line: its words with a mark before the first and after the last.

    Words in link targets stand alone: only single ones count, and apart from words of the text.

    Args:
        page: the measured page.
        owner: the unit that each word belongs to, never falling, -1 for none; by default its line.
            Units stand in for lines then.
    """
    owner = page.word_line if owner is None else owner
    plain = np.flatnonzero(~page.word_target & (owner >= 0))
    line = owner[plain]
    count = len(plain)
    begins = run_starts(line)
    past = np.append(begins[1:], count) if count else begins
    # Lay every line out as MARK w1 … wn MARK in one sequence.
    lines = len(begins)
    number = np.repeat(np.arange(lines), past - begins)
    place = np.arange(count) + 2 * number + 1
    size = count + 2 * lines
    tokens = np.zeros(size, dtype=np.uint64)
    tokens[place] = page.word_hash[plain]
    first_mark = begins + 2 * np.arange(lines)
    last_mark = past + 2 * np.arange(lines) + 1
    tokens[first_mark], tokens[last_mark] = LINE_START, LINE_END
    token_line = np.zeros(size, dtype=np.int64)
    token_line[place] = line
    token_line[first_mark] = token_line[last_mark] = line[begins]
    word = np.zeros(size, dtype=np.int64)
    word[place] = plain
    word[first_mark], word[last_mark] = plain[begins], plain[past - 1]
    is_mark = np.zeros(size, dtype=np.bool_)
    is_mark[first_mark] = is_mark[last_mark] = True

    hashes, owners, firsts, lasts, marks = [], [], [], [], []
    for length in range(1, LONGEST + 1):
        stop = size - length + 1
        if stop <= 0:
            break
        total = np.zeros(stop, dtype=np.uint64)
        for offset in range(length):
            total += tokens[offset : offset + stop] * _STEP[offset]
        inside = token_line[:stop] == token_line[length - 1 :]
        if length == 1:
            inside &= ~is_mark
        elif length == 2:
            inside &= ~(is_mark[:-1] & is_mark[1:])
        at = np.flatnonzero(inside)
        hashes.append(mix(total[at] + np.uint64(length)))
        owners.append(token_line[at])
        firsts.append(word[at])
        lasts.append(word[at + length - 1])
        marks.append(
            is_mark[at].astype(np.uint8) + 2 * is_mark[at + length - 1] if length > 1 else np.zeros(len(at), np.uint8)
        )
    target = np.flatnonzero(page.word_target & (owner >= 0))
    hashes.append(mix(page.word_hash[target] * _STEP[0] + _TARGET_SALT))
    owners.append(owner[target])
    firsts.append(target)
    lasts.append(target)
    marks.append(np.full(len(target), 4, np.uint8))
    return Phrases(
        np.concatenate(hashes),
        np.concatenate(owners),
        np.concatenate(firsts),
        np.concatenate(lasts),
        np.concatenate(marks).astype(np.uint8),
    )


def phrase_text(page: Page, first_word: int, last_word: int, marks: int) -> str:
    """Write a phrase as rules hold it: lower case, ``#`` for a number, ``^`` and ``$`` for the ends of the line."""
    words = []
    for word in range(first_word, last_word + 1):
        if page.word_target[word] and marks != _IN_TARGET:
            continue
        if page.word_hash[word] == NUMBER:
            words.append("#")
            continue
        codes = page.codes[page.word_start[word] : page.word_end[word]]
        codes = np.where(
            page.classes[page.word_start[word] : page.word_end[word]] == CharClass.DIGIT, 0x30, lower_table()[codes]
        )
        words.append("".join(map(chr, codes.tolist())))
    if marks == _IN_TARGET:
        return f"link:{words[0]}"
    return " ".join(["^"] * (marks & 1) + words + ["$"] * (marks >> 1 & 1))


def phrase_hashes(texts: Sequence[str]) -> HashArray:
    """Hash phrases written as by `phrase_text`; the same hashes as `find_phrases` gives. Shape (texts,).

    Raises:
        ValueError: a phrase is empty, too long, or holds something that is no word.
    """
    split = [text.removeprefix("link:").split(" ") for text in texts]
    words = sorted({word for parts in split for word in parts} - set(_SIGNS))
    page = measure("\n".join(words) + "\n")
    past = np.cumsum([len(word) + 1 for word in words]).astype(np.int64) - 1
    start = past - [len(word) for word in words]
    # Counting words would let one that is two make up for one that is none.
    if not (np.array_equal(page.word_start, start) and np.array_equal(page.word_end, past)):
        found = set(zip(page.word_start.tolist(), page.word_end.tolist(), strict=True))
        spans = zip(words, start.tolist(), past.tolist(), strict=True)
        bad = next(word for word, first, last in spans if (first, last) not in found)
        raise ValueError(f"{bad!r} is not one word of letters and digits")
    known = dict(zip(words, page.word_hash, strict=True)) | {"^": LINE_START, "$": LINE_END, "#": NUMBER}
    out = np.zeros(len(texts), dtype=np.uint64)
    by_length: dict[int, list[int]] = {}
    for index, parts in enumerate(split):
        if not 1 <= len(parts) <= LONGEST:
            raise ValueError(f"phrase {texts[index]!r} has {len(parts)} words, not 1 to {LONGEST}")
        by_length.setdefault(len(parts), []).append(index)
    for length, rows in by_length.items():
        table = np.array([[known[word] for word in split[row]] for row in rows], dtype=np.uint64)
        total = np.zeros(len(rows), dtype=np.uint64)
        for offset in range(length):
            total += table[:, offset] * _STEP[offset]
        in_target = np.array([texts[row].startswith("link:") for row in rows])
        out[rows] = mix(total + np.where(in_target, _TARGET_SALT, np.uint64(length)))
    return out
