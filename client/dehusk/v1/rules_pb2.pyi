from dehusk.v1 import kinds_pb2 as _kinds_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class KindWeight(_message.Message):
    __slots__ = ("kind", "weight")
    KIND_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    kind: _kinds_pb2.Kind
    weight: float
    def __init__(self, kind: _Optional[_Union[_kinds_pb2.Kind, str]] = ..., weight: _Optional[float] = ...) -> None: ...

class Support(_message.Message):
    __slots__ = ("documents", "sites", "precision", "taught_by")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    SITES_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    TAUGHT_BY_FIELD_NUMBER: _ClassVar[int]
    documents: int
    sites: int
    precision: float
    taught_by: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, documents: _Optional[int] = ..., sites: _Optional[int] = ..., precision: _Optional[float] = ..., taught_by: _Optional[_Iterable[str]] = ...) -> None: ...

class Rule(_message.Message):
    __slots__ = ("id", "looks_at", "reads", "weights", "strongest", "support", "learned", "counterexamples")
    ID_FIELD_NUMBER: _ClassVar[int]
    LOOKS_AT_FIELD_NUMBER: _ClassVar[int]
    READS_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    STRONGEST_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_FIELD_NUMBER: _ClassVar[int]
    LEARNED_FIELD_NUMBER: _ClassVar[int]
    COUNTEREXAMPLES_FIELD_NUMBER: _ClassVar[int]
    id: str
    looks_at: str
    reads: str
    weights: _containers.RepeatedCompositeFieldContainer[KindWeight]
    strongest: _kinds_pb2.Kind
    support: Support
    learned: str
    counterexamples: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., looks_at: _Optional[str] = ..., reads: _Optional[str] = ..., weights: _Optional[_Iterable[_Union[KindWeight, _Mapping]]] = ..., strongest: _Optional[_Union[_kinds_pb2.Kind, str]] = ..., support: _Optional[_Union[Support, _Mapping]] = ..., learned: _Optional[str] = ..., counterexamples: _Optional[_Iterable[str]] = ...) -> None: ...

class KindRuleCount(_message.Message):
    __slots__ = ("kind", "rules")
    KIND_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    kind: _kinds_pb2.Kind
    rules: int
    def __init__(self, kind: _Optional[_Union[_kinds_pb2.Kind, str]] = ..., rules: _Optional[int] = ...) -> None: ...

class RuleSetInfo(_message.Message):
    __slots__ = ("version", "sha256", "learned", "provenance", "rule_count", "rules_by_kind")
    class ProvenanceEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    LEARNED_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    RULE_COUNT_FIELD_NUMBER: _ClassVar[int]
    RULES_BY_KIND_FIELD_NUMBER: _ClassVar[int]
    version: str
    sha256: str
    learned: str
    provenance: _containers.ScalarMap[str, str]
    rule_count: int
    rules_by_kind: _containers.RepeatedCompositeFieldContainer[KindRuleCount]
    def __init__(self, version: _Optional[str] = ..., sha256: _Optional[str] = ..., learned: _Optional[str] = ..., provenance: _Optional[_Mapping[str, str]] = ..., rule_count: _Optional[int] = ..., rules_by_kind: _Optional[_Iterable[_Union[KindRuleCount, _Mapping]]] = ...) -> None: ...

class GetRuleSetRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetRuleSetResponse(_message.Message):
    __slots__ = ("rule_set",)
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSetInfo
    def __init__(self, rule_set: _Optional[_Union[RuleSetInfo, _Mapping]] = ...) -> None: ...

class GetRulesRequest(_message.Message):
    __slots__ = ("ids",)
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, ids: _Optional[_Iterable[str]] = ...) -> None: ...

class GetRulesResponse(_message.Message):
    __slots__ = ("rules", "rules_version")
    RULES_FIELD_NUMBER: _ClassVar[int]
    RULES_VERSION_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedCompositeFieldContainer[Rule]
    rules_version: str
    def __init__(self, rules: _Optional[_Iterable[_Union[Rule, _Mapping]]] = ..., rules_version: _Optional[str] = ...) -> None: ...

class ListRulesRequest(_message.Message):
    __slots__ = ("kind", "page_size", "page_token")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    kind: _kinds_pb2.Kind
    page_size: int
    page_token: str
    def __init__(self, kind: _Optional[_Union[_kinds_pb2.Kind, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRulesResponse(_message.Message):
    __slots__ = ("rules", "next_page_token", "total_size", "rules_version")
    RULES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    RULES_VERSION_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedCompositeFieldContainer[Rule]
    next_page_token: str
    total_size: int
    rules_version: str
    def __init__(self, rules: _Optional[_Iterable[_Union[Rule, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., rules_version: _Optional[str] = ...) -> None: ...

class ReloadRulesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReloadRulesResponse(_message.Message):
    __slots__ = ("rule_set", "changed")
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSetInfo
    changed: bool
    def __init__(self, rule_set: _Optional[_Union[RuleSetInfo, _Mapping]] = ..., changed: bool = ...) -> None: ...
