"""Fitting parts: the objective's slope is its slope, what is labelled is learned, and penalties draw to zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from dehusk_server.learning import softmax_fit
from dehusk_server.learning.softmax_fit import Penalty, Task, fit
from dehusk_server.model import KINDS
from dehusk_server.rules.context import FloatArray
from unit.engine.tiny import softmax

WEAK = Penalty(husk=0.01, kind=0.01)


def task(features: list[list[float]], label: list[int], weight: list[float] | None = None) -> Task:
    """Return a tiny problem."""
    held = np.ones(len(label)) if weight is None else np.array(weight)
    return Task(csr_matrix(np.array(features, dtype=np.float32)), np.array(label), held)


def learn(problem: Task, penalty: Penalty = WEAK, iterations: int = 200) -> FloatArray:
    """Fit it."""
    return fit(problem, penalty, iterations=iterations, progress=lambda _number, _objective: None)


def test_the_slope_is_the_slope(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gradient given to the optimiser equals differences of the objective, in every direction."""
    seen: dict[str, Any] = {}

    class Found:
        x = np.zeros(3 * (len(KINDS) - 1))

    def catch(objective: Any, start: FloatArray, **_options: Any) -> Found:
        seen["objective"], seen["size"] = objective, len(start)
        return Found()

    monkeypatch.setattr(softmax_fit, "minimize", catch)
    chance = np.random.default_rng(0)
    features: list[list[float]] = chance.integers(0, 2, size=(9, 3)).tolist()
    label: list[int] = chance.integers(0, len(KINDS), size=9).tolist()
    learn(task(features, label, chance.uniform(0.5, 3, size=9).tolist()), Penalty(husk=0.7, kind=0.3))
    point = chance.normal(size=seen["size"])
    _, slope = seen["objective"](point)

    step = 1e-5
    for direction in np.eye(seen["size"]):
        ahead, behind = (seen["objective"](point + sign * step * direction)[0] for sign in (1, -1))
        assert (ahead - behind) / (2 * step) == pytest.approx(slope @ direction, abs=1e-6)


def test_what_is_labelled_is_learned() -> None:
    """A feature of one kind speaks for it; body is what the weights of others are measured against."""
    rows: list[list[float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]

    found = learn(task(rows * 20, [0, 4, 9] * 20))

    assert found.shape == (3, len(KINDS))
    assert (found[:, 0] == 0).all()
    assert found.argmax(axis=1).tolist() == [0, 4, 9]
    assert [softmax(found[row].tolist())[kind] > 0.9 for row, kind in enumerate((0, 4, 9))] == [True] * 3


def test_without_penalty_probabilities_are_the_shares() -> None:
    """A feature of units of several kinds gives each kind the probability that it had."""
    found = learn(task([[1.0]] * 8, [0, 0, 0, 0, 2, 2, 2, 5]), Penalty(husk=1e-9, kind=1e-9))

    probability = softmax(found[0].tolist())
    assert [probability[kind] for kind in (0, 2, 5)] == pytest.approx([0.5, 0.375, 0.125], abs=1e-3)


def test_kinds_lean_on_what_all_husk_has_in_common() -> None:
    """A kind that a feature was never seen with is drawn along by the kinds that it was seen with."""
    rows: list[list[float]] = [[1, 0], [0, 1]]
    apart, common = Penalty(husk=5.0, kind=0.01), Penalty(husk=0.01, kind=5.0)

    loose, tied = (learn(task(rows * 20, [3, 0] * 20), penalty)[0] for penalty in (apart, common))

    assert tied[3] > tied[7] > 0.5
    assert loose[7] < 0


def test_weight_counts_as_repetition() -> None:
    """A unit of weight 2 teaches what two units like it would."""
    once = learn(task([[1.0, 0], [0, 1]], [3, 0], [2.0, 2.0]))
    twice = learn(task([[1.0, 0], [0, 1]] * 2, [3, 0] * 2))

    np.testing.assert_allclose(once, twice, atol=2e-3)
    assert abs(once).max() > 1


def test_a_stronger_penalty_makes_smaller_weights() -> None:
    """Weights are drawn to zero as strongly as asked."""
    problem = task([[1.0, 0], [0, 1]] * 9, [3, 0] * 9)

    sizes = [float(abs(learn(problem, Penalty(p, p))).max()) for p in (0.1, 1.0, 100.0)]

    assert sizes[0] > sizes[1] > sizes[2]


def test_the_same_task_gives_the_same_bytes() -> None:
    """Nothing is drawn."""
    chance = np.random.default_rng(1)
    features: list[list[float]] = chance.integers(0, 2, size=(40, 6)).tolist()
    label: list[int] = chance.integers(0, len(KINDS), size=40).tolist()

    assert learn(task(features, label)).tobytes() == learn(task(features, label)).tobytes()


def test_progress_is_told_and_the_work_is_bounded() -> None:
    """Evaluations are numbered from 1 with an objective that ends lower; no more iterations than asked."""
    told: list[tuple[int, float]] = []
    problem = task([[1.0, 0], [0, 1]] * 9, [3, 0] * 9)

    fit(problem, WEAK, iterations=2, progress=lambda number, objective: told.append((number, objective)))

    assert [number for number, _ in told] == list(range(1, len(told) + 1))
    assert len(told) <= 4
    assert told[-1][1] < told[0][1] == pytest.approx(18 * np.log(len(KINDS)))
