"""One pass of training through the context network: what it answers, and how every number should move.

The same network as `dehusk_server.decide.context` runs, in floating point and with the way back (Rumelhart, Hinton &
Williams 1986). Pages of a batch are laid end to end with empty rows between them, wide enough that none hears another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from dehusk_server.model import HUSK_KINDS
from dehusk_server.rules.network import STRIDES, TAPS

Array = NDArray[np.float32]
Parameters = dict[str, Array]
KINDS: Final = len(HUSK_KINDS)
GAP: Final = max(STRIDES) * (TAPS // 2)
"""Empty rows between two pages: as far as the longest look to one side."""
_MIDDLE: Final = len(STRIDES) // 2


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages laid end to end; row counts include the empty rows."""

    shapes: csr_matrix
    """Which bins each row has; shape (rows, bins)."""
    phrases: csr_matrix
    """Which phrases each row holds; shape (rows, phrases)."""
    mask: Array
    """1 on rows that are lines; shape (rows, 1)."""
    first: NDArray[np.int64]
    """First row of each page; shape (pages,)."""
    lines: NDArray[np.int64]
    """Lines of each page; shape (pages,)."""

    def pages(self) -> list[tuple[int, int]]:
        """Return first row and lines of each page."""
        return list(zip(self.first.tolist(), self.lines.tolist(), strict=True))


def initial(bins: int, phrases: int, hidden: int, wide: int, chance: np.random.Generator) -> Parameters:
    """Draw the numbers that training starts from."""

    def drawn(*shape: int, scale: float | None = None) -> Array:
        width = 1.0 / np.sqrt(shape[0]) if scale is None else scale
        return (chance.standard_normal(shape) * width).astype(np.float32)

    def nothing(*shape: int) -> Array:
        return np.zeros(shape, dtype=np.float32)

    parameters = {
        "shape.hidden": drawn(bins, hidden, scale=0.05),
        "shape.kinds": drawn(bins, KINDS, scale=0.02),
        "phrase.kinds": nothing(phrases, KINDS),
        "hidden.bias": nothing(hidden),
        "kinds.bias": nothing(KINDS),
        "scores.hidden": drawn(KINDS, hidden, scale=0.2),
        "page.hidden": drawn(2 * hidden, hidden, scale=0.5 / np.sqrt(2 * hidden)),
        "page.bias": nothing(hidden),
        "answer.kinds": drawn(hidden, KINDS, scale=0.5 / np.sqrt(hidden)),
        "answer.bias": nothing(KINDS),
    }
    for block in range(len(STRIDES)):
        parameters |= {
            f"block-{block}.taps": drawn(TAPS, hidden, scale=1.0 / np.sqrt(TAPS)),
            f"block-{block}.taps.bias": nothing(hidden),
            f"block-{block}.wide": drawn(hidden, wide),
            f"block-{block}.wide.bias": nothing(wide),
            f"block-{block}.narrow": drawn(wide, hidden, scale=0.3 / np.sqrt(wide)),
            f"block-{block}.narrow.bias": nothing(hidden),
        }
    return parameters


def shifted(values: Array, by: int) -> Array:
    """Return the row ``by`` rows on for each row; zero where there is none."""
    if by == 0:
        return values
    out = np.zeros_like(values)
    if abs(by) < len(values):
        if by > 0:
            out[:-by] = values[by:]
        else:
            out[-by:] = values[:by]
    return out


def _dropped(shape: tuple[int, ...], share: float, chance: np.random.Generator | None) -> Array | None:
    if chance is None or not share:
        return None
    return (chance.random(shape, dtype=np.float32) >= share).astype(np.float32) / np.float32(1.0 - share)


def _times(values: Array, factor: Array | None) -> Array:
    return values if factor is None else values * factor


class Pass:
    """A batch on its way through the network and back.

    Args:
        parameters: the numbers of the network.
        batch: the pages.
        dropout: share in [0, 1) of the hidden numbers that are left out.
        chance: what draws them; ``None`` leaves nothing out.
    """

    def __init__(
        self, parameters: Mapping[str, Array], batch: Batch, dropout: float, chance: np.random.Generator | None
    ) -> None:
        self._p, self._batch = parameters, batch
        p, mask = parameters, batch.mask
        self._scores = np.asarray(batch.phrases @ p["phrase.kinds"])
        self.rules: Array = batch.shapes @ p["shape.kinds"] + self._scores + p["kinds.bias"]
        """What the line's own rules say of each kind of husk, against BODY; shape (rows, kinds)."""
        entering = batch.shapes @ p["shape.hidden"] + self._scores @ p["scores.hidden"] + p["hidden.bias"]
        self._on = (entering > 0).astype(np.float32) * mask
        rows = len(mask)
        self._kept_in = _dropped((rows, p["hidden.bias"].shape[0]), dropout, chance)
        x = _times(entering * self._on, self._kept_in)
        self._states: list[Array] = []
        self._heard: list[Array] = []
        self._wide: list[Array] = []
        self._wide_kept: list[Array | None] = []
        for block, stride in enumerate(STRIDES):
            self._states.append(x)
            taps = p[f"block-{block}.taps"]
            heard = x * taps[TAPS // 2] + p[f"block-{block}.taps.bias"]
            for tap in range(TAPS):
                if tap != TAPS // 2:
                    heard += shifted(x, (tap - TAPS // 2) * stride) * taps[tap]
            wide = np.maximum(heard @ p[f"block-{block}.wide"] + p[f"block-{block}.wide.bias"], 0)
            kept = _dropped(wide.shape, dropout, chance)
            wide = _times(wide, kept)
            self._heard.append(heard)
            self._wide.append(wide)
            self._wide_kept.append(kept)
            x = (x + wide @ p[f"block-{block}.narrow"] + p[f"block-{block}.narrow.bias"]) * mask
            if block == _MIDDLE:
                x = self._hear_page(x)
        self._last = x
        self._kept_out = _dropped(x.shape, dropout, chance)
        self._answer = _times(np.maximum(x, 0), self._kept_out)
        self.logits: Array = self.rules + self._answer @ p["answer.kinds"] + p["answer.bias"]
        """Log-odds of each kind of husk against BODY; shape (rows, kinds)."""

    def _hear_page(self, x: Array) -> Array:
        """Add to each line what the whole page says: the mean and the greatest of each number over its lines."""
        batch = self._batch
        pages = len(batch.first)
        hidden = x.shape[1]
        self._greatest = np.zeros((pages, hidden), dtype=np.int64)
        said = np.zeros((pages, 2 * hidden), dtype=np.float32)
        for page, (first, lines) in enumerate(batch.pages()):
            own = x[first : first + lines]
            said[page, :hidden] = own.mean(axis=0)
            self._greatest[page] = own.argmax(axis=0) + first
            said[page, hidden:] = x[self._greatest[page], np.arange(hidden)]
        self._page_said = said
        self._page_heard = np.maximum(said @ self._p["page.hidden"] + self._p["page.bias"], 0)
        out = x.copy()
        for page, (first, lines) in enumerate(batch.pages()):
            out[first : first + lines] += self._page_heard[page]
        return out

    def back(self, logits: Array, rules: Array) -> Parameters:
        """Return how the loss changes with every parameter.

        Args:
            logits: how it changes with `logits`; shape (rows, kinds).
            rules: how it changes with `rules` besides, where the rules alone are judged too.
        """
        p, batch = self._p, self._batch
        found: Parameters = {
            "answer.kinds": self._answer.T @ logits,
            "answer.bias": logits.sum(axis=0),
        }
        x = _times(logits @ p["answer.kinds"].T, self._kept_out) * (self._last > 0)
        for block in range(len(STRIDES) - 1, -1, -1):
            if block == _MIDDLE:
                x = self._page_back(x, found)
            x = self._block_back(x * batch.mask, block, found)
        entering = _times(x, self._kept_in) * self._on
        scored = logits + rules
        found["hidden.bias"] = entering.sum(axis=0)
        found["kinds.bias"] = scored.sum(axis=0)
        found["shape.hidden"] = np.asarray(batch.shapes.T @ entering)
        found["shape.kinds"] = np.asarray(batch.shapes.T @ scored)
        found["scores.hidden"] = self._scores.T @ entering
        found["phrase.kinds"] = np.asarray(batch.phrases.T @ (scored + entering @ p["scores.hidden"].T))
        return found

    def _block_back(self, x: Array, block: int, found: Parameters) -> Array:
        p, stride = self._p, STRIDES[block]
        wide, heard, state = self._wide[block], self._heard[block], self._states[block]
        found[f"block-{block}.narrow"] = wide.T @ x
        found[f"block-{block}.narrow.bias"] = x.sum(axis=0)
        moved = _times(x @ p[f"block-{block}.narrow"].T, self._wide_kept[block]) * (wide > 0)
        found[f"block-{block}.wide"] = heard.T @ moved
        found[f"block-{block}.wide.bias"] = moved.sum(axis=0)
        listened = moved @ p[f"block-{block}.wide"].T
        found[f"block-{block}.taps.bias"] = listened.sum(axis=0)
        taps = p[f"block-{block}.taps"]
        slopes = np.empty_like(taps)
        for tap in range(TAPS):
            by = (tap - TAPS // 2) * stride
            slopes[tap] = np.einsum("ij,ij->j", listened, shifted(state, by))
            x = x + shifted(listened * taps[tap], -by)
        found[f"block-{block}.taps"] = slopes
        return x

    def _page_back(self, x: Array, found: Parameters) -> Array:
        batch, hidden = self._batch, x.shape[1]
        heard = np.stack(
            [
                x[first : first + lines].sum(axis=0)
                for first, lines in zip(batch.first.tolist(), batch.lines.tolist(), strict=True)
            ]
        ) * (self._page_heard > 0)
        found["page.hidden"] = self._page_said.T @ heard
        found["page.bias"] = heard.sum(axis=0)
        said = heard @ self._p["page.hidden"].T
        x = x.copy()
        for page, (first, lines) in enumerate(batch.pages()):
            x[first : first + lines] += said[page, :hidden] / lines
            # Each number's greatest is one line's: no line is met twice for one number.
            x[self._greatest[page], np.arange(hidden)] += said[page, hidden:]
        return x
