"""A corpus small enough to learn from in a second: sites of one template each, written for these tests."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dehusk_server.learning.examples import Example
from dehusk_server.learning.labelling import span_example
from dehusk_server.learning.pages import Span, SpanPage
from dehusk_server.model import Kind

PROSE = (
    "The council met on Tuesday to talk about the bridge, which has been shut since the flood in March.",
    "Nobody there could say when repairs would begin, or who should pay for all of them in the end.",
    "The baker said that she still paid the rent, and that no one had come to see her since the spring.",
    "Engineers will look at the pillars next week, and a report is to follow before the end of the year.",
)
HUSK = (
    ("Home", Kind.NAVIGATION),
    ("Read more", Kind.RELATED),
    ("Please donate today.", Kind.DONATION),
    ("All rights reserved", Kind.LEGAL),
)


def page(number: int, *, shelf: str = "spans") -> SpanPage:
    """Return one page of one site: menu, prose, an appeal glued to the second sentence, a foot."""
    home, more, appeal, foot = (text for text, _ in HUSK)
    lines: list[tuple[str, Kind | None]] = [
        (f"{home}\n", Kind.NAVIGATION),
        (f"{PROSE[number % 4]}\n", None),
        (f"{appeal} ", Kind.DONATION),
        (f"{PROSE[(number + 1) % 4]}\n", None),
        (f"{more}\n", Kind.RELATED),
        (f"{PROSE[(number + 2) % 4]} {PROSE[(number + 3) % 4]}\n", None),
        (f"{foot}\n", Kind.LEGAL),
    ]
    text, spans, inline = "", list[Span](), list[Span]()
    for line, kind in lines:
        if kind is not None:
            spans.append((len(text), len(text) + len(line.rstrip()), kind))
        if kind is Kind.DONATION:
            inline.append(spans[-1])
        text += line
    site = f"site{number}.example"
    # No article: all pages share their sentences, so a second article below one would teach that prose is husk.
    return SpanPage(f"{shelf}-{number}", "bs4", site, "collection", text, tuple(spans), tuple(inline))


def examples(count: int = 8) -> list[Example]:
    """Return that many pages, each of a site of its own, measured."""
    found = [span_example(page(number), "spans") for number in range(count)]
    return [example for example in found if example is not None]


def write_corpus(root: Path, shelves: Iterable[str] = ("seed", "spans", "flat", "news")) -> Path:
    """Write a corpus root with some shelves."""
    rows: Mapping[str, list[dict[str, Any]]] = {
        "seed": [_span_row(page(20, shelf="seed")) | {"style": "seed", "domain": ""}],
        "spans": [_span_row(page(number)) for number in range(10)],
        "flat": [_flat_row(page(number), style) for number in range(6) for style in ("bs4", "nodes")],
        "news": [_news_row(number) for number in range(3)],
    }
    for shelf in shelves:
        (root / shelf).mkdir(parents=True)
        text = "".join(json.dumps(row) + "\n" for row in rows[shelf])
        (root / shelf / "dev.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    return root


def _span_row(one: SpanPage) -> dict[str, Any]:
    return {
        "id": one.id, "style": one.style, "domain": one.site, "page_type": "article", "text": one.text,
        "spans": [list(span) for span in one.spans], "inline": [list(span) for span in one.inline],
    }  # fmt: skip


def _flat_row(one: SpanPage, style: str) -> dict[str, Any]:
    labels, at = [], 0
    for line in one.text.splitlines():
        labels.append([at, at + len(line), float(len(line) > 60)])
        at += len(line) + 1
    body = "\n".join(line for line in one.text.splitlines() if len(line) > 60)
    return {
        "id": f"flat-{one.id}.{style}", "style": style, "domain": one.site, "page_type": "article", "text": one.text,
        "body": body, "labels": labels,
    }  # fmt: skip


def _news_row(number: int) -> dict[str, Any]:
    prose = "".join(f"<p>{text}</p>" for text in PROSE)
    return {
        "id": f"news-{number}", "country": "at", "publisher": f"Daily{number}", "title": "Bridge stays shut this year",
        "captions": ["The bridge on a day in May"], "body": " ".join(PROSE),
        "html": f"<nav>Home</nav><h1>Bridge stays shut this year</h1>{prose}<footer>All rights reserved</footer>",
    }  # fmt: skip
