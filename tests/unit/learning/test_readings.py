"""Readings: kinds that were read on pages of the corpora, tied to the text that was read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from dehusk_server.learning import readings as shipped
from dehusk_server.learning.labelling import flat_example
from dehusk_server.learning.pages import CorpusError, FlatPage
from dehusk_server.learning.readings import annotation_of_reading, text_digest
from dehusk_server.learning.transfer import UNKNOWN, Annotation
from dehusk_server.model import KINDS, Kind

TEXT = "Home\n\nA bridge was closed.\nRead more\nShare"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Return what puts rows in the place of the shipped ones."""

    def put(*rows: object) -> None:
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / "readings.jsonl").write_text("\n".join(lines), "utf-8")
        monkeypatch.setattr(shipped, "files", lambda _: tmp_path)
        shipped.readings.cache_clear()

    yield put
    shipped.readings.cache_clear()


def row(**changes: object) -> dict[str, object]:
    """Return a row for `TEXT`."""
    lines = [[0, 0, "NAVIGATION"], [2, 2, "BODY"], [3, 3, "RELATED"]]
    return {"id": "p1.bs4", "sha256": text_digest(TEXT), "lines": lines} | changes


def test_what_was_read_is_known_and_the_rest_is_not(write: object) -> None:
    """Lines of a range have its kind, the line feed with them; of other lines nothing is known."""
    assert callable(write)
    write(row())

    found = annotation_of_reading("p1.bs4", TEXT)

    assert found is not None
    column = {name: KINDS.index(Kind(name)) for name in ("NAVIGATION", "BODY", "RELATED")}
    assert found.columns[:5].tolist() == [column["NAVIGATION"]] * 5
    assert found.columns[5] == UNKNOWN
    assert set(found.columns[6:27].tolist()) == {column["BODY"]}
    assert set(found.columns[-5:].tolist()) == {UNKNOWN}
    assert annotation_of_reading("p2.bs4", TEXT) is None


def test_a_reading_of_another_text_is_refused(write: object) -> None:
    """Line numbers of one text mean nothing in another: the page is named, and what to do."""
    assert callable(write)
    write(row())

    with pytest.raises(CorpusError, match=r"page 'p1\.bs4' is not the text .* take its row out"):
        annotation_of_reading("p1.bs4", TEXT + "\n")


@pytest.mark.parametrize(
    "broken", ["{", row(lines=[[0, 0, "NOTHING"]]), row(lines=[[0, "x", "SHARE"]]), {"id": "p1"}, row(lines=[[1]])]
)
def test_a_broken_row_is_named(write: object, broken: object) -> None:
    """The message names the line of the file."""
    assert callable(write)
    write(row(), broken)

    with pytest.raises(CorpusError, match=r"readings\.jsonl:2: broken row"):
        annotation_of_reading("p1.bs4", TEXT)


def test_readings_give_aligned_husk_its_kind() -> None:
    """Where alignment and reading both say husk the kind is known; where they disagree nothing is."""
    labels = ((0, 4, 0.0), (6, 26, 1.0), (27, 36, 0.0), (37, 42, 0.0))
    page = FlatPage("p1.bs4", "bs4", "a.example", "article", TEXT, "", labels)
    kinds = [KINDS.index(Kind.NAVIGATION)] * 5 + [UNKNOWN] + [KINDS.index(Kind.SHARE)] * 21 + [0] * 10 + [UNKNOWN] * 5
    found = flat_example(page, 1.0, [Annotation(TEXT, np.array(kinds))], "read")

    assert found is not None
    assert [row.nonzero()[0].tolist() for row in found.allowed] == [
        [KINDS.index(Kind.NAVIGATION)],
        [0],
        list(range(len(KINDS))),
        list(range(1, len(KINDS))),
    ]
    assert found.shelf == "read"


def test_the_shipped_readings_are_ranges_of_lines() -> None:
    """Ranges ascend and do not overlap, and the file holds ids, digests and kinds alone."""
    shipped.readings.cache_clear()
    for reading in shipped.readings().values():
        at = -1
        for first, last, kind in reading.ranges:
            assert at < first <= last
            assert kind in KINDS
            at = last
