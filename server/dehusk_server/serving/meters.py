"""The one place where a process counts what it does; for the thread of the event loop alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

from dehusk.v1 import cleaning_pb2, kinds_pb2
from dehusk_server.serving import series
from dehusk_server.serving.counters import Counters

_STATUS_PREFIX = "CLEANING_STATUS_"
_KIND_PREFIX = "KIND_"


class Meters:
    """Counts calls, documents and bytes of one process.

    Args:
        counters: the table, which other processes may share.
        row: the row of this process.
    """

    def __init__(self, counters: Counters, row: int) -> None:
        self.counters = counters
        self._row = counters.row(row)
        self.documents = 0
        """Documents answered by this process."""

    @classmethod
    def alone(cls) -> Self:
        """Return the meters of a process that shares them with no other."""
        return cls(Counters(series.ALL, 1), 0)

    def call(self, method: str) -> Callable[[str], None]:
        """Count a call in; returns what counts it out, given the name of its status.

        Args:
            method: its path, ``/package.Service/Method``.
        """
        began = time.perf_counter()
        name = method.rpartition("/")[2]
        self._row.add(series.CALLS_UNDER_WAY, 1.0, name)

        def ended(code: str) -> None:
            self._row.add(series.CALLS_UNDER_WAY, -1.0, name)
            self._row.add(series.CALLS, 1.0, name, code)
            self._row.observe(series.CALL_SECONDS, time.perf_counter() - began, name)

        return ended

    def document(self, code: str, seconds: float, cleaned: cleaning_pb2.CleanResponse | None = None) -> None:
        """Count an answered document.

        Args:
            code: name of its status.
            seconds: from its coming to its answer.
            cleaned: the answer, where it is one.
        """
        self.documents += 1
        self._row.add(series.DOCUMENTS, 1.0, code)
        self._row.observe(series.DOCUMENT_SECONDS, seconds)
        if cleaned is None:
            return
        status = cleaning_pb2.CleaningStatus.Name(cleaned.status).removeprefix(_STATUS_PREFIX)
        self._row.add(series.CLEANINGS, 1.0, status)
        self._row.add(series.SOURCE_CHARS, cleaned.counts.source_chars)
        for removed in cleaned.counts.removed_by_kind:
            kind = kinds_pb2.Kind.Name(removed.kind).removeprefix(_KIND_PREFIX)
            self._row.add(series.REMOVED_CHARS, removed.chars, kind)

    def received(self, size: int) -> None:
        """Count bytes of a message that came."""
        self._row.add(series.BYTES, size, "received")

    def sent(self, size: int) -> None:
        """Count bytes of a message that went."""
        self._row.add(series.BYTES, size, "sent")

    def reloaded(self, *, taken: bool) -> None:
        """Count a reading anew."""
        self._row.add(series.RELOADS, 1.0, "taken" if taken else "refused")
        self._row.set(series.RELOAD_REFUSED, float(not taken))

    def shed(self, what: str) -> None:
        """Count a call that was turned away: ``documents`` or ``streams``."""
        self._row.add(series.SHED, 1.0, what)
