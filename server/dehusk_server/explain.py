"""Why the text at one place was kept or removed: each kind's case, with the rules for and against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from dehusk_server.decide.evidence import Units
from dehusk_server.decide.verdict import Verdict
from dehusk_server.model import HUSK_KINDS, KINDS, Argument, Evidence, Kind, Piece
from dehusk_server.rules.context import SCORE_UNITS, FloatArray
from dehusk_server.rules.rule import Family

MOST: Final = 12
"""Rules named for each kind, the loudest for or against it."""


def arguments_at(verdict: Verdict, offset: int) -> tuple[Argument, ...]:
    """Return what each kind has to say at a code point offset, most probable first.

    A part of a line is argued where it goes by itself, with the blanks that go with it; everything else as the line it
    stands in.
    """
    part = _removed_part(verdict, offset)
    if verdict.parts is not None and part is not None:
        units, probability = verdict.parts.units, verdict.parts.decisions.probability[part]
        said = {column: list(_rules(units, part, column)) for column in range(1, len(KINDS))}
    else:
        line = _line(verdict, offset)
        units, probability = verdict.units, verdict.lines.probability[line]
        said = {column: list(_rules(units, line, column)) for column in range(1, len(KINDS))}
        if verdict.tree is not None:
            for column in said:
                said[column] += _rules(verdict.tree, line, column)
        for column, evidence in _context(verdict, line):
            said[column].append(evidence)
    arguments = [
        Argument(kind, chance, _loudest(said.get(column, [])))
        for column, (kind, chance) in enumerate(zip(KINDS, probability.tolist(), strict=True))
    ]
    return tuple(sorted(arguments, key=lambda argument: -argument.probability))


def with_sign(arguments: tuple[Argument, ...], piece: Piece) -> tuple[Argument, ...]:
    """Let the rule of a sign of markdown speak first where one was cut: what it is does not depend on its line."""
    if not (piece.removed and piece.evidence[0].rule_id.startswith(f"{Family.MARK}:")):
        return arguments
    chances = {piece.kind: piece.confidence, Kind.BODY: round(1.0 - piece.confidence, 4)}
    found = [
        replace(
            argument,
            probability=chances.get(argument.kind, 0.0),
            evidence=(*piece.evidence, *argument.evidence)[:MOST] if argument.kind is piece.kind else argument.evidence,
        )
        for argument in arguments
    ]
    return tuple(sorted(found, key=lambda argument: -argument.probability))


def _loudest(evidence: list[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda one: (-abs(one.weight), one.start, one.rule_id))[:MOST])


def _rules(units: Units, unit: int, column: int) -> Iterator[Evidence]:
    """Yield what each rule that fires on a unit says of one kind, for it or against it."""
    weights, fired, page = units.weights, units.fired, units.page
    for feature in fired.bins[unit].tolist():
        weight = float(weights.shape[feature, column])
        if weight:
            rule_id = weights.shape_rule[feature]
            yield Evidence(rule_id, weight / SCORE_UNITS, int(units.start[unit]), int(units.end[unit]))
    phrases = fired.phrases
    for at, row in zip(fired.phrase.tolist(), fired.row.tolist(), strict=True):
        weight = float(weights.phrase[row, column])
        if phrases.line[at] == unit and weight:
            start, end = page.word_start[phrases.first_word[at]], page.word_end[phrases.last_word[at]]
            yield Evidence(weights.phrase_rule[row], weight / SCORE_UNITS, int(start), int(end))


def _context(verdict: Verdict, line: int) -> Iterator[tuple[int, Evidence]]:
    """Yield what the lines above, the lines below and the line among its own traits add for each kind.

    By taking them away: what the context says less without the lines above is theirs, likewise below; the rest is the
    line's own, and what the two say together. The three add up to the context's weight.
    """
    said, hearing, page = verdict.spoken, verdict.hearing, verdict.features.page
    if hearing.context is None:
        return

    def heard(first: int, last: int) -> FloatArray:
        return np.asarray(hearing.listen(said.entering[first:last], said.phrases[first:last])[line - first])

    count = page.lines
    whole = said.context[line]
    above = whole - heard(line, count)
    below = whole - heard(0, line + 1)
    rest = whole - above - below
    spans = (
        (above, int(page.line_start[0]), int(page.line_end[max(line - 1, 0)])),
        (below, int(page.line_start[min(line + 1, count - 1)]), int(page.line_end[-1])),
        (rest, int(page.line_start[line]), int(page.line_end[line])),
    )
    for weight, start, end in spans:
        for column, kind in enumerate(HUSK_KINDS, 1):
            if abs(weight[column]) >= 1 / SCORE_UNITS:
                yield column, Evidence(f"{hearing.family}:{kind}", round(float(weight[column]), 2), start, end)


def _line(verdict: Verdict, offset: int) -> int:
    """Return the line that an offset belongs to; blanks above the first line are its own."""
    return max(0, int(np.searchsorted(verdict.features.page.row_start, offset, side="right")) - 1)


def _removed_part(verdict: Verdict, offset: int) -> int | None:
    """Return the number of the removed part that holds an offset, or whose blanks do."""
    if verdict.parts is None:
        return None
    segments, removed = verdict.parts.segments, verdict.parts.decisions.removed
    line = _line(verdict, offset)
    mine = np.flatnonzero(segments.line == line)
    if not len(mine):
        return None
    # The first part has the line's indent, each the blanks behind it, but the last not the end of the line.
    number = int(mine[max(0, int(np.searchsorted(segments.start[mine], offset, side="right")) - 1)])
    inside = number < mine[-1] or offset < segments.end[number]
    return number if inside and removed[number] else None
