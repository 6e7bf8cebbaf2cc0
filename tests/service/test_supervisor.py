"""The supervisor and its workers: shared port, deaths, ceilings, silence, signals."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from dehusk import AsyncClient, Client, DehuskError, Failure, Result, UnavailableError
from service.running import Service, eventually, running


def test_workers_share_one_port(tmp_path: Path) -> None:
    """As many workers as were asked for, one address, and any of them answers."""
    with running(tmp_path, workers=2) as service:
        assert len(service.workers) == 2
        for _ in range(8):  # each a connection of its own, spread by the kernel
            with Client(service.target) as client:
                assert client.clean("Prose.").body == "Prose."
        assert service.end() == 0


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    """After a kill -9 there are as many workers again, another one among them, and they answer."""
    with running(tmp_path, workers=2) as service, Client(service.target) as client:
        assert client.clean("Prose.").ok
        first, second = service.workers

        os.kill(first, signal.SIGKILL)

        assert eventually(lambda: len(service.workers) == 2 and first not in service.workers)
        assert second in service.workers
        assert all(client.clean("Prose.").ok for _ in range(20))
        assert "a worker has died" in service.log


def test_a_dead_workers_calls_are_lost_and_no_others(tmp_path: Path) -> None:
    """A call under way in a worker that is killed is UNAVAILABLE; with retries it is answered by another one."""
    with running(tmp_path) as service, ThreadPoolExecutor(2) as pool:
        with Client(service.target, retries=0) as impatient:
            lost: Future[Result] = pool.submit(impatient.clean, "!wait")
            _busy(service)
            os.kill(service.workers[0], signal.SIGKILL)
            with pytest.raises(UnavailableError):
                lost.result(20)
        with Client(service.target, retries=4) as client:
            assert client.clean("Prose.").ok


@pytest.mark.parametrize("awaited", [False, True], ids=["blocking", "awaited"])
def test_streams_outlast_their_workers(tmp_path: Path, awaited: bool) -> None:
    """Every page of a stream is answered once, rightly and in order, though the workers are killed meanwhile."""
    pages = [f"Page {number}.\n[SHARE] {number}\n" for number in range(400)]
    bodies: list[str] = []
    kills = [50, 51, 200]

    with running(tmp_path) as service:

        def take(answer: Result | Failure) -> None:
            assert isinstance(answer, Result)
            bodies.append(answer.body)
            if len(bodies) in kills:
                os.kill(service.workers[0], signal.SIGKILL)
                # Until there is another one; how often the client would try in vain depends on the machine.
                started = 2 + kills.index(len(bodies))
                assert eventually(lambda: service.log.count("serving") == started)

        async def clean_all() -> None:
            async with AsyncClient(service.target, retries=4) as client:
                async for answer in client.clean_many(pages):
                    take(answer)

        if awaited:
            asyncio.run(clean_all())
        else:
            with Client(service.target, retries=4) as client:
                for answer in client.clean_many(pages):
                    take(answer)

    assert bodies == [f"Page {number}." for number in range(400)]


@pytest.mark.parametrize("ceiling", [{"max_worker_documents": 50}, {"max_worker_megabytes": 1}], ids=["age", "memory"])
def test_a_ceiling_recycles_a_worker_without_dropping_a_call(tmp_path: Path, ceiling: dict[str, int]) -> None:
    """Workers at a ceiling are replaced while every call is answered, though none is tried again."""
    with running(tmp_path, workers=1, **ceiling) as service:
        first = service.workers
        with Client(service.target, retries=0) as client:
            assert eventually(
                lambda: client.clean("Prose.").body == "Prose." and not set(first) & set(service.workers), 30
            )
            assert client.clean("Prose.").ok
        assert "a worker has died" not in service.log


def test_a_call_under_way_outlives_the_recycling_of_its_worker(tmp_path: Path) -> None:
    """A worker that was replaced ends what it had begun, and only then itself."""
    with running(tmp_path, max_worker_documents=3) as service, ThreadPoolExecutor(1) as pool:
        first = service.workers[0]
        with Client(service.target, retries=0) as client, Client(service.target) as other:
            slow = pool.submit(client.clean, "!patient")
            _busy(service)
            for _ in range(3):
                assert other.clean("Prose.").ok
            assert eventually(lambda: len(service.workers) == 2)
            assert eventually(lambda: "leaving" in service.log)
            assert first in service.workers
            assert other.clean("Prose.").ok
            assert not slow.done()
        with pytest.raises(DehuskError):  # its client was closed
            slow.result(10)
        assert eventually(lambda: len(service.workers) == 1)


def test_a_worker_that_gives_no_sign_is_replaced(tmp_path: Path) -> None:
    """A process that hangs is killed after its time, and another one serves."""
    with running(tmp_path, max_silence_seconds=2.0) as service:
        (first,) = service.workers
        os.kill(first, signal.SIGSTOP)

        assert eventually(lambda: first not in service.workers and len(service.workers) == 1, 30)
        with Client(service.target, retries=4) as client:
            assert client.clean("Prose.").ok


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    """The first signal waits for a call under way, the second does not."""
    with (
        running(tmp_path, grace_seconds=60.0) as service,
        ThreadPoolExecutor(1) as pool,
        Client(service.target, retries=0) as client,
    ):
        slow = pool.submit(client.clean, "!patient")
        _busy(service)
        service.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: "shutting down" in service.log)
        assert service.process.poll() is None

        assert service.end() == 0
        with pytest.raises(DehuskError):
            slow.result(10)


def test_what_becomes_of_workers_is_counted(tmp_path: Path) -> None:
    """Deaths, silences and recyclings each have their number, which outlives the worker; so has how many serve."""

    def numbers() -> dict[str, float]:
        told = urllib.request.urlopen(f"{http}/metrics", timeout=20).read().decode()
        lines = [line.rpartition(" ") for line in told.splitlines() if line.startswith("dehusk_worker")]
        return {name: float(value) for name, _, value in lines}

    def counted(why: str, times: int) -> bool:
        try:
            return numbers().get(f'dehusk_worker_ends_total{{why="{why}"}}') == times
        except OSError:  # the worker that was asked is the one that has just gone
            return False

    ceilings = {"max_worker_documents": 5, "max_silence_seconds": 2.0}
    with running(tmp_path, workers=2, http=True, http_port=0, **ceilings) as service:
        assert service.process.stdout is not None
        http = service.process.stdout.readline().split()[-1]
        assert numbers()["dehusk_workers"] == 2
        os.kill(service.workers[0], signal.SIGKILL)
        assert eventually(lambda: counted("died", 1))
        assert eventually(lambda: len(service.workers) == 2)
        os.kill(service.workers[0], signal.SIGSTOP)
        assert eventually(lambda: counted("silent", 1), 30)
        with Client(service.target, retries=4) as client:
            assert all(client.clean("Prose.").ok for _ in range(5))
        assert eventually(lambda: counted("recycled", 1))
        assert counted("died", 1)
        assert eventually(lambda: numbers()["dehusk_workers"] == 2)


def test_workers_do_not_outlive_their_supervisor(tmp_path: Path) -> None:
    """Where the supervisor is killed, nobody would replace or end the workers: they end by themselves."""
    with running(tmp_path, workers=2, grace_seconds=1.0) as service:
        workers = service.workers
        service.process.kill()

        assert eventually(lambda: not any(_lives(pid) for pid in workers))


def test_a_unix_socket_is_there_at_every_moment(tmp_path: Path) -> None:
    """A socket in place of a port; its file stays through a recycling and is taken away by nobody but the last."""
    path = tmp_path / "dehusk.sock"
    with running(tmp_path, unix_socket=path, max_worker_documents=20) as service:
        assert service.target == f"unix:{path}"
        first = service.workers
        for _ in range(2_000):
            with Client(service.target, retries=0) as client:
                assert client.clean("Prose.").ok
            if not set(first) & set(service.workers):
                break
            time.sleep(0.01)
        assert not set(first) & set(service.workers)
        assert path.is_socket()


def test_a_taken_port_is_refused() -> None:
    """A second service on one port does not start, and says why, although the port could be shared."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        ended = _dehusk("serve", "--port", str(holder.getsockname()[1]))

    assert (ended.returncode, "in use" in ended.stderr) == (2, True)


def test_workers_that_cannot_start_are_given_up() -> None:
    """What fails at every start is tried a few times, and then said."""
    ended = _dehusk("serve", "--unix-socket", "/no/such/folder/dehusk.sock")

    assert (ended.returncode, "workers ended before they served" in ended.stderr) == (1, True)


def _busy(service: Service) -> None:
    """Wait until a call has reached the engine of a worker; it says so in the log."""
    assert eventually(lambda: "waits" in service.log)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except OSError:
        return False


def _dehusk(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dehusk_server", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
