"""Fit rules and context network together: many passes over the pages, each moving every number a little.

The rules' weights and the network are one model: what a line's own rules say adds up, and the network, which hears the
rules of the lines around, adds its say. The rules are also judged by themselves, so that their weights mean something
alone. Method: Adam (Kingma & Ba 2015) with decoupled decay (Loshchilov & Hutter 2019) and dropout (Srivastava et al.
2014); what is returned is the mean of the numbers over the last rounds (Izmailov et al. 2018), which on pages of other
sites knows kinds better than the last numbers do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from dehusk_server.learning.adam import Adam, Mean
from dehusk_server.learning.network_pass import GAP, Array, Batch, Parameters, Pass, initial

_LONGEST: Final = 600
"""Lines of one page that one pass looks at; of a longer page another stretch each time."""
_ROWS: Final = 6_000
"""Lines of one batch."""
_WARM: Final = 100
"""Steps until the full rate is reached."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A page as the network learns from it. Arrays of shape (lines, …)."""

    bins: NDArray[np.int64]
    """Bins of each line, counted over all axes; shape (lines, axes)."""
    phrase: NDArray[np.int64]
    """Number of each phrase in the vocabulary, line by line; shape (firings,)."""
    line: NDArray[np.int64]
    """Line of each; never falling."""
    allowed: Array
    """1 for each kind that the line may be, BODY first; shape (lines, kinds + 1)."""
    weight: Array
    """How much each line counts; shape (lines,)."""


@dataclass(frozen=True, slots=True)
class Training:
    """Numbers that the fit is run with."""

    hidden: int = 64
    wide: int = 96
    rounds: int = 18
    """Passes over all pages."""
    averaged: int = 5
    """Last rounds over which the numbers are averaged."""
    rate: float = 3e-3
    slowest: float = 0.15
    """Share of the rate that the last step still has: what is averaged must differ."""
    decay: float = 1e-4
    dropout: float = 0.2
    phrase_dropout: float = 0.3
    """Share of the phrases that a pass does not see: no word may decide alone."""
    axis_dropout: float = 0.0
    """Share of the axes that a pass does not see on a page: no trait may decide alone."""
    alone: float = 0.2
    """Weight of judging the rules by themselves."""


@dataclass(frozen=True, slots=True)
class Course:
    """All that is taught at once."""

    lessons: Sequence[Lesson]
    bins: int
    """Number of bins over all axes."""
    phrases: int
    """Size of the vocabulary."""


@dataclass(frozen=True, slots=True)
class Held:
    """Weights of rules that are known already, and do not move."""

    shapes: Array
    """Of the first bins; shape (bins held, kinds)."""
    phrases: Array
    """Shape (phrases held, kinds)."""
    phrase: NDArray[np.int64]
    """Number of each of those phrases in the vocabulary; shape (phrases held,)."""

    def put(self, parameters: Parameters) -> None:
        """Set the weights that are held."""
        parameters["shape.kinds"][: len(self.shapes)] = self.shapes
        parameters["phrase.kinds"][self.phrase] = self.phrases

    def still(self, slopes: Parameters) -> None:
        """Let them not move."""
        slopes["shape.kinds"][: len(self.shapes)] = 0
        slopes["phrase.kinds"][self.phrase] = 0


def fit(
    course: Course,
    training: Training,
    seed: int,
    say: Callable[[int, float], None],
    held: Held | None = None,
) -> Parameters:
    """Return the parameters that the lessons teach; the same lessons and seed give the same numbers on one machine.

    Args:
        course: the pages.
        training: how to learn.
        seed: of everything that is drawn.
        say: told the round and its loss.
        held: weights that are known already.
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    parameters = initial(course.bins, course.phrases, training.hidden, training.wide, chance)
    if held is not None:
        held.put(parameters)
    adam = Adam(parameters, training.decay)
    mean = Mean(parameters)
    steps = training.rounds * len(list(_groups(course.lessons, np.random.Generator(np.random.PCG64(seed)))))
    for turn in range(training.rounds):
        total = 0.0
        for group in _groups(course.lessons, chance):
            falling = 0.5 * (1 + np.cos(np.pi * min(1.0, adam.step / steps)))
            pace = min(1.0, (adam.step + 1) / _WARM) * (training.slowest + (1 - training.slowest) * falling)
            some = replace(course, lessons=[course.lessons[number] for number in group])
            loss, slopes = _learn(some, parameters, training, chance)
            total += loss
            if held is not None:
                held.still(slopes)
            adam.move(parameters, slopes, training.rate * pace)
            if held is not None:
                held.put(parameters)
            if turn >= training.rounds - training.averaged:
                mean.add(parameters)
        say(turn, total)
    return mean.parameters() if training.averaged else parameters


def _groups(lessons: Sequence[Lesson], chance: np.random.Generator) -> Iterator[list[int]]:
    held: list[int] = []
    rows = 0
    for number in chance.permutation(len(lessons)).tolist():
        lines = min(len(lessons[number].weight), _LONGEST)
        if held and rows + lines > _ROWS:
            yield held
            held, rows = [], 0
        held.append(number)
        rows += lines
    if held:
        yield held


def lay_out(
    course: Course, share: float, chance: np.random.Generator | None
) -> tuple[Batch, list[tuple[int, int, int]]]:
    """Lay pages end to end; returns the batch and, per page, its first row and the stretch of its lines.

    Args:
        course: the pages.
        share: share of the phrases left out.
        chance: draws stretches of long pages and what is left out; ``None`` takes all of every page.
    """
    places, row = [], GAP
    shape_rows, shape_columns, phrase_rows, phrase_columns = [], [], [], []
    for lesson in course.lessons:
        lines = len(lesson.weight)
        start, stop = 0, lines
        if chance is not None and lines > _LONGEST:
            start = int(chance.integers(lines - _LONGEST + 1))
            stop = start + _LONGEST
        places.append((row, start, stop))
        own = lesson.bins[start:stop]
        shape_rows.append(np.repeat(np.arange(row, row + len(own)), own.shape[1]))
        shape_columns.append(own.ravel())
        a, b = np.searchsorted(lesson.line, [start, stop])
        phrase, line = lesson.phrase[a:b], lesson.line[a:b]
        if chance is not None and share:
            seen = chance.random(len(phrase)) >= share
            phrase, line = phrase[seen], line[seen]
        phrase_rows.append(line - start + row)
        phrase_columns.append(phrase)
        row += stop - start + GAP
    mask = np.zeros((row, 1), dtype=np.float32)
    for at, start, stop in places:
        mask[at : at + stop - start] = 1
    batch = Batch(
        shapes=_ones(shape_rows, shape_columns, (row, course.bins)),
        phrases=_ones(phrase_rows, phrase_columns, (row, course.phrases)),
        mask=mask,
        first=np.array([at for at, _, _ in places]),
        lines=np.array([stop - start for _, start, stop in places]),
    )
    return batch, places


def _ones(rows: list[NDArray[np.int64]], columns: list[NDArray[np.int64]], shape: tuple[int, int]) -> csr_matrix:
    row, column = np.concatenate(rows), np.concatenate(columns)
    return csr_matrix((np.ones(len(row), dtype=np.float32), (row, column)), shape=shape)


def _learn(
    course: Course, parameters: Parameters, training: Training, chance: np.random.Generator
) -> tuple[float, Parameters]:
    if training.axis_dropout:
        course = replace(course, lessons=[_some_axes(one, training.axis_dropout, chance) for one in course.lessons])
    lessons = course.lessons
    batch, places = lay_out(course, training.phrase_dropout, chance)
    rows = len(batch.mask)
    allowed = np.ones((rows, lessons[0].allowed.shape[1]), dtype=np.float32)
    weight = np.zeros((rows, 1), dtype=np.float32)
    for lesson, (row, start, stop) in zip(lessons, places, strict=True):
        allowed[row : row + stop - start] = lesson.allowed[start:stop]
        weight[row : row + stop - start, 0] = lesson.weight[start:stop]
    weight /= len(lessons)
    way = Pass(parameters, batch, training.dropout, chance)
    loss, slope = _loss(way.logits, allowed, weight)
    alone, alone_slope = _loss(way.rules, allowed, weight)
    return loss + training.alone * alone, way.back(slope, np.float32(training.alone) * alone_slope)


def _some_axes(lesson: Lesson, share: float, chance: np.random.Generator) -> Lesson:
    seen = chance.random(lesson.bins.shape[1]) >= share
    return replace(lesson, bins=lesson.bins[:, seen])


def _loss(logits: Array, allowed: Array, weight: Array) -> tuple[float, Array]:
    """Return minus the log probability of what is allowed, and its slopes; BODY has log-odds 0."""
    full = np.concatenate([np.zeros((len(logits), 1), dtype=np.float32), logits], axis=1)
    power = np.exp(full - full.max(axis=1, keepdims=True))
    probability = power / power.sum(axis=1, keepdims=True)
    right = probability * allowed
    total = np.maximum(right.sum(axis=1, keepdims=True), 1e-12)
    slope = (probability - right / total) * weight
    return float(-(np.log(total) * weight).sum()), slope[:, 1:]
