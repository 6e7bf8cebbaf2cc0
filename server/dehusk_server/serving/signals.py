"""Signals as the supervisor takes them: noted when they come, obeyed when it is their turn."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def signals() -> Iterator[tuple[socket.socket, list[int]]]:
    """Take signals; yields a socket that can be read when one has come, and the list where they are noted."""
    orders: list[int] = []
    waking, woken = socket.socketpair()
    with waking, woken:
        waking.setblocking(False)
        woken.setblocking(False)
        before = {
            number: signal.signal(number, lambda number, _: orders.append(number))
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
        }
        descriptor = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        try:
            yield woken, orders
        finally:
            signal.set_wakeup_fd(descriptor)
            for number, handler in before.items():
                signal.signal(number, handler)


def empty(woken: socket.socket) -> None:
    """Read what made the socket of `signals` readable, so that one can wait for more."""
    with suppress(BlockingIOError):
        while woken.recv(1_024):
            pass
