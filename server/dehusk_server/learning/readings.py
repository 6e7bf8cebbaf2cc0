"""Kinds of husk on pages of the corpora that came with none: which lines of which page, and nothing of the pages.

The shelves `flat` and `news` say of most of their lines only whether they are body. Lines that are not, or of which
nothing is known, were read one by one by a large language model under the corpora's own guide to annotation; what it
found stands in ``readings.jsonl``: the page's id, a digest of its text and ranges of lines with their kind. On pages
that people had annotated and that it read without knowing so, it named the same kind for 95 of 100 lines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from dehusk_server.learning.pages import CorpusError
from dehusk_server.learning.transfer import UNKNOWN, Annotation
from dehusk_server.model import KINDS, Kind

_FILE: Final = "readings.jsonl"
_DIGEST: Final = 16
"""Hexadecimal digits of a text's SHA-256 that are kept."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read on one page."""

    digest: str
    """First digits of the SHA-256 of the text that was read."""
    ranges: tuple[tuple[int, int, Kind], ...]
    """First and last line (from 0, as the text splits at line feeds) and kind, ascending."""


def content_digest() -> str:
    """Return the SHA-256 of all readings: a part of where a rule set comes from."""
    return hashlib.sha256(files(__package__).joinpath(_FILE).read_bytes()).hexdigest()


@cache
def readings() -> Mapping[str, Reading]:
    """Return the readings by the id of the page.

    Raises:
        CorpusError: a row is broken.
    """
    rows = files(__package__).joinpath(_FILE).read_text("utf-8").splitlines()
    return dict(_reading(row, number) for number, row in enumerate(rows, 1))


def _reading(row: str, number: int) -> tuple[str, Reading]:
    try:
        found = json.loads(row)
        ranges = tuple((int(first), int(last), Kind(kind)) for first, last, kind in found["lines"])
        return str(found["id"]), Reading(str(found["sha256"]), ranges)
    except (ValueError, KeyError, TypeError) as fault:
        raise CorpusError(f"{_FILE}:{number}: broken row: {fault!r}") from fault


def annotation_of_reading(page_id: str, text: str) -> Annotation | None:
    """Return what was read on a page, nothing being known of the rest; ``None`` where nobody read it.

    Raises:
        CorpusError: the text is not the one that was read.
    """
    reading = readings().get(page_id)
    if reading is None:
        return None
    if text_digest(text) != reading.digest:
        raise CorpusError(f"page {page_id!r} is not the text that {_FILE} was read on; take its row out")
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    columns = np.full(len(text), UNKNOWN, dtype=np.int64)
    for first, last, kind in reading.ranges:
        columns[starts[first] : starts[last + 1]] = KINDS.index(kind)
    return Annotation(text, columns)


def text_digest(text: str) -> str:
    """Return the digits that a reading knows its text by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
