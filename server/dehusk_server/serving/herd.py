"""Worker processes as a supervisor holds them: forked, heard, ended, buried. Knows no gRPC and no policy."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Final

from dehusk_server.serving.link import Link, Message, Word, pair

FAULT_STATUS: Final = 70
"""Exit status of a worker that a fault of its own ended (EX_SOFTWARE of sysexits.h)."""

_logger = logging.getLogger("dehusk.server")


@dataclass(slots=True, eq=False)
class Worker:
    """One worker process, seen from the supervisor."""

    pid: int
    link: Link
    row: int
    """Its row in the table of counters."""
    heard_s: float
    """`time.monotonic` instant of its last sign of life."""
    ready: bool = False
    deaf: bool = False
    """Whether its end of the link is closed."""
    weary: str = ""
    """The ceiling that it has reached."""
    killed: bool = False
    leave_by_s: float | None = None
    """Instant by which it must have ended, once it was told to."""


class Herd:
    """The workers of one supervisor.

    Args:
        rows: how many there may be at once; each has a number below it.
        work: what a worker does, given its end of the link and its number; returns its exit status.
    """

    def __init__(self, rows: int, work: Callable[[Link, int], int]) -> None:
        self.workers: list[Worker] = []
        self._free = list(range(rows))
        self._work = work

    def fork(self) -> Worker | None:
        """Start a worker; ``None`` where no row is free for it."""
        if not self._free:
            return None
        row = self._free.pop(0)
        ours, theirs = pair()
        sys.stdout.flush()
        sys.stderr.flush()
        # A signal that comes before the child has its own handlers waits until it has.
        held = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._be_a_worker(theirs, row, held)
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        theirs.close()
        worker = Worker(pid, ours, row, time.monotonic())
        self.workers.append(worker)
        return worker

    def messages(self, seconds: float, also: int) -> list[tuple[Worker, Message]]:
        """Wait for messages.

        Args:
            seconds: how long to wait at most.
            also: a descriptor that ends the waiting too.
        """
        hearing = {worker.link.fileno(): worker for worker in self.workers if not worker.deaf}
        found = []
        for descriptor in wait([*hearing, also], seconds):
            if descriptor in hearing:  # the other one is read by its owner
                worker = hearing[descriptor]
                message = worker.link.receive()
                worker.heard_s = time.monotonic()
                worker.deaf = message.word is Word.GONE
                found.append((worker, message))
        return found

    def reap(self) -> list[tuple[Worker, int]]:
        """Return the workers that have ended, with their exit status as `os.waitstatus_to_exitcode` gives it."""
        ended = []
        for worker in list(self.workers):
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if pid:
                worker.link.close()
                self.workers.remove(worker)
                self._free.append(worker.row)
                ended.append((worker, os.waitstatus_to_exitcode(status)))
        return ended

    def kill_all(self) -> None:
        """End all workers at once, and bury them."""
        for worker in self.workers:
            kill(worker)
        for worker in self.workers:
            os.waitpid(worker.pid, 0)
            worker.link.close()
        self.workers.clear()

    def _be_a_worker(self, link: Link, row: int, mask: set[int | signal.Signals]) -> None:
        """Work, and end this process; never returns."""
        status = FAULT_STATUS
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            for other in self.workers:
                other.link.close()
            status = self._work(link, row)
        except BaseException:
            _logger.exception("a worker ended by a fault of its own")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            # Not sys.exit: what the supervisor has yet to do when it ends is not for its children to do.
            os._exit(status)


def kill(worker: Worker) -> None:
    """End a worker at once, whatever it does."""
    worker.killed = True
    os.kill(worker.pid, signal.SIGKILL)
