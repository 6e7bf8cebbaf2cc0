"""Wire messages to and from the types that users see. Pure; every wire value has an answer here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from dehusk.errors import DehuskError, InvalidRequestError, NotServedError, error_class
from dehusk.options import CleanOptions
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
    Whitespace,
)
from dehusk.v1 import cleaning_pb2, errors_pb2, kinds_pb2, rules_pb2

CONTRACT = "dehusk.v1"
"""The contract that this client speaks."""
_Named = TypeVar("_Named", Kind, Whitespace, OffsetUnit)

KIND_NUMBERS: Mapping[Kind, Any] = {kind: kinds_pb2.Kind.Value(f"KIND_{kind.value}") for kind in Kind}
_KINDS = {int(number): kind for kind, number in KIND_NUMBERS.items()}
_WHITESPACE: Mapping[Whitespace, Any] = {
    mode: cleaning_pb2.Whitespace.Value(f"WHITESPACE_{mode.value}") for mode in Whitespace
}
_UNITS: Mapping[OffsetUnit, Any] = {
    unit: cleaning_pb2.OffsetUnit.Value(f"OFFSET_UNIT_{unit.value}") for unit in OffsetUnit
}
_STATUSES = {int(cleaning_pb2.CleaningStatus.Value(f"CLEANING_STATUS_{status.value}")): status for status in Status}


def kind_of(number: int) -> Kind:
    """Return the kind of a wire number; a kind of a later contract is OTHER."""
    return _KINDS.get(number, Kind.OTHER)


def as_document(item: str | Document) -> Document:
    """Return a document for what `clean` and `clean_many` accept.

    Raises:
        TypeError: anything but a `str` or a `Document`.
    """
    if isinstance(item, Document):
        return item
    if isinstance(item, str):
        return Document(item)
    raise TypeError(f"a document is a str or a dehusk.Document, not {type(item).__name__}")


def wire_options(options: CleanOptions) -> cleaning_pb2.CleanOptions:
    """Return options for the wire, texts left out: the caller has the source, and cuts them from it.

    Raises:
        TypeError: a name that is no option, or a single string where several belong.
        InvalidRequestError: a name that is no kind, white space mode or offset unit, or a text that is not Unicode.
    """
    if unknown := set(options) - set(CleanOptions.__annotations__):
        raise TypeError(f"unknown option {min(unknown)!r}; options are {', '.join(CleanOptions.__annotations__)}")
    wire = cleaning_pb2.CleanOptions(return_removed_text=False)
    wire.return_evidence = options.get("evidence", True)
    kinds = _several("keep_kinds", options.get("keep_kinds", ()))
    wire.keep_kinds.extend(KIND_NUMBERS[_member(Kind, kind, "options.keep_kinds")] for kind in kinds)
    wire.whitespace = _WHITESPACE[_member(Whitespace, options.get("whitespace", Whitespace.TIDY), "options.whitespace")]
    wire.offset_unit = _UNITS[offset_unit(options)]
    threshold = options.get("threshold")
    if threshold is not None:
        wire.threshold = threshold
    wire.cautious = options.get("cautious", False)
    wire.cut_links = options.get("cut_links", False)
    for phrase in _several("allow_phrases", options.get("allow_phrases", ())):
        wire.allow_phrases.append(_unicode(phrase, "options.allow_phrases"))
    return wire


def offset_unit(options: CleanOptions) -> OffsetUnit:
    """Return the unit that these options ask for.

    Raises:
        InvalidRequestError: a name that is no unit.
    """
    return _member(OffsetUnit, options.get("offset_unit", OffsetUnit.CODE_POINTS), "options.offset_unit")


def clean_request(document: Document, options: cleaning_pb2.CleanOptions) -> cleaning_pb2.CleanRequest:
    """Return the request for one document.

    Raises:
        InvalidRequestError: a text that is not Unicode (it holds half of a surrogate pair), or both text and HTML.
    """
    if document.text and document.html:
        message = "the document holds both text and html; give one"
        raise InvalidRequestError(message, code="INVALID_ARGUMENT", field="content")
    request = cleaning_pb2.CleanRequest(
        id=_unicode(document.id, "id"),
        url=_unicode(document.url, "url"),
        language=_unicode(document.language, "language"),
        charset=_unicode(document.charset, "charset"),
        options=options,
    )
    if isinstance(document.html, bytes):
        request.html_bytes = document.html
    elif document.html:
        request.html = _unicode(document.html, "html")
    else:
        request.text = _unicode(document.text, "text")
    return request


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


def checked(info: Info) -> Info:
    """Return what a server is, if its contract is this client's.

    Raises:
        NotServedError: it is another one.
    """
    if info.contract != CONTRACT:
        message = (
            f"the server (version {info.version}) speaks {info.contract!r}, this client {CONTRACT!r}; update the older"
        )
        raise NotServedError(message, code="UNIMPLEMENTED")
    return info


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


def rules_request(ids: Iterable[str]) -> rules_pb2.GetRulesRequest:
    """Return the request for rules by id.

    Raises:
        TypeError: a single string where several ids belong.
        InvalidRequestError: an id that is not Unicode.
    """
    return rules_pb2.GetRulesRequest(ids=[_unicode(rule_id, "ids") for rule_id in _several("ids", ids)])


def list_request(kind: Kind | str | None, page_size: int, page_token: str) -> rules_pb2.ListRulesRequest:
    """Return the request for one page of rules.

    Raises:
        InvalidRequestError: a name that is no kind, or a page size that no wire holds.
    """
    wire = rules_pb2.ListRulesRequest(page_token=page_token)
    if kind is not None:
        wire.kind = KIND_NUMBERS[_member(Kind, kind, "kind")]
    wire.page_size = _unsigned(page_size, "page_size")
    return wire


def explain_request(request: cleaning_pb2.CleanRequest, offset: int) -> cleaning_pb2.ExplainRequest:
    """Return the request that asks about one offset.

    Raises:
        InvalidRequestError: an offset that no wire holds.
    """
    asked = cleaning_pb2.ExplainRequest(request=request, offset=_unsigned(offset, "offset"))
    asked.request.options.return_removed_text = request.WhichOneof("content") != "text"
    return asked


def _evidence(wire: Iterable[cleaning_pb2.Evidence], slicer: Slicer | None) -> tuple[Evidence, ...]:
    return tuple(Evidence(item.rule_id, item.weight, _matched(item, slicer), item.start, item.end) for item in wire)


def _matched(item: cleaning_pb2.Evidence, slicer: Slicer | None) -> str:
    return item.matched_text if slicer is None else slicer.cut(item.start, item.end)


def _several(name: str, values: Iterable[Any]) -> Iterable[Any]:
    if isinstance(values, str):
        raise TypeError(f"{name} takes several values; write ({values!r},) for one")
    return values


def _member(names: type[_Named], value: _Named | str, field: str) -> _Named:
    try:
        return names(value)
    except ValueError:
        message = f"{value!r} is none of {', '.join(names)}"
        raise InvalidRequestError(message, code="INVALID_ARGUMENT", field=field) from None


def _unsigned(value: int, field: str) -> int:
    if 0 <= value < 2**32:
        return value
    message = f"{value} is out of range"
    raise InvalidRequestError(message, code="INVALID_ARGUMENT", field=field, limit=f"0 to {2**32 - 1}")


def _unicode(text: str, field: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as fault:
        message = f"half of a surrogate pair (U+{ord(text[fault.start]):04X}) at {fault.start}: not Unicode text"
        raise InvalidRequestError(message, code="INVALID_ARGUMENT", field=field) from None
    return text
