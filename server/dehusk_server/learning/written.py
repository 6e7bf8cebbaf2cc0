"""Blocks of husk that were written for learning: the corpora hold few of some kinds, and few of any outside English.

They are no page's words: each says what such blocks say, in the usual formulas of its language. They are laid into
pages of their language like blocks of annotated husk, and their phrases count as those of a site of its own.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import numpy as np

from dehusk_server.learning.examples import Example, Origin, make_example
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.features import take_features
from dehusk_server.text.page import HashArray, IntArray

SHELF: Final = "written"
_FILE: Final = "written.jsonl"
_BUTTON: Final = 16
"""Characters of a line that is a button, not an appeal."""
_FEWEST_KNOWN: Final = 12
"""Phrases of a language that a page must hold to be of that language."""


@dataclass(frozen=True, slots=True)
class Written:
    """One block."""

    language: str
    """BCP 47."""
    kind: Kind
    example: Example
    """It as a page that is nothing else."""


def _rows() -> list[dict[str, Any]]:
    return [json.loads(row) for row in files(__package__).joinpath(_FILE).read_text("utf-8").splitlines()]


def content_digest() -> str:
    """Return the SHA-256 of all blocks: a part of where a rule set comes from."""
    return hashlib.sha256(files(__package__).joinpath(_FILE).read_bytes()).hexdigest()


def written_blocks() -> list[Written]:
    """Return the blocks in the order of the file."""
    found = []
    for number, row in enumerate(_rows()):
        kind = Kind(row["kind"])
        features = take_features("\n".join(row["lines"]) + "\n")
        if features is not None:
            name = f"written-{row['language']}-{number}"
            allowed = np.zeros((features.page.lines, len(KINDS)), dtype=np.float32)
            allowed[:, KINDS.index(kind)] = 1
            found.append(Written(row["language"], kind, make_example(Origin(name, name, SHELF), features, allowed)))
    return found


def shared_phrases(blocks: Sequence[Written], least: int) -> HashArray:
    """Return the hashes of the phrases that at least ``least`` blocks use, ascending."""
    nothing = np.zeros(0, dtype=np.uint64)
    each = [np.unique(block.example.phrase_hash) for block in blocks]
    values, counts = np.unique(np.concatenate([nothing, *each]), return_counts=True)
    return values[counts >= least]


@functools.cache
def appeal_lines() -> tuple[str, ...]:
    """Return the lines of all appeals for money that can stand glued to prose: more than a button's few words."""
    appeals = (row for row in _rows() if row["kind"] == Kind.DONATION)
    return tuple(line for row in appeals for line in row["lines"] if len(line) > _BUTTON)


class Languages:
    """Tells the language of a page by the phrases that it shares with the blocks of each.

    Args:
        blocks: the blocks.
    """

    def __init__(self, blocks: Sequence[Written]) -> None:
        self._names = sorted({block.language for block in blocks})
        hashes, owners = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
        for number, name in enumerate(self._names):
            own = np.unique(np.concatenate([one.example.phrase_hash for one in blocks if one.language == name]))
            hashes.append(own)
            owners.append(np.full(len(own), number))
        order = np.argsort(np.concatenate(hashes), kind="stable")
        self._hash: HashArray = np.concatenate(hashes)[order]
        self._owner: IntArray = np.concatenate(owners)[order]
        sizes = np.bincount(self._owner, minlength=len(self._names))
        self._size = np.sqrt(np.maximum(sizes, 1))

    def of(self, example: Example) -> str:
        """Return the language of a page, the empty string where it shares too few phrases with any."""
        own = np.unique(example.phrase_hash)
        first, last = (np.searchsorted(self._hash, own, side=side) for side in ("left", "right"))
        hits = last - first
        places = np.repeat(first - np.cumsum(hits) + hits, hits) + np.arange(int(hits.sum()))
        counts = np.bincount(self._owner[places], minlength=len(self._names))
        best = int((counts / self._size).argmax()) if len(counts) else 0
        return self._names[best] if len(counts) and counts[best] >= _FEWEST_KNOWN else ""
