"""Wire messages to the engine's types and back. Pure; what a request must not hold is refused here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dehusk.v1 import cleaning_pb2, kinds_pb2, rules_pb2
from dehusk_server.config import Settings
from dehusk_server.engine import HTML_TO_TEXT
from dehusk_server.errors import DocumentTooLargeError, InvalidInputError
from dehusk_server.markup.encoding import decode
from dehusk_server.model import (
    KINDS,
    Cleaning,
    Document,
    Evidence,
    Explanation,
    Kind,
    Options,
    Piece,
    Status,
    Whitespace,
)
from dehusk_server.rules.rule import Rule
from dehusk_server.rules.ruleset import RuleSet
from dehusk_server.serving import limits
from dehusk_server.serving.offsets import Offsets

KIND_NUMBERS: Mapping[Kind, kinds_pb2.Kind] = {kind: getattr(kinds_pb2, f"KIND_{kind.value}") for kind in KINDS}
_KINDS: Mapping[int, Kind] = {int(number): kind for kind, number in KIND_NUMBERS.items()}
_STATUSES: Mapping[Status, cleaning_pb2.CleaningStatus] = {
    status: getattr(cleaning_pb2, f"CLEANING_STATUS_{status.value}") for status in Status
}
_WHITESPACE: Mapping[int, Whitespace] = {
    cleaning_pb2.WHITESPACE_UNSPECIFIED: Whitespace.TIDY,
    cleaning_pb2.WHITESPACE_TIDY: Whitespace.TIDY,
    cleaning_pb2.WHITESPACE_VERBATIM: Whitespace.VERBATIM,
}
_LEAST_PROBABILITY = 1e-12


def document(request: cleaning_pb2.CleanRequest, settings: Settings) -> Document:
    """Return the document of a request.

    Raises:
        InvalidInputError: no content, an empty one, or a field beyond its limit.
        DocumentTooLargeError: more code points than the settings allow.
    """
    content = request.WhichOneof("content")
    if content is None:
        raise InvalidInputError("content", "the request holds no content; send text or HTML")
    _check_chars("id", request.id, limits.MAX_ID_CHARS)
    _check_chars("url", request.url, limits.MAX_URL_CHARS)
    _check_chars("language", request.language, limits.MAX_LANGUAGE_CHARS)
    _check_chars("charset", request.charset, limits.MAX_CHARSET_CHARS)
    held = request.text or request.html or request.html_bytes
    size = len(held)
    unit = "bytes" if content == "html_bytes" else "code points"
    if size == 0:
        raise InvalidInputError(content, f"{content} is empty; send at least one of its {unit}")
    most = settings.max_document_chars * (1 if content == "text" else HTML_TO_TEXT)
    if size > most:
        message = f"{content} has {size} {unit}; send it in parts, or without what it embeds"
        raise DocumentTooLargeError(content, message, limit=f"{most} {unit}")
    known = Document(request.text, request.id, request.url, request.language, request.html)
    if content != "html_bytes":
        return known
    decoded = decode(request.html_bytes, request.charset)
    # Bytes that are a byte order mark alone hold a page without anything, not no page.
    return replace(known, html=decoded.text or " ", encoding=decoded.encoding)


def options(wire: cleaning_pb2.CleanOptions) -> Options:
    """Return the options of a request.

    Raises:
        InvalidInputError: an option out of range.
    """
    for number in wire.keep_kinds:
        if number not in _KINDS:
            raise InvalidInputError("options.keep_kinds", f"{_kind_name(number)} is no kind; Info lists them")
    threshold = wire.threshold if wire.HasField("threshold") else None
    # Written so that a NaN, which compares with nothing, is refused too.
    if threshold is not None and not 0.0 <= threshold <= 1.0:
        raise InvalidInputError("options.threshold", f"{threshold} is no confidence", limit="0 to 1")
    if wire.whitespace not in _WHITESPACE:
        raise InvalidInputError("options.whitespace", f"{wire.whitespace} is no white space mode")
    if wire.offset_unit not in cleaning_pb2.OffsetUnit.values():
        raise InvalidInputError("options.offset_unit", f"{wire.offset_unit} is no offset unit")
    _check_phrases(wire.allow_phrases)
    return Options(
        keep_kinds=frozenset(_KINDS[number] for number in wire.keep_kinds),
        threshold=threshold,
        whitespace=_WHITESPACE[wire.whitespace],
        allow_phrases=tuple(wire.allow_phrases),
        cautious=wire.cautious,
        cut_links=wire.cut_links,
    )


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
    )
    source = partition.source if with_text else None
    for piece in partition.removed():
        response.removed.add(
            start=at(piece.start),
            end=at(piece.end),
            kind=KIND_NUMBERS[piece.kind],
            confidence=piece.confidence,
            text=partition.text(piece) if with_text else "",
            evidence=_evidence(piece.evidence, source, at) if with_evidence else (),
            css_path=piece.css_path,
        )
    if _flag(wire, "return_kept"):
        for piece in partition.kept():
            response.kept.add(
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


def kind_asked(number: int) -> Kind | None:
    """Return the kind that a list of rules is narrowed to; ``None`` for all.

    Raises:
        InvalidInputError: a number that is no kind.
    """
    if number == kinds_pb2.KIND_UNSPECIFIED:
        return None
    if number not in _KINDS:
        raise InvalidInputError("kind", f"{number} is no kind; Info lists them")
    return _KINDS[number]


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


def _check_chars(field: str, value: str, limit: int) -> None:
    if len(value) > limit:
        raise InvalidInputError(field, f"{field} has {len(value)} code points", limit=f"{limit} code points")


def _check_phrases(phrases: Iterable[str]) -> None:
    count = 0
    for phrase in phrases:
        count += 1
        if not phrase:
            raise InvalidInputError("options.allow_phrases", "a phrase is empty; it would keep nothing")
        _check_chars("options.allow_phrases", phrase, limits.MAX_ALLOW_PHRASE_CHARS)
    if count > limits.MAX_ALLOW_PHRASES:
        message = f"{count} phrases were sent"
        raise InvalidInputError("options.allow_phrases", message, limit=f"{limits.MAX_ALLOW_PHRASES} phrases")


def _kind_name(number: int) -> str:
    return kinds_pb2.Kind.Name(number) if number in kinds_pb2.Kind.values() else str(number)
