"""Marks to pieces that tile the source: the one place where they are joined, cut and overruled."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from dehusk_server.decide.allow import allowed_spans
from dehusk_server.decide.decisions import BODY
from dehusk_server.decide.evidence import heaviest
from dehusk_server.decide.links import cut_links
from dehusk_server.decide.marks import Marks, make_marks
from dehusk_server.decide.verdict import Verdict
from dehusk_server.model import KINDS, Evidence, Kind, Options, Partition, Piece
from dehusk_server.text.axes import IntArray
from dehusk_server.text.runs import run_lengths, run_starts


def partition(
    source: str,
    verdict: Verdict | None,
    options: Options,
    check: Callable[[], None] = lambda: None,
    locate: Callable[[int, int], str] | None = None,
) -> Partition:
    """Tile the source with pieces.

    Precedence, from the strongest: the caller's allow-list, kinds that the caller keeps, the decisions and the signs of
    links.

    Args:
        source: the text; not empty.
        verdict: what was decided, on the source or its beginning; ``None`` where that is blank. The rest stays.
        options: what the caller asks.
        check: called now and then during long searches, may raise to end the work.
        locate: the CSS path of the element that holds the text between two offsets; ``None`` for text.
    """
    pieces = [] if verdict is None else _pieces(verdict)
    seen = pieces[-1].end if pieces else 0
    if seen < len(source):
        pieces.append(Piece(seen, len(source), Kind.BODY, False, 0.0))
    if options.keep_kinds:
        pieces = [replace(one, removed=False) if one.kind in options.keep_kinds else one for one in pieces]
    if options.cut_links:
        pieces = cut_links(source, pieces, options.keep_kinds, check)
    if options.allow_phrases:
        allowed = allowed_spans(source, options.allow_phrases, check)
        starts, ends = [start for start, _ in allowed], [end for _, end in allowed]
        pieces = [part for piece in pieces for part in _spared(piece, starts, ends)]
    if locate is not None:
        pieces = [replace(one, css_path=locate(one.start, one.end)) if one.removed else one for one in pieces]
    return Partition(source, tuple(pieces))


def _pieces(verdict: Verdict) -> list[Piece]:
    marks = make_marks(verdict)
    first = run_starts(marks.kind)
    run = np.repeat(np.arange(len(first)), run_lengths(first, len(marks.kind)))
    total = np.maximum(np.add.reduceat(marks.size, first), 1)
    husk = np.add.reduceat(marks.husk * marks.size, first) / total
    kinds = marks.kind[first]
    confidence = np.round(np.clip(np.where(kinds == BODY, 1.0 - husk, husk), 0.0, 1.0), 4).tolist()
    # Blanks before the first line go with it.
    starts = [0, *marks.start[first[1:]].tolist()]
    ends = [*starts[1:], len(verdict.features.page.text)]
    evidence = _evidence(verdict, marks, run)
    return [
        Piece(start, end, KINDS[kind], kind != BODY, confidence[number], evidence.get(number, ()))
        for number, (start, end, kind) in enumerate(zip(starts, ends, kinds.tolist(), strict=True))
    ]


def _evidence(verdict: Verdict, marks: Marks, run: IntArray) -> dict[int, tuple[Evidence, ...]]:
    gone = marks.kind != BODY
    if not gone.any():
        return {}
    lines, parts = gone & (marks.line >= 0), gone & (marks.part >= 0)
    claims = verdict.claims(marks.line[lines], marks.kind[lines], run[lines])
    if verdict.parts is not None:
        claims += verdict.parts.claims(marks.part[parts], marks.kind[parts], run[parts])
    return heaviest(claims)


def _spared(piece: Piece, starts: list[int], ends: list[int]) -> Iterable[Piece]:
    """Cut a removed piece so that what is allowed in it stays.

    Args:
        piece: removed or not.
        starts: where what stays begins, ascending; no two touch.
        ends: where it ends.
    """
    at = piece.start
    if piece.removed:
        # Only what lies in the piece is looked at: many pieces and many places must not multiply.
        for number in range(bisect.bisect_right(ends, at), bisect.bisect_left(starts, piece.end)):
            start, end = max(starts[number], at), min(ends[number], piece.end)
            if start > at:
                yield replace(piece, start=at, end=start)
            yield Piece(start, end, Kind.BODY, False, round(1.0 - piece.confidence, 4))
            at = end
    if at < piece.end:
        yield replace(piece, start=at)
