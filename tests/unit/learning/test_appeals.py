"""The written appeals: each one readable, known as an appeal, in many languages, and no page's words twice."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np

from dehusk_server.learning import appeals
from dehusk_server.learning.appeals import SHELF, appeal_examples, shared_phrases
from dehusk_server.learning.writing import writing
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.phrases import phrase_hashes

ROWS = [json.loads(row) for row in files(appeals.__package__).joinpath("appeals.jsonl").read_text("utf-8").splitlines()]


def test_each_appeal_is_lines_of_a_language() -> None:
    """A row says its language and its lines, none of them blank; no appeal stands twice."""
    for row in ROWS:
        assert set(row) == {"language", "lines"}
        assert row["language"].isascii()
        assert row["language"].islower()
        assert row["lines"]
        assert all(line == line.strip() and line for line in row["lines"])
        assert any(map(str.isalpha, row["lines"][0]))
    assert len({tuple(row["lines"]) for row in ROWS}) == len(ROWS)


def test_appeals_are_of_many_languages_and_scripts() -> None:
    """English is not the only one, nor the Latin script."""
    groups = {writing(" ".join(row["lines"])) for row in ROWS}

    assert len({row["language"] for row in ROWS}) >= 10
    assert {"English", "Latin script", "Cyrillic or Greek", "no spaces"} <= groups


def test_every_line_of_an_appeal_is_an_appeal() -> None:
    """Each is a page of its own, from a site of its own, on a shelf that no corpus has."""
    found = appeal_examples()

    assert len(found) == len(ROWS)
    assert len({one.site for one in found}) == len({one.id for one in found}) == len(ROWS)
    for one, row in zip(found, ROWS, strict=True):
        assert one.shelf == SHELF
        assert one.text.splitlines() == row["lines"]
        assert one.allowed.sum() == one.lines == len(row["lines"])
        assert (one.allowed[:, KINDS.index(Kind.DONATION)] == 1).all()


def test_phrases_of_several_appeals_are_found() -> None:
    """A phrase counts once an appeal; the hashes come in order."""
    found = appeal_examples()[:6]
    shared = shared_phrases(found, 2)

    uses = {phrase: sum(phrase in one.phrase_hash for one in found) for phrase in shared.tolist()}
    every = np.unique(np.concatenate([one.phrase_hash for one in found]))
    assert min(uses.values()) >= 2
    assert shared.tolist() == sorted(uses)
    assert all(sum(phrase in one.phrase_hash for one in found) < 2 for phrase in np.setdiff1d(every, shared)[:200])
    assert shared_phrases(found, len(found) + 1).tolist() == []
    assert phrase_hashes(["donate"])[0] in shared_phrases(appeal_examples(), 3)
