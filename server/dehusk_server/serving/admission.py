"""Who may come in: a bound on what is under way, and a door that closes when the service shuts down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dehusk_server.config import Settings
from dehusk_server.serving.faults import DrainingError, OverCapacityError
from dehusk_server.serving.meters import Meters


class Door:
    """Counts what is under way. Safe to share between threads."""

    def __init__(self, settings: Settings, meters: Meters) -> None:
        self._meters = meters
        self._retry_after_ms: Final = settings.retry_after_ms
        self.documents = _Counter(settings.max_concurrent_documents, "documents")
        self.streams = _Counter(settings.max_concurrent_streams, "streams")
        self._closed = threading.Event()
        self._streams_ended = threading.Event()

    def close(self) -> None:
        """Let nobody in from now on; what is under way goes on."""
        self._closed.set()

    def end_streams(self) -> None:
        """Have streams stop at their next document: the time that they had to finish is nearly over."""
        self._streams_ended.set()

    def check_stream(self) -> None:
        """Say whether a stream may take its next document.

        Raises:
            DrainingError: it may not.
        """
        if self._streams_ended.is_set():
            raise DrainingError

    def enter(self, counter: _Counter) -> None:
        """Count one in; `_Counter.leave` counts it out.

        Raises:
            DrainingError: the service is shutting down.
            OverCapacityError: as much is under way as the settings allow.
        """
        if self._closed.is_set():
            raise DrainingError
        if not counter.enter():
            self._meters.shed(counter.what)
            raise OverCapacityError(counter.limit, self._retry_after_ms)

    @contextmanager
    def stream(self) -> Iterator[None]:
        """Hold a place for one stream.

        Raises:
            DrainingError: the service is shutting down.
            OverCapacityError: as many streams are under way as the settings allow.
        """
        self.enter(self.streams)
        try:
            yield
        finally:
            self.streams.leave()


class _Counter:
    def __init__(self, most: int, what: str) -> None:
        self.what: Final = what
        self.limit: Final = f"{most} {what} under way"
        self._most = most
        self._count = 0
        self._lock = threading.Lock()

    def enter(self) -> bool:
        """Count one in, if there is room."""
        with self._lock:
            if self._count >= self._most:
                return False
            self._count += 1
            return True

    def leave(self) -> None:
        """Count one out."""
        with self._lock:
            self._count -= 1

    @property
    def count(self) -> int:
        """How many are in."""
        return self._count
