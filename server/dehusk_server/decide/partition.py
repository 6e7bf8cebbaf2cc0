"""Decisions to pieces that tile the source: the one place where they are joined, cut and overruled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dehusk_server.decide.evidence import heaviest
from dehusk_server.model import Evidence, Kind, Options, Partition, Piece


@dataclass(frozen=True, slots=True)
class Mark:
    """A decision on a stretch of the source. What is blank after it goes with it."""

    start: int
    """Where it begins; it reaches to the next mark."""
    kind: Kind
    """BODY where it stays."""
    probability: float
    """Of being husk."""
    size: int
    """Visible characters: its weight where marks are joined."""
    evidence: Sequence[Evidence] = ()


def partition(source: str, marks: Sequence[Mark], options: Options) -> Partition:
    """Tile the source with pieces.

    Precedence, from the strongest: the caller's allow-list, kinds that the caller keeps, the decisions.

    Args:
        source: the text; not empty.
        marks: ascending; none where the source is blank.
        options: what the caller asks.
    """
    pieces = [_joined(group, start, end) for group, start, end in _runs(source, marks)]
    if not pieces:
        pieces = [Piece(0, len(source), Kind.BODY, False, 0.0)]
    pieces = [
        replace(piece, removed=False) if piece.removed and piece.kind in options.keep_kinds else piece
        for piece in pieces
    ]
    if options.allow_phrases:
        allowed = list(_merged(_occurrences(source, options.allow_phrases)))
        pieces = [part for piece in pieces for part in _spared(piece, allowed)]
    return Partition(source, tuple(pieces))


def _runs(source: str, marks: Sequence[Mark]) -> Iterable[tuple[list[Mark], int, int]]:
    """Yield runs of marks of one kind with the stretch that they tile."""
    group: list[Mark] = []
    start = 0
    for mark in marks:
        if group and mark.kind is not group[0].kind:
            yield group, start, mark.start
            group, start = [], mark.start
        group.append(mark)
    if group:
        yield group, start, len(source)


def _joined(group: list[Mark], start: int, end: int) -> Piece:
    kind = group[0].kind
    total = sum(mark.size for mark in group)
    husk = sum(mark.probability * mark.size for mark in group) / total if total else group[0].probability
    if kind is Kind.BODY:
        return Piece(start, end, kind, False, _share(1.0 - husk))
    evidence = heaviest([one for mark in group for one in mark.evidence])
    return Piece(start, end, kind, True, _share(husk), tuple(evidence))


def _share(value: float) -> float:
    return min(1.0, max(0.0, round(value, 4)))


def _occurrences(source: str, phrases: Iterable[str]) -> list[tuple[int, int]]:
    found = []
    for phrase in phrases:
        at = source.find(phrase)
        while at >= 0:
            found.append((at, at + len(phrase)))
            at = source.find(phrase, at + 1)
    return sorted(found)


def _merged(spans: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    held: tuple[int, int] | None = None
    for start, end in spans:
        if held is None or start > held[1]:
            if held is not None:
                yield held
            held = (start, end)
        else:
            held = (held[0], max(held[1], end))
    if held is not None:
        yield held


def _spared(piece: Piece, allowed: list[tuple[int, int]]) -> Iterable[Piece]:
    """Cut a removed piece so that what is allowed in it stays."""
    at = piece.start
    if piece.removed:
        for first, past in allowed:
            start, end = max(first, piece.start), min(past, piece.end)
            if start < end:
                if start > at:
                    yield replace(piece, start=at, end=start)
                yield Piece(start, end, Kind.BODY, False, _share(1.0 - piece.confidence))
                at = end
    if at < piece.end:
        yield replace(piece, start=at)
