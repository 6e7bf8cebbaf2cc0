"""What the lines around have to say: the context network, run over all lines of a page at once.

Blocks of separable convolutions over the lines (after Chollet 2017, and the temporal convolutions of Bai, Kolter &
Koltun 2018), each looking twice as far as the one before, with one look at the whole page in the middle. All numbers
are whole; every sum stays under 2**24, where single precision still counts exactly. So the answer is the same on every
machine, however its processor orders a sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.rules.network import LARGEST_STATE, STATE_UNITS, STRIDES, TAPS, WEIGHT_UNITS, Network

SingleArray = NDArray[np.float32]
FloatArray = NDArray[np.float64]
SCORE_UNITS: Final = 100
"""Rules' weights count in hundredths."""
LARGEST_SCORE: Final = 2_000
"""Scores are cut off here, in hundredths, before the network hears them."""
_TOP: Final = LARGEST_STATE * STATE_UNITS
_SHRINK: Final = np.float32(WEIGHT_UNITS)
_BIAS: Final = np.float32(WEIGHT_UNITS // STATE_UNITS)
_EXACT: Final = 1 << 24
_MIDDLE: Final = len(STRIDES) // 2


@dataclass(frozen=True, slots=True)
class Block:
    """One block; weights in 1/`WEIGHT_UNITS`, biases in 1/`STATE_UNITS`."""

    taps: SingleArray
    taps_bias: SingleArray
    wide: SingleArray
    wide_bias: SingleArray
    narrow: SingleArray
    narrow_bias: SingleArray


@dataclass(frozen=True, slots=True)
class Context:
    """A context network as arrays."""

    shape_hidden: SingleArray
    """What each bin of a line's shape lets the network see; shape (bins, hidden)."""
    scores_hidden: SingleArray
    blocks: tuple[Block, ...]
    page_hidden: SingleArray
    page_bias: SingleArray
    answer: SingleArray
    answer_bias: SingleArray

    def hear(self, entering: SingleArray, scores: SingleArray) -> FloatArray:
        """Return the log-odds against BODY that the context adds for each kind of husk; shape (lines, kinds - 1).

        Args:
            entering: sums of `shape_hidden` over the bins of each line; shape (lines, hidden).
            scores: what the phrases of each line say of each kind of husk, in hundredths; shape (lines, kinds - 1).
        """
        heard = np.clip(scores, -LARGEST_SCORE, LARGEST_SCORE) @ self.scores_hidden
        x = _state(entering / _BIAS + heard / np.float32(SCORE_UNITS * WEIGHT_UNITS // STATE_UNITS), 0)
        for number, block in enumerate(self.blocks):
            x = _listen(x, block, STRIDES[number])
            if number == _MIDDLE:
                x = self._hear_page(x)
        answer = (np.maximum(x, 0) @ self.answer).astype(np.float64) / STATE_UNITS + self.answer_bias
        return np.asarray(answer / WEIGHT_UNITS)

    def _hear_page(self, x: SingleArray) -> SingleArray:
        mean = np.rint(x.sum(axis=0, dtype=np.float64) / len(x)).astype(np.float32)
        page = np.concatenate([mean, x.max(axis=0)]) @ self.page_hidden
        return _state(x + _state(page / _SHRINK + self.page_bias, 0), -_TOP)


def _state(values: SingleArray, lowest: int) -> SingleArray:
    np.rint(values, out=values)
    return np.clip(values, lowest, _TOP, out=values)


def _listen(x: SingleArray, block: Block, stride: int) -> SingleArray:
    heard = x * block.taps[TAPS // 2]
    for tap in range(TAPS):
        by = (tap - TAPS // 2) * stride
        if 0 < by < len(x):
            heard[:-by] += x[by:] * block.taps[tap]
        elif 0 < -by < len(x):
            heard[-by:] += x[:by] * block.taps[tap]
    heard /= _SHRINK
    heard += block.taps_bias
    wide = _state(heard, -_TOP) @ block.wide
    wide /= _SHRINK
    wide += block.wide_bias
    moved = _state(wide, 0) @ block.narrow
    moved /= _SHRINK
    moved += block.narrow_bias
    moved += x
    return _state(moved, -_TOP)


def compile_context(network: Network) -> Context:
    """Lay a network out as arrays.

    Raises:
        ValueError: a sum could leave the range in which single precision is exact; the message names the table.
    """
    tables = {
        name: np.array(table.values, dtype=np.float32).reshape(table.rows, table.columns)
        for name, table in network.tables.items()
    }
    for name, table in tables.items():
        if not name.endswith(".bias") and name != "shape.hidden":
            _check_exact(name, table, LARGEST_SCORE if name == "scores.hidden" else _TOP)

    def bias(name: str) -> SingleArray:
        return np.asarray(tables[name][0] / _BIAS)

    return Context(
        shape_hidden=tables["shape.hidden"],
        scores_hidden=tables["scores.hidden"],
        blocks=tuple(
            Block(
                taps=tables[f"block-{number}.taps"],
                taps_bias=bias(f"block-{number}.taps.bias"),
                wide=tables[f"block-{number}.wide"],
                wide_bias=bias(f"block-{number}.wide.bias"),
                narrow=tables[f"block-{number}.narrow"],
                narrow_bias=bias(f"block-{number}.narrow.bias"),
            )
            for number in range(len(STRIDES))
        ),
        page_hidden=tables["page.hidden"],
        page_bias=bias("page.bias"),
        answer=tables["answer.kinds"],
        answer_bias=tables["answer.bias"][0],
    )


def _check_exact(name: str, table: SingleArray, largest: int) -> None:
    total = float(np.abs(table).sum(axis=0).max())
    if total * largest >= _EXACT:
        raise ValueError(
            f"table {name!r}: the weights of one sum add up to {total / WEIGHT_UNITS:.1f}; "
            f"at most {_EXACT / largest / WEIGHT_UNITS:.1f} can be summed exactly"
        )
