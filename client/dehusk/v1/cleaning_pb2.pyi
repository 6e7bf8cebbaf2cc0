from dehusk.v1 import errors_pb2 as _errors_pb2
from dehusk.v1 import kinds_pb2 as _kinds_pb2
from dehusk.v1 import rules_pb2 as _rules_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Whitespace(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WHITESPACE_UNSPECIFIED: _ClassVar[Whitespace]
    WHITESPACE_TIDY: _ClassVar[Whitespace]
    WHITESPACE_VERBATIM: _ClassVar[Whitespace]

class OffsetUnit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OFFSET_UNIT_UNSPECIFIED: _ClassVar[OffsetUnit]
    OFFSET_UNIT_CODE_POINTS: _ClassVar[OffsetUnit]
    OFFSET_UNIT_UTF8_BYTES: _ClassVar[OffsetUnit]
    OFFSET_UNIT_UTF16_UNITS: _ClassVar[OffsetUnit]

class CleaningStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLEANING_STATUS_UNSPECIFIED: _ClassVar[CleaningStatus]
    CLEANING_STATUS_OK: _ClassVar[CleaningStatus]
    CLEANING_STATUS_SUSPECT: _ClassVar[CleaningStatus]
    CLEANING_STATUS_NO_ARTICLE: _ClassVar[CleaningStatus]
    CLEANING_STATUS_CUT_SHORT: _ClassVar[CleaningStatus]
WHITESPACE_UNSPECIFIED: Whitespace
WHITESPACE_TIDY: Whitespace
WHITESPACE_VERBATIM: Whitespace
OFFSET_UNIT_UNSPECIFIED: OffsetUnit
OFFSET_UNIT_CODE_POINTS: OffsetUnit
OFFSET_UNIT_UTF8_BYTES: OffsetUnit
OFFSET_UNIT_UTF16_UNITS: OffsetUnit
CLEANING_STATUS_UNSPECIFIED: CleaningStatus
CLEANING_STATUS_OK: CleaningStatus
CLEANING_STATUS_SUSPECT: CleaningStatus
CLEANING_STATUS_NO_ARTICLE: CleaningStatus
CLEANING_STATUS_CUT_SHORT: CleaningStatus

class CleanOptions(_message.Message):
    __slots__ = ("keep_kinds", "threshold", "whitespace", "offset_unit", "allow_phrases", "return_removed_text", "return_evidence", "return_kept", "return_source_text", "cut_links", "cautious")
    KEEP_KINDS_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    WHITESPACE_FIELD_NUMBER: _ClassVar[int]
    OFFSET_UNIT_FIELD_NUMBER: _ClassVar[int]
    ALLOW_PHRASES_FIELD_NUMBER: _ClassVar[int]
    RETURN_REMOVED_TEXT_FIELD_NUMBER: _ClassVar[int]
    RETURN_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    RETURN_KEPT_FIELD_NUMBER: _ClassVar[int]
    RETURN_SOURCE_TEXT_FIELD_NUMBER: _ClassVar[int]
    CUT_LINKS_FIELD_NUMBER: _ClassVar[int]
    CAUTIOUS_FIELD_NUMBER: _ClassVar[int]
    keep_kinds: _containers.RepeatedScalarFieldContainer[_kinds_pb2.Kind]
    threshold: float
    whitespace: Whitespace
    offset_unit: OffsetUnit
    allow_phrases: _containers.RepeatedScalarFieldContainer[str]
    return_removed_text: bool
    return_evidence: bool
    return_kept: bool
    return_source_text: bool
    cut_links: bool
    cautious: bool
    def __init__(self, keep_kinds: _Optional[_Iterable[_Union[_kinds_pb2.Kind, str]]] = ..., threshold: _Optional[float] = ..., whitespace: _Optional[_Union[Whitespace, str]] = ..., offset_unit: _Optional[_Union[OffsetUnit, str]] = ..., allow_phrases: _Optional[_Iterable[str]] = ..., return_removed_text: bool = ..., return_evidence: bool = ..., return_kept: bool = ..., return_source_text: bool = ..., cut_links: bool = ..., cautious: bool = ...) -> None: ...

class CleanRequest(_message.Message):
    __slots__ = ("id", "text", "html", "html_bytes", "url", "language", "options", "charset")
    ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HTML_FIELD_NUMBER: _ClassVar[int]
    HTML_BYTES_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    CHARSET_FIELD_NUMBER: _ClassVar[int]
    id: str
    text: str
    html: str
    html_bytes: bytes
    url: str
    language: str
    options: CleanOptions
    charset: str
    def __init__(self, id: _Optional[str] = ..., text: _Optional[str] = ..., html: _Optional[str] = ..., html_bytes: _Optional[bytes] = ..., url: _Optional[str] = ..., language: _Optional[str] = ..., options: _Optional[_Union[CleanOptions, _Mapping]] = ..., charset: _Optional[str] = ...) -> None: ...

class Evidence(_message.Message):
    __slots__ = ("rule_id", "weight", "matched_text", "start", "end")
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    MATCHED_TEXT_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    rule_id: str
    weight: float
    matched_text: str
    start: int
    end: int
    def __init__(self, rule_id: _Optional[str] = ..., weight: _Optional[float] = ..., matched_text: _Optional[str] = ..., start: _Optional[int] = ..., end: _Optional[int] = ...) -> None: ...

class Removed(_message.Message):
    __slots__ = ("start", "end", "kind", "confidence", "text", "evidence", "css_path")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    CSS_PATH_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    kind: _kinds_pb2.Kind
    confidence: float
    text: str
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    css_path: str
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., kind: _Optional[_Union[_kinds_pb2.Kind, str]] = ..., confidence: _Optional[float] = ..., text: _Optional[str] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ..., css_path: _Optional[str] = ...) -> None: ...

class Kept(_message.Message):
    __slots__ = ("start", "end", "kind", "confidence")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    kind: _kinds_pb2.Kind
    confidence: float
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., kind: _Optional[_Union[_kinds_pb2.Kind, str]] = ..., confidence: _Optional[float] = ...) -> None: ...

class KindCount(_message.Message):
    __slots__ = ("kind", "spans", "chars")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    CHARS_FIELD_NUMBER: _ClassVar[int]
    kind: _kinds_pb2.Kind
    spans: int
    chars: int
    def __init__(self, kind: _Optional[_Union[_kinds_pb2.Kind, str]] = ..., spans: _Optional[int] = ..., chars: _Optional[int] = ...) -> None: ...

class CleanCounts(_message.Message):
    __slots__ = ("source_chars", "body_chars", "removed_chars", "removed_by_kind")
    SOURCE_CHARS_FIELD_NUMBER: _ClassVar[int]
    BODY_CHARS_FIELD_NUMBER: _ClassVar[int]
    REMOVED_CHARS_FIELD_NUMBER: _ClassVar[int]
    REMOVED_BY_KIND_FIELD_NUMBER: _ClassVar[int]
    source_chars: int
    body_chars: int
    removed_chars: int
    removed_by_kind: _containers.RepeatedCompositeFieldContainer[KindCount]
    def __init__(self, source_chars: _Optional[int] = ..., body_chars: _Optional[int] = ..., removed_chars: _Optional[int] = ..., removed_by_kind: _Optional[_Iterable[_Union[KindCount, _Mapping]]] = ...) -> None: ...

class CleanResponse(_message.Message):
    __slots__ = ("id", "body", "removed", "kept", "status", "reasons", "title", "byline", "published", "language", "source_text", "rules_version", "rules_sha256", "counts", "encoding", "notes")
    ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    BYLINE_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_TEXT_FIELD_NUMBER: _ClassVar[int]
    RULES_VERSION_FIELD_NUMBER: _ClassVar[int]
    RULES_SHA256_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    body: str
    removed: _containers.RepeatedCompositeFieldContainer[Removed]
    kept: _containers.RepeatedCompositeFieldContainer[Kept]
    status: CleaningStatus
    reasons: _containers.RepeatedScalarFieldContainer[str]
    title: str
    byline: str
    published: str
    language: str
    source_text: str
    rules_version: str
    rules_sha256: str
    counts: CleanCounts
    encoding: str
    notes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., body: _Optional[str] = ..., removed: _Optional[_Iterable[_Union[Removed, _Mapping]]] = ..., kept: _Optional[_Iterable[_Union[Kept, _Mapping]]] = ..., status: _Optional[_Union[CleaningStatus, str]] = ..., reasons: _Optional[_Iterable[str]] = ..., title: _Optional[str] = ..., byline: _Optional[str] = ..., published: _Optional[str] = ..., language: _Optional[str] = ..., source_text: _Optional[str] = ..., rules_version: _Optional[str] = ..., rules_sha256: _Optional[str] = ..., counts: _Optional[_Union[CleanCounts, _Mapping]] = ..., encoding: _Optional[str] = ..., notes: _Optional[_Iterable[str]] = ...) -> None: ...

class CleanStreamRequest(_message.Message):
    __slots__ = ("request",)
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    request: CleanRequest
    def __init__(self, request: _Optional[_Union[CleanRequest, _Mapping]] = ...) -> None: ...

class CleanStreamResponse(_message.Message):
    __slots__ = ("id", "response", "error")
    ID_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    id: str
    response: CleanResponse
    error: _errors_pb2.Error
    def __init__(self, id: _Optional[str] = ..., response: _Optional[_Union[CleanResponse, _Mapping]] = ..., error: _Optional[_Union[_errors_pb2.Error, _Mapping]] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ("request", "offset")
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    request: CleanRequest
    offset: int
    def __init__(self, request: _Optional[_Union[CleanRequest, _Mapping]] = ..., offset: _Optional[int] = ...) -> None: ...

class Argument(_message.Message):
    __slots__ = ("kind", "probability", "margin", "evidence")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    kind: _kinds_pb2.Kind
    probability: float
    margin: float
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    def __init__(self, kind: _Optional[_Union[_kinds_pb2.Kind, str]] = ..., probability: _Optional[float] = ..., margin: _Optional[float] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ("id", "start", "end", "kind", "removed", "confidence", "evidence", "arguments", "rules_version")
    ID_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    RULES_VERSION_FIELD_NUMBER: _ClassVar[int]
    id: str
    start: int
    end: int
    kind: _kinds_pb2.Kind
    removed: bool
    confidence: float
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    arguments: _containers.RepeatedCompositeFieldContainer[Argument]
    rules_version: str
    def __init__(self, id: _Optional[str] = ..., start: _Optional[int] = ..., end: _Optional[int] = ..., kind: _Optional[_Union[_kinds_pb2.Kind, str]] = ..., removed: bool = ..., confidence: _Optional[float] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ..., arguments: _Optional[_Iterable[_Union[Argument, _Mapping]]] = ..., rules_version: _Optional[str] = ...) -> None: ...

class InfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Limits(_message.Message):
    __slots__ = ("max_document_chars", "max_message_bytes", "max_document_seconds", "max_allow_phrases", "max_allow_phrase_chars", "max_concurrent_documents", "max_concurrent_streams", "max_id_chars", "max_url_chars", "max_language_chars", "max_rule_ids", "max_rules_page", "max_document_lines", "max_html_chars")
    MAX_DOCUMENT_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_DOCUMENT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_ALLOW_PHRASES_FIELD_NUMBER: _ClassVar[int]
    MAX_ALLOW_PHRASE_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_CONCURRENT_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    MAX_CONCURRENT_STREAMS_FIELD_NUMBER: _ClassVar[int]
    MAX_ID_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_URL_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_LANGUAGE_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_RULE_IDS_FIELD_NUMBER: _ClassVar[int]
    MAX_RULES_PAGE_FIELD_NUMBER: _ClassVar[int]
    MAX_DOCUMENT_LINES_FIELD_NUMBER: _ClassVar[int]
    MAX_HTML_CHARS_FIELD_NUMBER: _ClassVar[int]
    max_document_chars: int
    max_message_bytes: int
    max_document_seconds: float
    max_allow_phrases: int
    max_allow_phrase_chars: int
    max_concurrent_documents: int
    max_concurrent_streams: int
    max_id_chars: int
    max_url_chars: int
    max_language_chars: int
    max_rule_ids: int
    max_rules_page: int
    max_document_lines: int
    max_html_chars: int
    def __init__(self, max_document_chars: _Optional[int] = ..., max_message_bytes: _Optional[int] = ..., max_document_seconds: _Optional[float] = ..., max_allow_phrases: _Optional[int] = ..., max_allow_phrase_chars: _Optional[int] = ..., max_concurrent_documents: _Optional[int] = ..., max_concurrent_streams: _Optional[int] = ..., max_id_chars: _Optional[int] = ..., max_url_chars: _Optional[int] = ..., max_language_chars: _Optional[int] = ..., max_rule_ids: _Optional[int] = ..., max_rules_page: _Optional[int] = ..., max_document_lines: _Optional[int] = ..., max_html_chars: _Optional[int] = ...) -> None: ...

class InfoResponse(_message.Message):
    __slots__ = ("version", "contract", "rule_set", "limits", "kinds", "contents")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    CONTENTS_FIELD_NUMBER: _ClassVar[int]
    version: str
    contract: str
    rule_set: _rules_pb2.RuleSetInfo
    limits: Limits
    kinds: _containers.RepeatedScalarFieldContainer[_kinds_pb2.Kind]
    contents: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, version: _Optional[str] = ..., contract: _Optional[str] = ..., rule_set: _Optional[_Union[_rules_pb2.RuleSetInfo, _Mapping]] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., kinds: _Optional[_Iterable[_Union[_kinds_pb2.Kind, str]]] = ..., contents: _Optional[_Iterable[str]] = ...) -> None: ...
