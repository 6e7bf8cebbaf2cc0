"""Numbers that several processes count together: a table in shared memory, one row for each process.

The supervisor makes the table before it forks. Each process writes to its own row, in one thread, so nothing is ever
locked; anybody may read all rows. What a process had counted stays when it is killed.
"""

from __future__ import annotations

import bisect
import itertools
import mmap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_CELL_BYTES: Final = 8


class Kind(StrEnum):
    """What a series counts."""

    COUNTER = "counter"
    """What only grows."""
    GAUGE = "gauge"
    """What is there now; forgotten with its process."""
    HISTOGRAM = "histogram"
    """How many values fell below each bound, and their sum."""


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one name, one for each combination of the values of its labels."""

    name: str
    reads: str
    """What it counts, in words."""
    kind: Kind = Kind.COUNTER
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Names of the labels, each with all its values; others cannot be counted."""
    bounds: tuple[float, ...] = ()
    """Of a histogram: upper bounds of its buckets, rising, without infinity."""

    @property
    def width(self) -> int:
        """Cells for one combination: the buckets and the sum of a histogram, or one."""
        return len(self.bounds) + 2 if self.kind is Kind.HISTOGRAM else 1

    def combinations(self) -> Iterator[tuple[str, ...]]:
        """Yield the combinations of label values, in the order of their cells."""
        return itertools.product(*(values for _, values in self.labels))


class Counters:
    """The table. Make it before forking.

    Args:
        series: all series; their names differ.
        rows: processes that count at once.
    """

    def __init__(self, series: Sequence[Series], rows: int) -> None:
        self.series: Final = tuple(series)
        self.rows: Final = rows
        self._places: dict[tuple[str, tuple[str, ...]], int] = {}
        place = 0
        for each in self.series:
            for values in each.combinations():
                self._places[each.name, values] = place
                place += each.width
        self._columns = place
        self._cells = memoryview(mmap.mmap(-1, max(1, rows * place) * _CELL_BYTES)).cast("d")

    def row(self, index: int) -> Row:
        """Return the row of one process, to count in."""
        if not 0 <= index < self.rows:
            raise IndexError(f"there is no row {index}; the table has {self.rows}")
        return Row(self._cells[index * self._columns : (index + 1) * self._columns], self._places)

    def forget_gauges(self, index: int) -> None:
        """Set the gauges of a row to zero: its process has ended."""
        row = self.row(index)
        for series in self.series:
            if series.kind is Kind.GAUGE:
                for values in series.combinations():
                    row.set(series, 0.0, *values)

    def sums(self, series: Series) -> Mapping[tuple[str, ...], tuple[float, ...]]:
        """Return the cells of a series summed over all rows, by label values."""
        return {
            values: tuple(
                sum(self._cells[row * self._columns + place + cell] for row in range(self.rows))
                for cell in range(series.width)
            )
            for values in series.combinations()
            for place in (self._places[series.name, values],)
        }


class Row:
    """The numbers of one process; for one thread."""

    def __init__(self, cells: memoryview[float], places: Mapping[tuple[str, tuple[str, ...]], int]) -> None:
        self._cells = cells
        self._places = places

    def add(self, series: Series, amount: float = 1.0, *values: str) -> None:
        """Count.

        Args:
            series: what is counted.
            amount: how much of it.
            *values: values of its labels, in their order.

        Raises:
            KeyError: a value that the series does not list.
        """
        self._cells[self._places[series.name, values]] += amount

    def set(self, series: Series, amount: float, *values: str) -> None:
        """Set a gauge."""
        self._cells[self._places[series.name, values]] = amount

    def observe(self, series: Series, value: float, *values: str) -> None:
        """Count a value into its bucket, and add it to the sum."""
        place = self._places[series.name, values]
        self._cells[place + bisect.bisect_left(series.bounds, value)] += 1
        self._cells[place + len(series.bounds) + 1] += value
