"""The engine's types to the messages that answer. Pure; `asked` is the way in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from dehusk.v1 import cleaning_pb2, kinds_pb2, rules_pb2
from dehusk_server.model import (
    KINDS,
    Cleaning,
    Document,
    Evidence,
    Explanation,
    Kind,
    Piece,
    Status,
)
from dehusk_server.rules.rule import Rule
from dehusk_server.rules.ruleset import RuleSet
from dehusk_server.serving.offsets import Offsets

KIND_NUMBERS: Mapping[Kind, kinds_pb2.Kind] = {kind: getattr(kinds_pb2, f"KIND_{kind.value}") for kind in KINDS}
_STATUSES: Mapping[Status, cleaning_pb2.CleaningStatus] = {
    status: getattr(cleaning_pb2, f"CLEANING_STATUS_{status.value}") for status in Status
}
_LEAST_PROBABILITY = 1e-12


def clean_response(cleaning: Cleaning, page: Document, wire: cleaning_pb2.CleanOptions) -> cleaning_pb2.CleanResponse:
    """Return the answer for one cleaning, as the options ask for it."""
    partition = cleaning.partition
    with_evidence = _flag(wire, "return_evidence")
    with_text = _flag(wire, "return_removed_text")
    at = Offsets(partition.source, wire.offset_unit, _offsets(partition.pieces, with_evidence=with_evidence))
    response = cleaning_pb2.CleanResponse(
        id=page.id,
        body=cleaning.body,
        status=_STATUSES[cleaning.status],
        reasons=cleaning.reasons,
        title=cleaning.title,
        byline=cleaning.byline,
        published=cleaning.published,
        language=cleaning.language or page.language,
        rules_version=cleaning.rules_version,
        rules_sha256=cleaning.rules_sha256,
        counts=_counts(cleaning),
        encoding=page.encoding,
        notes=page.notes,
    )
    source = partition.source if with_text else None
    add_removed, add_kept = response.removed.add, response.kept.add
    for piece in partition.removed():
        removed = add_removed(
            start=at(piece.start),
            end=at(piece.end),
            kind=KIND_NUMBERS[piece.kind],
            confidence=piece.confidence,
            text=partition.text(piece) if with_text else "",
            css_path=piece.css_path,
        )
        if with_evidence:
            _add_evidence(removed.evidence.add, piece.evidence, source, at)
    if _flag(wire, "return_kept"):
        for piece in partition.kept():
            add_kept(
                start=at(piece.start), end=at(piece.end), kind=KIND_NUMBERS[piece.kind], confidence=piece.confidence
            )
    if wire.return_source_text or (page.html and not wire.HasField("return_source_text")):
        response.source_text = partition.source
    return response


def explain_response(
    explanation: Explanation, page: Document, wire: cleaning_pb2.CleanOptions, rules_version: str
) -> cleaning_pb2.ExplainResponse:
    """Return the answer to why a place was kept or removed."""
    piece = explanation.piece
    told = (piece.evidence, *(argument.evidence for argument in explanation.arguments))
    spans = [offset for evidence in told for item in evidence for offset in (item.start, item.end)]
    at = Offsets(explanation.source, wire.offset_unit, [piece.start, piece.end, *spans])
    source = explanation.source if _flag(wire, "return_removed_text") else None
    body = next((each.probability for each in explanation.arguments if each.kind is Kind.BODY), 0.0)
    return cleaning_pb2.ExplainResponse(
        id=page.id,
        start=at(piece.start),
        end=at(piece.end),
        kind=KIND_NUMBERS[piece.kind],
        removed=piece.removed,
        confidence=piece.confidence,
        evidence=_evidence(piece.evidence, source, at),
        arguments=[
            cleaning_pb2.Argument(
                kind=KIND_NUMBERS[argument.kind],
                probability=argument.probability,
                margin=_margin(argument.probability, body),
                evidence=_evidence(argument.evidence, source, at),
            )
            for argument in explanation.arguments
        ],
        rules_version=rules_version,
    )


def rule_set_info(rules: RuleSet) -> rules_pb2.RuleSetInfo:
    """Return a rule set, described."""
    counts = dict.fromkeys(KINDS, 0)
    for rule in rules.rules:
        counts[rule.strongest] += 1
    return rules_pb2.RuleSetInfo(
        version=rules.version,
        sha256=rules.sha256,
        learned=rules.learned,
        provenance=dict(rules.provenance),
        rule_count=len(rules.rules),
        rules_by_kind=[
            rules_pb2.KindRuleCount(kind=KIND_NUMBERS[kind], rules=count) for kind, count in counts.items() if count
        ],
    )


def wire_rule(rule: Rule) -> rules_pb2.Rule:
    """Return one rule."""
    return rules_pb2.Rule(
        id=rule.id,
        looks_at=rule.looks_at,
        reads=rule.reads,
        weights=[
            rules_pb2.KindWeight(kind=KIND_NUMBERS[kind], weight=rule.weights[kind])
            for kind in KINDS
            if kind in rule.weights
        ],
        strongest=KIND_NUMBERS[rule.strongest],
        support=rules_pb2.Support(
            documents=rule.support.documents,
            sites=rule.support.sites,
            precision=rule.support.precision,
            taught_by=rule.support.taught_by,
        ),
        learned=rule.learned,
        counterexamples=rule.counterexamples,
    )


def _counts(cleaning: Cleaning) -> cleaning_pb2.CleanCounts:
    spans, chars = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    for piece in cleaning.partition.removed():
        spans[piece.kind] += 1
        chars[piece.kind] += piece.end - piece.start
    return cleaning_pb2.CleanCounts(
        source_chars=len(cleaning.partition.source),
        body_chars=len(cleaning.body),
        removed_chars=sum(chars.values()),
        removed_by_kind=[
            cleaning_pb2.KindCount(kind=KIND_NUMBERS[kind], spans=spans[kind], chars=chars[kind])
            for kind in KINDS
            if spans[kind]
        ],
    )


def _offsets(pieces: Iterable[Piece], *, with_evidence: bool) -> Iterator[int]:
    for piece in pieces:
        yield piece.start
        yield piece.end
        for item in piece.evidence if with_evidence and piece.removed else ():
            yield item.start
            yield item.end


def _add_evidence(add: Callable[..., object], evidence: Iterable[Evidence], source: str | None, at: Offsets) -> None:
    # Most of an answer's messages are made here: made where they belong, none is copied.
    for item in evidence:
        start, end = item.start, item.end
        matched = "" if source is None else source[start:end]
        add(rule_id=item.rule_id, weight=item.weight, matched_text=matched, start=at(start), end=at(end))


def _evidence(evidence: Iterable[Evidence], source: str | None, at: Offsets) -> list[cleaning_pb2.Evidence]:
    return [
        cleaning_pb2.Evidence(
            rule_id=item.rule_id,
            weight=item.weight,
            matched_text="" if source is None else source[item.start : item.end],
            start=at(item.start),
            end=at(item.end),
        )
        for item in evidence
    ]


def _flag(wire: cleaning_pb2.CleanOptions, name: str) -> bool:
    """Return a flag whose default is true."""
    return bool(getattr(wire, name)) if wire.HasField(name) else True


def _margin(probability: float, body: float) -> float:
    return math.log(max(probability, _LEAST_PROBABILITY)) - math.log(max(body, _LEAST_PROBABILITY))
