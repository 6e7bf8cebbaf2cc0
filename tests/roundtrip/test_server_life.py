"""Capacity, deadlines, health, reflection, shutdown: how the server lives."""

from __future__ import annotations

import dataclasses
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from dehusk import (
    TLS,
    Client,
    DeadlineError,
    Failure,
    OverloadedError,
    Result,
    UnavailableError,
)
from dehusk.errors import CallCancelledError, DehuskError
from dehusk.v1 import cleaning_pb2, cleaning_pb2_grpc
from dehusk_server.config import Settings
from dehusk_server.serving import series
from dehusk_server.serving.app import BackgroundServer
from roundtrip.certificates import certificate
from roundtrip.conftest import SETTINGS
from roundtrip.fakes import MarkEngine

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


@contextmanager
def calling() -> Iterator[ThreadPoolExecutor]:
    """Give threads to call from."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


def health(channel: grpc.Channel, service: str = "") -> int:
    """Ask the standard health service."""
    stub: Any = health_pb2_grpc.HealthStub(channel)
    return int(stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=5).status)


def test_over_capacity_is_turned_away_with_a_time_to_wait(
    engine: MarkEngine, server: BackgroundServer, client: Client
) -> None:
    """With two documents under way the third is told when to come back; afterwards all is served."""
    with calling() as pool:
        held = [pool.submit(client.clean, "!wait", timeout_s=None) for _ in range(2)]
        for _ in held:
            assert engine.entered.acquire(timeout=10)

        with pytest.raises(OverloadedError) as caught:
            client.clean("one too many")

        engine.release.set()
        assert [future.result(10).ok for future in held] == [True, True]
    assert (caught.value.limit, caught.value.retry_after_s) == ("2 documents under way", 0.5)
    assert client.clean("Prose.").body == "Prose."


def test_info_and_health_answer_at_capacity(engine: MarkEngine, server: BackgroundServer, client: Client) -> None:
    """Those who watch the server can do so when it is busy."""
    with calling() as pool:
        held = [pool.submit(client.clean, "!wait", timeout_s=None) for _ in range(2)]
        for _ in held:
            assert engine.entered.acquire(timeout=10)

        with grpc.insecure_channel(server.target) as channel:
            assert health(channel) == SERVING
        assert client.info().limits.max_concurrent_documents == 2
        assert client.rule_set().version == "7"
        engine.release.set()
        for future in held:
            future.result(10)


def test_a_stream_too_many_is_turned_away(server: BackgroundServer) -> None:
    """Streams have a limit of their own, and a place is free again when a stream ends."""
    with Client(server.target) as client:
        opened = [client.clean_many(iter(["a", "b"]), max_in_flight=1) for _ in range(2)]
        assert all(isinstance(next(stream), Result) for stream in opened)

        with pytest.raises(OverloadedError) as caught:
            next(client.clean_many(["c"]))

        assert caught.value.limit == "2 streams under way"
        assert [len(list(stream)) for stream in opened] == [1, 1]
        assert _eventually(lambda: [answer.ok for answer in client.clean_many(["c"])] == [True])


def test_a_caller_who_leaves_frees_the_place(engine: MarkEngine, server: BackgroundServer, client: Client) -> None:
    """A place is taken as long as the work goes on, and free when it ends, whether or not anybody still waits."""
    for _ in range(2):
        with pytest.raises(DeadlineError):
            client.clean("!wait", timeout_s=0.1)
    engine.release.set()

    assert _eventually(lambda: client.clean("Prose.").ok)


def test_no_time_is_no_time(client: Client) -> None:
    """A time of 0 is not the default: it has run out before it began."""
    with pytest.raises(DeadlineError):
        client.clean("Prose.", timeout_s=0)


def test_the_callers_deadline_reaches_the_engine(engine: MarkEngine) -> None:
    """A document is given up when its caller's time is over, not when the server's own ceiling is."""
    settings = dataclasses.replace(SETTINGS, max_document_seconds=30.0)
    with BackgroundServer(settings, engine) as server, Client(server.target) as client:
        began = time.monotonic()
        with pytest.raises(DeadlineError):
            client.clean("!slow", timeout_s=0.2)

        assert client.clean("Prose.").ok
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("stream", [False, True], ids=["alone", "in a stream"])
def test_a_caller_who_leaves_stops_the_work(engine: MarkEngine, server: BackgroundServer, stream: bool) -> None:
    """A cancelled call reaches the engine, which gives the document up long before its time is over."""
    with grpc.insecure_channel(server.target) as channel:
        stub = cleaning_pb2_grpc.CleaningServiceStub(channel)
        request = cleaning_pb2.CleanRequest(text="!patient")
        call: Any
        if stream:
            call = stub.CleanStream(iter([cleaning_pb2.CleanStreamRequest(request=request)]))
        else:
            call = stub.Clean.future(request)
        assert engine.entered.acquire(timeout=10)

        call.cancel()

        assert engine.gave_up.wait(10)


def under_way(server: BackgroundServer) -> float:
    """Return how many streams a server counts as under way."""
    return server._server._meters.counters.sums(series.CALLS_UNDER_WAY)["CleanStream",][0]


def test_a_slow_reader_holds_back_itself_alone(engine: MarkEngine) -> None:
    """A stream whose answers nobody reads comes to rest; another one goes on; when its caller leaves, it has ended."""
    settings = dataclasses.replace(SETTINGS, max_document_chars=400_000, max_document_seconds=30.0)
    page = "Prose. " * 40_000
    sent = 0

    def pages() -> Iterator[cleaning_pb2.CleanStreamRequest]:
        nonlocal sent
        for sent in range(500):  # noqa: B007 - how many were taken is what is asked
            yield cleaning_pb2.CleanStreamRequest(request=cleaning_pb2.CleanRequest(text=page))

    with BackgroundServer(settings, engine) as server, grpc.insecure_channel(server.target) as channel:
        unread = cleaning_pb2_grpc.CleaningServiceStub(channel).CleanStream(pages())
        taken = -1
        while taken != sent:
            taken = sent
            time.sleep(0.5)  # many times what a page takes
        with Client(server.target) as client:
            assert all(answer.ok for answer in client.clean_many(["Prose."] * 200))
        assert under_way(server) == 1
        unread.cancel()
        assert _eventually(lambda: under_way(server) == 0)

    assert sent < 499


def test_reflection_names_both_services(server: BackgroundServer) -> None:
    """General tools find the contract."""
    with grpc.insecure_channel(server.target) as channel:
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
        asked = reflection_pb2.ServerReflectionRequest(list_services="")
        (answer,) = stub.ServerReflectionInfo(iter([asked]), timeout=5)

    names = {service.name for service in answer.list_services_response.service}
    assert {"dehusk.v1.CleaningService", "dehusk.v1.RuleService", "grpc.health.v1.Health"} <= names


def test_health_knows_each_service(server: BackgroundServer) -> None:
    """Health is told for the server and for each service."""
    with grpc.insecure_channel(server.target) as channel:
        for service in ("", "dehusk.v1.CleaningService", "dehusk.v1.RuleService"):
            assert health(channel, service) == SERVING


def test_shutdown_lets_calls_finish_and_takes_nothing_new(engine: MarkEngine) -> None:
    """Health says NOT_SERVING, a new call is UNAVAILABLE, the call under way is answered."""
    settings = dataclasses.replace(SETTINGS, notice_seconds=1.0, max_document_seconds=30.0)
    with (
        calling() as pool,
        BackgroundServer(settings, engine) as server,
        grpc.insecure_channel(server.target) as channel,
        Client(server.target, retries=0) as client,
    ):
        under_way = pool.submit(client.clean, "!wait\nProse.")
        assert engine.entered.acquire(timeout=10)

        stopping = pool.submit(server.stop)

        assert _eventually(lambda: health(channel) == NOT_SERVING)
        with pytest.raises(UnavailableError, match="shutting down"):
            client.clean("new")
        with pytest.raises(UnavailableError, match="shutting down"):
            next(client.clean_many(["new"]))
        engine.release.set()
        assert under_way.result(10).body == "!wait\nProse."
        stopping.result(10)
        with pytest.raises(UnavailableError):
            client.clean("after")


def test_a_stream_under_way_is_finished(engine: MarkEngine) -> None:
    """Documents of a stream that was open when the shutdown began are answered within the grace."""
    settings = dataclasses.replace(SETTINGS, max_document_seconds=30.0)
    with calling() as pool, BackgroundServer(settings, engine) as server, Client(server.target) as client:
        answers = pool.submit(lambda: list(client.clean_many(["!wait", "a", "b"])))
        assert engine.entered.acquire(timeout=10)

        stopping = pool.submit(server.stop)
        time.sleep(0.2)
        engine.release.set()

        assert [answer.ok for answer in answers.result(10)] == [True, True, True]
        stopping.result(10)


def test_a_stream_that_outlives_the_grace_is_told_to_go_elsewhere(engine: MarkEngine) -> None:
    """A stream that never ends is ended before the grace is over, by UNAVAILABLE."""
    stop = threading.Event()

    def endless() -> Iterator[str]:
        while not stop.is_set():
            yield "Prose."

    with calling() as pool, BackgroundServer(SETTINGS, engine) as server, Client(server.target, retries=0) as client:
        answers: Future[list[Result | Failure]] = pool.submit(lambda: list(client.clean_many(endless())))
        time.sleep(0.2)
        server.stop(grace_seconds=1.0)

        with pytest.raises(UnavailableError, match="shutting down"):
            answers.result(10)
        stop.set()


def test_a_taken_port_is_an_error(server: BackgroundServer) -> None:
    """A second server on one port is refused, rather than given half of the calls."""
    port = int(server.target.rpartition(":")[2])

    with pytest.raises(RuntimeError), BackgroundServer(dataclasses.replace(SETTINGS, port=port), MarkEngine()):
        pass


@contextmanager
def process(folder: Path, grace_seconds: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run one process that serves, without a supervisor; yields it and its address."""
    program = folder / "serve.py"
    program.write_text(
        "import logging, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from dehusk_server.config import Settings\n"
        "from dehusk_server.serving.app import serve\n"
        "from roundtrip.fakes import MarkEngine\n"
        "logging.basicConfig(level='INFO', stream=sys.stdout, format='%(message)s')\n"
        f"settings = Settings(port=0, notice_seconds=0, grace_seconds={grace_seconds})\n"
        "serve(settings, MarkEngine(), ready=lambda target: print('at', target, flush=True))\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started, line_of(started, "at ").split()[-1]
        finally:
            started.kill()


def line_of(started: subprocess.Popen[str], beginning: str) -> str:
    """Return the next line of what a process writes that begins so."""
    assert started.stdout is not None
    return next(line for line in started.stdout if line.startswith(beginning))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_shut_down_in_order(number: signal.Signals, tmp_path: Path) -> None:
    """A process that serves ends by either signal with status 0, after answering."""
    with process(tmp_path, 2) as (started, target):
        with Client(target) as client:
            assert client.clean("Prose.").ok

        started.send_signal(number)

        assert started.wait(20) == 0


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    """The first signal waits for what is under way, up to the grace; the second ends it at once."""
    with process(tmp_path, 200) as (started, target), calling() as pool, Client(target, retries=0) as client:
        slow = pool.submit(client.clean, "!patient", timeout_s=None)
        line_of(started, "a document waits")
        started.send_signal(signal.SIGTERM)
        line_of(started, "shutting down")
        assert started.poll() is None

        started.send_signal(signal.SIGTERM)

        assert started.wait(30) == 0
        with pytest.raises(DehuskError):
            slow.result(10)


def test_tls_and_mutual_tls(engine: MarkEngine, tmp_path: Path) -> None:
    """With a certificate the server speaks TLS alone; with client roots it wants to know who asks."""
    key, chain = certificate(tmp_path)
    settings = dataclasses.replace(SETTINGS, certificate_chain=chain, private_key=key, client_roots=chain)
    known = TLS(chain.read_bytes(), key.read_bytes(), chain.read_bytes(), server_name="localhost")
    unknown = TLS(chain.read_bytes(), server_name="localhost")
    with BackgroundServer(settings, engine) as server:
        with Client(server.target, tls=known, retries=0) as client:
            assert client.clean("Prose.").ok
        for tls in (unknown, None):
            with Client(server.target, tls=tls, retries=0) as client, pytest.raises(UnavailableError):
                client.clean("Prose.", timeout_s=5)


def test_a_client_waits_for_a_server_that_comes(engine: MarkEngine) -> None:
    """UNAVAILABLE is tried again, so a server that starts a moment later is found."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
    options = dataclasses.replace(SETTINGS, port=port)
    with calling() as pool, Client(f"127.0.0.1:{port}", retries=4) as client:
        asked = pool.submit(client.clean, "Prose.", timeout_s=10)
        with BackgroundServer(options, engine):
            try:
                assert asked.result(15).ok
            except UnavailableError:  # the attempts may all fall before the start; then the next call must do
                assert client.clean("Prose.").ok


def test_a_client_may_wait_for_its_server(engine: MarkEngine) -> None:
    """A call that waits is answered by a server that comes later, without any attempt that fails."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
    with calling() as pool, Client(f"127.0.0.1:{port}", retries=0, wait_for_ready=True) as client:
        asked = pool.submit(client.clean, "Prose.", timeout_s=60)
        with BackgroundServer(dataclasses.replace(SETTINGS, port=port), engine):
            assert asked.result(60).ok


def test_no_server_is_unavailable() -> None:
    """Where nothing listens, the attempts end, and the error says so."""
    with Client("127.0.0.1:1", retries=1) as client, pytest.raises(UnavailableError) as caught:
        client.clean("Prose.", timeout_s=10)

    assert isinstance(caught.value, DehuskError)
    assert caught.value.code == "UNAVAILABLE"


def test_settings_out_of_range_are_refused() -> None:
    """A setting that cannot be is an error at once, naming the setting."""
    for name, value in [("port", 70_000), ("threads", 0), ("max_document_seconds", 0.0), ("grace_seconds", -1.0)]:
        with pytest.raises(ValueError, match=name):
            Settings(**{name: value})  # type: ignore[arg-type]


def _eventually(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return True
        except DehuskError:
            pass
        time.sleep(0.02)
    return False


def test_a_call_that_the_server_drops_is_sent_again() -> None:
    """A server that ends may drop a call that it just took; the next attempt is answered."""
    met = []

    def drop_first(_: Any, context: grpc.ServicerContext) -> cleaning_pb2.CleanResponse:
        met.append(1)
        if len(met) == 1:
            context.abort(grpc.StatusCode.CANCELLED, "dropped")
        return cleaning_pb2.CleanResponse(body="Prose.", status=cleaning_pb2.CLEANING_STATUS_OK)

    server = grpc.server(ThreadPoolExecutor(2))
    handler = grpc.unary_unary_rpc_method_handler(
        drop_first, cleaning_pb2.CleanRequest.FromString, cleaning_pb2.CleanResponse.SerializeToString
    )
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("dehusk.v1.CleaningService", {"Clean": handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with Client(f"127.0.0.1:{port}") as client:
            assert client.clean("Prose.").body == "Prose."
        with Client(f"127.0.0.1:{port}", retries=0) as client:
            met.clear()
            with pytest.raises(CallCancelledError):
                client.clean("Prose.")
    finally:
        server.stop(0)
    assert len(met) == 1
