"""Markdown signs inside kept text, as pieces that go: brackets and targets of links, images whole."""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dehusk_server.model import Evidence, Kind, Piece
from dehusk_server.rules.built_in import IMAGE, LINK, LINK_TARGET
from dehusk_server.rules.rule import Rule
from dehusk_server.text.codepoints import CharClass, class_table
from dehusk_server.text.link_marks import LinkMark, find_link_marks

_WORDS: Final = frozenset({CharClass.LOWER, CharClass.UPPER, CharClass.CASELESS, CharClass.MARK, CharClass.DIGIT})
"""Letters that make words by standing next to each other; those of scripts without blanks do not."""

_CHECKED_EVERY: Final = 4096
"""Signs that are cut between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """One sign that goes."""

    start: int
    end: int
    rule: Rule
    mark: int
    """Number of the link or image that it is of."""


def cut_links(
    source: str, pieces: Sequence[Piece], keep: Collection[Kind] = (), check: Callable[[], None] = lambda: None
) -> list[Piece]:
    """Return the pieces with the signs of markdown cut out of those that stay.

    A link or image is cut only where all of it stays, and left as it is where its cut would join two words.

    Args:
        source: the text that the pieces tile.
        pieces: in order.
        keep: kinds of signs that stay.
        check: called now and then, may raise to end the work.
    """
    marks = find_link_marks(source)
    check()
    if not marks:
        return list(pieces)
    starts = [piece.start for piece in pieces]
    whole = [mark for mark in marks if _stays(mark, pieces[bisect.bisect_right(starts, mark.start) - 1])]
    cuts = _apart(source, [cut for cut in _cuts(source, whole) if cut.rule.strongest not in keep])
    check()
    return list(_pieces(pieces, cuts, check))


def _stays(mark: LinkMark, piece: Piece) -> bool:
    return not piece.removed and mark.end <= piece.end


def _cuts(source: str, marks: Sequence[LinkMark]) -> list[_Cut]:
    """Return what goes, in order and without overlap. A link around nothing but images goes with them, as one."""
    cuts: list[_Cut] = []
    for number, mark in enumerate(marks):
        inside = len(cuts)
        while inside and cuts[inside - 1].start >= mark.start:
            inside -= 1
        within = cuts[inside:]
        image = mark.image or (any(cut.rule is IMAGE for cut in within) and not _left(source, mark, within))
        if image:
            del cuts[inside:]
            cuts.append(_Cut(mark.start, mark.end, IMAGE, number))
        else:
            cuts.insert(inside, _Cut(mark.start, mark.start + 1, LINK, number))
            cuts.append(_Cut(mark.words_end, mark.end, LINK_TARGET, number))
    return cuts


def _left(source: str, mark: LinkMark, within: Sequence[_Cut]) -> bool:
    """Say whether the words of a link hold more than what goes."""
    at = mark.start + 1
    for cut in within:
        if source[at : cut.start].strip():
            return True
        at = cut.end
    return bool(source[at : mark.words_end].strip())


def _apart(source: str, cuts: Sequence[_Cut]) -> list[_Cut]:
    """Leave out the links and images whose cut would join two words that were apart.

    Where a run of signs that touch would join words, the last link or image of the run stays as it is: what is left of
    the run then ends before a sign, and a sign that stays joins nothing.
    """
    spared: set[int] = set()
    run: list[_Cut] = []
    for cut in (*cuts, None):
        if cut is not None and cut.mark in spared:
            continue
        if run and (cut is None or cut.start != run[-1].end):
            if _word(source, run[0].start - 1) and _word(source, run[-1].end):
                spared.add(run[-1].mark)
            run = []
        if cut is not None and cut.mark not in spared:
            run.append(cut)
    return [cut for cut in cuts if cut.mark not in spared]


def _word(source: str, at: int) -> bool:
    return 0 <= at < len(source) and class_table()[ord(source[at])] in _WORDS


def _pieces(pieces: Sequence[Piece], cuts: Sequence[_Cut], check: Callable[[], None]) -> Iterator[Piece]:
    starts = [cut.start for cut in cuts]
    for piece in pieces:
        at = piece.start
        if not piece.removed:
            for number in range(bisect.bisect_left(starts, at), bisect.bisect_left(starts, piece.end)):
                if number % _CHECKED_EVERY == 0:
                    check()
                cut = cuts[number]
                if cut.start > at:
                    yield replace(piece, start=at, end=cut.start)
                yield _removed(cut)
                at = cut.end
        if at < piece.end:
            yield replace(piece, start=at)


def _removed(cut: _Cut) -> Piece:
    kind: Kind = cut.rule.strongest
    weight = cut.rule.weights[kind]
    confidence = round(1.0 / (1.0 + math.exp(-weight)), 4)
    return Piece(cut.start, cut.end, kind, True, confidence, (Evidence(cut.rule.id, weight, cut.start, cut.end),))
