"""Examples of parts of lines: real ones from annotated pages, and husk glued to prose for the lesson.

Hand-annotated pages hold few glued spans. So short lines of husk are put before or behind lines of prose from the
same page, with a blank between or none: what scrapers do when they join text nodes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.learning.examples import Example
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.page import HashArray, IntArray, Page, measure
from dehusk_server.text.segments import find_segments

GLUED_KINDS: Final = frozenset(
    {Kind.RELATED, Kind.DONATION, Kind.SUBSCRIBE, Kind.COMMENTS, Kind.SHARE, Kind.ADVERT, Kind.INTERFACE, Kind.CAPTION}
)
"""Kinds that stand glued to prose in real pages."""
LONGEST: Final = 160
"""Characters of the longest line that is glued."""
_MOST_PER_PAGE: Final = 20
_COVER: Final = 0.8
"""Share of a part that an annotated span must cover for the part to carry its kind."""


@dataclass(frozen=True, slots=True)
class PartExamples:
    """Parts of one page's lines. Arrays of shape (parts, …)."""

    id: str
    site: str
    label: IntArray
    """Column of the kind."""
    bins: IntArray
    phrase_hash: HashArray
    phrase_part: IntArray
    texts: tuple[tuple[int, int], ...] = ()


def _parts(
    example: Example, text: str, spans: list[tuple[int, int, int]], lines: NDArray[np.bool_] | None
) -> PartExamples | None:
    page = measure(text)
    chosen = np.arange(page.lines) if lines is None else np.flatnonzero(lines)
    segments = find_segments(page, chosen) if page.lines else None
    if segments is None:
        return None
    label = np.zeros(len(segments.start), dtype=np.int64)
    for start, end, column in spans:
        cover = np.minimum(segments.end, end) - np.maximum(segments.start, start)
        label[cover >= _COVER * (segments.end - segments.start)] = column
    phrases = segments.phrases
    pairs = np.unique(np.stack([phrases.line.astype(np.uint64), phrases.hash]), axis=1)
    return PartExamples(example.id, example.site, label, segments.bins, pairs[1], pairs[0].astype(np.int64))


def real_parts(example: Example) -> PartExamples | None:
    """Return the parts of a page's body lines; those that hand annotation marks inside them are husk."""
    column = {kind: number for number, kind in enumerate(KINDS)}
    spans = [(start, end, column[kind]) for start, end, kind in example.inline]
    return _parts(example, example.text, spans, example.body)


def glued_parts(example: Example, seed: int) -> Iterator[PartExamples]:
    """Yield parts of lines made by gluing short husk to prose of the same page; only for annotated pages."""
    if example.shelf not in ("seed", "spans"):
        return
    page = measure(example.text)
    text = [example.text[a:b] for a, b in zip(page.line_start.tolist(), page.line_end.tolist(), strict=True)]
    husk = list(_glue(page, text, example.allowed.argmax(axis=1).tolist()))
    prose = [line for line in np.flatnonzero(example.body).tolist() if len(text[line]) > 120 and _stopped(text[line])]
    if not husk or not prose:
        return
    digest = hashlib.sha256(f"{seed}:{example.id}".encode()).digest()
    chance = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:8], "big")))
    order = chance.permutation(len(husk)).tolist()
    # Appeals are few, and missed most when they stand glued.
    order.sort(key=lambda number: husk[number][1] != KINDS.index(Kind.DONATION))
    for number in order[:_MOST_PER_PAGE]:
        glue, column = husk[number]
        body = text[prose[int(chance.integers(len(prose)))]]
        joined, start = _join(glue, body, chance)
        found = _parts(example, joined, [(start, start + len(glue), column)], None)
        if found is not None:
            yield replace(found, id=example.id)


def _stopped(text: str) -> bool:
    return text[-1] in ".!?。"


def _glue(page: Page, text: Sequence[str], columns: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Yield short husk lines, and the sentences of longer ones, with their kinds."""
    long = [line for line, column in enumerate(columns) if KINDS[column] in GLUED_KINDS and len(text[line]) > LONGEST]
    for line, column in enumerate(columns):
        if KINDS[column] in GLUED_KINDS and 4 <= len(text[line]) <= LONGEST and any(map(str.isalpha, text[line])):
            yield text[line], column
    segments = find_segments(page, np.array(long, dtype=np.int64)) if long else None
    if segments is not None:
        spans = zip(segments.start.tolist(), segments.end.tolist(), segments.line.tolist(), strict=True)
        for start, end, line in spans:
            if 16 <= end - start <= LONGEST:
                yield page.text[start:end], columns[line]


def _join(glue: str, body: str, chance: np.random.Generator) -> tuple[str, int]:
    """Put husk before, behind or between the sentences of prose; returns the text and where the husk begins."""
    blank = " " if chance.random() < 0.6 else ""
    place = chance.random()
    if place < 0.4:
        return f"{glue}{blank}{body}", 0
    middle = body.find(". ", len(body) // 4) + 2
    if place > 0.7 and 2 <= middle < len(body):
        stop = "" if _stopped(glue) else "."
        return f"{body[:middle]}{glue}{stop} {body[middle:]}", middle
    return f"{body}{blank}{glue}", len(body) + len(blank)
