"""Pages to labelled examples: by hand annotation, by alignment with a reference body, by publishers' own parsers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.learning.examples import Example, MaskArray, Origin, make_example
from dehusk_server.learning.flatten import Flattening, flatten
from dehusk_server.learning.pages import FlatPage, NewsPage, SpanPage
from dehusk_server.learning.sites import held_out
from dehusk_server.learning.transfer import Annotation, carry_over
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.codepoints import CharClass
from dehusk_server.text.features import Features, take_features
from dehusk_server.text.page import Page

BODY_SHARE: Final = 0.7
"""A silver line that gives this share of its words to the body is body; `HUSK_SHARE` or less is husk."""
HUSK_SHARE: Final = 0.3
_COLUMN: Final = {kind: column for column, kind in enumerate(KINDS)}
_WORDS: Final = re.compile(r"\w+")


def visible(page: Page) -> NDArray[np.bool_]:
    """Flag the characters that are not blank."""
    return np.asarray((page.classes > CharClass.NEWLINE) | (page.classes == CharClass.OTHER))


def span_example(page: SpanPage, shelf: str) -> Example | None:
    """Label each line with the kind of most of its visible characters."""
    features = take_features(page.text)
    if features is None:
        return None
    measured = features.page
    columns = np.zeros(len(page.text), dtype=np.int64)
    for start, end, kind in page.spans:
        columns[start:end] = _COLUMN[kind]
    seen = np.flatnonzero(visible(measured))
    line = np.searchsorted(measured.line_start, seen, side="right") - 1
    counts = np.bincount(line * len(KINDS) + columns[seen], minlength=measured.lines * len(KINDS))
    counts = counts.reshape(measured.lines, len(KINDS))
    allowed = np.zeros(counts.shape, dtype=np.float32)
    allowed[np.arange(measured.lines), counts.argmax(axis=1)] = 1
    origin = Origin(page.id, page.site, shelf, page.style, page.page_type, inline=page.inline)
    return make_example(origin, features, allowed)


def flat_example(
    page: FlatPage, share: float = 1.0, annotations: Sequence[Annotation] = (), shelf: str = "flat"
) -> Example | None:
    """Label each line body or husk (of any kind) where the silver alignment is clear.

    Args:
        page: the page.
        share: as in `Example`.
        annotations: what is known of its flattenings, the surest first: where both say husk, the kind is theirs.
        shelf: as in `Example`.
    """
    features = take_features(page.text)
    if features is None:
        return None
    allowed = np.ones((features.page.lines, len(KINDS)), dtype=np.float32)
    for start, _, keep in page.labels:
        # By the start of the row: a label may begin with the indent.
        line = int(np.searchsorted(features.page.row_start, start, side="right")) - 1
        if line >= 0:
            _silver(allowed, line, keep)
    _learn_kinds(allowed, features, annotations)
    return make_example(Origin(page.id, page.site, shelf, page.style, page.page_type, share), features, allowed)


def _learn_kinds(allowed: MaskArray, features: Features, annotations: Sequence[Annotation]) -> None:
    """Narrow silver labels by annotations of any flattening; where the first to speak disagrees nothing is known."""
    page = features.page
    silver_husk = allowed[:, 0] == 0
    silent = allowed.all(axis=1)
    for annotation in annotations:
        columns = carry_over(annotation, page.text, page.line_start.tolist(), page.line_end.tolist())
        named = (columns > 0) & (silver_husk | silent) | (columns == 0) & silent
        allowed[named] = 0
        allowed[named, columns[named]] = 1
        against = (columns == 0) & silver_husk
        allowed[against] = 1
        silver_husk &= ~(named | against)
        silent &= ~named


def _silver(allowed: MaskArray, line: int, share: float) -> None:
    if share >= BODY_SHARE:
        allowed[line, 1:] = 0
    elif share <= HUSK_SHARE:
        allowed[line, 0] = 0


def news_example(page: NewsPage, flattening: Flattening, annotations: Sequence[Annotation] = ()) -> Example | None:
    """Flatten a news page and label its lines by what its publisher's parser took for body, title and captions.

    Args:
        page: the page.
        flattening: how to lay it out.
        annotations: as for `flat_example`.
    """
    text = flatten(page.html, flattening)
    features = take_features(text) if text else None
    if features is None:
        return None
    known = {"title": _shingles(page.title), "body": _shingles(page.body)}
    caption = set().union(*(_shingles(caption) for caption in page.captions or ()))
    allowed = np.ones((features.page.lines, len(KINDS)), dtype=np.float32)
    spans = zip(features.page.line_start.tolist(), features.page.line_end.tolist(), strict=True)
    for line, (start, end) in enumerate(spans):
        own = _shingles(text[start:end])
        if not own:
            continue
        share = len(own & known["body"]) / len(own)
        if len(own & known["title"]) > 0.8 * len(own) and share < BODY_SHARE:
            _only(allowed, line, Kind.HEADLINE)
        elif len(own & caption) > 0.8 * len(own) and share < BODY_SHARE:
            _only(allowed, line, Kind.CAPTION)
        else:
            _silver(allowed, line, share)
    _learn_kinds(allowed, features, annotations)
    share = 1.0 / len(Flattening)
    origin = Origin(flattened_id(page, flattening), page.site, "news", str(flattening), "news", share)
    return make_example(origin, features, allowed)


def flattened_id(page: NewsPage, flattening: Flattening) -> str:
    """Return the id of one flattening of a news page."""
    return f"{page.id}.{flattening}"


def _only(allowed: MaskArray, line: int, kind: Kind) -> None:
    allowed[line] = 0
    allowed[line, _COLUMN[kind]] = 1


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORDS.findall((text or "").lower())
    if len(words) < 4:
        return {tuple(words)} if words else set()
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}


def calm_example(page: FlatPage, seed: int) -> Example | None:
    """Return a clean body as a page of its own, for three pages in eight: the whole of it, or a few lines.

    What is clean must stay so, and a short text is no page that lost its article.
    """
    lot = held_out(stem(page.id), seed + 1, 8)
    lines = [line for line in page.body.splitlines() if line.strip()]
    if lot > 2 or not lines:
        return None
    if lot == 0 and len(lines) > 1:
        first = held_out(page.id, seed + 2, len(lines))
        lines = lines[first : first + 1 + held_out(page.id, seed + 3, 6)]
    features = take_features(("\n\n" if lot == 1 else "\n").join(lines))
    if features is None:
        return None
    allowed = np.zeros((features.page.lines, len(KINDS)), dtype=np.float32)
    allowed[:, 0] = 1
    return make_example(Origin(f"{page.id}.body", page.site, "calm", "body", page.page_type), features, allowed)


def stem(page_id: str) -> str:
    """Return the name that the styles of one page share; an id that names no style stands for itself."""
    return page_id.rpartition(".")[0] or page_id
