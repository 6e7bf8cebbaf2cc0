"""Examples of parts of lines: real ones from annotated pages, husk glued to prose for the lesson, and clean prose.

Hand-annotated pages hold few glued spans. So pages are laid out once more as scrapers do that join text nodes: short
lines of husk move to the end of the prose above them, or to the beginning of the prose below.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.learning.appeals import appeal_lines
from dehusk_server.learning.examples import Example, visible
from dehusk_server.learning.sites import held_out
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.page import HashArray, IntArray, Page, measure
from dehusk_server.text.segment_axes import SEGMENT_AXES, SEGMENT_GROUPS, SEGMENT_OFFSETS
from dehusk_server.text.segments import find_segments

GLUED_KINDS: Final = frozenset(
    {Kind.RELATED, Kind.DONATION, Kind.SUBSCRIBE, Kind.COMMENTS, Kind.SHARE, Kind.ADVERT, Kind.INTERFACE,
     Kind.BYLINE, Kind.OTHER}
)  # fmt: skip
"""Kinds that stand glued to prose in real pages."""
LONGEST: Final = 200
"""Characters of the longest line that is glued."""
_GLUED: Final = 0.35
"""Share of the pieces of husk with nothing between them and the prose; the others have a blank there."""
_BEHIND: Final = 0.85
"""Share of the pieces of husk that stand behind the prose."""
_COVER: Final = 0.8
"""Share of a part that an annotated span must cover for the part to carry its kind."""
_APPEALS: Final = 0.4
"""Share of the pages laid out that get a written appeal."""
_WORDS: Final = re.compile(r"\w+")
_BUTTON: Final = 24
"""Characters of husk that needs no stop."""
_LEAD: Final = 24
"""Characters in which a lead-in ends."""
_STOPS: Final = tuple(".!?…。！？؟۔।။։")


_SORT: Final = SEGMENT_GROUPS.index(("sort", "left"))
_MARK_BINS: Final = range(
    SEGMENT_OFFSETS[_SORT] + SEGMENT_AXES["left"].size, SEGMENT_OFFSETS[_SORT] + 3 * SEGMENT_AXES["left"].size
)
"""Bins of parts that are an image or a button."""


@dataclass(frozen=True, slots=True)
class PartWeights:
    """How much parts weigh beside a part of an annotated page that is prose."""

    real: float = 12.0
    """All real husk of one page and form, shared by the square root of its number."""
    seed: float = 3.0
    """Times the above, on pages of the seed shelf."""
    glued: float = 0.25
    """Husk that was glued for the lesson."""
    around: float = 0.25
    """Prose that it was glued to."""
    flat: float = 0.1
    """Prose of pages with silver labels, times the page's share."""
    calm: float = 0.15
    """Prose of clean bodies."""
    turns: int = 3
    """Times that each annotated page is laid out anew."""
    most: int = 16
    """Spans glued to each at most."""


@dataclass(frozen=True, slots=True)
class PartExamples:
    """Parts of one page's lines. Arrays of shape (parts, …)."""

    id: str
    site: str
    label: IntArray
    """Column of the kind."""
    weight: NDArray[np.float32]
    bins: IntArray
    phrase_hash: HashArray
    phrase_part: IntArray


@dataclass(frozen=True, slots=True)
class _Laid:
    """A text with the lines that stay, the lines that go, and husk inside lines that stay."""

    text: str
    stays: NDArray[np.bool_]
    gone: NDArray[np.bool_]
    spans: Sequence[tuple[int, int, int]]
    """Start, end and column of the kind."""


def part_lessons(examples: Sequence[Example], seed: int, weights: PartWeights | None = None) -> list[PartExamples]:
    """Return all parts that rules for parts are learned from.

    Args:
        examples: pages of any shelf.
        seed: of everything that is drawn.
        weights: how much each sort of part weighs.
    """
    weights = weights or PartWeights()
    found: list[PartExamples | None] = []
    for example in examples:
        if example.shelf in ("seed", "spans"):
            found.append(real_parts(example, weights))
            found += [glued_parts(example, seed, turn, weights) for turn in range(weights.turns)]
        elif example.shelf == "calm" or (example.shelf == "flat" and held_out(example.id, seed + 7, 2) == 0):
            found.append(prose_parts(example, weights))
    return [one for one in found if one is not None]


def _parts(example: Example, laid: _Laid, only: NDArray[np.bool_] | None = None) -> PartExamples | None:
    page = measure(laid.text)
    chosen = np.flatnonzero(laid.stays)
    segments = find_segments(page, chosen, laid.gone) if len(chosen) else None
    if segments is None:
        return None
    label = np.zeros(len(segments.start), dtype=np.int64)
    for start, end, column in laid.spans:
        cover = np.minimum(segments.end, end) - np.maximum(segments.start, start)
        label[cover >= _COVER * (segments.end - segments.start)] = column
    weight = np.ones(len(label), dtype=np.float32)
    bins, phrases = segments.bins, segments.phrases
    part, hashes = phrases.line, phrases.hash
    if only is not None:
        use = only[segments.line]
        if not use.any():
            return None
        number = np.cumsum(use) - 1
        mine = use[part]
        part, hashes = number[part[mine]], hashes[mine]
        label, weight, bins = label[use], weight[use], bins[use]
    pairs = np.unique(np.stack([part.astype(np.uint64), hashes]), axis=1)
    return PartExamples(example.id, example.site, label, weight, bins, pairs[1], pairs[0].astype(np.int64))


def real_parts(example: Example, weights: PartWeights) -> PartExamples | None:
    """Return the parts of a page's body lines; those that hand annotation marks inside them are husk."""
    column = {kind: number for number, kind in enumerate(KINDS)}
    spans = [(start, end, column[kind]) for start, end, kind in example.inline]
    stays = _mixed(example) | example.body
    found = _parts(example, _Laid(example.text, stays, ~stays, spans))
    if found is None:
        return None
    husk = found.label > 0
    own = weights.real * (weights.seed if example.shelf == "seed" else 1.0)
    found.weight[husk] = own / np.sqrt(max(int(husk.sum()), 1))
    marks = ~husk & np.isin(found.bins, np.array(_MARK_BINS)).any(axis=1)
    found.weight[marks] = 1.0 / np.sqrt(max(int(marks.sum()), 1))
    return found


def _mixed(example: Example) -> NDArray[np.bool_]:
    """Flag the lines of which marked parts are husk and the rest, under half of it, is not."""
    page = measure(example.text)
    mixed = np.zeros(page.lines, dtype=np.bool_)
    covered = np.zeros(len(example.text), dtype=np.bool_)
    for start, end, _ in example.inline:
        covered[start:end] = True
    seen = visible(page)
    for line in {int(np.searchsorted(page.line_end, start, side="right")) for start, _, _ in example.inline}:
        bare = slice(int(page.line_start[line]), int(page.line_end[line]))
        mixed[line] = bool((seen[bare] & ~covered[bare]).any())
    return mixed


def prose_parts(example: Example, weights: PartWeights) -> PartExamples | None:
    """Return the parts of lines that are body by silver labels, or of a clean body."""
    found = _parts(example, _Laid(example.text, example.body, example.husk, ()))
    if found is not None:
        found.weight[:] = weights.calm if example.shelf == "calm" else weights.flat * example.share
        # What silver labels say of a line, they do not say of an image in it.
        found.weight[np.isin(found.bins, np.array(_MARK_BINS)).any(axis=1)] = 0.0
    return found


def glued_parts(example: Example, seed: int, turn: int, weights: PartWeights) -> PartExamples | None:
    """Return parts of the lines of an annotated page to which short husk of that page was glued."""
    digest = hashlib.sha256(f"{seed}:{turn}:{example.id}".encode()).digest()
    chance = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:8], "big")))
    page = measure(example.text)
    if not page.lines:
        return None
    moves = _moves(example, page, chance, weights.most)
    if not moves:
        return None
    laid, touched = _lay(example, page, moves)
    found = _parts(example, laid, touched)
    if found is not None:
        found.weight[:] = np.where(found.label > 0, weights.glued, weights.around)
    return found


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
    prose = [line for line in np.flatnonzero(example.body).tolist() if len(text[line]) > 60 and _stopped(text[line])]
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
        if columns[line] > 0 and _fits(text[line], KINDS[columns[line]]):
            yield line, columns[line]


def _fits(text: str, kind: Kind) -> bool:
    """Say whether a line of husk is of a form that stands glued to prose: captions and headlines look like prose."""
    if _is_mark(text):
        return True
    if kind not in GLUED_KINDS or not 4 <= len(text) <= LONGEST or not any(map(str.isalpha, text)):
        return False
    return _stopped(text) or len(text) <= _BUTTON or ":" in text[:_LEAD]


def _is_mark(text: str) -> bool:
    return text.startswith(("![", "[![", "[ ")) and text.endswith((")", " ]"))


def _stopped(text: str) -> bool:
    return text.rstrip("*_”\"'’)»")[-1:] in _STOPS


def _joint(chance: np.random.Generator) -> str:
    return "" if chance.random() < _GLUED else " "


def _lay(example: Example, page: Page, moves: dict[int, _Move]) -> tuple[_Laid, NDArray[np.bool_]]:
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
    laid = _Laid("".join(pieces), example.body[left], ~example.body[left], spans)
    return laid, touched[left]
