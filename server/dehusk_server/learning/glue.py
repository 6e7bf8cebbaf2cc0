"""Pages laid out once more as scrapers do that join text nodes: short husk at the end of a line of prose, or before it.

Hand-annotated pages hold few glued spans. What is glued here is of the forms that stand glued in real pages, and where
it goes is drawn, so that the lesson teaches words and forms, not places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.learning.chance import chance_of
from dehusk_server.learning.examples import Example
from dehusk_server.learning.written import appeal_lines
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.page import Page, measure

GLUED_KINDS: Final = frozenset(
    {Kind.RELATED, Kind.DONATION, Kind.SUBSCRIBE, Kind.COMMENTS, Kind.SHARE, Kind.BYLINE, Kind.OTHER}
)
"""Kinds that stand glued to prose in real pages and do not read like it."""
LONGEST: Final = 200
"""Characters of the longest line that is glued."""
_SHORTEST_PROSE: Final = 60
"""Characters of the shortest line that husk is glued to, less one."""
_GLUED: Final = 0.35
"""Share of the pieces of husk with nothing between them and the prose; the others have a blank there."""
_BEHIND: Final = 0.85
"""Share of the pieces of husk that stand behind the prose."""
_APPEALS: Final = 0.4
"""Share of the pages laid out that get a written appeal."""
_WORDS: Final = re.compile(r"\w+")
_BUTTON: Final = 24
"""Characters of husk that needs no stop."""
_OPEN: Final = 0.25
"""Share of the husk without a stop that is glued."""
_LEAD: Final = 24
"""Characters in which a lead-in ends."""
_STOPS: Final = tuple(".!?…。！？؟۔।။։")


@dataclass(frozen=True, slots=True)
class Laid:
    """A text with the lines that stay, the lines that go, and husk inside lines that stay."""

    text: str
    stays: NDArray[np.bool_]
    gone: NDArray[np.bool_]
    spans: Sequence[tuple[int, int, int]]
    """Start, end and column of the kind."""


def glue(example: Example, seed: int, turn: int, most: int) -> tuple[Laid, NDArray[np.bool_]] | None:
    """Lay an annotated page out with husk glued to its prose.

    Args:
        example: the page.
        seed: of all that is drawn.
        turn: each turn draws anew.
        most: pieces of husk that are glued at most, besides a written appeal.

    Returns:
        The page and its lines that were glued to; ``None`` where there is no prose, or nothing to glue.
    """
    chance = chance_of(seed, turn, example.id)
    page = measure(example.text)
    moves = _moves(example, page, chance, most) if page.lines else {}
    return _lay(example, page, moves) if moves else None


@dataclass(frozen=True, slots=True)
class _Move:
    """Husk that is put before or behind the text of a line."""

    text: str
    column: int
    source: int
    """Line that it is taken from; -1 for none."""
    behind: bool
    joint: str


def _moves(example: Example, page: Page, chance: np.random.Generator, most: int) -> dict[int, _Move]:
    """Draw what is glued to which line of prose; each line gets one piece at most."""
    text = [example.text[a:b] for a, b in zip(page.line_start.tolist(), page.line_end.tolist(), strict=True)]
    # A line that holds husk already would be taken for prose all through.
    mixed = {int(np.searchsorted(page.line_end, start, side="right")) for start, _, _ in example.inline}
    prose = [
        line
        for line in np.flatnonzero(example.body).tolist()
        if len(text[line]) > _SHORTEST_PROSE and _stopped(text[line]) and line not in mixed
    ]
    moves: dict[int, _Move] = {}
    if not prose:
        return moves
    for line, column in _short(example, text, chance):
        behind = chance.random() < _BEHIND
        if not behind and not (_stopped(text[line]) or _is_mark(text[line])):
            continue
        target = prose[int(chance.integers(len(prose)))]
        if target not in moves and len(moves) < most:
            moves[target] = _Move(text[line], column, line, behind, _joint(chance))
    appeals = _appeals(example.text)
    if appeals and chance.random() < _APPEALS:
        appeal = appeals[int(chance.integers(len(appeals)))]
        target = prose[int(chance.integers(len(prose)))]
        moves.setdefault(target, _Move(appeal, KINDS.index(Kind.DONATION), -1, chance.random() < 0.5, _joint(chance)))
    return moves


def _appeals(text: str) -> list[str]:
    """Return the written appeals whose words the page knows: those in its own language."""
    known = set(_WORDS.findall(text.lower()))
    found = []
    for appeal in appeal_lines():
        words = _WORDS.findall(appeal.lower())
        if 3 * sum(word in known for word in words) >= len(words):
            found.append(appeal)
    return found


def _short(example: Example, text: Sequence[str], chance: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Yield short lines of husk in a drawn order, and the column of their kind."""
    columns = example.allowed.argmax(axis=1).tolist()
    for line in chance.permutation(len(text)).tolist():
        if columns[line] > 0 and _fits(text[line], KINDS[columns[line]], chance.random()):
            yield line, columns[line]


def _fits(text: str, kind: Kind, lot: float) -> bool:
    """Say whether a line of husk is of a form that stands glued to prose: captions and headlines look like prose.

    Husk without a stop is taken now and then alone: where lines are broken at links, so does prose end.
    """
    if _is_mark(text):
        return True
    if kind not in GLUED_KINDS or not 4 <= len(text) <= LONGEST or not any(map(str.isalpha, text)):
        return False
    if _stopped(text):
        return True
    return lot < _OPEN and (len(text) <= _BUTTON or (kind is not Kind.BYLINE and ":" in text[:_LEAD]))


def _is_mark(text: str) -> bool:
    return (text.startswith(("![", "[![")) and text.endswith(")")) or (text.startswith("[ ") and text.endswith(" ]"))


def _stopped(text: str) -> bool:
    return text.rstrip("*_”\"'’)»")[-1:] in _STOPS


def _joint(chance: np.random.Generator) -> str:
    return "" if chance.random() < _GLUED else " "


def _lay(example: Example, page: Page, moves: dict[int, _Move]) -> tuple[Laid, NDArray[np.bool_]]:
    """Write a page with its moves made; returns it and the lines that were glued to."""
    taken = {move.source for move in moves.values()}
    pieces: list[str] = []
    spans: list[tuple[int, int, int]] = []
    size = at = 0

    def write(text: str) -> None:
        nonlocal size
        pieces.append(text)
        size += len(text)

    for line, (start, end) in enumerate(zip(page.line_start.tolist(), page.line_end.tolist(), strict=True)):
        write(example.text[at:start])
        at = end
        move = moves.get(line)
        if line in taken:
            continue
        if move is not None and not move.behind:
            spans.append((size, size + len(move.text), move.column))
            write(move.text + move.joint)
        write(example.text[start:end])
        if move is not None and move.behind:
            write(move.joint)
            spans.append((size, size + len(move.text), move.column))
            write(move.text)
    write(example.text[at:])
    left = np.array([line not in taken for line in range(page.lines)])
    touched = np.array([line in moves for line in range(page.lines)])
    laid = Laid("".join(pieces), example.body[left], ~example.body[left], spans)
    return laid, touched[left]
