"""The written blocks: each of a known kind and language, no block twice; pages are told their language."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from dehusk_server.learning import written
from dehusk_server.learning.examples import Example
from dehusk_server.learning.labelling import span_example
from dehusk_server.learning.pages import SpanPage
from dehusk_server.learning.writing import writing
from dehusk_server.learning.written import SHELF, Languages, appeal_lines, shared_phrases, written_blocks
from dehusk_server.model import HUSK_KINDS, KINDS, Kind
from dehusk_server.text.phrases import phrase_hashes

ROWS = [json.loads(row) for row in files(written.__package__).joinpath("written.jsonl").read_text("utf-8").splitlines()]
BLOCKS = written_blocks()


def page(text: str) -> Example:
    """Return a page of nothing but body."""
    found = span_example(SpanPage("p", "bs4", "a.example", "article", text, (), ()), "spans")
    assert found is not None
    return found


def test_each_block_is_lines_of_a_kind_and_a_language() -> None:
    """A row says its language, its kind and its lines, none of them blank; no block stands twice."""
    for row in ROWS:
        assert set(row) == {"language", "kind", "lines"}
        assert row["language"].isascii()
        assert row["language"].islower()
        assert row["kind"] in HUSK_KINDS
        assert row["lines"]
        assert all(line == line.strip() and line for line in row["lines"])
    assert len({tuple(row["lines"]) for row in ROWS}) == len(ROWS)


def test_blocks_are_of_many_languages_and_scripts() -> None:
    """English is not the only one, nor the Latin script; appeals for money are there in most."""
    groups = {writing(" ".join(row["lines"])) for row in ROWS}

    assert len({row["language"] for row in ROWS}) >= 25
    assert {"English", "Latin script", "Cyrillic or Greek", "no spaces"} <= groups
    assert len({row["language"] for row in ROWS if row["kind"] == Kind.DONATION}) >= 25


def test_every_line_of_a_block_is_of_its_kind() -> None:
    """Each is a page of its own, from a site of its own, on a shelf that no corpus has."""
    assert len(BLOCKS) == len(ROWS)
    assert len({block.example.site for block in BLOCKS}) == len({block.example.id for block in BLOCKS}) == len(ROWS)
    for block, row in zip(BLOCKS, ROWS, strict=True):
        assert (block.language, block.kind) == (row["language"], row["kind"])
        assert block.example.shelf == SHELF
        assert block.example.allowed.sum() == block.example.lines
        assert (block.example.allowed[:, KINDS.index(block.kind)] == 1).all()


def test_phrases_of_several_blocks_are_found() -> None:
    """A phrase counts once a block; the hashes come in order."""
    found = BLOCKS[:6]
    shared = shared_phrases(found, 2)

    uses = {phrase: sum(phrase in one.example.phrase_hash for one in found) for phrase in shared.tolist()}
    every = np.unique(np.concatenate([one.example.phrase_hash for one in found]))
    assert min(uses.values()) >= 2
    assert shared.tolist() == sorted(uses)
    alone = np.setdiff1d(every, shared)[:200]
    assert all(sum(phrase in one.example.phrase_hash for one in found) < 2 for phrase in alone)
    assert shared_phrases(found, len(found) + 1).tolist() == []
    assert shared_phrases([], 1).tolist() == []
    assert phrase_hashes(["donate"])[0] in shared_phrases(BLOCKS, 3)


def test_lines_that_stand_glued_are_appeals() -> None:
    """Buttons of a word or two are left out."""
    appeals = {line for row in ROWS if row["kind"] == Kind.DONATION for line in row["lines"]}

    assert set(appeal_lines()) <= appeals
    assert min(map(len, appeal_lines())) > 16


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Support independent journalism with a donation. Every gift keeps our reporting free for all readers.", "en"),
        ("Unterstützen Sie unabhängigen Journalismus. Helfen Sie uns mit einer Spende, damit das so bleibt.", "de"),
        ("Soutenez un journalisme indépendant. Faites un don aujourd’hui pour que nos articles restent libres.", "fr"),
        ("xq zv wk", ""),
    ],
)
def test_a_page_is_of_the_language_whose_phrases_it_shares(text: str, language: str) -> None:
    """A page that shares next to nothing with any is of none."""
    assert Languages(BLOCKS).of(page(text)) == language


def test_without_blocks_there_is_no_language() -> None:
    """Nothing to compare with."""
    assert Languages([]).of(page("Support independent journalism with a donation.")) == ""
