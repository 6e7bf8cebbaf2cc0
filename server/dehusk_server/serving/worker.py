"""A worker: one server in a process of its own, under a supervisor that it tells how it fares."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from typing import Any, Final

from dehusk_server.config import Settings
from dehusk_server.serving import ceilings, log
from dehusk_server.serving.counters import Counters
from dehusk_server.serving.faults import ReloadRefusedError
from dehusk_server.serving.herd import FAULT_STATUS
from dehusk_server.serving.link import Link, Message, Word
from dehusk_server.serving.meters import Meters
from dehusk_server.serving.reload import Loaded, load
from dehusk_server.serving.server import Server

_SIGN_S: Final = 1.0
"""Seconds between two signs of life."""


def work(settings: Settings, loaded: Loaded, link: Link, counters: Counters, row: int) -> int:
    """Serve until the supervisor says otherwise, or has gone.

    Args:
        settings: how to serve; the port is one that others may listen on too.
        loaded: what cleans, and by what callers are known.
        link: the line to the supervisor.
        counters: the table to count in.
        row: the row of this process.

    Returns:
        Exit status.
    """
    return asyncio.run(_Worker(settings, loaded, link, Meters(counters, row)).run())


class _Worker:
    def __init__(self, settings: Settings, loaded: Loaded, link: Link, meters: Meters) -> None:
        self._settings = settings
        self._link = link
        self._meters = meters
        self._loaded = loaded
        self._server = Server(settings, loaded, meters=meters, shared=True, reload=self._ask)
        self._asked: list[asyncio.Future[bool]] = []
        """Callers who wait for a reloading."""
        self._weary = ""
        """Why this process is to be replaced, whatever its ceilings."""
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
        doing: set[asyncio.Task[None]] = set()
        hearing = asyncio.create_task(self._inbox.get())
        while not any(task.done() for task in stopping):
            await asyncio.wait((hearing, *stopping), return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                stopping |= self._stop(hearing.result())
                doing = {task for task in doing if not task.done()} | self._reload(hearing.result())
                hearing = asyncio.create_task(self._inbox.get())
        hearing.cancel()
        await asyncio.gather(*stopping)

    def _stop(self, message: Message) -> set[asyncio.Task[None]]:
        """Begin what a message asks for; returns what stops the server, if it was that."""
        if message.word in (Word.DRAIN, Word.GONE):
            return {asyncio.create_task(self._server.stop())}
        if message.word is Word.LEAVE:
            return {asyncio.create_task(self._server.leave(self._settings.recycle_seconds))}
        if message.word is Word.STOP:
            return {asyncio.create_task(self._server.stop(0))}
        return set()

    def _reload(self, message: Message) -> set[asyncio.Task[None]]:
        """Begin to take or refuse what was read anew, if a message says so."""
        if message.word is Word.RELOAD:
            return {asyncio.create_task(self._take(message.values["sha256"]))}
        if message.word is Word.REFUSED:
            return {asyncio.create_task(self._refuse(message.values["why"]))}
        return set()

    async def _ask(self) -> bool:
        """Have the supervisor read everything anew, for all workers; returns whether the rule set is another one."""
        asked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked.append(asked)
        self._link.send(Word.ASK)
        return await asked

    async def _take(self, sha256: str) -> None:
        try:
            loaded = await asyncio.to_thread(_load, self._settings, self._loaded, sha256)
        except ReloadRefusedError as fault:
            # The supervisor holds what it read; whoever it forks now has that.
            log.event("a worker could not take what was read anew", level=logging.ERROR, why=str(fault))
            self._weary = "what was read anew"
            self._answer(changed=False)
            return
        self._loaded = loaded
        self._answer(changed=await self._server.take(loaded))

    async def _refuse(self, why: str) -> None:
        await self._server.refuse(why)
        for asked in self._answered():
            asked.set_exception(ReloadRefusedError(why))

    def _answer(self, *, changed: bool) -> None:
        for asked in self._answered():
            asked.set_result(changed)

    def _answered(self) -> list[asyncio.Future[bool]]:
        """Return the callers who wait and have not left, and let them wait no longer."""
        asked, self._asked = self._asked, []
        return [each for each in asked if not each.done()]

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
            documents, megabytes = self._meters.documents, ceilings.resident_megabytes()
            why = self._weary or ceilings.reached(self._settings, documents, megabytes)
            if why:
                self._link.send(Word.WEARY, why=why)
            else:
                self._link.send(Word.ALIVE)


def _load(settings: Settings, current: Loaded, sha256: str) -> Loaded:
    loaded = load(settings, current.engine)
    if loaded.engine.rules.sha256 != sha256:
        raise ReloadRefusedError("the file of the rule set has changed again")
    return loaded


def _log_fault(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what no task caught, as an exception handler of the loop; the loop's own would write its message too."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        log.failed("loop", error)
    else:
        log.event("fault of the loop", level=logging.ERROR, what=context.get("message"))
