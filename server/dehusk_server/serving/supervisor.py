"""The supervisor: keeps as many workers serving as were asked for, and ends them in order.

It never imports gRPC, whose threads and locks do not outlive a fork; a worker imports it after it was forked. The rule
set is loaded before, so that all workers share its memory, and a new one is there at once.
"""

from __future__ import annotations

import gc
import importlib
import logging
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Final

from dehusk_server.config import Settings
from dehusk_server.serving import log, ports, series
from dehusk_server.serving.counters import Counters
from dehusk_server.serving.faults import ReloadRefusedError
from dehusk_server.serving.herd import Herd, Worker, kill
from dehusk_server.serving.link import Link, Message, Word
from dehusk_server.serving.reload import Loaded, load
from dehusk_server.serving.signals import empty, signals

MAX_FAILED_STARTS: Final = 5
"""Workers that end before they serve, one after the other, after which the supervisor gives up."""
_TICK_S: Final = 0.5
"""Seconds after which it looks at the clock, whatever happens."""
_SLACK_S: Final = 5.0
"""Seconds beyond its grace after which a worker that should have ended is killed."""
_CALM_S: Final = 30.0
"""Seconds for which a death is remembered: the more there were, the longer the next replacement waits."""


class WorkersFailedError(RuntimeError):
    """Workers end before they serve; the message says why the last one did."""


class Supervisor:
    """Runs the service in worker processes.

    Args:
        settings: how it runs; ``workers`` is at least 1.
        loaded: what cleans, and by what callers are known.
        ready: called with each address (``HOST:PORT`` or ``unix:PATH``, ``http://HOST:PORT``) once all workers serve.
    """

    def __init__(self, settings: Settings, loaded: Loaded, ready: Callable[[str], None]) -> None:
        self._settings = settings
        self._loaded = loaded
        self._ready = ready
        # While a worker finishes what it has under way, its successor counts in a row of its own.
        rows = 2 * settings.workers + 1
        self._counters = Counters(series.ALL, rows + 1)
        self._row = self._counters.row(rows)
        self._herd = Herd(rows, self._work)
        self._announced = False
        self._drains = 0
        """How often it was asked to end."""
        self._failed_starts = 0
        self._why = "no worker said why"
        self._deaths: list[float] = []
        self._looked_s = time.monotonic()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then end in order; a second signal ends all at once.

        Raises:
            PortTakenError: the port cannot be had.
            WorkersFailedError: workers end before they serve.
        """
        with self._ports(), signals() as (woken, orders):
            _keep()
            try:
                self._fill()
                while self._herd.workers or not self._drains:
                    self._turn(woken, orders)
            finally:
                self._herd.kill_all()
        log.event("all workers have ended")

    @contextmanager
    def _ports(self) -> Iterator[None]:
        """Hold the ports for as long as the service lives."""
        settings = self._settings
        with ExitStack() as held:
            if settings.unix_socket is None:
                port = held.enter_context(ports.hold(settings.host, settings.port)).getsockname()[1]
                settings = replace(settings, port=port)
            if settings.http:
                port = held.enter_context(ports.hold(settings.http_host, settings.http_port)).getsockname()[1]
                settings = replace(settings, http_port=port)
            self._settings = settings
            yield

    def _work(self, link: Link, row: int) -> int:
        worker = importlib.import_module("dehusk_server.serving.worker")
        status: int = worker.work(self._settings, self._loaded, link, self._counters, row)
        return status

    def _turn(self, woken: socket.socket, orders: list[int]) -> None:
        """Hear, bury, obey, watch and replace, once."""
        for worker, message in self._herd.messages(_TICK_S, woken.fileno()):
            self._hear(worker, message)
        empty(woken)
        for worker, status in self._herd.reap():
            self._bury(worker, status)
        while orders:
            self._obey(orders.pop(0))
        self._watch()
        if not self._drains:
            self._fill()
        self._row.set(series.WORKERS, float(sum(worker.ready for worker in self._herd.workers)))

    def _hear(self, worker: Worker, message: Message) -> None:
        if message.word is Word.READY:
            worker.ready = True
            self._failed_starts = 0
            if self._drains:
                self._leave(worker, Word.DRAIN, self._settings.notice_seconds + self._settings.grace_seconds)
        elif message.word is Word.FAILED:
            self._why = message.values["why"]
        elif message.word is Word.ASK:
            self._reload()
        elif message.word is Word.WEARY and not any(other.weary for other in self._herd.workers):
            # One after the other, so that memory does not double; the others say it again.
            worker.weary = message.values["why"]
            log.event("a worker is to be replaced", worker=worker.pid, ceiling=worker.weary)
        self._move_on()

    def _move_on(self) -> None:
        """Where enough workers serve: say so the first time, and let those go that have been replaced."""
        fit = [each for each in self._fit() if each.ready]
        if len(fit) < self._settings.workers:
            return
        if not self._announced:
            self._announced = True
            for address in _addresses(self._settings):
                self._ready(address)
        for each in self._herd.workers:
            if each.weary and each.leave_by_s is None:
                self._leave(each, Word.LEAVE, self._settings.recycle_seconds)

    def _bury(self, worker: Worker, status: int) -> None:
        self._counters.forget_gauges(worker.row)
        if worker.leave_by_s is not None:
            if worker.weary:
                self._row.add(series.WORKER_ENDS, 1.0, "recycled")
            return
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < _CALM_S] + [now]
        self._row.add(series.WORKER_ENDS, 1.0, "silent" if worker.killed else "died")
        log.event("a worker has died", level=logging.ERROR, worker=worker.pid, status=status)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= MAX_FAILED_STARTS:
                raise WorkersFailedError(f"{self._failed_starts} workers ended before they served: {self._why}")

    def _obey(self, number: int) -> None:
        if number == signal.SIGHUP:
            self._reload()
        if number not in (signal.SIGTERM, signal.SIGINT):
            return
        self._drains += 1
        settings = self._settings
        log.event("told to end", signal=signal.Signals(number).name, asked=self._drains)
        for worker in self._herd.workers:
            if self._drains > 1 or not worker.ready:
                self._leave(worker, Word.STOP, 0.0)
            else:
                self._leave(worker, Word.DRAIN, settings.notice_seconds + settings.grace_seconds)

    def _reload(self) -> None:
        """Read everything anew, and have the workers take it, all of it or nothing."""
        try:
            self._loaded = load(self._settings, self._loaded.engine)
        except ReloadRefusedError as fault:
            log.event("reload refused", level=logging.ERROR, why=str(fault))
            told, values = Word.REFUSED, {"why": str(fault)}
        else:
            _keep()
            told, values = Word.RELOAD, {"sha256": self._loaded.engine.rules.sha256}
        taken = told is Word.RELOAD
        self._row.add(series.RELOADS, 1.0, "taken" if taken else "refused")
        self._row.set(series.RELOAD_REFUSED, float(not taken))
        self._looked_s = time.monotonic()  # reading takes its time, and is no silence of the workers
        for worker in self._herd.workers:
            worker.link.send(told, **values)

    def _watch(self) -> None:
        """Kill what should have ended, and what gives no sign of life."""
        now = time.monotonic()
        # Where we were held up ourselves, as in a machine that slept, nobody's silence says anything.
        held_up = now - self._looked_s > 10 * _TICK_S
        self._looked_s = now
        for worker in self._herd.workers:
            if held_up:
                worker.heard_s = now
            overdue = worker.leave_by_s is not None and now > worker.leave_by_s
            silent = now - worker.heard_s > self._settings.max_silence_seconds
            if (overdue or silent) and not worker.killed:
                why = "overdue" if overdue else "silent"
                log.event("a worker is killed", level=logging.ERROR, worker=worker.pid, why=why)
                kill(worker)

    def _fill(self) -> None:
        """Start the workers that are missing; after deaths not at once."""
        missing = self._settings.workers - len(self._fit())
        if missing <= 0:
            return
        if len(self._deaths) > 1:
            pause = min(0.1 * 2 ** (len(self._deaths) - 1), _SLACK_S)
            if time.monotonic() - self._deaths[-1] < pause:
                return
        for _ in range(missing):
            self._herd.fork()

    def _fit(self) -> list[Worker]:
        """Return the workers that stay."""
        return [worker for worker in self._herd.workers if worker.leave_by_s is None and not worker.weary]

    def _leave(self, worker: Worker, word: Word, seconds: float) -> None:
        worker.leave_by_s = time.monotonic() + seconds + _SLACK_S
        worker.link.send(word)


def _keep() -> None:
    """Keep for good what is there now: to collect it would only copy pages of memory that all workers share."""
    gc.collect()
    gc.freeze()


def _addresses(settings: Settings) -> Iterator[str]:
    """Yield where clients on the same machine find the service."""
    yield settings.address if settings.unix_socket else ports.local_target(settings.host, settings.port)
    if settings.http:
        scheme = "http" if settings.certificate_chain is None else "https"
        yield f"{scheme}://{ports.local_target(settings.http_host, settings.http_port)}"
