"""Documents of a stream that are under way: bounded, and answered in the order they were sent."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from dehusk import _convert, _requests
from dehusk._call import CallSettings
from dehusk.errors import DehuskError, ServerError
from dehusk.options import CleanOptions, OnError
from dehusk.types import Document, Failure, Result
from dehusk.v1 import cleaning_pb2

DEFAULT_MAX_IN_FLIGHT = 16
DEFAULT_MAX_IN_FLIGHT_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """A document and its message."""

    document: Document
    request: cleaning_pb2.CleanStreamRequest
    size: int


class Window:
    """Keeps documents between sending and answer; no input or output, so both clients share it.

    Args:
        options: as `clean` takes them.
        on_error: ``"yield"`` or ``"raise"``.
        max_in_flight: documents under way at once, at least 1.
        max_in_flight_bytes: bytes of their messages; one larger document goes alone.

    Raises:
        ValueError: a bound or ``on_error`` out of range.
        InvalidRequestError: an option that no server takes.
    """

    def __init__(
        self,
        settings: CallSettings,
        options: CleanOptions,
        *,
        on_error: OnError,
        max_in_flight: int,
        max_in_flight_bytes: int,
    ) -> None:
        check_bounds(on_error, max_in_flight, max_in_flight_bytes)
        self._settings = settings
        self._options = _requests.wire_options(options)
        self._unit = _requests.offset_unit(options)
        self._raise = on_error == "raise"
        self._max_count = max_in_flight
        self._max_bytes = max_in_flight_bytes
        self._bytes = 0
        self._waiting: deque[Sent | Failure] = deque()

    def __len__(self) -> int:
        """Return the number of documents not yet given back."""
        return len(self._waiting)

    def prepare(self, item: str | Document) -> Sent | Failure:
        """Return a document ready to be sent, or why it cannot be.

        Raises:
            TypeError: not a document at all.
        """
        document = _requests.as_document(item)
        try:
            request = _requests.clean_request(document, self._options)
            size = request.ByteSize()
            self._settings.check_size(size)
        except DehuskError as fault:
            return Failure(document.id, fault)
        return Sent(document, cleaning_pb2.CleanStreamRequest(request=request), size)

    def fits(self, entry: Sent | Failure) -> bool:
        """Say whether one more may go under way."""
        if not self._waiting or isinstance(entry, Failure):
            return len(self._waiting) < self._max_count
        return len(self._waiting) < self._max_count and self._bytes + entry.size <= self._max_bytes

    def push(self, entry: Sent | Failure) -> None:
        """Take one more under way."""
        self._waiting.append(entry)
        self._bytes += entry.size if isinstance(entry, Sent) else 0

    @property
    def needs_answer(self) -> bool:
        """Whether the next to give back waits for the server."""
        return isinstance(self._waiting[0], Sent)

    def settle(self, answer: cleaning_pb2.CleanStreamResponse | None) -> Result | Failure:
        """Give back the next, with the server's answer to it where it needs one.

        Raises:
            DehuskError: the document failed and ``on_error`` is ``"raise"``.
            ServerError: the answer is none.
        """
        entry = self._waiting.popleft()
        settled = self._settle(entry, answer)
        if self._raise and isinstance(settled, Failure):
            raise settled.error
        return settled

    def _settle(self, entry: Sent | Failure, answer: cleaning_pb2.CleanStreamResponse | None) -> Result | Failure:
        if isinstance(entry, Failure):
            return entry
        self._bytes -= entry.size
        outcome = answer.WhichOneof("outcome") if answer is not None else None
        if answer is not None and outcome == "response":
            return _convert.result(answer.response, entry.document, self._unit)
        if answer is not None and outcome == "error":
            return Failure(entry.document.id, _convert.error(answer.error))
        raise ServerError("the server's answer holds neither a result nor an error", code="INTERNAL")


def check_bounds(on_error: str, max_in_flight: int, max_in_flight_bytes: int) -> None:
    """Check the arguments of `clean_many`.

    Raises:
        ValueError: one is out of range; the message says which.
    """
    if on_error not in ("yield", "raise"):
        raise ValueError(f"on_error is {on_error!r}; it must be 'yield' or 'raise'")
    if max_in_flight < 1:
        raise ValueError(f"max_in_flight is {max_in_flight}; it must be at least 1")
    if max_in_flight_bytes < 1:
        raise ValueError(f"max_in_flight_bytes is {max_in_flight_bytes}; it must be at least 1")
