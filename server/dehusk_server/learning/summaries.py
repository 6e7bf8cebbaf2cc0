"""What the scores of many pages add up to, each figure with a 95 % interval from resampled sites.

Pages of one site resemble each other, so whole sites are drawn. A draw is a row of page weights; each figure is written
once as a function of such rows, and the figure itself is that function of one row of ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dehusk_server.learning.scores import LOST_SHARE, BodyScore, SpanScore
from dehusk_server.learning.sites import site_name
from dehusk_server.model import KINDS, Kind

RESAMPLES = 1000
CONFUSIONS_SHOWN = 12

Floats = npt.NDArray[np.float64]
Figure = Callable[[Floats], Floats]
"""Rows of page weights to one number a row; not-a-number where the row says nothing."""

_BODY = KINDS.index(Kind.BODY)
_MACRO = np.array([kind not in {Kind.BODY, Kind.OTHER} for kind in KINDS])
"""Kinds in the macro average: all husk but OTHER, which has no common trait to find."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class BodySummary:
    """Macro means over pages with a reference body."""

    pages: int
    sites: int
    f1: Estimate
    precision: Estimate
    recall: Estimate
    shingle_f1: Estimate
    """F1 of mean shingle precision and mean shingle recall."""
    catastrophic: Estimate
    """Share of pages."""
    lost: Estimate
    """Share of pages that lose over a tenth of the body words that their input had."""
    must_have: Estimate | None
    """Share of wanted snippets that are there; ``None`` where the pages name none."""
    must_not: Estimate | None
    """Share of unwanted snippets that are there."""


@dataclass(frozen=True, slots=True)
class KindScore:
    """How well one kind was found, over all non-blank characters."""

    kind: Kind
    marked: int
    """Characters of this kind, as marked by hand."""
    answered: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class SpanSummary:
    """Removed spans over pages marked by hand; page means unless said otherwise."""

    pages: int
    sites: int
    removed_f1: Estimate
    body_f1: Estimate
    body_precision: Estimate
    body_recall: Estimate
    removed_micro_precision: Estimate
    """Over the characters of all pages together, as are the next two."""
    removed_micro_recall: Estimate
    removed_micro_f1: Estimate
    kind_accuracy: Estimate
    """Share of rightly removed characters that were given the right kind."""
    macro_f1: Estimate
    """Mean F1 of the kinds that occur, OTHER left out."""
    lost: Estimate
    """Share of pages that lose over a tenth of their body characters."""
    inline_recall: Estimate | None
    """Share of inline spans cut out of surviving body; ``None`` where there are none."""
    inline_cut: int
    inline_all: int
    beside_lost: Estimate | None
    """Share of the body's characters beside inline spans that was removed; ``None`` where there are none."""
    kinds: tuple[KindScore, ...]
    """Those that were marked or answered, in the order of `KINDS`."""
    confusion: tuple[tuple[Kind, Kind, int], ...]
    """Most frequent mix-ups of husk kinds: marked, answered, characters."""


def summarise_bodies(
    scores: Sequence[BodyScore], sites: Sequence[str], *, seed: int = 0, resamples: int = RESAMPLES
) -> BodySummary:
    """Add up body scores; ``sites`` names the site of each.

    Raises:
        ValueError: no page at all, or not one site for each score.
    """
    draws = _Draws(sites, len(scores), seed, resamples)

    def column(values: Sequence[float]) -> Estimate:
        return draws.estimate(_mean(np.array(values, dtype=float)))

    precision = np.array([np.nan if s.shingle_precision is None else s.shingle_precision for s in scores])
    recall = np.array([s.shingle_recall for s in scores])
    return BodySummary(
        pages=len(scores),
        sites=draws.sites,
        f1=column([s.f1 for s in scores]),
        precision=column([s.precision for s in scores]),
        recall=column([s.recall for s in scores]),
        shingle_f1=draws.estimate(lambda w: _f1(np.nan_to_num(_mean(precision)(w)), _mean(recall)(w))),
        catastrophic=column([s.catastrophic for s in scores]),
        lost=column([s.lost for s in scores]),
        must_have=_share(draws, [sum(s.must_have) for s in scores], [len(s.must_have) for s in scores]),
        must_not=_share(draws, [sum(s.must_not) for s in scores], [len(s.must_not) for s in scores]),
    )


def summarise_spans(
    scores: Sequence[SpanScore], sites: Sequence[str], *, seed: int = 0, resamples: int = RESAMPLES
) -> SpanSummary:
    """Add up span scores; ``sites`` names the site of each.

    Raises:
        ValueError: no page at all, or not one site for each score.
    """
    draws = _Draws(sites, len(scores), seed, resamples)
    cells = np.stack([s.confusion for s in scores]).astype(float)
    kept = cells[:, _BODY, _BODY]
    husk_kept, body_gone = cells[:, :, _BODY].sum(1) - kept, cells[:, _BODY].sum(1) - kept
    husk_gone = cells.sum((1, 2)) - kept - husk_kept - body_gone
    agreed = np.trace(cells, axis1=1, axis2=2) - kept
    body_precision, body_recall, body_f1 = _prf(kept, husk_kept, body_gone)
    gone, wrong, left = _total(husk_gone), _total(body_gone), _total(husk_kept)
    with np.errstate(invalid="ignore"):
        lost = body_gone / (kept + body_gone) > LOST_SHARE
    return SpanSummary(
        pages=len(scores),
        sites=draws.sites,
        removed_f1=draws.estimate(_mean(_prf(husk_gone, body_gone, husk_kept)[2])),
        body_f1=draws.estimate(_mean(body_f1)),
        body_precision=draws.estimate(_mean(body_precision)),
        body_recall=draws.estimate(_mean(body_recall)),
        removed_micro_precision=draws.estimate(lambda w: _prf(gone(w), wrong(w), left(w))[0]),
        removed_micro_recall=draws.estimate(lambda w: _prf(gone(w), wrong(w), left(w))[1]),
        removed_micro_f1=draws.estimate(lambda w: _prf(gone(w), wrong(w), left(w))[2]),
        kind_accuracy=draws.estimate(lambda w: np.nan_to_num(_ratio(_total(agreed)(w), gone(w)))),
        macro_f1=draws.estimate(lambda w: _macro_f1(np.tensordot(w, cells, 1))),
        lost=draws.estimate(_mean(lost.astype(float))),
        inline_recall=_share(draws, [s.inline_cut for s in scores], [s.inline_all for s in scores]),
        inline_cut=sum(s.inline_cut for s in scores),
        inline_all=sum(s.inline_all for s in scores),
        beside_lost=_share(draws, [s.beside_gone for s in scores], [s.beside_all for s in scores]),
        kinds=tuple(_kind_scores(cells.sum(0))),
        confusion=_mix_ups(cells.sum(0)),
    )


class _Draws:
    """Sites drawn with replacement, as page weights; the same draws serve every figure of a summary."""

    def __init__(self, sites: Sequence[str], pages: int, seed: int, resamples: int) -> None:
        if not pages or len(sites) != pages:
            raise ValueError(
                f"{pages} scores with {len(sites)} sites: one site for each score is wanted, and one at least"
            )
        names, site_of_page = np.unique([site_name(site) for site in sites], return_inverse=True)
        self.sites = len(names)
        drawn = np.random.default_rng(seed).multinomial(self.sites, np.full(self.sites, 1 / self.sites), resamples)
        self._weights = drawn[:, site_of_page].astype(float)
        self._once = np.ones((1, pages))

    def estimate(self, figure: Figure) -> Estimate:
        value = float(figure(self._once)[0])
        spread = figure(self._weights)
        spread = spread[~np.isnan(spread)]
        low, high = np.percentile(spread, [2.5, 97.5]) if len(spread) else (value, value)
        return Estimate(value, float(low), float(high))


def _mean(values: Floats) -> Figure:
    """Make the mean of a value for each page, pages without a value left out."""
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    return lambda weights: _ratio(weights @ filled, weights @ known.astype(float))


def _total(values: Floats) -> Figure:
    return lambda weights: weights @ values


def _share(draws: _Draws, hits: Sequence[int], tries: Sequence[int]) -> Estimate | None:
    if not sum(tries):
        return None
    hit, tried = _total(np.array(hits, dtype=float)), _total(np.array(tries, dtype=float))
    return draws.estimate(lambda w: _ratio(hit(w), tried(w)))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Divide; not-a-number where the whole is nothing."""
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def _f1(precision: Floats, recall: Floats) -> Floats:
    return np.nan_to_num(_ratio(2 * precision * recall, precision + recall))


def _prf(right: Floats, wrong: Floats, missed: Floats) -> tuple[Floats, Floats, Floats]:
    """Return precision, recall and F1; where nothing was said (or to be said) that side is perfect."""
    precision = np.nan_to_num(_ratio(right, right + wrong), nan=1.0)
    recall = np.nan_to_num(_ratio(right, right + missed), nan=1.0)
    return precision, recall, _f1(precision, recall)


def _macro_f1(cells: Floats) -> Floats:
    marked, answered = cells.sum(-1)[:, _MACRO], cells.sum(-2)[:, _MACRO]
    hit = np.diagonal(cells, axis1=-2, axis2=-1)[:, _MACRO]
    f1 = _prf(hit, answered - hit, marked - hit)[2]
    occurs = marked > 0
    return np.nan_to_num(_ratio((f1 * occurs).sum(-1), occurs.sum(-1).astype(float)))


def _kind_scores(cells: Floats) -> Iterator[KindScore]:
    for index, kind in enumerate(KINDS):
        marked, answered, hit = cells[index].sum(), cells[:, index].sum(), cells[index, index]
        if kind is not Kind.BODY and (marked or answered):
            precision = float(hit / answered) if answered else 0.0
            recall = float(hit / marked) if marked else 0.0
            f1 = float(2 * hit / (marked + answered))
            yield KindScore(kind, int(marked), int(answered), precision, recall, f1)


def _mix_ups(cells: Floats) -> tuple[tuple[Kind, Kind, int], ...]:
    pairs = [
        (marked, answered, int(cells[row, column]))
        for row, marked in enumerate(KINDS)
        for column, answered in enumerate(KINDS)
        if row != column and Kind.BODY not in {marked, answered} and cells[row, column]
    ]
    return tuple(sorted(pairs, key=lambda pair: -pair[2])[:CONFUSIONS_SHOWN])
