"""Pages in, answers out: in order, a bounded number under way, whichever engine cleans them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from dehusk import Document, Failure, Result
from dehusk.errors import error_class
from dehusk_server.cli.pages import Page

Clean = Callable[[Iterable[Document]], Iterator[Result | Failure]]
"""Cleans documents one for one, in order; what cannot be cleaned is a `Failure` in its place."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page and what became of it."""

    page: Page
    outcome: Result | Failure


def answers(pages: Iterable[Page], clean: Clean) -> Iterator[Answer]:
    """Yield one answer for each page, in order.

    Pages without anything to clean never reach the engine: they end one call of ``clean`` and the next begins after
    them, which keeps the order without holding answers back.

    Raises:
        DehuskError: the whole call broke, such as by a server that is gone.
    """
    rest = iter(pages)
    for page in rest:
        if (failure := _failure(page)) is not None:
            yield Answer(page, failure)
            continue
        run = _Run(page, rest)
        for outcome in clean(run.documents()):
            yield Answer(run.under_way.popleft(), outcome)
        if run.ended_by is not None and (failure := _failure(run.ended_by)) is not None:
            yield Answer(run.ended_by, failure)


class _Run:
    """Pages one after the other that all can be cleaned."""

    def __init__(self, first: Page, rest: Iterator[Page]) -> None:
        self.under_way = deque[Page]()
        """Taken by the engine, not answered yet; as long as the engine's own window."""
        self.ended_by: Page | None = None
        self._first = first
        self._rest = rest

    def documents(self) -> Iterator[Document]:
        """Yield documents until a page cannot be cleaned, or none is left. The engine may ask from another thread."""
        page: Page | None = self._first
        while page is not None:
            self.under_way.append(page)
            yield Document(page.text, _engine_id(page), page.url, page.language, page.html)
            page = next(self._rest, None)
            if page is not None and _failure(page) is not None:
                self.ended_by = page
                return


def _engine_id(page: Page) -> str:
    return "" if page.id is None else str(page.id)


def _failure(page: Page) -> Failure | None:
    fault = page.fault
    if fault is None:
        return None
    return Failure(_engine_id(page), error_class(fault.code)(fault.message, code=fault.code, field=fault.field))
