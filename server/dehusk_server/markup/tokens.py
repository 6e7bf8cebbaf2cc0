"""Words in the class names and ids of the elements around a line: weak evidence, learned like phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final

import numpy as np

from dehusk_server.markup.tree import Tree
from dehusk_server.markup.walk import Elements, Markup
from dehusk_server.text.page import HashArray, IntArray

NEAR: Final = "near"
"""On the elements from the text up to the block around its own."""
FAR: Final = "far"
"""On the elements above those."""
_HIGH: Final = 24
"""Elements above a block that are looked at."""
_WORD: Final = re.compile(r"(?:role|itemprop)=[a-z]{2,20}|[a-z]{2,20}")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST: Final = 400
"""Characters of an element's names that are read."""
_MOST_MET: Final = 10_000
"""Names that a reader keeps."""


def token_hash(name: str) -> int:
    """Return the 64-bit hash of a token with its distance, such as ``near:comment``."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")


def token_hashes(names: Sequence[str]) -> HashArray:
    """Return the hashes of tokens; shape (names,).

    Raises:
        ValueError: a name has no distance, or more than one word.
    """
    for name in names:
        distance, _, word = name.partition(":")
        if distance not in (NEAR, FAR) or words(word) != (word,):
            raise ValueError(f"{name!r} is no token: a distance (near or far), a colon and one word")
    return np.array([token_hash(name) for name in names], dtype=np.uint64)


def words(names: str) -> tuple[str, ...]:
    """Return the words in an element's names, lower-cased, each once: ``postBody post-1234`` gives post and body."""
    names = names[:_LONGEST]
    lower = names.lower()
    if lower != names:
        lower = _HUMP.sub(" ", names).lower()
    return tuple(dict.fromkeys(_WORD.findall(lower)))


class TokenReader:
    """Reads the tokens of elements; keeps those of names that it met before. Safe to share between threads.

    Args:
        known: names of the tokens that are wanted, such as ``near:comment``; all by default.
    """

    def __init__(self, known: Iterable[str] | None = None) -> None:
        self._known: dict[str, dict[str, int]] | None = None
        if known is not None:
            self._known = {NEAR: {}, FAR: {}}
            for name in known:
                distance, _, word = name.partition(":")
                self._known[distance][word] = token_hash(name)
        self._met: dict[tuple[str, str], frozenset[int]] = {}

    def read(self, distance: str, names: str) -> frozenset[int]:
        """Return the hashes of the tokens in an element's names.

        Args:
            distance: `NEAR` or `FAR`.
            names: as `Elements.names` has them.
        """
        key = (distance, names[:_LONGEST])
        found = self._met.get(key)
        if found is None:
            if len(self._met) >= _MOST_MET:
                self._met = {}
            found = self._met[key] = self._hashes(distance, names)
        return found

    def _hashes(self, distance: str, names: str) -> frozenset[int]:
        if self._known is None:
            return frozenset(token_hash(f"{distance}:{word}") for word in words(names))
        known = self._known[distance]
        return frozenset([known[word] for word in words(names) if word in known])


def find_tokens(markup: Markup, tree: Tree, reader: TokenReader) -> tuple[HashArray, IntArray]:
    """Return the hash of each token and the line that it speaks of, line by line, each once a line."""
    elements = markup.elements
    parents = elements.parent
    held: dict[int, list[int]] = {}
    above: dict[int, frozenset[int]] = {}
    hashes: list[int] = []
    counts: list[int] = []
    for holder, top in zip(tree.line_element.tolist(), tree.around[tree.line_block].tolist(), strict=True):
        found = held.get(holder)
        if found is None:
            start = parents[top]
            far = above.get(start)
            if far is None:
                far = above[start] = _climb(elements, start, -1, FAR, reader)
            near = _climb(elements, holder, top, NEAR, reader)
            found = held[holder] = sorted(near | far)
        hashes += found
        counts.append(len(found))
    lines = np.repeat(np.arange(len(counts)), counts)
    return np.array(hashes, dtype=np.uint64), lines.astype(np.int64)


def _climb(elements: Elements, start: int, last: int, distance: str, reader: TokenReader) -> frozenset[int]:
    """Return the tokens of an element and those above it, up to and with the last."""
    found: set[int] = set()
    names, parent = elements.names, elements.parent
    number = start
    for _ in range(_HIGH):
        if number < 0:
            break
        if names[number]:
            found |= reader.read(distance, names[number])
        if number == last:
            break
        number = parent[number]
    return frozenset(found)
