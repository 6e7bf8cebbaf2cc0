"""What a server tells of itself, its rules and its reasons: frozen values. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dehusk.types import Evidence, Kind


@dataclass(frozen=True, slots=True)
class RuleSetInfo:
    """The loaded rule set, described."""

    version: str
    sha256: str
    learned: str
    """Day it was learned, ISO 8601."""
    provenance: Mapping[str, str]
    rule_count: int
    rules_by_kind: Mapping[Kind, int]
    """Rules by the kind that they speak for most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the server accepts; the contract says of each what happens beyond it."""

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


@dataclass(frozen=True, slots=True)
class Info:
    """What the server is."""

    version: str
    contract: str
    rule_set: RuleSetInfo
    limits: Limits
    kinds: tuple[Kind, ...]
    contents: tuple[str, ...]
    """The content fields that it answers."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One learned rule."""

    id: str
    looks_at: str
    reads: str
    """What it looks at, in words."""
    weights: Mapping[Kind, float]
    """Log-odds for each kind, BODY at zero."""
    strongest: Kind
    documents: int
    sites: int
    precision: float
    taught_by: tuple[str, ...]
    learned: str
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """What one kind has to say at a place."""

    kind: Kind
    probability: float
    margin: float
    """Natural logarithm of its probability over that of BODY."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a place was kept or removed."""

    id: str
    start: int
    end: int
    kind: Kind
    removed: bool
    confidence: float
    evidence: tuple[Evidence, ...]
    arguments: tuple[Argument, ...]
    """One for each kind, the most probable first."""
    rules_version: str
