"""How good the answer for one page is: its body against a reference, its removed spans against those marked by hand.

Body scores count words, span scores count non-blank characters. What several pages add up to is in `summaries`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dehusk_server.learning.pages import Span
from dehusk_server.model import KINDS, Kind

CATASTROPHIC_F1 = 0.5
"""Below this word F1 a page counts as a catastrophe."""

LOST_SHARE = 0.1
"""A page that lacks more than this share of the body that its input had counts as a loss."""

NEAR_CHARS = 40
"""How far around an inline span the body must have survived for the span to count as cut."""

INLINE_CUT, NEAR_CUT = 0.8, 0.2
"""Share of an inline span that must be gone at least, and share of its surroundings that may be gone at most."""

SHINGLE_WORDS = 4

_WORD = re.compile(r"\w+")
_BLANKS = np.array([code for code in range(0x3001) if chr(code).isspace()], dtype=np.uint32)
_INDEX = {kind: index for index, kind in enumerate(KINDS)}
_BODY = _INDEX[Kind.BODY]

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BodyScore:
    """One body against its reference; all shares are in [0, 1]."""

    precision: float
    """Share of the answer's words that the reference has (multisets, lower case)."""
    recall: float
    f1: float
    shingle_precision: float | None
    """The same over runs of four words; ``None`` for an empty answer, which asserts nothing."""
    shingle_recall: float
    catastrophic: bool
    lost: bool
    must_have: tuple[bool, ...] = ()
    """For each wanted snippet: is it in the answer?"""
    must_not: tuple[bool, ...] = ()
    """For each unwanted snippet: is it in the answer?"""


@dataclass(frozen=True, slots=True, eq=False)
class SpanScore:
    """Removed spans of one page against the spans marked by hand."""

    confusion: Counts
    """Non-blank characters by kind marked (rows) and kind answered (columns), in the order of `KINDS`; BODY is kept."""
    inline_cut: int
    """Inline spans that were cut while the body around them survived."""
    inline_all: int
    beside_gone: int
    """Characters of body near inline spans that were removed with them …"""
    beside_all: int
    """… of so many."""


def score_body(
    reference: str,
    body: str,
    text: str = "",
    must_have: Sequence[str] = (),
    must_not: Sequence[str] = (),
) -> BodyScore:
    """Score one body.

    Args:
        reference: the right body.
        body: the answer.
        text: the input; with it, losses count only what the input had of the reference.
        must_have: snippets that the answer must contain, in any case of letters.
        must_not: snippets that it must not contain.
    """
    wanted, got = _bag(reference), _bag(body)
    common = (wanted & got).total()
    precision, recall, f1 = _agreement(got.total(), wanted.total(), common)
    wanted_runs, got_runs = _shingles(reference), _shingles(body)
    run_precision, run_recall, _ = _agreement(got_runs.total(), wanted_runs.total(), (got_runs & wanted_runs).total())
    reachable = (_bag(text) & wanted).total() if text else wanted.total()
    low = body.lower()
    return BodyScore(
        precision=precision,
        recall=recall,
        f1=f1,
        shingle_precision=run_precision if got_runs else None,
        shingle_recall=run_recall,
        catastrophic=f1 < CATASTROPHIC_F1,
        lost=bool(reachable) and 1 - min(1, common / reachable) > LOST_SHARE,
        must_have=tuple(snippet.lower() in low for snippet in must_have),
        must_not=tuple(snippet.lower() in low for snippet in must_not),
    )


def score_spans(text: str, marked: Sequence[Span], answered: Sequence[Span], inline: Sequence[Span] = ()) -> SpanScore:
    """Score the removed spans of one page.

    Args:
        text: the page, which all offsets point into.
        marked: spans of husk as marked by hand.
        answered: spans that were removed.
        inline: those marked spans that share a line with body text.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    printed = ~np.isin(codes, _BLANKS)
    gold, answer = _kinds(len(text), marked), _kinds(len(text), answered)
    cells = np.bincount(gold[printed] * len(KINDS) + answer[printed], minlength=len(KINDS) ** 2)
    gone, body = answer != _BODY, printed & (gold == _BODY)
    cut = beside_gone = beside_all = 0
    for start, end, _ in inline:
        near = _beside(start, end, body)
        lost = int(gone[near].sum())
        beside_gone, beside_all = beside_gone + lost, beside_all + len(near)
        inside = printed[start:end]
        whole = int((gone[start:end] & inside).sum()) >= INLINE_CUT * int(inside.sum())
        cut += whole and lost <= NEAR_CUT * len(near)
    confusion = cells.reshape(len(KINDS), len(KINDS)).astype(np.int64)
    return SpanScore(confusion, cut, len(inline), beside_gone, beside_all)


def _bag(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    if len(words) <= SHINGLE_WORDS:
        return Counter([tuple(words)]) if words else Counter()
    return Counter(zip(*(words[skip:] for skip in range(SHINGLE_WORDS)), strict=False))


def _agreement(got: int, wanted: int, common: int) -> tuple[float, float, float]:
    """Return precision, recall and F1; two empty sides agree, one empty side does not."""
    if not got or not wanted:
        same = float(got == wanted)
        return same, same, same
    return common / got, common / wanted, 2 * common / (got + wanted)


def _kinds(length: int, spans: Sequence[Span]) -> Counts:
    kinds = np.full(length, _BODY, dtype=np.int64)
    for start, end, kind in spans:
        kinds[start:end] = _INDEX[kind]
    return kinds


def _beside(start: int, end: int, body: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return the places of the body's characters near a span."""
    before, behind = np.arange(max(0, start - NEAR_CHARS), start), np.arange(end, min(len(body), end + NEAR_CHARS))
    around = np.concatenate([before, behind])
    return np.compress(body[around], around)
