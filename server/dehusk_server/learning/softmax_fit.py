"""Weights of features that tell kinds apart, from labelled units: multinomial logistic regression.

The likelihood of the labels is maximised by L-BFGS. Weights of one feature are drawn towards a common husk weight, and
that towards zero, so that the kinds with few units lean on what all husk has in common.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from dehusk_server.model import KINDS
from dehusk_server.rules.context import FloatArray
from dehusk_server.text.page import IntArray


@dataclass(frozen=True, slots=True)
class Penalty:
    """How strongly weights are drawn to zero (half the squared weight times this)."""

    husk: float
    """Of the weight that all kinds of husk share."""
    kind: float
    """Of each kind's departure from it."""


@dataclass(frozen=True, slots=True)
class Task:
    """What the weights are to tell."""

    features: csr_matrix
    """Which features fire on which unit; shape (units, features)."""
    label: IntArray
    """Column of the kind of each unit; shape (units,)."""
    weight: NDArray[Any]
    """How much each unit counts; shape (units,)."""


def fit(task: Task, penalty: Penalty, *, iterations: int, progress: Callable[[int, float], None]) -> FloatArray:
    """Return the weights of every feature for every kind; shape (features, kinds), the column of BODY is zero.

    Args:
        task: units and their labels.
        penalty: of large weights.
        iterations: of L-BFGS at most.
        progress: told the number of each evaluation and its objective.
    """
    shape = (task.features.shape[1], len(KINDS) - 1)
    transposed = task.features.T.tocsr()
    evaluations = 0

    def objective(point: FloatArray) -> tuple[float, FloatArray]:
        nonlocal evaluations
        husk = point.reshape(shape)
        loss, slope = _loss(task.features @ husk, task)
        drawn, pull = _drawn(husk, penalty)
        evaluations += 1
        progress(evaluations, loss + drawn)
        return loss + drawn, np.asarray(transposed @ slope + pull).ravel()

    found = minimize(
        objective,
        np.zeros(shape).ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": iterations, "maxcor": 8, "maxfun": iterations * 2},
    )
    return np.concatenate([np.zeros((shape[0], 1)), found.x.reshape(shape)], axis=1)


def _loss(odds: FloatArray, task: Task) -> tuple[float, FloatArray]:
    """Return minus the log probability of the labels, and how it changes with each kind's log-odds against BODY."""
    full = np.concatenate([np.zeros((len(odds), 1)), odds], axis=1)
    full -= full.max(axis=1, keepdims=True)
    power = np.exp(full)
    total = power.sum(axis=1)
    units = np.arange(len(full))
    loss = float(((np.log(total) - full[units, task.label]) * task.weight).sum())
    slope = power / total[:, None]
    slope[units, task.label] -= 1.0
    return loss, slope[:, 1:] * task.weight[:, None]


def _drawn(husk: FloatArray, penalty: Penalty) -> tuple[float, FloatArray]:
    """Return the penalty of the weights, with the common weights that make it least, and how it changes with each."""
    common = penalty.kind * husk.sum(axis=1, keepdims=True) / (penalty.husk + husk.shape[1] * penalty.kind)
    apart = husk - common
    value = 0.5 * (penalty.husk * float((common**2).sum()) + penalty.kind * float((apart**2).sum()))
    return value, penalty.kind * apart
