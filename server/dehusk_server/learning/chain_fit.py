"""Weights of a linear chain from partly labelled sequences.

The likelihood of all labellings that a page allows (Tsuboi et al. 2008, "Training conditional random fields using
incomplete annotations") is maximised by L-BFGS: a line known only to be husk of some kind teaches that much and no
more. Weights of one feature are drawn towards a common husk weight, and that towards zero, so that the many lines
without a named kind teach the difference from body, and the few with one teach the kinds.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
_FLOOR: Final = -30.0
_LONGEST: Final = 300
"""Pages of more lines are cut for learning: all sequences advance together, so the longest sets the pace."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """How strongly weights are drawn to zero (half the squared weight times this)."""

    husk: float
    """Of the weight that all kinds of husk share."""
    kind: float
    """Of each kind's departure from it."""
    after: float
    """Of transitions."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Learned weights."""

    emissions: FloatArray
    """Shape (features, kinds); the column of BODY is zero."""
    transitions: FloatArray
    """Shape (kinds, kinds)."""
    objective: float


class _Layout:
    """Sequences laid side by side, longest first: step ``t`` holds the ``t``-th place of all that reach it."""

    def __init__(self, lengths: Sequence[int]) -> None:
        parts: list[tuple[int, int]] = []
        start = 0
        for length in lengths:
            count = max(1, -(-length // _LONGEST))
            edges = np.linspace(start, start + length, count + 1).astype(int).tolist()
            parts += [(low, high - low) for low, high in itertools.pairwise(edges) if high > low]
            start += length
        parts.sort(key=lambda part: -part[1])
        firsts = np.array([part[0] for part in parts])
        sizes = np.array([part[1] for part in parts])
        rows = [firsts[: int((sizes > step).sum())] + step for step in range(int(sizes[0]))]
        self.order = np.concatenate(rows)
        self.offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).tolist()


def _forward_backward(
    layout: _Layout, potentials: SingleArray, step: SingleArray, weight: SingleArray
) -> tuple[float, SingleArray, FloatArray]:
    """Return the weighted log-partition, the marginals and the expected transitions."""
    offsets = layout.offsets
    steps = len(offsets) - 1
    ahead = np.empty_like(potentials)
    scale = np.empty(len(potentials), dtype=np.float32)
    for place in range(steps):
        low, high = offsets[place], offsets[place + 1]
        current = potentials[low:high]
        if place:
            before = offsets[place - 1]
            current = (ahead[before : before + high - low] @ step) * current
        total = current.sum(axis=1)
        ahead[low:high] = current / total[:, None]
        scale[low:high] = total
    behind = np.ones_like(potentials)
    expected = np.zeros(step.shape)
    for place in range(steps - 2, -1, -1):
        low, nxt, past = offsets[place], offsets[place + 1], offsets[place + 2]
        count = past - nxt
        message = potentials[nxt:past] * behind[nxt:past] / scale[nxt:past, None]
        behind[low : low + count] = message @ step.T
        expected += (ahead[low : low + count] * weight[low : low + count, None]).T @ message
    return float((np.log(scale) * weight).sum(dtype=np.float64)), ahead * behind, expected * step


def fit(
    features: csr_matrix,
    allowed: SingleArray,
    lengths: Sequence[int],
    weight: SingleArray,
    penalty: Penalty,
    *,
    iterations: int,
    progress: Callable[[int, float], None],
) -> Fitted:
    """Learn the weights.

    Args:
        features: which rules fire on which line; shape (lines, features), pages one after the other.
        allowed: 1 for each kind that a line may be; shape (lines, kinds).
        lengths: lines of each page.
        weight: of each line, the same for all lines of a page.
        penalty: of large weights.
        iterations: of L-BFGS at most.
        progress: told the number of each evaluation and its objective.
    """
    layout = _Layout(lengths)
    matrix: Any = features[layout.order].astype(np.float32)
    transposed = matrix.T.tocsr()
    mask, weight = allowed[layout.order], weight[layout.order]
    count, kinds = features.shape[1], allowed.shape[1]
    split = count * (kinds - 1)
    evaluations = 0

    def objective(point: FloatArray) -> tuple[float, FloatArray]:
        nonlocal evaluations
        husk = point[:split].reshape(count, kinds - 1)
        after = point[split:].reshape(kinds, kinds)
        emissions = np.zeros((count, kinds), dtype=np.float32)
        emissions[:, 1:] = husk
        scores = matrix @ emissions
        scores -= scores.max(axis=1, keepdims=True)
        potentials = np.exp(np.maximum(scores, np.float32(_FLOOR)))
        step = np.exp(after).astype(np.float32)
        free, marginal, moved = _forward_backward(layout, potentials, step, weight)
        held, wanted, held_moved = _forward_backward(layout, potentials * mask + np.float32(1e-30), step, weight)
        slope = (transposed @ ((marginal - wanted) * weight[:, None])[:, 1:]).astype(np.float64)
        common = penalty.kind * husk.sum(axis=1, keepdims=True) / (penalty.husk + (kinds - 1) * penalty.kind)
        apart = husk - common
        value = (
            free
            - held
            + 0.5
            * (
                penalty.husk * float((common**2).sum())
                + penalty.kind * float((apart**2).sum())
                + penalty.after * float((after**2).sum())
            )
        )
        slope += penalty.kind * apart
        evaluations += 1
        progress(evaluations, value)
        return value, np.concatenate([slope.ravel(), (moved - held_moved + penalty.after * after).ravel()])

    found = minimize(
        objective,
        np.zeros(split + kinds * kinds),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": iterations, "maxcor": 8, "maxfun": iterations * 2},
    )
    emissions = np.zeros((count, kinds))
    emissions[:, 1:] = found.x[:split].reshape(count, kinds - 1)
    return Fitted(emissions, found.x[split:].reshape(kinds, kinds), float(found.fun))
