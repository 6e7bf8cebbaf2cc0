"""Held-out figures: every page cleaned by rules that were learned without its site.

Run as ``python -m dehusk_server.learning.crossvalidate CORPUS -o FOLDER``; each fold leaves its rule set in the folder,
so a run that was cut off goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from dehusk_server.engine import Engine
from dehusk_server.learning.corpora import html_pages, news_pages, read_corpus
from dehusk_server.learning.evaluate import Tally
from dehusk_server.learning.examples import Example
from dehusk_server.learning.flatten import Flattening, flatten
from dehusk_server.learning.learn import LEARNED, describe, gather_examples, gather_html, say
from dehusk_server.learning.pages import FlatPage, GoldPage, HtmlPage, NewsPage, Page, SpanPage
from dehusk_server.learning.report import BodyGroup, Report, SpanGroup, render_json, render_text
from dehusk_server.learning.sites import held_out
from dehusk_server.learning.train import Recipe, train
from dehusk_server.model import Cleaning, Document
from dehusk_server.rules.ruleset import load_rules

FOLDS = 5
_MOST_CHARS = 10_000_000


def fold_of(page: Page | Example, seed: int) -> int:
    """Return the fold that holds a page's site out."""
    return held_out(page.site, seed, FOLDS)


def learn_fold(corpus: Path, folder: Path, recipe: Recipe, fold: int) -> Path:
    """Learn without the sites of one fold; returns the file of the rule set, which is kept if it is there."""
    path = folder / f"fold-{fold}.jsonl"
    if not path.exists():
        examples = [one for one in gather_examples([corpus], recipe.seed) if fold_of(one, recipe.seed) != fold]
        html = [one for one in gather_html([corpus]) if fold_of(one.text, recipe.seed) != fold]
        provenance = describe([corpus], examples, recipe, html) | {"held_out": f"fold {fold} of {FOLDS}"}
        content = train(examples, recipe, html=html, provenance=provenance, learned=LEARNED, say=say)
        temporary = path.with_suffix(".part")
        temporary.write_bytes(content)
        temporary.replace(path)
        say(f"fold {fold} learned")
    return path


_SHELVES: Mapping[type[Page], str] = {
    SpanPage: "spans",
    FlatPage: "flat",
    NewsPage: "news",
    HtmlPage: "html",
    GoldPage: "gold",
}


def report_folds(corpus: Path, paths: Sequence[Path], seed: int) -> dict[str, Report]:
    """Clean every page by the rules of its fold; one report by shelf of the corpus, and one for the seed pages."""
    # Reference pages are what they are: a few are larger than the service takes.
    engines = [Engine(load_rules(path), max_chars=_MOST_CHARS) for path in paths]
    tallies: dict[str, Tally] = {}
    for page in read_corpus(corpus):
        engine = engines[fold_of(page, seed)]
        shelf = "seed" if page.site == "seed" else _SHELVES[type(page)]
        for flattening in Flattening if shelf == "news" else (Flattening.BLOCKS,):
            tally = tallies.setdefault(shelf, Tally())
            tally.add(page, partial(_clean, engine), partial(flatten, flattening=flattening))
    for shelf, html in _as_html(corpus):
        tallies.setdefault(shelf, Tally()).add(html, partial(_clean, engines[fold_of(html, seed)]))
    return {shelf: tally.report() for shelf, tally in tallies.items()}


def _as_html(corpus: Path) -> Iterator[tuple[str, HtmlPage]]:
    """Yield the HTML pages of a corpus root with the name of their report; pages of news too, as they were fetched."""
    if (corpus / "html").is_dir():
        for page in html_pages(corpus):
            yield "html", page
    if (corpus / "news").is_dir():
        for news in news_pages(corpus):
            yield "news as html", HtmlPage(news.id, news.site, "news", news.title, news.html, news.body)


def figures(reports: Mapping[str, Report], engine: Engine) -> dict[str, Any]:
    """Return the figures that floors are pinned on, with the recipe and the corpora that they belong to."""
    provenance = {name: value for name, value in engine.rules.provenance.items() if name not in _OF_ONE_FOLD}
    found: dict[str, Any] = {"provenance": provenance}
    for shelf, report in reports.items():
        groups: Sequence[BodyGroup | SpanGroup] = (*report.bodies, *report.spans)
        for group in groups:
            if group.key in {"all", "page_type", "writing"}:
                name = shelf if group.key == "all" else f"{shelf}: {group.name}"
                found[name] = {key: _rounded(value) for key, value in asdict(group.cleaned).items()}
    return found


_OF_ONE_FOLD = frozenset({"pages", "sites", "lines", "html_pages", "html_lines", "held_out"})


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def _clean(engine: Engine, page: Document) -> Cleaning:
    return engine.clean(page)


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn all folds, then print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for rule sets and reports")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(seed=options.seed)
    with ProcessPoolExecutor(options.jobs) as pool:
        paths = list(pool.map(partial(learn_fold, options.corpus, options.output, recipe), range(FOLDS)))
    engine = Engine(load_rules(paths[0]))
    reports = report_folds(options.corpus, paths, options.seed)
    (options.output / "held-out.json").write_text(json.dumps(figures(reports, engine), indent=1) + "\n")
    for shelf, report in reports.items():
        text = render_text(report, f"held out by site, {FOLDS} folds: {shelf}")
        (options.output / f"{shelf}.txt").write_text(text, "utf-8")
        (options.output / f"{shelf}.json").write_text(render_json(report, engine.rules), "utf-8")
        say(text)


if __name__ == "__main__":
    main()
