"""The asyncio client: the surface of `client.Client`, awaited."""

from __future__ import annotations

import asyncio
import contextlib
import warnings
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from types import TracebackType
from typing import Any, Self, Unpack

import grpc
import grpc.aio

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
from dehusk._lasting import LastingCall, Patience
from dehusk._lookups import AsyncLookups
from dehusk._window import DEFAULT_MAX_IN_FLIGHT, DEFAULT_MAX_IN_FLIGHT_BYTES, Window
from dehusk.options import CleanOptions, OnError
from dehusk.report import Explanation
from dehusk.types import Document, Failure, Result
from dehusk.v1 import cleaning_pb2, cleaning_pb2_grpc, rules_pb2_grpc


class AsyncClient(AsyncLookups):
    """Cleans pages through a Dehusk server. Belongs to one event loop; close it, or use it in an ``async with``.

    Args and errors are those of `dehusk.Client`.
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
        self._channel: grpc.aio.Channel | None = None
        self._settings = CallSettings(
            *(target, tls, timeout_s, retries, max_message_bytes, keepalive_s),
            metadata=tuple(metadata),
            balance=balance,
            wait_for_ready=wait_for_ready,
        )
        credentials = self._settings.credentials()
        options = self._settings.options()
        if credentials is None:
            self._channel = grpc.aio.insecure_channel(target, options, interceptors=interceptors)
        else:
            self._channel = grpc.aio.secure_channel(target, credentials, options, interceptors=interceptors)
        self._cleaning: Any = cleaning_pb2_grpc.CleaningServiceStub(self._channel)
        self._rules: Any = rules_pb2_grpc.RuleServiceStub(self._channel)

    async def clean(
        self,
        text: str | Document,
        *,
        timeout_s: Timeout = UNSET,
        metadata: Metadata = (),
        **options: Unpack[CleanOptions],
    ) -> Result:
        """Clean one page; see `dehusk.Client.clean`."""
        document = _requests.as_document(text)
        request = _requests.clean_request(document, _requests.wire_options(options))
        self._settings.check_size(request.ByteSize())
        response: cleaning_pb2.CleanResponse = await self._call(self._cleaning.Clean, request, timeout_s, metadata)
        return _convert.result(response, document, _requests.offset_unit(options))

    def clean_many(
        self,
        documents: Iterable[str | Document] | AsyncIterable[str | Document],
        *,
        on_error: OnError = "yield",
        max_in_flight: int = DEFAULT_MAX_IN_FLIGHT,
        max_in_flight_bytes: int = DEFAULT_MAX_IN_FLIGHT_BYTES,
        timeout_s: float | None = None,
        metadata: Metadata = (),
        **options: Unpack[CleanOptions],
    ) -> AsyncIterator[Result | Failure]:
        """Clean pages through one stream; see `dehusk.Client.clean_many`.

        Pages are taken while answers are awaited. An iterable that blocks blocks the event loop; give an async one.
        """
        window = Window(
            self._settings,
            options,
            on_error=on_error,
            max_in_flight=max_in_flight,
            max_in_flight_bytes=max_in_flight_bytes,
        )
        return self._stream(documents, window, timeout_s, self._settings.sent_metadata(metadata))

    async def explain(
        self,
        text: str | Document,
        offset: int,
        *,
        timeout_s: Timeout = UNSET,
        metadata: Metadata = (),
        **options: Unpack[CleanOptions],
    ) -> Explanation:
        """Say why the text around one offset was kept or removed; see `dehusk.Client.explain`."""
        document = _requests.as_document(text)
        request = _requests.clean_request(document, _requests.wire_options(options))
        asked = _requests.explain_request(request, offset)
        self._settings.check_size(asked.ByteSize())
        response: cleaning_pb2.ExplainResponse = await self._call(self._cleaning.Explain, asked, timeout_s, metadata)
        return _convert.explanation(response, document, _requests.offset_unit(options))

    async def close(self) -> None:
        """Close the connection; calls under way are cancelled. Closing twice does no harm."""
        if self._channel is not None:
            channel, self._channel = self._channel, None
            await channel.close()

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        await self.close()

    def __del__(self) -> None:
        """Warn when dropped open; the event loop may be gone, so the connection is left to gRPC."""
        if getattr(self, "_channel", None) is not None:
            warnings.warn(f"{self!r} was dropped open; close it", ResourceWarning, stacklevel=2, source=self)

    def __repr__(self) -> str:
        """Say where the server is."""
        return f"dehusk.AsyncClient({self._settings.target!r})"

    def _check_open(self) -> None:
        if self._channel is None:
            raise RuntimeError(f"{self!r} is closed")

    async def _call(self, method: Any, request: object, timeout_s: Timeout, metadata: Metadata) -> Any:
        self._check_open()
        sent = self._settings.sent_metadata(metadata)
        try:
            return await method(request, timeout=self._settings.timeout(timeout_s), metadata=sent)
        except grpc.aio.AioRpcError as fault:
            raise error_from_call(fault) from None

    async def _stream(
        self,
        documents: Iterable[str | Document] | AsyncIterable[str | Document],
        window: Window,
        timeout_s: float | None,
        metadata: tuple[tuple[str, str | bytes], ...],
    ) -> AsyncIterator[Result | Failure]:
        self._check_open()
        call = LastingCall(
            lambda left_s: self._cleaning.CleanStream(timeout=left_s, metadata=metadata),
            Patience(self._settings.retries, timeout_s),
        )
        pump = _Pump(documents, window, call)
        task = asyncio.create_task(pump.run())
        try:
            while await pump.waiting():
                answer = await call.answer() if window.needs_answer else None
                settled = window.settle(answer)
                pump.freed.set()
                yield settled
            # Raises what the iterable of documents raised.
            await task
        finally:
            task.cancel()
            await call.close()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task


class _Pump:
    """Takes documents and sends them, as far as the window has room."""

    def __init__(
        self,
        documents: Iterable[str | Document] | AsyncIterable[str | Document],
        window: Window,
        call: LastingCall,
    ) -> None:
        self._documents = documents
        self._window = window
        self._call = call
        self._finished = False
        self._taken = asyncio.Event()
        self.freed = asyncio.Event()
        """Set by the reader whenever the window has more room."""

    async def run(self) -> None:
        """Send every document, then say so."""
        try:
            async for document in _each(self._documents):
                entry = self._window.prepare(document)
                while not self._window.fits(entry):
                    self.freed.clear()
                    await self.freed.wait()
                self._window.push(entry)
                self._taken.set()
                if not isinstance(entry, Failure):
                    self._call.send(entry.request)
            self._call.finish()
        finally:
            self._finished = True
            self._taken.set()

    async def waiting(self) -> bool:
        """Wait for a document to be under way; false when none will come."""
        while not len(self._window) and not self._finished:
            self._taken.clear()
            await self._taken.wait()
        return len(self._window) > 0


async def _each(
    documents: Iterable[str | Document] | AsyncIterable[str | Document],
) -> AsyncIterator[str | Document]:
    if isinstance(documents, AsyncIterable):
        async for document in documents:
            yield document
    else:
        for document in documents:
            yield document
