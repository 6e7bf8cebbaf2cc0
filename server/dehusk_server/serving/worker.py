"""A worker: one server in a process of its own, under a supervisor that it tells how it fares."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from typing import Any, Final

from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.serving import ceilings, log
from dehusk_server.serving.app import Server
from dehusk_server.serving.counters import Counters
from dehusk_server.serving.herd import FAULT_STATUS
from dehusk_server.serving.link import Link, Message, Word
from dehusk_server.serving.meters import Meters

_SIGN_S: Final = 1.0
"""Seconds between two signs of life."""


def work(settings: Settings, engine: Engine, link: Link, counters: Counters, row: int) -> int:
    """Serve until the supervisor says otherwise, or has gone.

    Args:
        settings: how to serve; the port is one that others may listen on too.
        engine: what cleans.
        link: the line to the supervisor.
        counters: the table to count in.
        row: the row of this process.

    Returns:
        Exit status.
    """
    return asyncio.run(_Worker(settings, engine, link, Meters(counters, row)).run())


class _Worker:
    def __init__(self, settings: Settings, engine: Engine, link: Link, meters: Meters) -> None:
        self._settings = settings
        self._link = link
        self._meters = meters
        self._server = Server(settings, engine, meters=meters, shared=True)
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_log_fault)
        # The terminal tells all processes at once; when to end is for the supervisor to say.
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        loop.add_signal_handler(signal.SIGTERM, self._inbox.put_nowait, Message(Word.DRAIN))
        threading.Thread(target=self._listen, args=(loop,), name="dehusk-link", daemon=True).start()
        try:
            await self._server.start()
        except (RuntimeError, OSError) as error:
            self._link.send(Word.FAILED, why=str(error))
            return FAULT_STATUS
        self._link.send(Word.READY)
        signs = asyncio.create_task(self._give_signs())
        await self._obey()
        signs.cancel()
        return 0

    async def _obey(self) -> None:
        """Do as told, until the server has stopped."""
        stopping: set[asyncio.Task[None]] = set()
        hearing = asyncio.create_task(self._inbox.get())
        while not any(task.done() for task in stopping):
            await asyncio.wait((hearing, *stopping), return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                stopping |= self._do(hearing.result())
                hearing = asyncio.create_task(self._inbox.get())
        hearing.cancel()
        await asyncio.gather(*stopping)

    def _do(self, message: Message) -> set[asyncio.Task[None]]:
        """Begin what a message asks for; returns what stops the server, if it was that."""
        if message.word in (Word.DRAIN, Word.GONE):
            return {asyncio.create_task(self._server.stop())}
        if message.word is Word.LEAVE:
            return {asyncio.create_task(self._server.leave(self._settings.recycle_seconds))}
        if message.word is Word.STOP:
            return {asyncio.create_task(self._server.stop(0))}
        log.event("a worker does not know what it was told", level=logging.ERROR, word=message.word)
        return set()

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand on what the supervisor says, from a thread: what reads a pipe may wait."""
        word = Word.READY
        while word is not Word.GONE:
            message = self._link.receive()
            word = message.word
            loop.call_soon_threadsafe(self._inbox.put_nowait, message)

    async def _give_signs(self) -> None:
        """Say now and then that this process lives, or that it has served long enough."""
        while True:
            await asyncio.sleep(_SIGN_S)
            why = ceilings.reached(self._settings, self._meters.documents, ceilings.resident_megabytes())
            if why:
                self._link.send(Word.WEARY, why=why)
            else:
                self._link.send(Word.ALIVE)


def _log_fault(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what no task caught, as an exception handler of the loop; the loop's own would write its message too."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        log.failed("loop", error)
    else:
        log.event("fault of the loop", level=logging.ERROR, what=context.get("message"))
