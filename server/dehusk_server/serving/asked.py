"""Requests to the engine's types. Pure; what a request must not hold is refused here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dehusk.v1 import cleaning_pb2, kinds_pb2
from dehusk_server.config import Settings
from dehusk_server.engine import HTML_TO_TEXT
from dehusk_server.errors import DocumentTooLargeError, InvalidInputError
from dehusk_server.markup.encoding import decode
from dehusk_server.model import Document, Kind, Options, Whitespace
from dehusk_server.serving import limits
from dehusk_server.serving.convert import KIND_NUMBERS

_KINDS: Mapping[int, Kind] = {int(number): kind for kind, number in KIND_NUMBERS.items()}
_WHITESPACE: Mapping[int, Whitespace] = {
    cleaning_pb2.WHITESPACE_UNSPECIFIED: Whitespace.TIDY,
    cleaning_pb2.WHITESPACE_TIDY: Whitespace.TIDY,
    cleaning_pb2.WHITESPACE_VERBATIM: Whitespace.VERBATIM,
}


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
    notes = decoded.notes(request.charset)
    return replace(known, html=decoded.text or " ", encoding=decoded.encoding, notes=notes)


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
