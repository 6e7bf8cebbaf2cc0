"""The pace of a stream: order, one at a time, a bound on what is held, errors in their place, an end of all work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk_server.serving.stream import AHEAD, in_turn


class Source:
    """Requests, counted as they are read; endless unless it is told how many."""

    def __init__(self, most: int = 1_000_000) -> None:
        self.read = 0
        self._most = most

    async def requests(self) -> AsyncIterator[int]:
        """Yield 0, 1, 2 and so on."""
        while self.read < self._most:
            self.read += 1
            yield self.read - 1


async def settled() -> None:
    """Let everything that can go on go on."""
    for _ in range(50):
        await asyncio.sleep(0)


@given(count=st.integers(0, 40), pauses=st.lists(st.integers(0, 3), min_size=40, max_size=40))
def test_answers_come_in_order_and_one_at_a_time(count: int, pauses: list[int]) -> None:
    """However long each takes, there is one answer for each request, in order, and never two in work."""
    at_once = most = 0

    async def answer(number: int) -> int:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        for _ in range(pauses[number]):
            await asyncio.sleep(0)
        at_once -= 1
        return number

    async def ask() -> list[int]:
        return [each async for each in in_turn(Source(count).requests(), answer)]

    assert asyncio.run(ask()) == list(range(count))
    assert most == min(count, 1)


def test_the_next_is_worked_at_while_an_answer_is_sent() -> None:
    """Whoever holds an answer holds up nothing: the next are done meanwhile, one after them is read, and no more."""
    source, begun = Source(), []

    async def answer(number: int) -> int:
        begun.append(number)
        return number

    async def ask() -> None:
        async with aclosing(in_turn(source.requests(), answer)) as answers:
            for taken in (1, 2, 3):
                assert await anext(answers) == taken - 1
                await settled()
                assert (begun, source.read) == ([*range(taken + AHEAD)], taken + AHEAD + 1)

    asyncio.run(ask())


def test_an_answer_does_not_wait_for_the_next_request() -> None:
    """A caller who sends one page and waits for its answer gets it."""
    asked = asyncio.Event()

    async def requests() -> AsyncIterator[int]:
        yield 1
        await asked.wait()
        yield 2

    async def answer(number: int) -> int:
        return number

    async def ask() -> list[int]:
        found = []
        async for each in in_turn(requests(), answer):
            found.append(each)
            asked.set()
        return found

    assert asyncio.run(ask()) == [1, 2]


@pytest.mark.parametrize("place", ["request", "answer"])
def test_what_fails_comes_after_the_answers_before_it(place: str) -> None:
    """Answers that were done are given; then what reading or answering raised is raised."""

    async def requests() -> AsyncIterator[int]:
        yield 1
        yield 2
        if place == "request":
            raise ValueError("broken")
        yield 3

    async def answer(number: int) -> int:
        if number == 3:
            raise ValueError("broken")
        return number

    async def ask() -> list[int]:
        found: list[int] = []
        with pytest.raises(ValueError, match="broken"):  # noqa: PT012 - the loop is what raises
            async for each in in_turn(requests(), answer):
                found.append(each)  # noqa: PERF401 - what came before the error is looked at
        return found

    assert asyncio.run(ask()) == [1, 2]


def test_closing_ends_the_work() -> None:
    """Where the caller has left, what is in work is cancelled, and no task is left."""
    cancelled = []

    async def answer(number: int) -> int:
        if number:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(number)
                raise
        return number

    async def ask() -> int:
        async with aclosing(in_turn(Source().requests(), answer)) as answers:
            await anext(answers)
            await settled()
        await settled()
        return len(asyncio.all_tasks())

    assert asyncio.run(ask()) == 1
    assert cancelled == [1]
