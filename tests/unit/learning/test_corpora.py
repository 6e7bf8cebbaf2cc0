"""Corpora are read lazily, row by row, and a broken row is named; sites fall into folds together."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from dehusk_server.learning.corpora import (
    CorpusError,
    FlatPage,
    GoldPage,
    NewsPage,
    SpanPage,
    corpus_files,
    flat_pages,
    held_out,
    news_pages,
    read_corpus,
    seed_pages,
    site_name,
    site_of,
    span_pages,
)
from dehusk_server.model import Kind

SPANS: dict[str, Any] = {
    "id": "s1",
    "style": "bs4",
    "domain": "example.org",
    "page_type": "article",
    "text": "Menu\nA sentence. Read more",
    "spans": [[0, 4, "NAVIGATION"], [17, 26, "RELATED"]],
    "inline": [[17, 26, "RELATED"]],
}
FLAT: dict[str, Any] = {
    "id": "f1.bs4",
    "style": "bs4",
    "domain": "blog.example.co.uk",
    "page_type": "article",
    "text": "Menu\nA sentence.\n*",
    "body": "A sentence.",
    "labels": [[0, 4, 0.0], [5, 16, 1], [17, 18, None]],
}
NEWS: dict[str, Any] = {
    "id": "n1",
    "country": "at",
    "publisher": "TheDaily",
    "url": "https://www.the-daily.example/a/b",
    "title": "T",
    "authors": None,
    "published": "2025-06-05",
    "captions": ["C"],
    "body": "B",
    "html": "<p>B</p>",
}
GOLD: dict[str, Any] = {"id": "g1", "body": "B", "must_have": ["B"]}
SEED: dict[str, Any] = {"id": "000", "style": "seed", "text": "x", "spans": [], "inline": []}


def write(path: Path, *rows: dict[str, Any] | str) -> Path:
    """Write rows as JSON Lines, gzipped where the name says so; strings go in as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def test_a_row_with_spans_is_a_span_page(tmp_path: Path) -> None:
    """Spans and inline spans carry kinds; the site is the registrable domain."""
    [page] = read_corpus(write(tmp_path / "rows.jsonl", SPANS))

    expected = SpanPage(
        id="s1",
        style="bs4",
        site="example.org",
        page_type="article",
        text="Menu\nA sentence. Read more",
        spans=((0, 4, Kind.NAVIGATION), (17, 26, Kind.RELATED)),
        inline=((17, 26, Kind.RELATED),),
    )
    assert expected == page


def test_a_row_with_labels_is_a_flat_page(tmp_path: Path) -> None:
    """Shares become floats, and a line that the alignment says nothing of has no label."""
    [page] = read_corpus(write(tmp_path / "rows.jsonl.gz", FLAT))

    assert isinstance(page, FlatPage)
    assert page.labels == ((0, 4, 0.0), (5, 16, 1.0))
    assert page.site == "example.co.uk"


def test_a_row_with_publisher_and_html_is_a_news_page(tmp_path: Path) -> None:
    """The site comes from the URL, and absent authors are none."""
    [page] = read_corpus(write(tmp_path / "rows.jsonl", NEWS))

    assert isinstance(page, NewsPage)
    assert (page.site, page.authors, page.captions) == ("the-daily.example", (), ("C",))


def test_a_row_with_a_body_alone_is_a_gold_page(tmp_path: Path) -> None:
    """Text, style and snippets are optional; a page that names no site is its own."""
    [page] = read_corpus(write(tmp_path / "rows.jsonl", GOLD))

    assert page == GoldPage("g1", "", "g1", "", "", "B", ("B",), ())


def test_a_root_is_read_shelf_by_shelf(tmp_path: Path) -> None:
    """A root yields all shelves in one order; folders that are no shelf are passed over."""
    write(tmp_path / "seed" / "gold.jsonl.gz", SEED)
    write(tmp_path / "spans" / "dev.jsonl.gz", SPANS)
    write(tmp_path / "flat" / "dev.jsonl.gz", FLAT)
    write(tmp_path / "news" / "dev.jsonl.gz", NEWS)
    write(tmp_path / "html" / "dev.jsonl.gz", {"id": "h"})
    (tmp_path / "flat" / "README.md").write_text("not rows")

    assert [page.id for page in read_corpus(tmp_path)] == ["000", "s1", "f1.bs4", "n1"]
    assert [page.id for page in seed_pages(tmp_path)] == ["000"]
    assert [page.id for page in span_pages(tmp_path)] == ["s1"]
    assert [page.id for page in flat_pages(tmp_path)] == ["f1.bs4"]
    assert [page.id for page in news_pages(tmp_path)] == ["n1"]


def test_seed_pages_are_of_one_site(tmp_path: Path) -> None:
    """Pages that name no site share their style's, so that no split can part them."""
    path = write(tmp_path / "gold.jsonl", SEED, SEED | {"id": "001"})

    assert {page.site for page in seed_pages(path)} == {"seed"}


def test_reading_is_lazy(tmp_path: Path) -> None:
    """The first page is there before the broken second line is looked at."""
    pages = read_corpus(write(tmp_path / "rows.jsonl", SPANS, "{broken"))

    assert next(pages).id == "s1"
    with pytest.raises(CorpusError, match=r"rows\.jsonl:2: not JSON"):
        next(pages)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("[1]", "JSON object is wanted"),
        ({"id": "x"}, "none of the fields"),
        (SPANS | {"id": 7}, "'id' must be a string, not int"),
        ({key: value for key, value in SPANS.items() if key != "text"}, "'text' must be a string, not absent"),
        (SPANS | {"spans": [[0, 4, "MENU"]]}, "'MENU' at 0 is no kind of husk"),
        (SPANS | {"spans": [[0, 4, "BODY"]]}, "'BODY' at 0 is no kind of husk"),
        (SPANS | {"spans": [[4, 4, "TAGS"]]}, "0 <= start < end <= 26"),
        (SPANS | {"spans": [[0, 27, "TAGS"]]}, "end <= 26"),
        (SPANS | {"spans": [[0, 9, "TAGS"], [8, 12, "TAGS"]]}, "9 <= start"),
        (SPANS | {"spans": [[0, 4]]}, "is no \\[start, end, label\\]"),
        (SPANS | {"spans": "none"}, "must be a list"),
        (FLAT | {"labels": [[0, 4, 1.5]]}, "share 1.5 at 0 is outside 0..1"),
        (NEWS | {"authors": "me"}, "'authors' must be a list of strings"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, row: dict[str, Any] | str, message: str) -> None:
    """The message says file, line, field and fault."""
    path = write(tmp_path / "rows.jsonl", SPANS, "", row)

    with pytest.raises(CorpusError, match=rf"rows\.jsonl:3: .*{message}"):
        list(read_corpus(path))


def test_inline_spans_may_come_in_any_order(tmp_path: Path) -> None:
    """Only the spans themselves must be ordered."""
    inline = [[17, 26, "RELATED"], [0, 4, "NAVIGATION"]]

    [page] = span_pages(write(tmp_path / "rows.jsonl", SPANS | {"inline": inline}))

    assert [start for start, _, _ in page.inline] == [17, 0]


@pytest.mark.parametrize(("name", "content"), [("bad.jsonl", b"\xff\xfe\n"), ("bad.jsonl.gz", b"no gzip")])
def test_an_unreadable_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    """Bad UTF-8 and bad gzip are corpus errors, not tracebacks."""
    (tmp_path / name).write_bytes(content)

    with pytest.raises(CorpusError, match=rf"{name}:1: cannot be read"):
        list(read_corpus(tmp_path / name))


def test_a_truncated_gzip_file_is_named(tmp_path: Path) -> None:
    """A half download does not pass for a small corpus."""
    path = write(tmp_path / "rows.jsonl.gz", *([SPANS] * 100))
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(CorpusError, match="cannot be read"):
        list(read_corpus(path))


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    """A wrong path and an empty folder both say what was wanted."""
    with pytest.raises(CorpusError, match="no such file or folder"):
        corpus_files(tmp_path / "absent")
    with pytest.raises(CorpusError, match=r"holds no \.jsonl"):
        corpus_files(tmp_path)


def test_a_shelf_holds_one_sort_of_page(tmp_path: Path) -> None:
    """Asking a file of flat pages for hand-marked ones is an error that names the page."""
    with pytest.raises(CorpusError, match=r"'f1\.bs4' is a FlatPage, where SpanPage is wanted"):
        list(span_pages(write(tmp_path / "rows.jsonl", FLAT)))


@pytest.mark.parametrize(
    ("address", "site", "name"),
    [
        ("example.com", "example.com", "example"),
        ("www.example.co.uk", "example.co.uk", "example"),
        ("https://user@News.Example.com.au:8080/a?b", "example.com.au", "example"),
        ("a.b.example.org/path", "example.org", "example"),
        ("someone.substack.com", "substack.com", "substack"),
        ("dept.example.ac.jp", "example.ac.jp", "example"),
        ("example.de", "example.de", "example"),
        ("co.uk", "co.uk", "co"),
        ("yahoo", "yahoo", "yahoo"),
        ("", "", ""),
    ],
)
def test_a_site_is_a_registrable_domain(address: str, site: str, name: str) -> None:
    """Sub-domains, www, ports and paths fall away; a country's second level stays."""
    assert (site_of(address), site_name(address)) == (site, name)


def test_one_name_falls_into_one_fold() -> None:
    """Whatever a corpus knows of a site, it lands in the same fold under each seed."""
    for seed in range(20):
        assert len({held_out(s, seed, 5) for s in ("example", "example.com", "www.example.co.uk", "m.example.de")}) == 1


def test_folds_are_pinned() -> None:
    """The assignment never changes: learned rule sets name the sites that they held out."""
    assert [held_out(f"site{n}.com", 7, 5) for n in range(10)] == [1, 3, 4, 2, 3, 3, 2, 2, 3, 1]


def test_folds_are_even_and_depend_on_the_seed() -> None:
    """Each fold gets its share of sites, and another seed makes another split."""
    sites = [f"site{n}.com" for n in range(2000)]
    sizes = [sum(held_out(s, 1, 5) == fold for s in sites) for fold in range(5)]

    assert min(sizes) > 300
    assert any(held_out(s, 1, 5) != held_out(s, 2, 5) for s in sites)


def test_one_fold_holds_nothing_out() -> None:
    """Fewer than two folds are refused."""
    with pytest.raises(ValueError, match="take 2 or more"):
        held_out("example.com", 0, 1)
