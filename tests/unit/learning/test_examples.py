"""Examples: labelled pages measured, each line with the kinds that it may be."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from dehusk_server.learning.examples import Example
from dehusk_server.learning.flatten import Flattening
from dehusk_server.learning.gather import read_examples
from dehusk_server.learning.labelling import flat_example, news_example, span_example
from dehusk_server.learning.pages import FlatPage, NewsPage, SpanPage
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.phrases import phrase_hashes
from unit.learning.tiny_corpus import HUSK, PROSE, page, write_corpus


def kinds(example: Example | None) -> list[str]:
    """Return for each line the kind that it is, ``husk``, or ``any``."""
    assert example is not None
    return [_name(row) for row in example.allowed]


def _name(row: np.ndarray[tuple[int], np.dtype[np.float32]]) -> str:
    allowed = [kind for kind, one in zip(KINDS, row.tolist(), strict=True) if one]
    if len(allowed) == 1:
        return allowed[0].value
    return {len(KINDS): "any", len(KINDS) - 1: "husk" if row[0] == 0 else "?"}.get(len(allowed), "?")


def span_page(text: str, *spans: tuple[int, int, Kind]) -> SpanPage:
    """Return a page marked by hand."""
    return SpanPage("id", "bs4", "a.example", "article", text, spans, ())


def flat_page(text: str, *labels: tuple[int, int, float], page_id: str = "p1.bs4", body: str = "") -> FlatPage:
    """Return a page with labels by alignment."""
    return FlatPage(page_id, "bs4", "a.example", "article", text, body, labels)


def test_marked_lines_carry_their_kind() -> None:
    """What is marked is of its kind, all else is body; blank lines are no lines."""
    found = span_example(page(0), "spans")

    assert kinds(found) == ["NAVIGATION", "BODY", "BODY", "RELATED", "BODY", "LEGAL"]
    assert found is not None
    assert (found.id, found.site, found.shelf) == ("spans-0", "site0.example", "spans")
    assert found.body.tolist() == [False, True, True, False, True, False]
    assert found.husk.tolist() == [True, False, False, True, False, True]
    assert [found.text[start:end] for start, end, _ in found.inline] == [HUSK[2][0]]


@pytest.mark.parametrize(
    ("text", "spans", "kind"),
    [
        ("abcdef", [(0, 4, Kind.SHARE)], "SHARE"),
        ("abcdef", [(0, 2, Kind.SHARE)], "BODY"),
        ("abcd", [(0, 2, Kind.SHARE)], "BODY"),
        ("a        b c", [(1, 10, Kind.SHARE)], "BODY"),
        ("abcdef", [(0, 2, Kind.SHARE), (2, 5, Kind.LEGAL)], "LEGAL"),
    ],
)
def test_a_line_of_several_kinds_is_what_most_of_it_is(
    text: str, spans: list[tuple[int, int, Kind]], kind: str
) -> None:
    """Visible characters are counted, blanks are not; where they are even, the earlier kind (body first) holds."""
    assert kinds(span_example(span_page(text, *spans), "spans")) == [kind]


def test_silver_lines_are_body_husk_or_unknown() -> None:
    """Clear shares teach body or husk of any kind; what lies between, or has no label, teaches nothing."""
    text = "a\nb\nc\nd\ne\n-"
    labels = [(0, 1, 0.7), (2, 3, 0.3), (4, 5, 0.5), (6, 7, 1.0), (8, 9, 0.0)]

    assert kinds(flat_example(flat_page(text, *labels))) == ["BODY", "husk", "any", "BODY", "husk", "any"]


def test_a_label_that_begins_with_the_indent_is_of_its_own_line() -> None:
    """A label may begin where the row does or where the line does."""
    text = "one\n  two\n  three"

    assert kinds(flat_example(flat_page(text, (0, 3, 1.0), (4, 9, 0.0), (12, 17, 1.0)))) == ["BODY", "husk", "BODY"]


def test_a_blank_page_is_no_example() -> None:
    """Where nothing is visible there is nothing to learn."""
    assert span_example(span_page(" \n"), "spans") is None
    assert flat_example(flat_page(" ")) is None
    assert (
        news_example(NewsPage("n", "", "P", "p", "", "", (), "", (), "", "<script>x</script>"), Flattening.NODES)
        is None
    )


def test_news_is_labelled_by_its_publishers_parser() -> None:
    """Body, title and captions are known; all else is husk, of a kind that nobody named."""
    html = f"<nav>Home</nav><h1>Bridge stays shut</h1><p>{PROSE[0]}</p><figcaption>The bridge in May</figcaption>"
    one = NewsPage("n", "at", "P", "p.example", "", "Bridge stays shut", (), "", ("The bridge in May",), PROSE[0], html)

    found = news_example(one, Flattening.BLOCKS)

    assert kinds(found) == ["husk", "HEADLINE", "BODY", "CAPTION"]
    assert found is not None
    assert (found.id, found.shelf) == ("n.blocks", "news")


def test_what_fires_is_what_the_engine_sees() -> None:
    """Each phrase counts once a line, with the line that it stands in."""
    found = span_example(span_page("more more\nmore"), "spans")
    assert found is not None
    more = phrase_hashes(["more"])[0]

    pairs = list(zip(found.phrase_line.tolist(), found.phrase_hash.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    assert [line for line, phrase in pairs if phrase == more] == [0, 1]
    assert found.bins.shape[0] == found.lines == 2


def test_every_shelf_of_a_corpus_is_read(tmp_path: Path) -> None:
    """Marked pages, every style of each aligned page, news in both flattenings; twins share a weight."""
    found = list(read_examples(write_corpus(tmp_path / "all"), seed=0))
    count = {shelf: sum(one.shelf == shelf for one in found) for shelf in ("seed", "spans", "flat", "news")}

    assert (count["seed"], count["spans"], count["flat"], count["news"]) == (1, 10, 12, 6)
    assert {one.shelf: one.share for one in found} == {"seed": 1, "spans": 1, "flat": 0.5, "calm": 1, "news": 0.5}
    assert len({one.id for one in found}) == len(found)


@pytest.mark.parametrize("shelf", ["seed", "spans", "flat", "news"])
def test_a_corpus_need_not_have_every_shelf(tmp_path: Path, shelf: str) -> None:
    """A root with one shelf gives the pages of that shelf, not an error about the others."""
    found = list(read_examples(write_corpus(tmp_path / shelf, [shelf]), seed=0))

    assert {one.shelf for one in found} - {"calm"} == {shelf}


def test_reading_depends_on_the_seed_alone(tmp_path: Path) -> None:
    """The same seed chooses the same twins; another may choose others."""
    root = write_corpus(tmp_path / "all")
    ids = [[one.id for one in read_examples(root, seed)] for seed in (0, 0, *range(1, 9))]

    assert ids[0] == ids[1]
    assert len(set(map(tuple, ids))) > 1


def test_ids_without_a_style_are_not_twins(tmp_path: Path) -> None:
    """Only pages that share the name before their style are two of one."""
    (tmp_path / "flat").mkdir()
    rows = [{"id": f"p{number}", "text": "a b", "body": "a b", "labels": [[0, 3, 1.0]]} for number in range(5)]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "flat" / "dev.jsonl.gz").write_bytes(gzip.compress(text.encode()))

    found = [one.id for one in read_examples(tmp_path, seed=0) if one.shelf == "flat"]

    assert found == [f"p{number}" for number in range(5)]
