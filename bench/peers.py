"""``python -m bench.peers FOLDS``: Dehusk beside its peers on the development pages of the corpus, page by page.

Dehusk cleans each page by rules that were learned without its site (the folder that ``make cross-validate`` leaves);
the peers take the page as it is. Everything is scored in one way.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bench.extractors import Extractor, peers
from bench.sample import CORPUS
from dehusk_server.engine import Engine
from dehusk_server.learning.corpora import html_pages, news_pages
from dehusk_server.learning.pages import HtmlPage
from dehusk_server.learning.scores import BodyScore, score_body
from dehusk_server.learning.sites import held_out
from dehusk_server.learning.summaries import summarise_bodies
from dehusk_server.model import Document
from dehusk_server.rules.ruleset import load_rules

FOLDS = 5
_MOST_CHARS = 10_000_000
_CLEARLY = 0.1
"""One page's word F1 by which an extractor is clearly better than another."""


@dataclass(frozen=True, slots=True)
class Row:
    """One page with the score of each extractor."""

    page_type: str
    site: str
    scores: Mapping[str, BodyScore]


def main(arguments: list[str] | None = None) -> int:
    """Score, and print tables; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__.splitlines()[0])
    parser.add_argument("folds", type=Path, help="folder with fold-0.jsonl to fold-4.jsonl")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="corpus root (default: ../shared/corpus)")
    parser.add_argument("--every", type=int, default=1, help="take every so-many-th page (default 1)")
    parser.add_argument("--json", type=Path, help="write word F1 of each page and extractor to this file")
    options = parser.parse_args(arguments)
    found, absent = peers()
    print(*absent, sep="\n", file=sys.stderr)
    engines = [Engine(load_rules(options.folds / f"fold-{fold}.jsonl"), max_chars=_MOST_CHARS) for fold in range(FOLDS)]
    rows = []
    for number, page in enumerate(_pages(options.corpus)):
        if number % options.every == 0:
            rows.append(_score(page, [_dehusk(engines[held_out(page.site, 0, FOLDS)]), *found]))
            if len(rows) % 100 == 0:
                print(f"{len(rows)} pages", file=sys.stderr)
    print(*tables(rows), sep="\n")
    if options.json:
        options.json.write_text(json.dumps([_row_data(row) for row in rows]), "utf-8")
    return 0


def tables(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the tables: figures by kind of page, then who is clearly better on which pages."""
    names = list(rows[0].scores)
    groups = {
        "articles": [row for row in rows if row.page_type == "article"],
        "all types": [row for row in rows if row.page_type != "news"],
        "news": [row for row in rows if row.page_type == "news"],
    }
    for title, some in groups.items():
        if not some:
            continue
        yield f"\n{title}: {len(some)} pages"
        yield "| extractor | word F1 | precision | recall | shingle F1 | lost over a tenth | catastrophic | snippets |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        for name in names:
            found = summarise_bodies([row.scores[name] for row in some], [row.site for row in some])
            low, high = found.f1.low, found.f1.high
            cells = (found.precision, found.recall, found.shingle_f1, found.lost, found.catastrophic)
            figures = " | ".join(f"{cell.value:.3f}" for cell in cells)
            snippets = _snippets([row.scores[name] for row in some])
            yield f"| {name} | {found.f1.value:.3f} ({low:.3f}–{high:.3f}) | {figures} | {snippets} |"
    yield from _by_type(rows, names)
    yield from _beaten(rows, names)


def _snippets(scores: Sequence[BodyScore]) -> str:
    """Return the F1 of snippets: those wanted and there, against those that lack and those not wanted."""
    there = sum(sum(score.must_have) for score in scores)
    lacking = sum(len(score.must_have) for score in scores) - there
    unwanted = sum(sum(score.must_not) for score in scores)
    return f"{2 * there / (2 * there + lacking + unwanted):.3f}" if there or lacking else "–"


def _by_type(rows: Sequence[Row], names: Sequence[str]) -> Iterator[str]:
    types = sorted({row.page_type for row in rows})
    yield "\nword F1 by type of page"
    yield "| extractor | " + " | ".join(types) + " |"
    yield "| --- |" + " ---: |" * len(types)
    for name in names:
        means = [np.mean([row.scores[name].f1 for row in rows if row.page_type == kind]) for kind in types]
        yield f"| {name} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |"


def _beaten(rows: Sequence[Row], names: Sequence[str]) -> Iterator[str]:
    own, *others = names
    yield f"\npages on which one is better by a word F1 of {_CLEARLY} or more"
    yield f"| peer | {own} better | peer better | peer better on articles and news | best of both |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name in others:
        gaps = np.array([row.scores[name].f1 - row.scores[own].f1 for row in rows])
        prose = np.array([row.page_type in ("article", "news") for row in rows])
        best = np.mean([max(row.scores[name].f1, row.scores[own].f1) for row in rows])
        peer = gaps >= _CLEARLY
        yield f"| {name} | {(gaps <= -_CLEARLY).sum()} | {peer.sum()} | {(peer & prose).sum()} | {best:.3f} |"
    most = np.mean([max(score.f1 for score in row.scores.values()) for row in rows])
    yield f"\nbest of all, page by page: {most:.3f}"


def _pages(corpus: Path) -> Iterator[HtmlPage]:
    yield from html_pages(corpus)
    for page in news_pages(corpus):
        yield HtmlPage(page.id, page.site, "news", page.title, page.html, page.body)


def _dehusk(engine: Engine) -> Extractor:
    return Extractor("dehusk", partial(_clean, engine))


def _clean(engine: Engine, html: str) -> str:
    return engine.clean(Document(html=html)).body if html.strip() else ""


def _score(page: HtmlPage, extractors: Sequence[Extractor]) -> Row:
    scores = {one.name: _body_score(page, _text(one, page)) for one in extractors}
    return Row(page.page_type, page.site, scores)


def _body_score(page: HtmlPage, body: str) -> BodyScore:
    return score_body(page.body, body, must_have=page.must_have, must_not=page.must_not)


def _text(extractor: Extractor, page: HtmlPage) -> str:
    try:
        return extractor.extract(page.html)
    except Exception as fault:  # noqa: BLE001 - a peer that raises has given nothing
        print(f"{extractor.name} raised on {page.id}: {fault!r}"[:200], file=sys.stderr)
        return ""


def _row_data(row: Row) -> dict[str, object]:
    f1 = {name: round(score.f1, 4) for name, score in row.scores.items()}
    return {"type": row.page_type, "site": row.site, "f1": f1}


if __name__ == "__main__":
    sys.exit(main())
