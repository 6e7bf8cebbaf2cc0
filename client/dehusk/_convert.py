"""Wire messages to the types that users see. Pure; every wire value has an answer here."""

from __future__ import annotations

from collections.abc import Iterable

from dehusk._requests import KIND_NUMBERS
from dehusk.errors import DehuskError, error_class
from dehusk.report import Argument, Explanation, Info, Limits, Rule, RuleSetInfo
from dehusk.types import (
    Counts,
    Document,
    Evidence,
    Kept,
    Kind,
    OffsetUnit,
    Removed,
    Result,
    Slicer,
    Status,
)
from dehusk.v1 import cleaning_pb2, errors_pb2, rules_pb2

_KINDS = {int(number): kind for kind, number in KIND_NUMBERS.items()}
_STATUSES = {int(cleaning_pb2.CleaningStatus.Value(f"CLEANING_STATUS_{status.value}")): status for status in Status}


def kind_of(number: int) -> Kind:
    """Return the kind of a wire number; a kind of a later contract is OTHER."""
    return _KINDS.get(number, Kind.OTHER)


def result(response: cleaning_pb2.CleanResponse, document: Document, unit: OffsetUnit) -> Result:
    """Return the answer to a document, texts cut from the source: what the caller sent, or the text of its HTML."""
    source = response.source_text if document.html else document.text
    slicer = Slicer(source, unit)
    return Result(
        id=response.id,
        body=response.body,
        removed=tuple(
            Removed(
                start=span.start,
                end=span.end,
                kind=kind_of(span.kind),
                confidence=span.confidence,
                text=slicer.cut(span.start, span.end),
                evidence=_evidence(span.evidence, slicer),
                css_path=span.css_path,
            )
            for span in response.removed
        ),
        kept=tuple(Kept(span.start, span.end, kind_of(span.kind), span.confidence) for span in response.kept),
        # A status of a later contract is something that this client cannot vouch for.
        status=_STATUSES.get(int(response.status), Status.SUSPECT),
        reasons=tuple(response.reasons),
        title=response.title,
        byline=response.byline,
        published=response.published,
        language=response.language,
        source=source,
        offset_unit=unit,
        counts=Counts(
            source_chars=response.counts.source_chars,
            body_chars=response.counts.body_chars,
            removed_chars=response.counts.removed_chars,
            removed_by_kind={kind_of(count.kind): count.chars for count in response.counts.removed_by_kind},
        ),
        rules_version=response.rules_version,
        rules_sha256=response.rules_sha256,
        from_html=bool(document.html),
        encoding=response.encoding,
        notes=tuple(response.notes),
    )


def explanation(response: cleaning_pb2.ExplainResponse, document: Document, unit: OffsetUnit) -> Explanation:
    """Return why a place of a document was kept or removed."""
    # The text of HTML is the server's; what matched in it comes with the answer.
    slicer = None if document.html else Slicer(document.text, unit)
    return Explanation(
        id=response.id,
        start=response.start,
        end=response.end,
        kind=kind_of(response.kind),
        removed=response.removed,
        confidence=response.confidence,
        evidence=_evidence(response.evidence, slicer),
        arguments=tuple(
            Argument(
                kind=kind_of(argument.kind),
                probability=argument.probability,
                margin=argument.margin,
                evidence=_evidence(argument.evidence, slicer),
            )
            for argument in response.arguments
        ),
        rules_version=response.rules_version,
    )


def error(wire: errors_pb2.Error, request_id: str = "") -> DehuskError:
    """Return the exception for a wire error; it is not raised."""
    name = "UNKNOWN"
    if wire.code in errors_pb2.ErrorCode.values() and wire.code:
        name = errors_pb2.ErrorCode.Name(wire.code).removeprefix("ERROR_CODE_")
    return error_class(name)(
        wire.message,
        code=name,
        field=wire.field,
        limit=wire.limit,
        retry_after_s=wire.retry_after_ms / 1000 if wire.retry_after_ms else None,
        values=tuple(wire.values),
        request_id=request_id,
    )


def rule_set(wire: rules_pb2.RuleSetInfo) -> RuleSetInfo:
    """Return a rule set, described."""
    return RuleSetInfo(
        version=wire.version,
        sha256=wire.sha256,
        learned=wire.learned,
        provenance=dict(sorted(wire.provenance.items())),
        rule_count=wire.rule_count,
        rules_by_kind={kind_of(count.kind): count.rules for count in wire.rules_by_kind},
    )


def rule(wire: rules_pb2.Rule) -> Rule:
    """Return one rule."""
    return Rule(
        id=wire.id,
        looks_at=wire.looks_at,
        reads=wire.reads,
        weights={kind_of(weight.kind): weight.weight for weight in wire.weights},
        strongest=kind_of(wire.strongest),
        documents=wire.support.documents,
        sites=wire.support.sites,
        precision=wire.support.precision,
        taught_by=tuple(wire.support.taught_by),
        learned=wire.learned,
        counterexamples=tuple(wire.counterexamples),
    )


def info(wire: cleaning_pb2.InfoResponse) -> Info:
    """Return what a server is."""
    return Info(
        version=wire.version,
        contract=wire.contract,
        rule_set=rule_set(wire.rule_set),
        limits=Limits(**{name: getattr(wire.limits, name) for name in Limits.__dataclass_fields__}),
        # Kinds of a later contract have no name here, and are left out rather than all called OTHER.
        kinds=tuple(_KINDS[number] for number in wire.kinds if number in _KINDS),
        contents=tuple(wire.contents),
    )


def _evidence(wire: Iterable[cleaning_pb2.Evidence], slicer: Slicer | None) -> tuple[Evidence, ...]:
    found = []
    for item in wire:
        # Most values of a result are made here; a message's fields are read once.
        start, end = item.start, item.end
        text = item.matched_text if slicer is None else slicer.cut(start, end)
        found.append(Evidence(item.rule_id, item.weight, text, start, end))
    return tuple(found)
