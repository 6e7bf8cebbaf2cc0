"""Where documents are answered, whatever door they came through: in threads, counted, and only while somebody waits."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import TypeAlias, TypeVar

from dehusk.v1 import cleaning_pb2
from dehusk_server.errors import DehuskError
from dehusk_server.serving import log, status
from dehusk_server.serving.admission import Door
from dehusk_server.serving.handlers import Handlers
from dehusk_server.serving.meters import Meters
from dehusk_server.serving.raw import Broken

_R = TypeVar("_R")
_Task: TypeAlias = Callable[[Callable[[], bool]], _R]
"""Work for a thread, given what says whether its caller has left."""


class Desk:
    """Answers documents. Belongs to one event loop; the work runs in threads, so that the loop stays free.

    Args:
        handlers: what answers.
        door: who is let in.
        pool: the threads.
        meters: what counts.
    """

    def __init__(self, handlers: Handlers, door: Door, pool: Executor, meters: Meters) -> None:
        self._handlers = handlers
        self._door = door
        self._pool = pool
        self._meters = meters

    async def clean(
        self, request: cleaning_pb2.CleanRequest | Broken, deadline_s: float | None
    ) -> cleaning_pb2.CleanResponse:
        """Clean a document that came alone.

        Args:
            request: the message, or what stands for one that could not be read.
            deadline_s: `time.monotonic` instant by which the caller wants the answer.

        Raises:
            DehuskError: it cannot be cleaned, or is not let in; the class says why.
        """
        self._door.enter(self._door.documents)
        return await self._counted(partial(self._clean, request, deadline_s), self._door.documents.leave)

    async def clean_next(
        self, request: cleaning_pb2.CleanRequest | Broken, name: str, deadline_s: float | None
    ) -> cleaning_pb2.CleanStreamResponse:
        """Clean the next document of a stream, which has its place already; a fault of it is its own answer."""
        try:
            response = await self._counted(partial(self._clean, request, deadline_s))
        except DehuskError as fault:
            return cleaning_pb2.CleanStreamResponse(id=name, error=status.wire_error(fault))
        except Exception as fault:  # noqa: BLE001 - whatever one page does to us, the next is served
            log.failed("CleanStream", fault)
            return cleaning_pb2.CleanStreamResponse(id=name, error=status.internal_error(log.request_id.get()))
        return cleaning_pb2.CleanStreamResponse(id=name, response=response)

    async def explain(
        self, request: cleaning_pb2.ExplainRequest | Broken, deadline_s: float | None
    ) -> cleaning_pb2.ExplainResponse:
        """Explain a place of a document; errors as `clean`."""
        self._door.enter(self._door.documents)
        return await self._in_a_thread(
            lambda left: self._handlers.explain(request, deadline_s=deadline_s, abandoned=left),
            self._door.documents.leave,
        )

    def _clean(
        self, request: cleaning_pb2.CleanRequest | Broken, deadline_s: float | None, left: Callable[[], bool]
    ) -> cleaning_pb2.CleanResponse:
        return self._handlers.clean(request, deadline_s=deadline_s, abandoned=left)

    async def _counted(
        self, task: _Task[cleaning_pb2.CleanResponse], leave: Callable[[], object] = bool
    ) -> cleaning_pb2.CleanResponse:
        began = time.perf_counter()
        try:
            response = await self._in_a_thread(task, leave)
        except (Exception, asyncio.CancelledError) as fault:
            self._meters.document(status.code_name(fault), time.perf_counter() - began)
            raise
        self._meters.document("OK", time.perf_counter() - began, response)
        return response

    async def _in_a_thread(self, task: _Task[_R], leave: Callable[[], object] = bool) -> _R:
        """Run a task; its place is free when the thread is, even if the caller has left. The task is told of that."""
        left = threading.Event()
        try:
            future = self._pool.submit(task, left.is_set)
        except BaseException:
            leave()
            raise
        future.add_done_callback(lambda _: leave())
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            left.set()
            raise
