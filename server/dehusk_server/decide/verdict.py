"""All that was decided on one page, and the rules behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.decide.decisions import SURE, Decisions, decide_lines, decide_parts
from dehusk_server.decide.evidence import Claims, Units, spoken_for, unit_claims
from dehusk_server.model import KINDS
from dehusk_server.rules.hearing import Hearing, Spoken
from dehusk_server.rules.weights import Weights
from dehusk_server.text.axes import IntArray
from dehusk_server.text.features import Features
from dehusk_server.text.page import Page
from dehusk_server.text.segments import Segments, find_segments

DOUBTFUL: Final = 0.9
"""A line that goes with a lower probability of husk is looked at part by part."""
PROSE: Final = 0.05
"""Parts of a lower probability of husk are prose beyond doubt."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities of husk, in [0, 1], from which text goes."""

    usual: float
    """Of lines, as the rule set has it."""
    part: float
    """Of parts of lines, as the rule set has it."""
    asked: float | None = None
    """As the caller has it; for parts the higher of the two holds."""


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """What was decided on the parts of the kept lines."""

    segments: Segments
    units: Units
    decisions: Decisions

    def claims(self, chosen: IntArray, kinds: IntArray, spans: IntArray) -> list[Claims]:
        """Collect what rules say for the kinds of some parts; arguments as `unit_claims`."""
        return [unit_claims(self.units, chosen, kinds, spans)]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was decided on one page, before it is joined to pieces."""

    features: Features
    hearing: Hearing
    """What heard the lines together."""
    units: Units
    """The lines."""
    tree: Units | None
    """The lines as the tree has them; ``None`` for text."""
    spoken: Spoken
    """What rules and context say of each line."""
    lines: Decisions
    parts: PartVerdict | None
    """``None`` where no kept line has more than one part, and on HTML pages: their blocks set husk apart already."""

    def claims(self, chosen: IntArray, kinds: IntArray, spans: IntArray) -> list[Claims]:
        """Collect what rules say for the kinds of some lines; arguments as `unit_claims`."""
        found = [unit_claims(self.units, chosen, kinds, spans)]
        if self.tree is not None:
            found.append(unit_claims(self.tree, chosen, kinds, spans))
        if self.hearing.context is not None:
            weight = self.spoken.context[chosen, kinds]
            start, end = self.units.start[chosen], self.units.end[chosen]
            names = [f"{self.hearing.family}:{kind}" for kind in KINDS]
            found.append(Claims(names, spans, weight, kinds, start, end))
        return found


def cautious(verdict: Verdict) -> Verdict:
    """Return a verdict by which only what is beyond doubt goes."""
    lines, parts = verdict.lines, verdict.parts
    lines = replace(lines, removed=lines.removed & (lines.husk >= SURE))
    if parts is not None:
        sure = parts.decisions.removed & (parts.decisions.husk >= SURE)
        parts = replace(parts, decisions=replace(parts.decisions, removed=sure))
    return replace(verdict, lines=lines, parts=parts)


def _nothing() -> None:
    """Check nothing."""


def decide(
    features: Features, weights: Weights, thresholds: Thresholds, check: Callable[[], None] = _nothing
) -> Verdict:
    """Decide every line of a page, then, of a text, the parts of the lines that stay; what no rule speaks of stays.

    Args:
        features: the page.
        weights: what rules say.
        thresholds: from where text goes.
        check: called between two steps; raises where it is not worth while to go on.
    """
    page = features.page
    asked = thresholds.usual if thresholds.asked is None else thresholds.asked
    fired = weights.lines.fire(features.bins, features.phrases)
    check()
    units = Units(page, weights.lines, page.line_start, page.line_end, fired)
    phrases = weights.lines.phrase_scores(fired)
    hearing, tree, bins = weights.text, None, features.bins
    if features.tree is not None and weights.html is not None:
        seen = weights.dom.fire(features.tree.bins, features.tree.tokens)
        tree = Units(page, weights.dom, page.line_start, page.line_end, seen)
        hearing = weights.html
        bins = np.concatenate([bins, features.tree.bins + len(weights.lines.shape)], axis=1)
        phrases = phrases + weights.dom.phrase_scores(seen)
    spoken = hearing.speak(bins, phrases)
    check()
    lines = decide_lines(spoken.own + spoken.context, asked, thresholds.usual)
    said = spoken_for(units) if tree is None else spoken_for(units) | spoken_for(tree)
    lines = replace(lines, removed=lines.removed & said)
    if tree is not None:
        return Verdict(features, hearing, units, tree, spoken, lines, None)
    doubtful = lines.removed & (lines.husk < DOUBTFUL)
    looked_at = ~lines.removed | doubtful
    parts = _decide_parts(page, weights, looked_at, max(asked, thresholds.part), check)
    if parts is not None and doubtful.any():
        lines, parts = _rescue(lines, parts, doubtful)
    return Verdict(features, hearing, units, tree, spoken, lines, parts)


def _rescue(lines: Decisions, parts: PartVerdict, doubtful: NDArray[np.bool_]) -> tuple[Decisions, PartVerdict]:
    """Let a doubtful line stay where only a part of it is husk: prose with an appeal glued to it must not go."""
    line = parts.segments.line
    size = parts.units.end - parts.units.start
    count = len(lines.removed)
    prose = np.bincount(line[parts.decisions.husk < PROSE], weights=size[parts.decisions.husk < PROSE], minlength=count)
    whole = np.bincount(line, weights=size, minlength=count)
    goes = np.bincount(line[parts.decisions.removed], minlength=count) > 0
    removed = lines.removed & ~(doubtful & goes & (2 * prose >= whole))
    decisions = replace(parts.decisions, removed=parts.decisions.removed & ~removed[line])
    return replace(lines, removed=removed), replace(parts, decisions=decisions)


def _decide_parts(
    page: Page, weights: Weights, looked_at: NDArray[np.bool_], threshold: float, check: Callable[[], None]
) -> PartVerdict | None:
    check()
    segments = find_segments(page, np.flatnonzero(looked_at), ~looked_at)
    if segments is None:
        return None
    check()
    fired = weights.parts.fire(segments.bins, segments.phrases)
    check()
    units = Units(page, weights.parts, segments.start, segments.end, fired)
    parts = decide_parts(fired, weights, threshold)
    return PartVerdict(segments, units, replace(parts, removed=parts.removed & spoken_for(units)))
