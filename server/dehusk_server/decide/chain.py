"""Marginals of a linear chain (Lafferty, McCallum & Pereira 2001), by forward-backward in blocks.

A loop over the lines in Python would cost more than everything else. The chain is cut into blocks of about the square
root of its length: what each block does to any incoming state is a matrix; the matrices of all blocks grow side by
side, then the blocks are joined one by one, then all lines inside are filled side by side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
_SCALED = 3
"""Steps between two scalings; so many potentials multiplied stay far above the smallest double."""
_FLOOR = -60.0
"""Log of the smallest potential relative to the line's largest: keeps every product above zero."""


def marginals(emissions: FloatArray, transitions: FloatArray) -> FloatArray:
    """Return the probability of each label at each place of a chain.

    Args:
        emissions: log-potentials per place and label; shape (places, labels), at least one place.
        transitions: log-potentials from label (row) to label (column); shape (labels, labels).

    Returns:
        Probabilities; shape (places, labels), rows sum to 1.
    """
    places, labels = emissions.shape
    potentials = np.exp(np.maximum(emissions - emissions.max(axis=1, keepdims=True), _FLOOR))
    # A common factor changes nothing; without it a heavy weight would leave the range of numbers.
    step = np.exp(np.maximum(transitions - transitions.max(), _FLOOR))
    size = max(1, int(np.sqrt(places)))
    blocks = -(-places // size)
    padded = np.ones((blocks * size, labels))
    padded[:places] = potentials
    padded = padded.reshape(blocks, size, labels)
    forward = _sweep(padded, step, np.ones(labels))
    # The padding stands after the end; backwards it would be met first, so it is turned into a step that does nothing.
    reverse = np.ones((blocks * size, labels))
    reverse[:places] = potentials[::-1]
    backward = _sweep(reverse.reshape(blocks, size, labels), step.T, np.ones(labels))
    ahead = forward.reshape(-1, labels)[:places]
    behind = backward.reshape(-1, labels)[:places][::-1]
    joint = ahead * behind / potentials
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))


def _sweep(potentials: FloatArray, step: FloatArray, start: FloatArray) -> FloatArray:
    """Return the filtered vectors (each scaled to sum 1) of a chain laid out in blocks; shape as ``potentials``."""
    blocks, size, labels = potentials.shape
    carry = np.broadcast_to(np.eye(labels), (blocks, labels, labels)).copy()
    for place in range(size):
        # One product over all blocks at once: their rows laid below each other.
        carry = (carry.reshape(-1, labels) @ step).reshape(blocks, labels, labels)
        carry *= potentials[:, place, None, :]
        if place % _SCALED == _SCALED - 1 or place == size - 1:
            carry /= carry.sum(axis=(1, 2))[:, None, None]
    entering = np.empty((blocks, labels))
    state = start / start.sum()
    for block in range(blocks):
        entering[block] = state
        state = state @ carry[block] if block else _first_block(potentials[0], step)
        state = state / state.sum()
    out = np.empty_like(potentials)
    current = entering
    for place in range(size):
        moved = current @ step
        if place == 0:
            moved[0] = 1.0
        current = moved * potentials[:, place]
        current = current / current.sum(axis=1, keepdims=True)
        out[:, place] = current
    return out


def _first_block(potentials: FloatArray, step: FloatArray) -> FloatArray:
    state = potentials[0] / potentials[0].sum()
    for row in potentials[1:]:
        state = (state @ step) * row
        state = state / state.sum()
    return np.asarray(state)
