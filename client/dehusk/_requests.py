"""What users ask to wire messages. Pure; what no wire holds is refused here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from dehusk.errors import InvalidRequestError
from dehusk.options import CleanOptions
from dehusk.types import Document, Kind, OffsetUnit, Whitespace
from dehusk.v1 import cleaning_pb2, kinds_pb2, rules_pb2

_Named = TypeVar("_Named", Kind, Whitespace, OffsetUnit)

KIND_NUMBERS: Mapping[Kind, Any] = {kind: kinds_pb2.Kind.Value(f"KIND_{kind.value}") for kind in Kind}
_WHITESPACE: Mapping[Whitespace, Any] = {
    mode: cleaning_pb2.Whitespace.Value(f"WHITESPACE_{mode.value}") for mode in Whitespace
}
_UNITS: Mapping[OffsetUnit, Any] = {
    unit: cleaning_pb2.OffsetUnit.Value(f"OFFSET_UNIT_{unit.value}") for unit in OffsetUnit
}


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
