"""The blocking client: input and output only; `aio` is its awaited twin."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self, Unpack

import grpc

from dehusk import _convert, _requests
from dehusk._call import (
    DEFAULT_MAX_MESSAGE_BYTES,
    DEFAULT_TIMEOUT_S,
    TLS,
    UNSET,
    CallSettings,
    Metadata,
    Timeout,
    error_from_call,
)
from dehusk._lasting import LastingStream, Patience
from dehusk._lookups import Lookups
from dehusk._stream import Stream, Streams
from dehusk._window import DEFAULT_MAX_IN_FLIGHT, DEFAULT_MAX_IN_FLIGHT_BYTES, Window
from dehusk.options import CleanOptions, OnError
from dehusk.report import Explanation
from dehusk.types import Document, Failure, Result
from dehusk.v1 import cleaning_pb2, cleaning_pb2_grpc, rules_pb2_grpc


class Client(Lookups):
    """Cleans pages through a Dehusk server. Safe to share between threads; close it, or use it in a ``with``.

    Args:
        target: ``HOST:PORT`` or any other gRPC target (``unix:/run/dehusk.sock``).
        tls: how to speak TLS; ``None`` for plain text.
        timeout_s: seconds for each call that is given no time of its own; ``None`` for no limit. `clean_many` has no
            limit unless it is given one.
        retries: further attempts, 0 to 4, where no server could be reached or it went (UNAVAILABLE, or CANCELLED that
            this client did not ask for); nothing else is tried again. `clean_many` then sends again what was not
            answered, so often in a row without an answer.
        max_message_bytes: the largest message sent or received.
        keepalive_s: seconds between signs of life on a quiet connection.
        metadata: sent with every call, such as ``[("authorization", "Bearer ...")]``.
        balance: whether calls go in turn to every address that the target's name resolves to (``dns:///name:50051``).
            A stream stays where it began.
        wait_for_ready: whether a call waits for a server to come, as long as it has time, instead of failing at once.
        interceptors: gRPC's own, called in this order: of ``grpc`` here, of ``grpc.aio`` in the awaited client.

    Raises:
        ValueError: an argument out of range.
    """

    def __init__(
        self,
        target: str,
        *,
        tls: TLS | None = None,
        timeout_s: float | None = DEFAULT_TIMEOUT_S,
        retries: int = 3,
        max_message_bytes: int = DEFAULT_MAX_MESSAGE_BYTES,
        keepalive_s: float = 60.0,
        metadata: Metadata = (),
        balance: bool = False,
        wait_for_ready: bool = False,
        interceptors: Sequence[Any] = (),
    ) -> None:
        self._channel: grpc.Channel | None = None
        self._streams = Streams()
        self._settings = CallSettings(
            *(target, tls, timeout_s, retries, max_message_bytes, keepalive_s),
            metadata=tuple(metadata),
            balance=balance,
            wait_for_ready=wait_for_ready,
        )
        self._channel = grpc.intercept_channel(self._settings.channel(), *interceptors)
        # A client left open when the interpreter ends is closed first: see `_stream`.
        self._shut = weakref.finalize(self, _shut, self._channel, self._streams)
        self._cleaning = cleaning_pb2_grpc.CleaningServiceStub(self._channel)
        self._rules = rules_pb2_grpc.RuleServiceStub(self._channel)

    def clean(
        self,
        text: str | Document,
        *,
        timeout_s: Timeout = UNSET,
        metadata: Metadata = (),
        **options: Unpack[CleanOptions],
    ) -> Result:
        """Clean one page.

        Args:
            text: the page as text, or a `Document` that also says its id, address and language.
            timeout_s: seconds; 0 is no time at all, ``None`` no limit; by default the client's own.
            metadata: sent with this call beside the client's own, in place of it where the key is the same.
            **options: see `CleanOptions`.

        Raises:
            DehuskError: the page was not cleaned; the class and ``code`` say why.
        """
        document = _requests.as_document(text)
        request = _requests.clean_request(document, _requests.wire_options(options))
        self._settings.check_size(request.ByteSize())
        response: cleaning_pb2.CleanResponse = self._call(self._cleaning.Clean, request, timeout_s, metadata)
        return _convert.result(response, document, _requests.offset_unit(options))

    def clean_many(
        self,
        documents: Iterable[str | Document],
        *,
        on_error: OnError = "yield",
        max_in_flight: int = DEFAULT_MAX_IN_FLIGHT,
        max_in_flight_bytes: int = DEFAULT_MAX_IN_FLIGHT_BYTES,
        timeout_s: float | None = None,
        metadata: Metadata = (),
        **options: Unpack[CleanOptions],
    ) -> Iterator[Result | Failure]:
        """Clean pages through one stream; answers come in the order of the pages.

        The pages are taken one by one, in your thread, as room allows. Answers that are there are given before the next
        page is taken. Leaving the loop early ends the stream.

        Args:
            documents: pages, as `clean` takes them.
            on_error: ``"yield"`` gives a `Failure` in place of a page that cannot be cleaned, and goes on; ``"raise"``
                raises its error, and ends the stream.
            max_in_flight: pages under way at once, at least 1.
            max_in_flight_bytes: bytes of pages under way at once; one larger page goes alone.
            timeout_s: seconds for the whole stream; ``None`` for no limit.
            metadata: as for `clean`, sent when the stream is opened.
            **options: see `CleanOptions`; they hold for every page.

        Raises:
            DehuskError: the stream itself failed (no server, no time), whatever ``on_error`` says; or a page, with
                ``"raise"``.
        """
        window = Window(
            self._settings,
            options,
            on_error=on_error,
            max_in_flight=max_in_flight,
            max_in_flight_bytes=max_in_flight_bytes,
        )
        return self._stream(documents, window, timeout_s, self._settings.sent_metadata(metadata))

    def explain(
        self,
        text: str | Document,
        offset: int,
        *,
        timeout_s: Timeout = UNSET,
        metadata: Metadata = (),
        **options: Unpack[CleanOptions],
    ) -> Explanation:
        """Say why the text around one offset was kept or removed.

        Args:
            text: the page, as `clean` takes it.
            offset: the place, in the unit of ``options``.
            timeout_s: as for `clean`.
            metadata: as for `clean`.
            **options: see `CleanOptions`.

        Raises:
            DehuskError: as `clean`, or an offset outside the text.
        """
        document = _requests.as_document(text)
        request = _requests.clean_request(document, _requests.wire_options(options))
        asked = _requests.explain_request(request, offset)
        self._settings.check_size(asked.ByteSize())
        response: cleaning_pb2.ExplainResponse = self._call(self._cleaning.Explain, asked, timeout_s, metadata)
        return _convert.explanation(response, document, _requests.offset_unit(options))

    def close(self) -> None:
        """Close the connection; calls under way are cancelled. Closing twice does no harm."""
        if self._channel is not None:
            self._channel = None
            self._shut()

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def __del__(self) -> None:
        """Warn when dropped open."""
        if getattr(self, "_channel", None) is not None:
            warnings.warn(f"{self!r} was dropped open; close it", ResourceWarning, stacklevel=2, source=self)
            self.close()

    def __repr__(self) -> str:
        """Say where the server is."""
        return f"dehusk.Client({self._settings.target!r})"

    def _check_open(self) -> None:
        if self._channel is None:
            raise RuntimeError(f"{self!r} is closed")

    def _call(self, method: Any, request: object, timeout_s: Timeout, metadata: Metadata) -> Any:
        self._check_open()
        sent = self._settings.sent_metadata(metadata)
        try:
            return method(request, timeout=self._settings.timeout(timeout_s), metadata=sent)
        except grpc.RpcError as fault:
            raise error_from_call(fault) from None

    def _stream(
        self,
        documents: Iterable[str | Document],
        window: Window,
        timeout_s: float | None,
        metadata: tuple[tuple[str, str | bytes], ...],
    ) -> Iterator[Result | Failure]:
        self._check_open()
        patience = Patience(self._settings.retries, timeout_s)
        method = self._cleaning.CleanStream
        stream = LastingStream(lambda left_s: Stream(method, left_s, metadata, self._streams), patience)
        try:
            for document in documents:
                entry = window.prepare(document)
                while not window.fits(entry):
                    yield _settle(window, stream)
                window.push(entry)
                if not isinstance(entry, Failure):
                    stream.send(entry.request)
                while len(window) and (not window.needs_answer or stream.has_answer):
                    yield _settle(window, stream)
            stream.finish()
            while len(window):
                yield _settle(window, stream)
        finally:
            stream.close(answered=not len(window))


def _shut(channel: grpc.Channel, streams: Streams) -> None:
    streams.close()
    channel.close()


def _settle(window: Window, stream: LastingStream) -> Result | Failure:
    return window.settle(stream.answer() if window.needs_answer else None)
