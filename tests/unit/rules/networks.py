"""Context networks of a few numbers: drawn ones of any sense or none, and one that does as it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from dehusk_server.model import HUSK_KINDS, Kind
from dehusk_server.rules.network import TAPS, WEIGHT_UNITS, Network, Table, sizes
from dehusk_server.text.axes import AXIS_OFFSETS

Entries = Mapping[tuple[int, int], float]
BINS: Final = AXIS_OFFSETS[-1]


def network_of(entries: Mapping[str, Entries], hidden: int = 2, wide: int = 1) -> Network:
    """Return a network of zeros but for the given weights, by table, row and column."""
    tables = {}
    for name, (rows, columns) in sizes(BINS, hidden, wide):
        values = np.zeros((rows, columns), dtype=np.int64)
        for place, weight in entries.get(name, {}).items():
            values[place] = round(weight * WEIGHT_UNITS)
        tables[name] = Table(name, rows, columns, tuple(values.ravel().tolist()))
    return Network(tables)


def drawn_network(seed: int, hidden: int = 3, wide: int = 4, loudest: float = 1.5) -> Network:
    """Return a network of numbers drawn at random."""
    chance = np.random.default_rng(seed)
    top = int(loudest * WEIGHT_UNITS)
    return Network(
        {
            name: Table(name, rows, columns, tuple(chance.integers(-top, top + 1, rows * columns).tolist()))
            for name, (rows, columns) in sizes(BINS, hidden, wide)
        }
    )


def listening(heard: Kind, said: Kind, weight: float, by: int = -1) -> Network:
    """Return a network by which what a line's phrases say for one kind speaks for another kind on a line near by.

    Args:
        heard: the kind that phrases speak for.
        said: the kind that the context then speaks for.
        weight: log-odds for it, for each log-odds that was heard.
        by: distance of the line that is heard, from -2 to 2: -1 is the line before.
    """
    return network_of(
        {
            "scores.hidden": {(HUSK_KINDS.index(heard), 0): 1.0},
            "block-0.taps": {(TAPS // 2 + by, 0): 1.0},
            "block-0.wide": {(0, 0): 1.0},
            "block-0.narrow": {(0, 1): 1.0},
            "answer.kinds": {(1, HUSK_KINDS.index(said)): weight},
        }
    )
