"""A client leaves no thread behind: one that is killed at the end of a program takes a lock with it, and all hangs."""

from __future__ import annotations

import subprocess
import sys
import threading
from itertools import count, islice

import pytest

from dehusk import Client
from dehusk_server.serving.app import BackgroundServer

SERVING = ("dehusk-clean-many", "(_run)")
"""What is in the names of the threads that work for a stream: ours, and gRPC's two."""


def threads() -> list[str]:
    """Return the names of the threads that work for streams."""
    return [one.name for one in threading.enumerate() if any(name in one.name for name in SERVING)]


def test_the_threads_of_a_stream_are_known(client: Client) -> None:
    """The names above are those that this version of gRPC gives; else the tests below could not fail."""
    stream = client.clean_many("one" for _ in count())
    next(iter(stream))

    assert len(threads()) == 3


@pytest.mark.parametrize("taken", [0, 1, 5, 30])
def test_a_stream_that_was_read_or_left_leaves_no_thread(server: BackgroundServer, taken: int) -> None:
    """However many answers were taken when the reader went away."""
    with Client(server.target) as client:
        list(islice(client.clean_many(["one"] * 20), taken))

    assert threads() == []


def test_a_client_closed_before_its_streams_ends_them(server: BackgroundServer) -> None:
    """Streams that nobody read to the end, of one client."""
    client = Client(server.target)
    streams = [iter(client.clean_many("one" for _ in count())) for _ in range(2)]
    for stream in streams:
        next(stream)
    client.close()

    assert threads() == []


@pytest.mark.parametrize("taken", [1, 20])
def test_a_program_that_leaves_all_open_ends(server: BackgroundServer, taken: int) -> None:
    """No close, no `with`, a stream half read: the program ends, and soon."""
    code = f"""
from itertools import islice
from dehusk import Client

client = Client({server.target!r})
stream = client.clean_many(["one"] * 20)
answers = list(islice(stream, {taken}))
print(len(answers))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=4)

    assert (ended.returncode, ended.stdout) == (0, f"{taken}\n"), ended.stderr
