"""The progress bar of long jobs: on standard error, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from dehusk_server.cli.pages import Page, Source


class Progress(Protocol):
    """Counts pages as they are answered."""

    def __call__(self, page: Page) -> None:
        """Count one page."""


@contextmanager
def progress(sources: Sequence[Source], *, wanted: bool) -> Iterator[Progress]:
    """Show how much of the input is answered; without a terminal, or without tqdm, show nothing.

    Args:
        sources: the inputs; where all their sizes are known, the bar knows its end.
        wanted: whether the caller wants a bar at all.
    """
    if not (wanted and sys.stderr.isatty()):
        yield _silent
        return
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:  # the client alone was installed
        yield _silent
        return
    sizes = [source.size() for source in sources]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    with tqdm(total=total, unit="B", unit_scale=True, unit_divisor=1024, file=sys.stderr, dynamic_ncols=True) as bar:
        answered = 0

        def count(page: Page) -> None:
            nonlocal answered
            answered += 1
            bar.set_postfix_str(f"{answered} pages", refresh=False)
            bar.update(page.size)

        yield count


def _silent(page: Page) -> None:
    del page
