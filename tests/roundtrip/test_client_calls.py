"""What a client sends beside its requests, who may stand between, and which servers it takes; blocking and awaited."""

from __future__ import annotations

import io
import sys
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import grpc
import grpc.aio
import pytest

from dehusk import AsyncClient, Client, NotServedError
from dehusk_server.cli import main
from dehusk_server.serving import handlers, interceptors
from dehusk_server.serving.app import BackgroundServer
from roundtrip.asking import run

OWN = [("X-Crawl", "own"), ("x-kept", "yes")]
GIVEN = [("x-crawl", "given"), ("X-Page-Bin", b"\xff\x00")]
CALLS = (
    *("CleaningService/Clean", "CleaningService/CleanStream", "CleaningService/Explain", "CleaningService/Info"),
    *("RuleService/GetRuleSet", "RuleService/GetRules", "RuleService/ListRules"),
)


class Seen(NamedTuple):
    """What a server saw of one call."""

    method: str
    metadata: dict[str, list[str | bytes]]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Seen]:
    """The calls that reach the server, with the metadata that came along."""
    calls: list[Seen] = []
    begin = interceptors.CallInterceptor._begin

    def watched(self: interceptors.CallInterceptor, method: str, context: Any) -> Callable[[str], None]:
        metadata: dict[str, list[str | bytes]] = {}
        for key, value in context.invocation_metadata():
            metadata.setdefault(key, []).append(value)
        calls.append(Seen(method.removeprefix("/dehusk.v1."), metadata))
        return begin(self, method, context)

    monkeypatch.setattr(interceptors.CallInterceptor, "_begin", watched)
    return calls


def ask_everything(client: Client, **given: Any) -> None:
    """Make every call of the contract once, and `Client.check` beside."""
    client.clean("Prose.", **given)
    list(client.clean_many(["Prose."], **given))
    client.explain("Prose.", 0, **given)
    client.check(**given)
    client.rule_set(**given)
    client.rules(["mark-share"], **given)
    list(client.list_rules("SHARE", **given))


async def ask_everything_awaited(client: AsyncClient, **given: Any) -> None:
    """As `ask_everything`."""
    await client.clean("Prose.", **given)
    assert len([answer async for answer in client.clean_many(["Prose."], **given)]) == 1
    await client.explain("Prose.", 0, **given)
    await client.check(**given)
    await client.rule_set(**given)
    await client.rules(["mark-share"], **given)
    assert len([rule async for rule in client.list_rules("SHARE", **given)]) == 1


@pytest.mark.parametrize("awaited", [False, True], ids=["blocking", "awaited"])
def test_metadata_of_one_call_goes_with_it_and_no_other(
    server: BackgroundServer, seen: list[Seen], awaited: bool
) -> None:
    """Every call takes metadata of its own: beside the client's, in place of it under the same key, and only once."""

    async def ask_awaited() -> None:
        async with AsyncClient(server.target, metadata=OWN) as client:
            await ask_everything_awaited(client, metadata=GIVEN)
            await ask_everything_awaited(client)

    if awaited:
        run(ask_awaited())
    else:
        with Client(server.target, metadata=OWN) as client:
            ask_everything(client, metadata=GIVEN)
            ask_everything(client)

    assert [call.method for call in seen] == [*CALLS, *CALLS]
    for call in seen[: len(CALLS)]:
        assert (call.metadata["x-crawl"], call.metadata["x-kept"]) == (["given"], ["yes"]), call.method
        assert call.metadata["x-page-bin"] == [b"\xff\x00"]
    for call in seen[len(CALLS) :]:
        assert (call.metadata["x-crawl"], call.metadata["x-kept"]) == (["own"], ["yes"]), call.method
        assert "x-page-bin" not in call.metadata


class _Watch(grpc.UnaryUnaryClientInterceptor, grpc.StreamStreamClientInterceptor):
    def __init__(self, called: list[str]) -> None:
        self.called = called

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        self.called.append(client_call_details.method)
        return continuation(client_call_details, request)

    def intercept_stream_stream(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        self.called.append(client_call_details.method)
        return continuation(client_call_details, request_iterator)


class _WatchUnary(grpc.aio.UnaryUnaryClientInterceptor):
    def __init__(self, called: list[str]) -> None:
        self.called = called

    async def intercept_unary_unary(
        self, continuation: Callable[..., Awaitable[Any]], client_call_details: Any, request: Any
    ) -> Any:
        self.called.append(client_call_details.method)
        return await continuation(client_call_details, request)


class _WatchStream(grpc.aio.StreamStreamClientInterceptor):
    def __init__(self, called: list[str]) -> None:
        self.called = called

    async def intercept_stream_stream(
        self, continuation: Callable[..., Awaitable[Any]], client_call_details: Any, request_iterator: Any
    ) -> Any:
        self.called.append(client_call_details.method)
        return await continuation(client_call_details, request_iterator)


@pytest.mark.parametrize("awaited", [False, True], ids=["blocking", "awaited"])
def test_a_clients_interceptors_see_its_calls(server: BackgroundServer, awaited: bool) -> None:
    """What is given as an interceptor stands between the client and each of its calls, streams too."""
    called: list[str] = []

    async def ask_awaited() -> None:
        watching = [_WatchUnary(called), _WatchStream(called)]
        async with AsyncClient(server.target, interceptors=watching, balance=True) as client:
            await ask_everything_awaited(client)

    if awaited:
        run(ask_awaited())
    else:
        with Client(server.target, interceptors=[_Watch(called)], balance=True) as client:
            ask_everything(client)

    assert [_text(method).removeprefix("/dehusk.v1.") for method in called] == list(CALLS)


def _text(method: str | bytes) -> str:
    return method.decode() if isinstance(method, bytes) else method


@pytest.fixture(params=["0.0.1", "99.0.0"])
def misfit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, server: BackgroundServer) -> str:
    """A real server that says that it is of a version that does not fit; that version."""
    monkeypatch.setattr(handlers, "package_version", lambda: request.param)
    return str(request.param)


def test_a_server_that_does_not_fit_is_named(misfit: str, server: BackgroundServer) -> None:
    """Either client says so when it is asked to check, and serves on where it is not."""
    update = "update the server" if misfit == "0.0.1" else "update the client"

    async def check_awaited() -> None:
        async with AsyncClient(server.target) as client:
            await client.check()

    with Client(server.target) as client:
        assert client.clean("Prose.").ok
        with pytest.raises(NotServedError, match=f"{misfit}.*{update}"):
            client.check()
    with pytest.raises(NotServedError, match=f"{misfit}.*{update}"):
        run(check_awaited())


def test_the_command_line_stops_at_a_server_that_does_not_fit(
    misfit: str, server: BackgroundServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`dehusk clean --server` asks first, and cleans nothing by a server that would not do what it is asked."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Prose.")))

    assert main(["clean", "--server", server.target]) == 1

    told = capsys.readouterr()
    assert (told.out, "nothing was cleaned" in told.err, misfit in told.err) == ("", True, True)


def test_a_client_takes_the_server_of_its_own_release(server: BackgroundServer, client: Client) -> None:
    """What was installed together fits, and `check` returns what the server is."""
    assert client.check() == client.info()
