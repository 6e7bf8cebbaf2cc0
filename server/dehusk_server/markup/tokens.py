"""Words in the class names and ids of the elements around a line: weak evidence, learned like phrases."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np

from dehusk_server.markup.tree import Tree
from dehusk_server.markup.walk import Element, Markup
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


@functools.lru_cache(maxsize=50_000)
def words(names: str) -> tuple[str, ...]:
    """Return the words in an element's names, lower-cased, each once: ``postBody post-1234`` gives post and body."""
    parts = _HUMP.sub(" ", names[:_LONGEST]).lower()
    return tuple(dict.fromkeys(_WORD.findall(parts)))


@functools.lru_cache(maxsize=50_000)
def _hashes(distance: str, names: str) -> tuple[int, ...]:
    return tuple(token_hash(f"{distance}:{word}") for word in words(names))


def find_tokens(markup: Markup, tree: Tree) -> tuple[HashArray, IntArray]:
    """Return the hash of each token and the line that it speaks of, line by line, each once a line."""
    elements = markup.elements
    parents = tree.parent
    held: dict[int, tuple[int, ...]] = {}
    above: dict[int, frozenset[int]] = {}
    hashes: list[int] = []
    counts: list[int] = []
    for holder, block in zip(tree.line_element.tolist(), tree.line_block.tolist(), strict=True):
        found = held.get(holder)
        if found is None:
            top = int(tree.around[block])
            near = _climb(elements, holder, top, NEAR)
            start = int(parents[top])
            far = above.get(start)
            if far is None:
                far = above[start] = frozenset(_climb(elements, start, -1, FAR))
            found = held[holder] = (*sorted({*near, *far}),)
        hashes += found
        counts.append(len(found))
    lines = np.repeat(np.arange(len(counts)), counts)
    return np.array(hashes, dtype=np.uint64), lines.astype(np.int64)


def _climb(elements: list[Element], start: int, last: int, distance: str) -> list[int]:
    """Return the tokens of an element and those above it, up to and with the last."""
    found: list[int] = []
    number = start
    for _ in range(_HIGH):
        if number < 0:
            break
        element = elements[number]
        if element.names:
            found += _hashes(distance, element.names)
        if number == last:
            break
        number = element.parent
    return found
