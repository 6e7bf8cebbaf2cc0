"""Megabytes a second, in interleaved rounds so that a slow moment of the machine falls on all."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bench.cleaners import Contestant


@dataclass(frozen=True, slots=True)
class Speed:
    """What one cleaner did."""

    name: str
    mb_per_s: float
    """Millions of UTF-8 bytes of page text for each second of processor time, median of the rounds."""
    slowest: float
    fastest: float
    failures: int
    """Pages on which it raised, in the first round."""


def one_core() -> None:
    """Hold this process to one core, where the system allows it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def measure(cleaners: Sequence[Contestant], texts: Sequence[str], rounds: int) -> list[Speed]:
    """Time every cleaner on every page, round by round, each round beginning with another cleaner."""
    megabytes = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6
    inputs = [[cleaner.prepare(text) for text in texts] for cleaner in cleaners]
    for cleaner, pages in zip(cleaners, inputs, strict=True):
        _seconds(cleaner, pages[: max(1, len(pages) // 20)])  # what is built on first use is not timed
    times: list[list[float]] = [[] for _ in cleaners]
    failures = [0 for _ in cleaners]
    for turn in range(rounds):
        for place in _turned(len(cleaners), turn):
            seconds, failed = _seconds(cleaners[place], inputs[place])
            times[place].append(seconds)
            failures[place] = max(failures[place], failed)
    return [
        Speed(cleaner.name, megabytes / median(took), megabytes / max(took), megabytes / min(took), failed)
        for cleaner, took, failed in zip(cleaners, times, failures, strict=True)
    ]


def table(speeds: Sequence[Speed]) -> Iterator[str]:
    """Yield the lines of a table, each speed beside that of the first."""
    yield f"{'cleaner':14}{'MB/s':>8}{'slowest':>9}{'fastest':>9}{'ratio':>8}{'failures':>10}"
    for speed in speeds:
        ratio = speeds[0].mb_per_s / speed.mb_per_s
        yield (
            f"{speed.name:14}{speed.mb_per_s:>8.2f}{speed.slowest:>9.2f}{speed.fastest:>9.2f}"
            f"{ratio:>7.1f}x{speed.failures:>10}"
        )
    yield f"ratio: how many times the speed {speeds[0].name} has"


def _turned(count: int, turn: int) -> Iterator[int]:
    return ((place + turn) % count for place in range(count))


def _seconds(cleaner: Contestant, pages: Sequence[object]) -> tuple[float, int]:
    failed = 0
    start = time.process_time()
    for page in pages:
        try:
            cleaner.clean(page)
        except Exception:  # noqa: BLE001 - peers raise what they like; the table counts it
            failed += 1
    return time.process_time() - start, failed
