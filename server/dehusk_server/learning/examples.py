"""Labelled pages as arrays: what fires on each line, and which kinds the line may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dehusk_server.model import Kind
from dehusk_server.text.features import Features
from dehusk_server.text.page import HashArray

MaskArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled page, measured. Arrays of shape (lines, …) unless said otherwise."""

    id: str
    site: str
    shelf: str
    text: str
    allowed: MaskArray
    """1 for each kind that the line may be, all 1 where nothing is known; shape (lines, kinds)."""
    bins: NDArray[np.uint16]
    phrase_hash: HashArray
    """Each phrase once a line; shape (phrases,)."""
    phrase_line: NDArray[np.int32]
    words: NDArray[np.float32]
    """Words of each line."""
    inline: tuple[tuple[int, int, Kind], ...] = ()
    """Husk inside of kept lines, where the page was annotated by hand."""
    style: str = ""
    """How the page was flattened."""
    page_type: str = ""
    share: float = 1.0
    """Share of its page that this example stands for: the flattenings of one page are near twins and share it."""

    @property
    def lines(self) -> int:
        """Number of lines."""
        return len(self.allowed)

    @property
    def body(self) -> NDArray[np.bool_]:
        """Lines known to be body."""
        return np.asarray((self.allowed[:, 0] > 0) & (self.allowed.sum(axis=1) == 1))

    @property
    def husk(self) -> NDArray[np.bool_]:
        """Lines known to be husk of one kind or any."""
        return np.asarray(self.allowed[:, 0] == 0)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an example comes from; fields as in `Example`."""

    id: str
    site: str
    shelf: str
    style: str = ""
    page_type: str = ""
    share: float = 1.0
    inline: tuple[tuple[int, int, Kind], ...] = ()


def make_example(origin: Origin, features: Features, allowed: MaskArray) -> Example:
    """Put a measured page and its labels together."""
    phrases = features.phrases
    pairs = np.unique(np.stack([phrases.line.astype(np.uint64), phrases.hash]), axis=1)
    return Example(
        id=origin.id,
        site=origin.site,
        shelf=origin.shelf,
        text=features.page.text,
        allowed=allowed,
        bins=features.bins.astype(np.uint16),
        phrase_hash=pairs[1],
        phrase_line=pairs[0].astype(np.int32),
        words=features.measures.words.astype(np.float32),
        inline=origin.inline,
        style=origin.style,
        page_type=origin.page_type,
        share=origin.share,
    )
