"""Pages made from pages: a few things done to one at random."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

from fuzz.grammar import piece, swollen


def mutated(chance: random.Random, pages: Sequence[str]) -> str:
    """Return one of some pages after a few changes."""
    made = chance.choice(pages)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 10))):
        made = chance.choices(_CHANGES, _OFTEN)[0](chance, made, pages)
    return made


def mutated_bytes(chance: random.Random, content: bytes) -> bytes:
    """Return bytes with a few of them changed, cut out, put in or cut off."""
    made = bytearray(content)
    for _ in range(chance.choice((0, 1, 2, 5))):
        at = chance.randrange(len(made) + 1)
        act = chance.randrange(4)
        if act == 0:
            made[at : at + 1] = chance.randbytes(1)
        elif act == 1:
            del made[at : at + chance.choice((1, 2, 20))]
        elif act == 2:
            made[at:at] = chance.choice((b"\xff", b"\x00", b"\xe3\x81", b"\x1b$B", b"\xed\xa0\x80", b"caf\xe9"))
        else:
            del made[at + 200 :]
    return bytes(made)


def _span(chance: random.Random, page: str) -> tuple[int, int]:
    start = chance.randrange(len(page) + 1)
    return start, min(len(page), start + chance.choice((1, 2, 5, 20, 100, 500)))


def _cut(chance: random.Random, page: str, _pages: Sequence[str]) -> str:
    start, end = _span(chance, page)
    return page[:start] + page[end:]


def _cut_off(chance: random.Random, page: str, _pages: Sequence[str]) -> str:
    return page[: chance.randrange(len(page) + 1)]


def _repeat(chance: random.Random, page: str, _pages: Sequence[str]) -> str:
    start, end = _span(chance, page)
    return page[:end] + page[start:end] * chance.choice((1, 2, 10)) + page[end:]


def _move(chance: random.Random, page: str, _pages: Sequence[str]) -> str:
    start, end = _span(chance, page)
    rest = page[:start] + page[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + page[start:end] + rest[at:]


def _insert(chance: random.Random, page: str, _pages: Sequence[str]) -> str:
    at = chance.randrange(len(page) + 1)
    return page[:at] + piece(chance) + page[at:]


def _splice(chance: random.Random, page: str, pages: Sequence[str]) -> str:
    other = chance.choice(pages)
    return page[: chance.randrange(len(page) + 1)] + other[chance.randrange(len(other) + 1) :]


def _swell(chance: random.Random, page: str, _pages: Sequence[str]) -> str:
    return swollen(chance, page) if len(page) < 10_000 else page


def _case(chance: random.Random, page: str, _pages: Sequence[str]) -> str:
    start, end = _span(chance, page)
    return page[:start] + page[start:end].swapcase() + page[end:]


_CHANGES: Final[tuple[Callable[[random.Random, str, Sequence[str]], str], ...]] = (
    _cut, _cut_off, _repeat, _move, _insert, _splice, _swell, _case,
)  # fmt: skip
_OFTEN: Final = (5, 1, 4, 4, 8, 3, 0.3, 1)
