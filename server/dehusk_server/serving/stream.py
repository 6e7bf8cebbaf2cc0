"""The pace of a stream: one document is worked at while the answer before it is sent and the one after it is read.

The work is done in threads, sending and reading by gRPC; in turn they would wait for each other at every document.
What a stream holds is bounded all the same: where answers are not taken, a few are done, one document more is read, and
then the stream rests. Knows no gRPC.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar

AHEAD: Final = 2
"""Answers that may be in work or done and not taken yet. With one, a thread waits until the answer before is sent."""

_Q = TypeVar("_Q")
_A = TypeVar("_A")


async def in_turn(requests: AsyncIterator[_Q], answer: Callable[[_Q], Awaitable[_A]]) -> AsyncGenerator[_A, None]:
    """Yield one answer for each request, in order; one is worked at at a time. Close it, so that its work ends.

    Args:
        requests: what comes; read ahead by one.
        answer: answers one request.

    Raises:
        Exception: what reading or answering raised, after the answers before it.
    """
    room = asyncio.Semaphore(AHEAD)
    answers: asyncio.Queue[_A | None] = asyncio.Queue()

    async def work() -> None:
        coming = asyncio.ensure_future(_next(requests))
        try:
            while (request := await coming) is not None:
                # Room for the answer first: whoever does not take answers must not have any piled up.
                await room.acquire()
                coming = asyncio.ensure_future(_next(requests))
                answers.put_nowait(await answer(request))
        finally:
            coming.cancel()
            answers.put_nowait(None)

    working = asyncio.create_task(work())
    try:
        while (done := await answers.get()) is not None:
            room.release()
            yield done
        await working
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await working


async def _next(requests: AsyncIterator[_Q]) -> _Q | None:
    """Return the next request; ``None`` when there is none."""
    return await anext(requests, None)
