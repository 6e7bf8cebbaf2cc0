"""Many pages through one stream: in order, lazily, bounded, whatever happens to single pages."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Generator, Iterator

import pytest

from dehusk import AsyncClient, Client, Document, Failure, InvalidRequestError, Result, UnavailableError
from dehusk_server.local import LocalClient
from dehusk_server.serving.app import BackgroundServer
from roundtrip.asking import run
from roundtrip.conftest import SETTINGS
from roundtrip.fakes import MarkEngine

TEXTS = ["one", "", "two", "\ud800", "three", "!boom", "[SHARE] four"]
FATES = [True, False, True, False, True, False, True]


def pages() -> Iterator[Document]:
    """Yield pages that do well and badly by turns."""
    for number, text in enumerate(TEXTS):
        yield Document(text, id=str(number))


async def read(answers: AsyncIterator[Result | Failure]) -> list[Result | Failure]:
    """Read a stream to its end."""
    return [answer async for answer in answers]


@pytest.mark.parametrize("in_flight", [1, 2, 100])
def test_answers_come_in_order_with_errors_in_their_place(client: Client, in_flight: int) -> None:
    """Each page has one answer in its own place, however many are under way."""
    answers = list(client.clean_many(pages(), max_in_flight=in_flight))

    assert [answer.ok for answer in answers] == FATES
    assert [str(number) for number in range(len(TEXTS))] == [answer.id for answer in answers]


@pytest.mark.parametrize("in_flight", [1, 2, 100])
def test_awaited_answers_come_in_order_too(server: BackgroundServer, in_flight: int) -> None:
    """The awaited twin does the same, from a plain iterable and from an async one."""

    async def async_pages() -> AsyncIterator[Document]:
        for page in pages():
            yield page

    async def work() -> list[list[Result | Failure]]:
        async with AsyncClient(server.target) as client:
            return [await read(client.clean_many(each, max_in_flight=in_flight)) for each in (pages(), async_pages())]

    for answers in run(work()):
        assert [answer.ok for answer in answers] == FATES
        assert [str(number) for number in range(len(TEXTS))] == [answer.id for answer in answers]


def test_pages_of_any_number_keep_their_order(client: Client, server: BackgroundServer) -> None:
    """Hundreds of pages of all sizes come back one for one."""
    texts = [f"{number}." + "x" * (number * 37 % 4_000) for number in range(400)]

    assert texts == [answer.body for answer in client.clean_many(texts) if isinstance(answer, Result)]

    async def work() -> list[Result | Failure]:
        async with AsyncClient(server.target) as twin:
            return await read(twin.clean_many(texts))

    assert texts == [answer.body for answer in run(work()) if isinstance(answer, Result)]


def test_no_pages_no_answers(client: Client, server: BackgroundServer) -> None:
    """An empty stream ends at once."""
    assert list(client.clean_many([])) == []

    async def work() -> list[Result | Failure]:
        async with AsyncClient(server.target) as twin:
            return await read(twin.clean_many([]))

    assert run(work()) == []


def test_pages_are_taken_lazily_and_in_the_callers_thread(engine: MarkEngine, client: Client) -> None:
    """Never more pages are taken than may be under way, and the iterable runs where the caller is."""
    taken: list[int] = []
    threads: set[int] = set()

    def endless() -> Iterator[str]:
        while True:
            taken.append(len(taken))
            threads.add(threading.get_ident())
            yield "Prose."

    answers = client.clean_many(endless(), max_in_flight=3)
    assert taken == []
    for given in range(1, 50):
        next(answers)
        assert len(taken) <= given + 3
    assert threads == {threading.get_ident()}


def test_awaited_pages_are_taken_lazily(server: BackgroundServer) -> None:
    """The awaited twin keeps to its bound as well."""

    async def work() -> None:
        taken = 0

        def endless() -> Iterator[str]:
            nonlocal taken
            while True:
                taken += 1
                yield "Prose."

        async with AsyncClient(server.target) as client:
            answers = client.clean_many(endless(), max_in_flight=3)
            for given in range(1, 50):
                await anext(answers)
                assert taken <= given + 4
            await answers.aclose()  # type: ignore[attr-defined]

    run(work())


def test_leaving_early_ends_the_stream(client: Client) -> None:
    """Whoever stops reading leaves no stream behind: more streams than may be open can follow each other."""
    for _ in range(10):
        for answer in client.clean_many(iter(["a", "b", "c"]), max_in_flight=1):
            assert answer.ok
            break
        assert client.clean("Prose.").ok


def test_leaving_early_ends_the_call_at_once(engine: MarkEngine, client: Client) -> None:
    """A call whose answer nobody will read is cancelled, not waited for; no thread stays behind."""
    answers = client.clean_many(["a", "!wait", "c"], max_in_flight=2)
    assert next(answers).ok
    assert isinstance(answers, Generator)

    answers.close()

    end = time.monotonic() + 5
    while time.monotonic() < end and _readers():
        time.sleep(0.02)
    assert _readers() == []


def _readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "dehusk-clean-many"]


def test_an_error_of_the_iterable_is_the_callers(client: Client, server: BackgroundServer) -> None:
    """What the caller's own iterable raises comes out as it is, and the client goes on."""

    def broken() -> Iterator[str]:
        yield "one"
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        list(client.clean_many(broken()))
    assert client.clean("Prose.").ok

    async def work() -> None:
        async with AsyncClient(server.target) as twin:
            with pytest.raises(KeyError, match="mine"):
                await read(twin.clean_many(broken()))
            assert (await twin.clean("Prose.")).ok

    run(work())


def test_raising_ends_the_stream_at_the_first_bad_page(client: Client, server: BackgroundServer) -> None:
    """With ``on_error="raise"`` the pages before the bad one are given, then its error is raised."""
    given: list[Result | Failure] = []

    with pytest.raises(InvalidRequestError) as caught:
        given.extend(_noting(client.clean_many(["a", "b", "", "c"], on_error="raise"), given))

    assert [answer.body for answer in given if isinstance(answer, Result)] == ["a", "b"]
    assert caught.value.field == "text"

    async def work() -> None:
        async with AsyncClient(server.target) as twin:
            with pytest.raises(InvalidRequestError):
                await read(twin.clean_many(["a", ""], on_error="raise"))

    run(work())


def test_a_server_that_goes_is_an_error_of_the_stream(engine: MarkEngine) -> None:
    """When the server is cut off, the stream raises, in both clients; no page is silently missing."""
    with BackgroundServer(SETTINGS, engine) as server, Client(server.target, retries=0) as client:
        answers = client.clean_many(iter(["a"] * 1_000), max_in_flight=1)
        assert next(answers).ok
        server.stop(grace_seconds=0)

        with pytest.raises(UnavailableError):
            list(answers)


def test_every_client_shows_the_same_rules(server: BackgroundServer, engine: MarkEngine, client: Client) -> None:
    """Info, rule set, look-up, lists and explanations are equal through all three clients."""
    local = LocalClient(engine, settings=SETTINGS)
    blocking = [
        (
            each.info(),
            each.rule_set(),
            each.rules(["mark-tags"]),
            tuple(each.list_rules(page_size=4)),
            tuple(each.list_rules("LEGAL")),
            each.explain("é\n[SHARE] a", 5, offset_unit="UTF8_BYTES"),
        )
        for each in (client, local)
    ]

    async def work() -> tuple[object, ...]:
        async with AsyncClient(server.target) as each:
            return (
                await each.info(),
                await each.rule_set(),
                await each.rules(["mark-tags"]),
                tuple([rule async for rule in each.list_rules(page_size=4)]),
                tuple([rule async for rule in each.list_rules("LEGAL")]),
                await each.explain("é\n[SHARE] a", 5, offset_unit="UTF8_BYTES"),
            )

    assert blocking[0] == blocking[1] == run(work())
    assert len(blocking[0][3]) == 17


def _noting(answers: Iterator[Result | Failure], given: list[Result | Failure]) -> list[Result | Failure]:
    for answer in answers:
        given.append(answer)  # noqa: PERF402 - what was given before an error counts
    return []
