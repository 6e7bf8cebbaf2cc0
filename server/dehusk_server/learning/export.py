"""Fitted numbers to what a rule set holds: rules' weights with two digits, and a network of whole numbers."""

from __future__ import annotations

from typing import Final

import numpy as np

from dehusk_server.learning.network_pass import Array, Parameters
from dehusk_server.model import KINDS
from dehusk_server.rules.context import LARGEST_SCORE, FloatArray
from dehusk_server.rules.network import LARGEST_STATE, STATE_UNITS, WEIGHT_UNITS, Network, Table, sizes
from dehusk_server.text.axes import AXIS_OFFSETS

_EXACT: Final = (1 << 24) - 1


def rule_weights(parameters: Parameters, smallest: float, digits: int) -> tuple[Array, Array]:
    """Return the weights of all shapes and of all phrases per kind, rounded; small ones are zero.

    The bias goes to the first axis: one of its bins is met on every line.

    Args:
        parameters: as fitted.
        smallest: absolute weight below which a phrase's weight is left out.
        digits: decimals.

    Returns:
        Shapes (bins, kinds) and (phrases, kinds), BODY's column zero.
    """
    shapes = parameters["shape.kinds"].copy()
    shapes[: AXIS_OFFSETS[1]] += parameters["kinds.bias"]
    phrases = np.round(parameters["phrase.kinds"], digits)
    phrases[np.abs(phrases) < smallest] = 0
    return with_body(np.round(shapes, digits)), with_body(phrases)


def with_body(weights: Array) -> Array:
    """Return weights per kind of husk with a column of zeros for BODY before them."""
    return np.concatenate([np.zeros((len(weights), len(KINDS) - weights.shape[1]), dtype=np.float32), weights], axis=1)


def make_network(parameters: Parameters) -> Network:
    """Return the context network in whole numbers."""
    hidden, wide = parameters["block-0.wide"].shape
    held = dict(parameters)
    held["shape.hidden"] = held["shape.hidden"].copy()
    held["shape.hidden"][: AXIS_OFFSETS[1]] += held["hidden.bias"]
    tables = {}
    for name, (rows, columns) in sizes(len(held["shape.hidden"]), hidden, wide):
        weights = held[name].reshape(rows, columns).astype(np.float64) * WEIGHT_UNITS
        if not name.endswith(".bias") and name != "shape.hidden":
            weights = _exact(weights, LARGEST_SCORE if name == "scores.hidden" else LARGEST_STATE * STATE_UNITS)
        whole = np.rint(weights).astype(np.int64)
        tables[name] = Table(name, rows, columns, tuple(whole.ravel().tolist()))
    return Network(tables)


def _exact(weights: FloatArray, largest: int) -> FloatArray:
    """Shrink the columns whose sums could leave the range in which single precision is exact."""
    # Rounding may add half a unit to each weight.
    most = _EXACT / largest - len(weights)
    total = np.abs(weights).sum(axis=0)
    return np.asarray(weights * np.minimum(1.0, most / np.maximum(total, 1e-9)))
