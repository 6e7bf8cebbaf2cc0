"""Hostile pages, small: each is answered or refused with its limit, and whoever comes next is answered as ever.

`make hostile` runs them at full size, in processes with limits of time and memory (docs/hostile.md).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import suppress

import pytest

from dehusk import Client, DehuskError, InvalidRequestError
from dehusk import Document as Page
from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.errors import DocumentTooLargeError
from dehusk_server.local import LocalClient
from dehusk_server.model import Document
from dehusk_server.serving.app import BackgroundServer
from hostile.measure import outcome
from hostile.pages import PAGES, PROSE

SMALL = 60_000
GOOD = f"<nav><a href=/>Home</a></nav><h1>The bridge</h1><p>{PROSE}</p><p>{PROSE}</p>"


@functools.cache
def engine() -> Engine:
    """Return an engine of the shipped rules."""
    return Engine()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Return a client of a server with the shipped rules."""
    with BackgroundServer(Settings(port=0, notice_seconds=0.0)) as server, Client(server.target) as client:
        yield client


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_answered_or_refused(name: str) -> None:
    """Nothing else is raised, nothing is empty without a word, and the text of an answer is its pieces."""
    said = outcome(engine(), PAGES[name](SMALL))

    assert said.startswith(("OK", "SUSPECT", "NO_ARTICLE", "CUT_SHORT", "refused: "))
    assert said.count("(limit: )") == 0


@pytest.mark.parametrize("name", PAGES)
def test_a_page_after_a_hostile_one_is_answered_as_ever(name: str) -> None:
    """What one page holds never changes the next answer."""
    wanted = engine().clean(Document(html=GOOD))
    outcome(engine(), PAGES[name](SMALL))

    assert engine().clean(Document(html=GOOD)) == wanted


def test_a_server_stays_well_among_hostile_pages(client: Client) -> None:
    """Each is answered or refused to its caller, and good pages between are answered as ever."""
    wanted = client.clean(Page(html=GOOD))
    for page in (build(SMALL) for build in PAGES.values()):
        if isinstance(page, str) and not page.isascii():
            continue  # half characters do not travel; the next test has them
        with suppress(InvalidRequestError):
            assert client.clean(Page(html=page)).status
        assert client.clean(Page(html=GOOD)) == wanted


def test_half_a_character_is_answered_in_process_or_refused_with_a_reason() -> None:
    """Python's strings can hold what no encoding carries: the engine reads a question mark, the client says it."""
    assert engine().clean(Document(html=f"<p>\ud800{PROSE}\udfff</p>")).body == f"?{PROSE}?"
    with LocalClient() as local, pytest.raises((DehuskError, ValueError), match=r"UTF-8|surrogate"):
        local.clean(Page(html=f"<p>\ud800{PROSE}</p>"))


def test_fifty_megabytes_are_refused_by_the_limit_they_pass(client: Client) -> None:
    """By the engine and by a server, before anything is parsed; the error says how much would have been taken."""
    page = "<p>x</p>" * 6_250_000

    with pytest.raises(DocumentTooLargeError, match="50000000 characters") as refused:
        engine().clean(Document(html=page))
    assert refused.value.limit == "at most 16000000 characters"
    with pytest.raises(DehuskError, match="50000000") as answered:
        client.clean(Page(html=page))
    assert "16000000" in f"{answered.value} {getattr(answered.value, 'limit', '')}"
