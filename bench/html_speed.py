"""Milliseconds a page of HTML, in interleaved rounds so that a slow moment of the machine falls on all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from bench.extractors import Extractor


@dataclass(frozen=True, slots=True)
class PageTimes:
    """What one extractor did; milliseconds of processor time."""

    name: str
    median_ms: float
    """Over the pages; each page's own is the median of its rounds."""
    mean_ms: float
    slowest_ms: float
    failures: int
    """Pages on which it raised, in the first round."""


def measure(extractors: Sequence[Extractor], pages: Sequence[str], rounds: int) -> list[PageTimes]:
    """Time every extractor on every page; all take a page one after the other before the next page comes."""
    for extractor in extractors:
        _seconds(extractor, pages[0])  # what is built on first use is not timed
    took: list[list[list[float]]] = [[[] for _ in pages] for _ in extractors]
    failures = [0] * len(extractors)
    for turn in range(rounds):
        for number, page in enumerate(pages):
            for step in range(len(extractors)):
                place = (step + turn + number) % len(extractors)
                seconds, failed = _seconds(extractors[place], page)
                took[place][number].append(seconds)
                failures[place] += failed and turn == 0
    return [
        PageTimes(extractor.name, median(each) * 1e3, fmean(each) * 1e3, max(each) * 1e3, failed)
        for extractor, times, failed in zip(extractors, took, failures, strict=True)
        for each in [[median(rounds_of_page) for rounds_of_page in times]]
    ]


def table(times: Sequence[PageTimes]) -> Iterator[str]:
    """Yield the lines of a table, each extractor beside the first."""
    yield f"{'extractor':18}{'median ms':>10}{'mean ms':>9}{'slowest':>9}{'ratio':>8}{'failures':>10}"
    for one in times:
        ratio = one.median_ms / times[0].median_ms
        yield (
            f"{one.name:18}{one.median_ms:>10.2f}{one.mean_ms:>9.2f}{one.slowest_ms:>9.1f}{ratio:>7.1f}x"
            f"{one.failures:>10}"
        )
    yield f"ratio: how many times as long as {times[0].name} it takes, by medians"


def _seconds(extractor: Extractor, page: str) -> tuple[float, bool]:
    start = time.process_time()
    try:
        extractor.extract(page)
    except Exception:  # noqa: BLE001 - peers raise what they like; the table counts it
        return time.process_time() - start, True
    return time.process_time() - start, False
