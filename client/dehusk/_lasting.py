"""Streams that outlast their server: where it goes, another one is asked for what was not answered.

Cleaning changes nothing, so a page may be sent twice. Only UNAVAILABLE is tried again, further and further apart, and
only so often without an answer in between.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import grpc
import grpc.aio

from dehusk._call import error_from_call
from dehusk._stream import Stream
from dehusk.errors import DeadlineError, UnavailableError
from dehusk.v1 import cleaning_pb2

_Request = cleaning_pb2.CleanStreamRequest
_Answer = cleaning_pb2.CleanStreamResponse


class Patience:
    """How often, how soon and until when a stream is opened anew.

    Args:
        retries: times in a row without an answer.
        timeout_s: seconds for everything; ``None`` for no limit.
    """

    def __init__(self, retries: int, timeout_s: float | None) -> None:
        self._retries = retries
        self._failures = 0
        self._until = None if timeout_s is None else time.monotonic() + timeout_s

    def left_s(self) -> float | None:
        """Return the seconds that are left; ``None`` for no limit.

        Raises:
            DeadlineError: none.
        """
        if self._until is None:
            return None
        left = self._until - time.monotonic()
        if left <= 0:
            raise DeadlineError("the time given for the stream ran out", code="DEADLINE_EXCEEDED")
        return left

    def answered(self) -> None:
        """Note that there was an answer."""
        self._failures = 0

    def pause_s(self, fault: UnavailableError) -> float:
        """Return how long to wait before the next attempt, after a fault.

        Raises:
            UnavailableError: the fault, when there were attempts enough.
        """
        if self._failures >= self._retries:
            raise fault
        self._failures += 1
        return min(0.1 * 2.0 ** (self._failures - 1), 2.0)


class LastingStream:
    """A `Stream` that is opened anew where its server goes.

    Args:
        opened: opens a stream, given the seconds that are left.
        patience: how often.
    """

    def __init__(self, opened: Callable[[float | None], Stream], patience: Patience) -> None:
        self._opened = opened
        self._patience = patience
        self._unanswered: deque[_Request] = deque()
        self._finished = False
        self._stream = opened(patience.left_s())

    def send(self, request: _Request) -> None:
        """Send one more page."""
        self._unanswered.append(request)
        self._stream.send(request)

    @property
    def has_answer(self) -> bool:
        """Whether the next answer, or the end, is there already."""
        return self._stream.has_answer

    def answer(self) -> _Answer | None:
        """Wait for the next answer; ``None`` when the server ended the stream.

        Raises:
            DehuskError: the call failed, and it was not worth while to try again.
        """
        while True:
            try:
                answer = self._stream.answer()
            except UnavailableError as fault:
                self._renew(fault)
                continue
            self._patience.answered()
            if self._unanswered:
                self._unanswered.popleft()
            return answer

    def finish(self) -> None:
        """Say that no page follows."""
        self._finished = True
        self._stream.finish()

    def close(self, *, answered: bool) -> None:
        """End the call; see `Stream.close`."""
        self._stream.close(answered=answered)

    def _renew(self, fault: UnavailableError) -> None:
        pause = self._patience.pause_s(fault)
        self._stream.close(answered=False)
        time.sleep(pause)
        self._stream = self._opened(self._patience.left_s())
        for request in self._unanswered:
            self._stream.send(request)
        if self._finished:
            self._stream.finish()


class LastingCall:
    """The awaited twin of `LastingStream`, with the call and the task that sends.

    Args:
        opened: begins a call, given the seconds that are left.
        patience: how often.
    """

    def __init__(self, opened: Callable[[float | None], Any], patience: Patience) -> None:
        self._opened = opened
        self._patience = patience
        self._unanswered: deque[_Request] = deque()
        self._finished = False
        self._open()

    def send(self, request: _Request) -> None:
        """Send one more page, in its turn."""
        self._unanswered.append(request)
        self._sending.put_nowait(request)

    def finish(self) -> None:
        """Say that no page follows."""
        self._finished = True
        self._sending.put_nowait(None)

    async def answer(self) -> _Answer | None:
        """Wait for the next answer; ``None`` when the server ended the stream; errors as `LastingStream.answer`."""
        while True:
            try:
                answer = await _read(self._call)
            except UnavailableError as fault:
                pause = self._patience.pause_s(fault)
                await self.close()
                await asyncio.sleep(pause)
                self._open()
                continue
            self._patience.answered()
            if self._unanswered:
                self._unanswered.popleft()
            return answer

    async def close(self) -> None:
        """End the call, and the task that sends."""
        self._sender.cancel()
        self._call.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await self._sender

    def _open(self) -> None:
        self._call = self._opened(self._patience.left_s())
        # How much is sent is bounded by who calls `send`; a task of its own sends, so that answers are read meanwhile.
        self._sending: asyncio.Queue[_Request | None] = asyncio.Queue()
        for request in self._unanswered:
            self._sending.put_nowait(request)
        if self._finished:
            self._sending.put_nowait(None)
        self._sender = asyncio.create_task(_send(self._call, self._sending))


async def _send(call: Any, requests: asyncio.Queue[_Request | None]) -> None:
    # A call that ended already tells its reader why.
    with contextlib.suppress(grpc.aio.AioRpcError, asyncio.InvalidStateError):
        while (request := await requests.get()) is not None:
            await call.write(request)
        await call.done_writing()


async def _read(call: Any) -> _Answer | None:
    try:
        answer = await call.read()
    except grpc.aio.AioRpcError as fault:
        raise error_from_call(fault) from None
    return answer if isinstance(answer, _Answer) else None
