"""Decisions to marks: a stretch of text, its kind, its probability and the rules that carried it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dehusk_server.decide.decisions import BODY, Decisions, decide_lines, decide_parts
from dehusk_server.decide.evidence import Units, unit_evidence
from dehusk_server.decide.partition import Mark
from dehusk_server.model import KINDS, Evidence, Kind
from dehusk_server.rules.weights import Weights
from dehusk_server.text.axes import IntArray
from dehusk_server.text.features import Features
from dehusk_server.text.segments import Segments


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was decided on one page, before it is joined to pieces."""

    features: Features
    weights: Weights
    lines: Decisions
    segments: Segments | None
    """Parts of the kept lines; ``None`` where none has more than one."""
    parts: Decisions | None

    def line_evidence(self, chosen: IntArray, kinds: IntArray) -> list[list[Evidence]]:
        """Return the rules that spoke for a kind on each of some lines."""
        page = self.features.page
        units = Units(
            page, self.weights.lines, page.line_start, page.line_end, self.features.bins, self.features.phrases
        )
        own = np.where(self.lines.removed, self.lines.kind, BODY)
        before = own[np.maximum(chosen - 1, 0)]
        after = self.weights.after
        weight = np.where(chosen > 0, after[before, kinds] - after[before, BODY], -np.inf)
        return unit_evidence(units, chosen, kinds, (weight, before))

    def part_evidence(self, chosen: IntArray, kinds: IntArray) -> list[list[Evidence]]:
        """Return the rules that spoke for a kind on each of some parts of lines."""
        if self.segments is None:
            return []
        found = self.segments
        units = Units(self.features.page, self.weights.parts, found.start, found.end, found.bins, found.phrases)
        return unit_evidence(units, chosen, kinds)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities of husk, in [0, 1], from which text goes."""

    usual: float
    """Of lines, as the rule set has it."""
    part: float
    """Of parts of lines, as the rule set has it."""
    asked: float | None = None
    """As the caller has it; for parts the higher of the two holds."""


def decide(features: Features, weights: Weights, thresholds: Thresholds) -> Verdict:
    """Decide every line of a page, then the parts of the lines that stay."""
    asked = thresholds.usual if thresholds.asked is None else thresholds.asked
    lines = decide_lines(features, weights, asked, thresholds.usual)
    found = decide_parts(features, weights, np.flatnonzero(~lines.removed), max(asked, thresholds.part))
    segments, parts = found or (None, None)
    return Verdict(features, weights, lines, segments, parts)


def make_marks(verdict: Verdict) -> list[Mark]:
    """Return a mark for each line, or for each part of it where a part goes; what no rule speaks for stays."""
    page, lines = verdict.features.page, verdict.lines
    rows = page.row_start.tolist()
    sizes = (verdict.features.measures.visible + 1).tolist()
    husk = lines.husk.tolist()
    kinds = lines.kind.tolist()
    gone = np.flatnonzero(lines.removed)
    evidence = dict(zip(gone.tolist(), verdict.line_evidence(gone, lines.kind[gone]), strict=True))
    cut = _cut_lines(verdict)
    marks: list[Mark] = []
    for line, row in enumerate(rows):
        if evidence.get(line):
            marks.append(Mark(row, KINDS[kinds[line]], husk[line], sizes[line], evidence[line]))
        elif line in cut:
            marks.extend(cut[line])
        else:
            marks.append(Mark(row, Kind.BODY, husk[line], sizes[line]))
    return marks


def _cut_lines(verdict: Verdict) -> dict[int, list[Mark]]:
    segments, parts = verdict.segments, verdict.parts
    if segments is None or parts is None or not parts.removed.any():
        return {}
    gone = np.flatnonzero(parts.removed)
    evidence = dict(zip(gone.tolist(), verdict.part_evidence(gone, parts.kind[gone]), strict=True))
    husk = parts.husk
    cut: dict[int, list[Mark]] = {}
    for line in np.unique(segments.line[gone]).tolist():
        first, past = np.searchsorted(segments.line, [line, line + 1]).tolist()
        marks = cut.setdefault(line, [])
        for number in range(first, past):
            # The first part takes the line's indent with it.
            start = int(segments.start[number]) if marks else int(verdict.features.page.row_start[line])
            size = int(segments.end[number] - segments.start[number])
            if evidence.get(number):
                marks.append(Mark(start, KINDS[parts.kind[number]], float(husk[number]), size, evidence[number]))
            else:
                marks.append(Mark(start, Kind.BODY, float(verdict.lines.husk[line]), size))
        if marks[-1].kind is not Kind.BODY:
            # The end of the line is not the husk's: without it the next line would run on.
            past_end = int(segments.end[past - 1])
            if past_end < len(verdict.features.page.codes):
                marks.append(Mark(past_end, Kind.BODY, float(verdict.lines.husk[line]), 0))
    return cut
