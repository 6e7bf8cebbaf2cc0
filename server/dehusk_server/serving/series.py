"""What the service counts: every series, with all values that its labels can have. Knows no gRPC."""

from __future__ import annotations

from typing import Final

from dehusk_server.model import HUSK_KINDS, Status
from dehusk_server.serving.counters import Kind, Series

METHODS: Final = (
    *("Clean", "CleanStream", "Explain", "Info"),
    *("GetRuleSet", "GetRules", "ListRules", "ReloadRules"),
)
"""Calls of the contract."""
CODES: Final = (
    *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
    *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"),
    *("INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
)
"""Names of gRPC's statuses, in the order of their numbers."""
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
"""Upper bounds of the buckets of every time."""

CALLS: Final = Series(
    "dehusk_calls_total", "calls that ended, by status", labels=(("method", METHODS), ("code", CODES))
)
CALL_SECONDS: Final = Series(
    "dehusk_call_seconds",
    "seconds from a call's beginning to its end",
    Kind.HISTOGRAM,
    labels=(("method", METHODS),),
    bounds=SECONDS,
)
CALLS_UNDER_WAY: Final = Series("dehusk_calls_under_way", "calls under way", Kind.GAUGE, labels=(("method", METHODS),))
DOCUMENTS: Final = Series(
    "dehusk_documents_total", "documents answered, in calls and in streams, by status", labels=(("code", CODES),)
)
DOCUMENT_SECONDS: Final = Series(
    "dehusk_document_seconds", "seconds for a document, waiting included", Kind.HISTOGRAM, bounds=SECONDS
)
CLEANINGS: Final = Series(
    "dehusk_cleanings_total",
    "documents cleaned, by how far the answer can be trusted",
    labels=(("status", tuple(status.value for status in Status)),),
)
SOURCE_CHARS: Final = Series("dehusk_source_chars_total", "code points of the documents cleaned")
REMOVED_CHARS: Final = Series(
    "dehusk_removed_chars_total",
    "code points removed, by kind; over dehusk_source_chars_total they are the share removed",
    labels=(("kind", tuple(kind.value for kind in HUSK_KINDS)),),
)
BYTES: Final = Series(
    "dehusk_message_bytes_total",
    "bytes of messages received and sent",
    labels=(("direction", ("received", "sent")),),
)
SHED: Final = Series(
    "dehusk_shed_total",
    "calls turned away at once because as much was under way as is taken",
    labels=(("what", ("documents", "streams")),),
)
WORKERS: Final = Series("dehusk_workers", "worker processes that serve", Kind.GAUGE)
WORKER_ENDS: Final = Series(
    "dehusk_worker_ends_total",
    "worker processes that ended and were replaced: died by themselves, silent and killed, or recycled at a ceiling",
    labels=(("why", ("died", "silent", "recycled")),),
)
RELOADS: Final = Series(
    "dehusk_reloads_total",
    "times that rule set, certificates and tokens were read anew, and taken or refused",
    labels=(("outcome", ("taken", "refused")),),
)
RELOAD_REFUSED: Final = Series(
    "dehusk_reload_refused", "1 where what was last read anew was refused, so that the old stays; else 0", Kind.GAUGE
)

ALL: Final = (
    *(CALLS, CALL_SECONDS, CALLS_UNDER_WAY, DOCUMENTS, DOCUMENT_SECONDS, CLEANINGS, SOURCE_CHARS, REMOVED_CHARS),
    *(BYTES, SHED, WORKERS, WORKER_ENDS, RELOADS, RELOAD_REFUSED),
)
"""All of them, in the order in which they are shown."""
