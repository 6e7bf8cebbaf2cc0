"""Lessons drawn at random for the network: a few bins, a few phrases, pages of a few lines."""

from __future__ import annotations

import numpy as np

from dehusk_server.learning.network_fit import Course, Lesson, lay_out
from dehusk_server.learning.network_pass import KINDS, Batch

BINS, PHRASES, AXES = 12, 5, 3


def lesson(seed: int, lines: int) -> Lesson:
    """Return a page: three axes of four bins, phrases here and there, a kind for each line."""
    chance = np.random.default_rng(seed)
    line = np.sort(chance.integers(0, lines, lines // 2))
    allowed = np.zeros((lines, KINDS + 1), dtype=np.float32)
    allowed[np.arange(lines), chance.integers(0, KINDS + 1, lines)] = 1
    return Lesson(
        bins=chance.integers(0, BINS // AXES, (lines, AXES)) + np.arange(0, BINS, BINS // AXES),
        phrase=chance.integers(0, PHRASES, len(line)),
        line=line,
        allowed=allowed,
        weight=chance.uniform(0.5, 2, lines).astype(np.float32),
    )


def course(*lines: int, seed: int = 0) -> Course:
    """Return pages of so many lines."""
    return Course([lesson(seed + number, count) for number, count in enumerate(lines)], BINS, PHRASES)


def batch(*lines: int, seed: int = 0) -> Batch:
    """Return pages of so many lines, laid out with all of their phrases."""
    return lay_out(course(*lines, seed=seed), 0.0, None)[0]
