"""Appeals for money that were written for learning: the corpora hold too few, and hardly any outside English.

They are no page's words. Each is laid into pages like a block of annotated husk, and its phrases count as those of a
site of its own.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import numpy as np

from dehusk_server.learning.examples import Example, Origin, make_example
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.features import take_features
from dehusk_server.text.page import HashArray

SHELF: Final = "appeals"
_FILE: Final = "appeals.jsonl"
_BUTTON: Final = 16
"""Characters of a line that is a button, not an appeal."""


def appeal_examples() -> list[Example]:
    """Return the appeals, each as a page that is nothing else."""
    found = []
    rows = files(__package__).joinpath(_FILE).read_text("utf-8").splitlines()
    for number, row in enumerate(map(json.loads, rows)):
        features = take_features("\n".join(row["lines"]) + "\n")
        if features is not None:
            name = f"appeal-{row['language']}-{number}"
            allowed = np.zeros((features.page.lines, len(KINDS)), dtype=np.float32)
            allowed[:, KINDS.index(Kind.DONATION)] = 1
            found.append(make_example(Origin(name, name, SHELF), features, allowed))
    return found


def shared_phrases(appeals: Sequence[Example], least: int) -> HashArray:
    """Return the hashes of the phrases that at least ``least`` appeals use, ascending."""
    each = [np.unique(appeal.phrase_hash) for appeal in appeals]
    values, counts = np.unique(np.concatenate(each), return_counts=True)
    return values[counts >= least]


@functools.cache
def appeal_lines() -> tuple[str, ...]:
    """Return the lines of all appeals that can stand glued to prose: more than a button's few words."""
    rows = files(__package__).joinpath(_FILE).read_text("utf-8").splitlines()
    return tuple(line for row in map(json.loads, rows) for line in row["lines"] if len(line) > _BUTTON)
