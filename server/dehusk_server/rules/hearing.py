"""How the lines of a page are heard together: what their rules add up to, and what the context network makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dehusk_server.model import KINDS
from dehusk_server.rules.context import SCORE_UNITS, Context, FloatArray, SingleArray
from dehusk_server.rules.rule import Family
from dehusk_server.text.page import IntArray

_AT_ONCE: Final = 4096
"""Units whose bins are added up at once; bounds the memory that it takes."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """How the lines of a page are heard together: the network, and what each bin of a line lets it see."""

    family: Family
    """Of the rules that stand for the network."""
    context: Context | None
    """``None`` in a set without a context network: each line is decided by its own rules."""
    bins: SingleArray
    """Of each bin of a line: its weights per kind, then what it lets the network see. Shape (bins, kinds + hidden)."""

    def speak(self, bins: IntArray, phrases: SingleArray) -> Spoken:
        """Let all rules look at all lines, and the network hear them.

        Args:
            bins: bins of each line; shape (lines, axes).
            phrases: what the phrases of each line say, in hundredths; shape (lines, kinds).
        """
        seen = bin_sums(bins, self.bins)
        own = (seen[:, : len(KINDS)] + phrases).astype(np.float64) / SCORE_UNITS
        entering = np.ascontiguousarray(seen[:, len(KINDS) :])
        return Spoken(own, self.listen(entering, phrases), entering, phrases)

    def listen(self, entering: SingleArray, phrases: SingleArray) -> FloatArray:
        """Return the log-odds against BODY that the context gives to each kind; arguments as in `Spoken`."""
        context = np.zeros((len(entering), len(KINDS)))
        if self.context is not None and len(entering):
            context[:, 1:] = self.context.hear(entering, phrases[:, 1:])
        return context


@dataclass(frozen=True, slots=True)
class Spoken:
    """What rules and network say of the lines of a page; arrays of shape (lines, …), the column of BODY is zero."""

    own: FloatArray
    """Log-odds against BODY that the line's own rules give to each kind; shape (lines, kinds)."""
    context: FloatArray
    """Log-odds against BODY that the context adds; shape (lines, kinds)."""
    entering: SingleArray
    """What the shape of each line lets the network see; shape (lines, hidden)."""
    phrases: SingleArray
    """What its phrases say, in hundredths; shape (lines, kinds)."""


def bin_sums(bins: IntArray, table: SingleArray) -> SingleArray:
    """Add up the rows of a table that the bins of each unit name; shape (units, columns).

    As a product with a matrix of zeros and ones, a few thousand units at once: faster than gathering rows. Tables hold
    whole numbers, so the order of the sum does not matter.
    """
    out = np.empty((len(bins), table.shape[1]), dtype=np.float32)
    for start in range(0, len(bins), _AT_ONCE):
        some = bins[start : start + _AT_ONCE]
        ones = np.zeros((len(some), len(table)), dtype=np.float32)
        np.put_along_axis(ones, some, 1.0, axis=1)
        np.matmul(ones, table, out=out[start : start + _AT_ONCE])
    return out
