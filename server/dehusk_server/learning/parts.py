"""Examples of parts of lines: real ones from annotated pages, and husk glued to prose for the lesson.

Hand-annotated pages hold few glued spans. So short lines of husk are put before or behind lines of prose from the
same page, with a blank between or none: what scrapers do when they join text nodes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.learning.examples import Example
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.page import HashArray, IntArray, measure
from dehusk_server.text.segments import find_segments

GLUED_KINDS: Final = frozenset(
    {Kind.RELATED, Kind.DONATION, Kind.SUBSCRIBE, Kind.COMMENTS, Kind.SHARE, Kind.ADVERT, Kind.INTERFACE, Kind.CAPTION}
)
"""Kinds that stand glued to prose in real pages."""
LONGEST: Final = 160
"""Characters of the longest line that is glued."""
_MOST_PER_PAGE: Final = 12
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
    label = example.allowed.argmax(axis=1)
    text = [example.text[a:b] for a, b in zip(page.line_start.tolist(), page.line_end.tolist(), strict=True)]
    husk = [
        line for line, column in enumerate(label.tolist())
        if KINDS[column] in GLUED_KINDS and 4 <= len(text[line]) <= LONGEST and any(map(str.isalpha, text[line]))
    ]  # fmt: skip
    prose = [
        line for line in np.flatnonzero(example.body).tolist() if len(text[line]) > 120 and text[line][-1] in ".!?。"
    ]
    if not husk or not prose:
        return
    digest = hashlib.sha256(f"{seed}:{example.id}".encode()).digest()
    chance = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:8], "big")))
    chosen = chance.permutation(len(husk))[:_MOST_PER_PAGE].tolist()
    for number in chosen:
        line, other = husk[number], prose[int(chance.integers(len(prose)))]
        blank = " " if chance.random() < 0.6 else ""
        glue, body = text[line], text[other]
        if chance.random() < 0.5:
            joined, start = f"{glue}{blank}{body}", 0
        else:
            joined, start = f"{body}{blank}{glue}", len(body) + len(blank)
        found = _parts(example, joined, [(start, start + len(glue), int(label[line]))], None)
        if found is not None:
            yield replace(found, id=example.id)
