"""One thread for linear algebra: set by the first who enters, lifted by the last who leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import ThreadpoolController

from dehusk_server.engine import Engine
from dehusk_server.model import Document
from dehusk_server.single_thread import SingleThread


def threads() -> set[int]:
    """Return how many threads each library of linear algebra takes."""
    return {library["num_threads"] for library in ThreadpoolController().select(user_api="blas").info()}


@pytest.fixture
def _two_threads() -> Iterator[None]:
    """Let linear algebra run on two threads."""
    controller = ThreadpoolController().select(user_api="blas")
    if not controller.info():
        pytest.skip("no library of linear algebra whose threads can be told")
    with controller.limit(limits=2):
        yield


pytestmark = pytest.mark.usefixtures("_two_threads")


def test_inside_there_is_one_thread_and_outside_as_many_as_before() -> None:
    """The limit ends with the block, also by an error."""
    limit = SingleThread()

    with limit:
        assert threads() == {1}
    assert threads() == {2}
    with pytest.raises(ValueError, match="fault"), limit:
        raise ValueError("fault")
    assert threads() == {2}


def test_where_there_is_one_thread_anyway_nothing_is_set() -> None:
    """What was set to one outside stays so, inside and afterwards."""
    limit = SingleThread()

    with ThreadpoolController().select(user_api="blas").limit(limits=1):
        with limit:
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == {2}


def test_the_last_who_leaves_lifts_the_limit() -> None:
    """Entered twice, left once, the limit still holds; it can be entered again."""
    limit = SingleThread()

    for _ in range(2):
        with limit:
            with limit:
                assert threads() == {1}
            assert threads() == {1}
        assert threads() == {2}


def test_whoever_comes_first_may_set_the_limit() -> None:
    """A thread that was inside before, and still lives, keeps no other thread from setting and lifting the limit."""
    limit = SingleThread()

    def work() -> set[int]:
        with limit:
            return threads()

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        for pool in (one, other, one):
            assert pool.submit(work).result(timeout=30) == {1}
            assert threads() == {2}
    assert work() == {1}
    assert threads() == {2}


def test_many_threads_may_be_inside_at_once() -> None:
    """Whoever is first and whoever is last, the limit holds for all and is lifted afterwards."""
    limit, everyone = SingleThread(), threading.Barrier(4)

    def work(_number: int) -> set[int]:
        with limit:
            everyone.wait(timeout=30)
            return threads()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [{1}] * 4
    assert threads() == {2}


def test_a_page_is_decided_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine holds the limit while it decides, not before and not after."""
    engine = Engine()
    # Of this moment: other tests have loaded libraries since the engine's own was made.
    monkeypatch.setattr("dehusk_server.engine.SINGLE_THREAD", SingleThread())
    seen: list[set[int]] = []
    monkeypatch.setattr("dehusk_server.engine.decide", lambda *_arguments: seen.append(threads()))
    monkeypatch.setattr("dehusk_server.engine.judge", lambda *_arguments: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        engine.clean(Document("body"))

    assert seen == [{1}]
    assert threads() == {2}
