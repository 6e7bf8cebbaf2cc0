"""Fitting rules and network: determined by lessons and seed, learns what is shown, and by the lines around."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dehusk_server.learning import network_fit
from dehusk_server.learning.network_fit import Course, Lesson, Training, fit, lay_out
from dehusk_server.learning.network_pass import GAP, KINDS, Array, Parameters, Pass
from unit.learning.lessons import AXES, BINS, PHRASES, course

QUICK = Training(hidden=6, wide=6, rounds=40, rate=3e-2, dropout=0.0, phrase_dropout=0.0)


def quiet(_turn: int, _loss: float) -> None:
    """Say nothing."""


def learn(pages: Course, training: Training = QUICK, seed: int = 0) -> Parameters:
    """Fit without a word."""
    return fit(pages, training, seed, quiet)


def probability(parameters: Parameters, pages: Course, *, alone: bool = False) -> Array:
    """Return the probabilities of each line of the first page, of rules and network or of the rules alone."""
    way = Pass(parameters, lay_out(pages, 0.0, None)[0], 0.0, None)
    odds = (way.rules if alone else way.logits)[GAP : GAP + len(pages.lessons[0].weight)]
    power = np.exp(np.concatenate([np.zeros((len(odds), 1)), odds], axis=1))
    return np.asarray(power / power.sum(axis=1, keepdims=True))


def same_lines(allowed: list[list[int]], phrase: list[int] | None = None, line: list[int] | None = None) -> Lesson:
    """Return a page whose lines all look alike, with the kinds that each may be."""
    rows = np.zeros((len(allowed), KINDS + 1), dtype=np.float32)
    for number, kinds in enumerate(allowed):
        rows[number, kinds] = 1
    return Lesson(
        bins=np.tile(np.arange(0, BINS, BINS // AXES), (len(allowed), 1)),
        phrase=np.array(phrase or [], dtype=np.int64),
        line=np.array(line or [], dtype=np.int64),
        allowed=rows,
        weight=np.ones(len(allowed), dtype=np.float32),
    )


ANY = list(range(KINDS + 1))


def test_the_same_lessons_and_seed_give_the_same_numbers() -> None:
    """All that is drawn comes from the seed, dropout included; another seed gives others."""
    pages, training = course(9, 4, 30), Training(hidden=4, wide=4, rounds=3)
    one, same, other = learn(pages, training), learn(pages, training), learn(pages, training, seed=1)

    assert {name: value.tobytes() for name, value in one.items()} == {
        name: value.tobytes() for name, value in same.items()
    }
    assert any((one[name] != other[name]).any() for name in one)


def test_what_is_shown_is_learned() -> None:
    """Pages of labelled lines are told by heart, and the loss that is said falls."""
    pages = course(9, 4, 12)
    said: list[tuple[int, float]] = []

    parameters = fit(pages, replace(QUICK, rounds=120), 0, lambda turn, loss: said.append((turn, loss)))

    right = probability(parameters, pages)[np.arange(9), pages.lessons[0].allowed.argmax(axis=1)]
    assert (right > 0.8).all()
    assert [turn for turn, _ in said] == list(range(120))
    assert said[-1][1] < 0.2 * said[0][1]


def test_a_phrase_is_learned_as_a_rule_that_speaks_alone() -> None:
    """The rules are judged by themselves too: a phrase that tells a kind does so without the network."""
    pages = Course([same_lines([[0], [3], [0], [3]], [1, 2, 1, 2], [0, 1, 2, 3])], BINS, PHRASES)

    parameters = learn(pages, replace(QUICK, alone=1.0, rounds=250))

    assert (probability(parameters, pages, alone=True)[[1, 3], 3] > 0.8).all()
    assert parameters["phrase.kinds"][2].argmax() == 3 - 1
    assert (parameters["phrase.kinds"][4] == 0).all()


def test_the_lines_around_are_learned_from() -> None:
    """A line that looks like any other is told by the phrase on the line above it."""
    husk_below = same_lines([[0], [0], [0], [7], [0], [0], [0], [0]], [1], [2])
    pages = Course([husk_below] * 3, BINS, PHRASES)

    found = probability(learn(pages, replace(QUICK, rounds=150)), pages)

    assert found[3, 7] > 0.8
    assert (found[[0, 1, 2, 4, 5, 6, 7], 0] > 0.8).all()


def test_a_line_that_may_be_anything_teaches_nothing() -> None:
    """Where all is allowed nothing is lost, and nothing moves."""
    logits = np.random.default_rng(0).normal(size=(5, KINDS)).astype(np.float32)

    loss, slope = network_fit._loss(logits, np.ones((5, KINDS + 1), np.float32), np.ones((5, 1), np.float32))

    assert loss == pytest.approx(0, abs=1e-5)
    np.testing.assert_allclose(slope, 0, atol=1e-6)


def test_husk_of_no_named_kind_teaches_husk() -> None:
    """A line that is any husk becomes less likely to be body, and no kind becomes certain."""
    page = Course([same_lines([ANY[1:]] * 4)], BINS, PHRASES)
    found = probability(learn(page), page)

    assert (found[:, 0] < 0.05).all()
    assert found[:, 1:].max() < 0.9


def test_lines_without_weight_teach_nothing() -> None:
    """What a line of weight zero is called changes no number."""
    pages = [
        replace(same_lines([[0], [kind], [0]], [1], [1]), weight=np.array([1, 0, 1], np.float32)) for kind in (3, 5)
    ]

    one, other = (learn(Course([page], BINS, PHRASES), replace(QUICK, rounds=5)) for page in pages)

    assert all((one[name] == other[name]).all() for name in one)


def test_the_loss_is_the_chance_of_what_is_allowed() -> None:
    """Minus the logarithm of the allowed kinds' probability, weighed; its slope is its slope."""
    chance = np.random.default_rng(0)
    logits: Any = chance.normal(size=(6, KINDS))
    allowed: Any = (chance.random((6, KINDS + 1)) < 0.3).astype(np.float64)
    allowed[:, 4] = 1
    weight: Any = chance.uniform(0.5, 2, (6, 1))

    def loss(moved: Array) -> float:
        power = np.exp(np.concatenate([np.zeros((6, 1)), moved], axis=1))
        return float(-(np.log((power * allowed).sum(axis=1) / power.sum(axis=1)) * weight[:, 0]).sum())

    found, slope = network_fit._loss(logits, allowed, weight)

    assert found == pytest.approx(loss(logits))
    for place in np.ndindex(*slope.shape):
        step = np.zeros(logits.shape)
        step[place] = 1e-6
        assert (loss(logits + step) - loss(logits - step)) / 2e-6 == pytest.approx(slope[place], abs=1e-6)


def test_every_page_is_looked_at_once_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are put into batches by their lines, in an order that is drawn, and none is left out."""
    monkeypatch.setattr(network_fit, "_ROWS", 20)
    pages = course(9, 4, 30, 1, 19, 8)
    groups = list(network_fit._groups(pages.lessons, np.random.default_rng(0)))

    assert sorted(number for group in groups for number in group) == [0, 1, 2, 3, 4, 5]
    assert all(len(group) == 1 or sum(len(pages.lessons[one].weight) for one in group) <= 20 for group in groups)
    assert groups != list(network_fit._groups(pages.lessons, np.random.default_rng(3)))


def test_pages_are_laid_out_with_room_between() -> None:
    """Bins and phrases of each line stand in its row, pages so far apart that none hears another."""
    pages = course(3, 5)
    batch, places = lay_out(pages, 0.0, None)

    assert places == [(GAP, 0, 3), (2 * GAP + 3, 0, 5)]
    assert batch.mask[:, 0].tolist() == [0] * GAP + [1] * 3 + [0] * GAP + [1] * 5 + [0] * GAP
    for (row, _, lines), lesson in zip(places, pages.lessons, strict=True):
        for line in range(lines):
            assert sorted(batch.shapes[row + line].indices.tolist()) == lesson.bins[line].tolist()
            held = np.bincount(lesson.phrase[lesson.line == line], minlength=PHRASES)
            assert batch.phrases[row + line].toarray()[0].tolist() == held.tolist()
    assert batch.shapes.nnz == 8 * AXES


def test_of_a_long_page_another_stretch_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """While training, a stretch of a long page is drawn, with the phrases of its lines; without a draw all is taken."""
    monkeypatch.setattr(network_fit, "_LONGEST", 6)
    pages = course(40)
    chance = np.random.default_rng(0)
    stretches = set()

    for _ in range(20):
        batch, [(row, start, stop)] = lay_out(pages, 0.0, chance)
        stretches.add(start)
        lesson = pages.lessons[0]
        inside = (lesson.line >= start) & (lesson.line < stop)
        assert stop - start == 6
        assert batch.phrases.sum() == inside.sum()
        assert sorted(batch.shapes[row].indices.tolist()) == lesson.bins[start].tolist()
    assert len(stretches) > 5
    assert lay_out(pages, 0.0, None)[1] == [(GAP, 0, 40)]


def test_some_phrases_are_not_seen_while_training() -> None:
    """About the share that is asked for is left out, none where nothing is drawn."""
    pages = course(400)
    total = lay_out(pages, 0.3, None)[0].phrases.sum()

    assert total == len(pages.lessons[0].phrase)
    assert 0.55 * total < lay_out(pages, 0.3, np.random.default_rng(0))[0].phrases.sum() < 0.85 * total
