"""The context network as data: whole numbers in named tables, read from and written to the rule set's file.

Its numbers are fractions with a fixed denominator, so that every sum is exact and the answer is the same on every
machine, whatever order the processor adds in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dehusk_server.model import HUSK_KINDS

TAPS: Final = 5
"""Lines that each block looks at: two before, the line, two after."""
STRIDES: Final = (1, 2, 4, 8, 16)
"""Distance between the lines that each block looks at."""
WEIGHT_UNITS: Final = 256
"""A weight of the network is stored as a whole number of 1/256."""
STATE_UNITS: Final = 64
"""What the network holds of a line is rounded to 1/64."""
LARGEST_STATE: Final = 32
"""… and cut off at 32."""
LARGEST_WEIGHT: Final = 1 << 15
"""Largest stored number."""


@dataclass(frozen=True, slots=True)
class Table:
    """A named table of whole numbers, row by row."""

    name: str
    rows: int
    columns: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class Network:
    """All tables of a context network.

    Raises:
        ValueError: a table is missing, unknown, or of the wrong size; the message names it.
    """

    tables: Mapping[str, Table]

    def __post_init__(self) -> None:
        bins, hidden, wide = self.bins, self.hidden, self.wide
        if min(bins, hidden, wide) < 1:
            raise ValueError(f"the context network is empty: {bins} bins, {hidden} hidden numbers, {wide} in a block")
        wanted = dict(sizes(bins, hidden, wide))
        for name in sorted(self.tables.keys() - wanted.keys()):
            raise ValueError(f"no table {name!r} belongs to a context network")
        for name, (rows, columns) in wanted.items():
            table = self.tables.get(name)
            if table is None:
                raise ValueError(f"table {name!r} of the context network is missing")
            if (table.rows, table.columns) != (rows, columns):
                raise ValueError(f"table {name!r} is {table.rows} by {table.columns}, not {rows} by {columns}")
            if len(table.values) != rows * columns:
                raise ValueError(f"table {name!r} holds {len(table.values)} numbers, not {rows} by {columns}")
            if any(abs(value) > LARGEST_WEIGHT for value in table.values):
                raise ValueError(f"table {name!r} holds a number above {LARGEST_WEIGHT}")

    def _table(self, name: str) -> Table:
        try:
            return self.tables[name]
        except KeyError:
            raise ValueError(f"table {name!r} of the context network is missing") from None

    @property
    def bins(self) -> int:
        """Bins of all axes."""
        return self._table("shape.hidden").rows

    @property
    def hidden(self) -> int:
        """Numbers that the network holds of each line."""
        return self._table("shape.hidden").columns

    @property
    def wide(self) -> int:
        """Numbers inside a block."""
        return self._table("block-0.wide").columns


def sizes(bins: int, hidden: int, wide: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the name of each table with its rows and columns."""
    kinds = len(HUSK_KINDS)
    yield "shape.hidden", (bins, hidden)
    yield "scores.hidden", (kinds, hidden)
    for block in range(len(STRIDES)):
        yield f"block-{block}.taps", (TAPS, hidden)
        yield f"block-{block}.taps.bias", (1, hidden)
        yield f"block-{block}.wide", (hidden, wide)
        yield f"block-{block}.wide.bias", (1, wide)
        yield f"block-{block}.narrow", (wide, hidden)
        yield f"block-{block}.narrow.bias", (1, hidden)
    yield "page.hidden", (2 * hidden, hidden)
    yield "page.bias", (1, hidden)
    yield "answer.kinds", (hidden, kinds)
    yield "answer.bias", (1, kinds)


def table_row(table: Table) -> dict[str, Any]:
    """Return the JSON object of one table."""
    return {"table": table.name, "rows": table.rows, "columns": table.columns, "values": list(table.values)}


def read_table(row: Mapping[str, Any]) -> Table:
    """Read one table from its JSON object.

    Raises:
        KeyError, TypeError, ValueError: it is not a table of whole numbers.
    """
    values = row["values"]
    if not isinstance(values, list) or not all(type(value) is int for value in values):
        raise ValueError("the values of a table are whole numbers")
    return Table(str(row["table"]), int(row["rows"]), int(row["columns"]), tuple(values))
