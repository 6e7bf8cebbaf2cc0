"""Messages between the supervisor and its workers: a few words as JSON, over a pair of connected sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from multiprocessing.connection import Connection, Pipe
from typing import Final

MAX_BYTES: Final = 65_536
"""Bytes of one message. All are small, so that whoever sends is not held up by whoever does not read."""


class Word(StrEnum):
    """What a message says."""

    READY = "ready"
    """A worker: its port is open."""
    FAILED = "failed"
    """A worker: it could not start, and why."""
    ALIVE = "alive"
    """A worker: a sign of life."""
    WEARY = "weary"
    """A worker: it has reached a ceiling, and which; it serves on until it is told to leave."""
    ASK = "ask"
    """A worker: a caller wants everything read anew."""
    RELOAD = "reload"
    """The supervisor: everything was read anew and holds; take it, and which rule set it must be."""
    REFUSED = "refused"
    """The supervisor: what was read anew does not hold, and why."""
    LEAVE = "leave"
    """The supervisor: take nothing new, finish, end."""
    DRAIN = "drain"
    """The supervisor: the service shuts down; as `LEAVE`, and say so to those who ask for health."""
    STOP = "stop"
    """The supervisor: end at once."""
    GONE = "gone"
    """Nobody: the other side of the link has ended."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    word: Word
    values: Mapping[str, str] = field(default_factory=dict)


class Link:
    """One end of the line between the supervisor and one worker."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fileno(self) -> int:
        """Return the descriptor, so that one may wait for several links."""
        return self._connection.fileno()

    def send(self, word: Word, **values: str) -> None:
        """Send a message; one to a process that has ended is lost, and its end is seen elsewhere."""
        try:
            self._connection.send_bytes(json.dumps(asdict(Message(word, values))).encode())
        except OSError:
            return

    def receive(self) -> Message:
        """Wait for the next message; `Word.GONE` when the other side has ended."""
        try:
            found = json.loads(self._connection.recv_bytes(MAX_BYTES))
        except (EOFError, OSError):
            return Message(Word.GONE)
        return Message(Word(found["word"]), found["values"])

    def close(self) -> None:
        """Close this end."""
        self._connection.close()


def pair() -> tuple[Link, Link]:
    """Return both ends of a new line."""
    ours, theirs = Pipe()
    return Link(ours), Link(theirs)
