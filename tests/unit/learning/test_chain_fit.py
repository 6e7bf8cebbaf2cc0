"""Fitting: the objective's slope is its slope, what is known is learned, and what is not known teaches nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from dehusk_server.decide.chain import marginals
from dehusk_server.learning import chain_fit
from dehusk_server.learning.chain_fit import FloatArray, Penalty, SingleArray, fit

WEAK = Penalty(husk=0.01, kind=0.01, after=0.01)


def learn(
    features: list[list[float]],
    allowed: list[list[float]],
    lengths: list[int],
    *,
    penalty: Penalty = WEAK,
    weight: SingleArray | None = None,
    iterations: int = 200,
) -> chain_fit.Fitted:
    """Fit a tiny problem."""
    return fit(
        csr_matrix(np.array(features)),
        np.array(allowed, dtype=np.float32),
        lengths,
        np.ones(len(features), dtype=np.float32) if weight is None else weight,
        penalty,
        iterations=iterations,
        progress=lambda _number, _objective: None,
    )


def test_the_slope_is_the_slope(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gradient given to the optimiser equals differences of the objective, in every direction."""
    seen: dict[str, Any] = {}

    class Found:
        x = np.zeros(3 * 2 + 9)
        fun = 0.0

    def catch(objective: Any, start: FloatArray, **_options: Any) -> Found:
        seen["objective"], seen["size"] = objective, len(start)
        return Found()

    monkeypatch.setattr(chain_fit, "minimize", catch)
    chance = np.random.default_rng(0)
    allowed = (chance.random((9, 3)) < 0.6).astype(np.float32)
    allowed[allowed.sum(axis=1) == 0, 0] = 1
    features: list[list[float]] = chance.integers(0, 2, size=(9, 3)).tolist()
    learn(
        features,
        allowed.tolist(),
        [4, 1, 3, 1],
        penalty=Penalty(husk=0.7, kind=0.3, after=0.2),
        weight=np.repeat(np.array([1.0, 2.0, 0.5, 3.0], dtype=np.float32), [4, 1, 3, 1]),
    )
    point = chance.normal(size=seen["size"])
    _, slope = seen["objective"](point)

    step = 1e-2  # single precision inside: a wide step, and a tolerance to match
    for direction in np.eye(seen["size"]):
        ahead, behind = (seen["objective"](point + sign * step * direction)[0] for sign in (1, -1))
        assert (ahead - behind) / (2 * step) == pytest.approx(slope @ direction, abs=5e-3)


def test_what_is_labelled_is_learned() -> None:
    """A feature of one kind speaks for it; body is what the weights of others are measured against."""
    rows: list[list[float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 20
    found = learn(rows, rows, [3] * 20)

    assert (found.emissions[:, 0] == 0).all()
    assert found.emissions.argmax(axis=1).tolist() == [0, 1, 2]
    probability = marginals(np.eye(3) @ found.emissions, found.transitions)
    assert (np.diag(probability) > 0.9).all()


def test_order_is_learned() -> None:
    """Where features say nothing, what follows what is read from the sequences."""
    found = learn([[1.0]] * 40, [[1.0, 0], [0, 1]] * 20, [40])

    assert found.transitions[0, 1] > found.transitions[0, 0] + 1
    assert found.transitions[1, 0] > found.transitions[1, 1] + 1


def test_pages_do_not_teach_each_others_order() -> None:
    """The last line of a page and the first of the next are no neighbours."""
    found = learn([[1.0]] * 40, [[1.0, 0], [0, 1]] * 20, [1] * 40)

    np.testing.assert_allclose(found.transitions, 0.0, atol=1e-4)


def test_unknown_lines_teach_nothing() -> None:
    """A line that may be anything leaves all weights at zero."""
    found = learn([[1.0, 0], [0, 1]] * 5, [[1.0, 1, 1]] * 10, [10])

    np.testing.assert_allclose(found.emissions, 0.0, atol=1e-4)
    np.testing.assert_allclose(found.transitions, 0.0, atol=1e-4)


def test_husk_of_no_named_kind_teaches_husk_and_no_kind() -> None:
    """A line that is husk of any kind raises all kinds alike."""
    found = learn([[1.0, 0], [0, 1]] * 20, [[0.0, 1, 1], [1, 0, 0]] * 20, [1] * 40)

    assert found.emissions[0, 1] == pytest.approx(found.emissions[0, 2], abs=1e-3)
    assert found.emissions[0, 1] > 1
    assert found.emissions[1, 1] < -1


def test_weight_counts_as_repetition() -> None:
    """A page of weight 2 teaches what two pages like it would."""
    once = learn([[1.0, 0], [0, 1]], [[1.0, 0], [0, 1]], [2], weight=np.full(2, 2.0, dtype=np.float32))
    twice = learn([[1.0, 0], [0, 1]] * 2, [[1.0, 0], [0, 1]] * 2, [2, 2])

    np.testing.assert_allclose(once.emissions, twice.emissions, atol=2e-3)


def test_a_stronger_penalty_makes_smaller_weights() -> None:
    """Weights are drawn to zero as strongly as asked."""
    sizes = [
        float(
            np.abs(
                learn([[1.0, 0], [0, 1]] * 9, [[1.0, 0], [0, 1]] * 9, [18], penalty=Penalty(p, p, p)).emissions
            ).max()
        )
        for p in (0.1, 1.0, 100.0)
    ]

    assert sizes[0] > sizes[1] > sizes[2]


def test_long_pages_are_cut_and_fitted_all_the_same() -> None:
    """A page longer than sequences may be is learned in pieces: every line still counts once."""
    lines = 3 * chain_fit._LONGEST + 7
    layout = chain_fit._Layout([lines, 2])

    assert sorted(layout.order.tolist()) == list(range(lines + 2))
    assert max(np.diff(layout.offsets)) == 5
    assert len(layout.offsets) - 1 <= chain_fit._LONGEST
