"""The five seed pages through the real server: what goes, as what kind, and both glued spans to the character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from dehusk import Client, Failure, Result
from dehusk_server.config import Settings
from dehusk_server.learning.corpora import seed_pages
from dehusk_server.learning.pages import Span, SpanPage
from dehusk_server.learning.scores import score_spans
from dehusk_server.model import Kind
from dehusk_server.serving.app import BackgroundServer

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
SPAN_F1, KIND_ACCURACY = 0.97, 0.95
GLUED = ("Your support makes all the difference.", "read more")

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not (CORPUS / "seed").is_dir(), reason="no ../shared/corpus/seed beside the repository"),
]
Answer = tuple[SpanPage, Result]


@pytest.fixture(scope="module")
def answers() -> Sequence[Answer]:
    """Each seed page with what a real server answers."""
    pages = list(seed_pages(CORPUS))
    with BackgroundServer(Settings(port=0, notice_seconds=0.0)) as server, Client(server.target) as client:
        results = list(client.clean_many([page.text for page in pages]))
    assert not any(isinstance(result, Failure) for result in results)
    return [(page, result) for page, result in zip(pages, results, strict=True) if isinstance(result, Result)]


def spans(result: Result) -> list[Span]:
    """Return the removed spans of an answer as the corpora have them."""
    return [(one.start, one.end, Kind(one.kind.value)) for one in result.removed]


def confusion(answers: Sequence[Answer]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Count printed characters of all pages by kind marked (rows) and kind answered (columns)."""
    scores = [score_spans(page.text, page.spans, spans(result)).confusion for page, result in answers]
    return np.asarray(np.sum(scores, axis=0)).reshape(scores[0].shape[0], -1)


def test_all_five_pages_are_there(answers: Sequence[Answer]) -> None:
    """The figures are over the five pages that the corpus describes."""
    assert len(answers) == 5


def test_what_is_removed_is_what_was_marked(answers: Sequence[Answer]) -> None:
    """F1 of removed characters, over all five pages together and as the mean of the pages."""
    each = [_f1(confusion([answer])) for answer in answers]

    assert _f1(confusion(answers)) >= SPAN_F1
    assert sum(each) / len(each) >= SPAN_F1, each


def test_kinds_are_right(answers: Sequence[Answer]) -> None:
    """Of the characters that are husk and were removed, so many were given their kind."""
    husk = confusion(answers)[1:, 1:]

    assert np.trace(husk) / husk.sum() >= KIND_ACCURACY


def test_no_body_line_is_lost(answers: Sequence[Answer]) -> None:
    """No line that holds body loses a visible character of it."""
    lost = [
        text
        for page, result in answers
        for text, body, kept in _body_lines(page, result)
        if kept < body
    ]  # fmt: skip

    assert lost == []


@pytest.mark.parametrize("glued", GLUED)
def test_glued_spans_are_cut_exactly(answers: Sequence[Answer], glued: str) -> None:
    """Where husk stands glued to prose, it goes to the character, and the prose beside it stays."""
    marked = [
        (page, result, start, end)
        for page, result in answers
        for start, end, _ in page.inline
        if page.text[start:end].strip() == glued
    ]

    assert len(marked) == 1
    for page, result, start, end in marked:
        near = range(max(0, start - 40), min(len(page.text), end + 40))
        gone = {at for one in result.removed for at in range(one.start, one.end)}
        husk = {at for first, past, _ in page.spans for at in range(first, past)}
        assert {at for at in near if at in gone and not page.text[at].isspace()} == {
            at for at in near if at in husk and not page.text[at].isspace()
        }


def _f1(cells: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> float:
    right = int(cells[1:, 1:].sum())
    return 2 * right / (2 * right + int(cells[0, 1:].sum()) + int(cells[1:, 0].sum()))


def _body_lines(page: SpanPage, result: Result) -> Iterator[tuple[str, int, int]]:
    """Yield each line that holds body, with the number of its body characters and of those that were kept."""
    husk = {at for start, end, _ in page.spans for at in range(start, end)}
    gone = {at for one in result.removed for at in range(one.start, one.end)}
    start = 0
    for line in page.text.splitlines(keepends=True):
        body = [at for at in range(start, start + len(line)) if at not in husk and not page.text[at].isspace()]
        if body:
            yield line, len(body), sum(at not in gone for at in body)
        start += len(line)
