"""How good a cleaner is on labelled pages: ``dehusk evaluate RULES CORPUS``.

Three steps that can be taken apart: `score_page` one answer, `Tally` many, `Tally.report` what they add up to. A cross-
validation picks the cleaner page by page and uses the same three; `evaluate` is the case of one cleaner for all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from tqdm import tqdm

from dehusk_server.engine import Engine
from dehusk_server.errors import DehuskError
from dehusk_server.learning.corpora import read_corpus
from dehusk_server.learning.flatten import Flattening, flatten
from dehusk_server.learning.pages import FlatPage, GoldPage, HtmlPage, NewsPage, Page, SpanPage
from dehusk_server.learning.report import BodyGroup, Report, SpanGroup, render_json, render_text
from dehusk_server.learning.scores import BodyScore, SpanScore, score_body, score_spans
from dehusk_server.learning.summaries import RESAMPLES, BodySummary, SpanSummary, summarise_bodies, summarise_spans
from dehusk_server.learning.writing import writing
from dehusk_server.model import Cleaning, Document
from dehusk_server.rules.ruleset import load_rules

Cleaner = Callable[[Document], Cleaning]
"""A page to its cleaning; may raise `DehuskError`."""

GROUPED_BY = ("corpus", "page_type", "style", "country", "writing")
"""What groups of pages are formed by, after all pages together."""


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page scored twice: as the cleaner left it, and as it was."""

    id: str
    site: str
    groups: Mapping[str, str]
    """Group keys of `GROUPED_BY` that the page has, with their values."""
    cleaned: BodyScore | SpanScore
    as_is: BodyScore | SpanScore
    fault: str = ""
    """Why the page could not be cleaned; it then counts as an empty answer, or as nothing removed."""


@dataclass(slots=True)
class Tally:
    """Page scores as they come in; holds scores only, never pages."""

    scores: list[PageScore] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)

    def add(self, page: Page, clean: Cleaner, flatten: Callable[[str], str] | None = None) -> None:
        """Clean and score one page; one that cannot be scored is noted with the reason."""
        text = _text(page, flatten)
        if text or isinstance(page, HtmlPage):
            self.scores.append(score_page(page, text, clean))
        else:
            reason = "no way was given to make text of HTML" if isinstance(page, NewsPage) else "the page has no text"
            self.passed_over.append((page.id, reason))

    def report(self, *, seed: int = 0, resamples: int = RESAMPLES) -> Report:
        """Add up what came in, all together and group by group.

        Args:
            seed: of the draws behind the intervals.
            resamples: how many draws.
        """
        bodies = [score for score in self.scores if isinstance(score.cleaned, BodyScore)]
        spans = [score for score in self.scores if isinstance(score.cleaned, SpanScore)]
        return Report(
            bodies=tuple(
                BodyGroup(key, name, *_summaries(BodyScore, summarise_bodies, group, seed, resamples))
                for key, name, group in _groups(bodies)
            ),
            spans=tuple(
                SpanGroup(key, name, *_summaries(SpanScore, summarise_spans, group, seed, resamples))
                for key, name, group in _groups(spans)
            ),
            faults=tuple((score.id, score.fault) for score in self.scores if score.fault),
            passed_over=tuple(self.passed_over),
        )


def evaluate(
    pages: Iterable[Page],
    clean: Cleaner,
    *,
    flatten: Callable[[str], str] | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Report:
    """Clean every page and score the answers.

    Args:
        pages: labelled pages of any sort, read once.
        clean: what is judged.
        flatten: makes text of HTML; without it news pages are passed over and reported.
        seed: of the draws behind the intervals.
        resamples: how many draws.
    """
    tally = Tally()
    for page in pages:
        tally.add(page, clean, flatten)
    return tally.report(seed=seed, resamples=resamples)


def score_page(page: Page, text: str, clean: Cleaner) -> PageScore:
    """Clean a page and score the answer beside the text as it is.

    Args:
        page: the page; an `HtmlPage` is cleaned from its HTML, whose visible text takes the place of ``text``.
        text: its text.
        clean: what is judged.
    """
    cleaning, fault = None, ""
    try:
        cleaning = clean(Document(html=page.html) if isinstance(page, HtmlPage) else Document(text))
    except DehuskError as error:
        fault = str(error) or type(error).__name__
    if isinstance(page, HtmlPage):
        text = cleaning.partition.source if cleaning else ""
    cleaned: BodyScore | SpanScore
    as_is: BodyScore | SpanScore
    if isinstance(page, SpanPage):
        removed = [(p.start, p.end, p.kind) for p in cleaning.partition.removed()] if cleaning else []
        cleaned = score_spans(text, page.spans, removed, page.inline)
        as_is = score_spans(text, page.spans, [], page.inline)
    else:
        snippets = (page.must_have, page.must_not) if isinstance(page, GoldPage | HtmlPage) else ((), ())
        cleaned = score_body(page.body, cleaning.body if cleaning else "", text, *snippets)
        as_is = score_body(page.body, text, text, *snippets)
    return PageScore(page.id, page.site, _group_keys(page) | {"writing": writing(text)}, cleaned, as_is, fault)


def run_evaluate(rules: Path | None, corpora: Sequence[Path], *, output: Literal["text", "json"] = "text") -> int:
    """Evaluate a rule set (``None``: the shipped one) on corpora and print the scores.

    Returns:
        The exit status: 0, 1 where pages could not be cleaned, 2 where rules or corpora could not be read.
    """
    try:
        engine = Engine(load_rules(rules))
        pages = (page for source in corpora for page in read_corpus(source))
        # ``disable=None``: no bar where standard error is no terminal.
        shown = tqdm(pages, desc="evaluate", unit=" pages", disable=None)
        report = evaluate(shown, engine.clean, flatten=partial(flatten, flattening=Flattening.BLOCKS))
    except DehuskError as error:
        sys.stderr.write(f"dehusk evaluate: {error}\n")
        return 2
    heading = f"rules {engine.rules.version} sha256 {engine.rules.sha256}"
    sys.stdout.write((render_json(report, engine.rules) if output == "json" else render_text(report, heading)) + "\n")
    for page, reason in report.faults:
        sys.stderr.write(f"dehusk evaluate: page {page} could not be cleaned: {reason}\n")
    return 1 if report.faults else 0


def _text(page: Page, flatten: Callable[[str], str] | None) -> str:
    if isinstance(page, NewsPage):
        return flatten(page.html) if flatten else ""
    if isinstance(page, HtmlPage):
        return ""
    return page.text


def _group_keys(page: Page) -> dict[str, str]:
    match page:
        case NewsPage():
            return {"corpus": "news", "page_type": "news", "style": "html", "country": page.country}
        case HtmlPage():
            return {"corpus": "html", "page_type": page.page_type, "style": "html"}
        case FlatPage() | GoldPage() | SpanPage():
            corpus = {FlatPage: "flat", GoldPage: "gold", SpanPage: "spans"}[type(page)]
            return {"corpus": corpus, "page_type": page.page_type, "style": page.style}


def _groups(scores: Sequence[PageScore]) -> Iterator[tuple[str, str, list[PageScore]]]:
    """Yield all pages, then each group of a key that tells pages apart."""
    if scores:
        yield "all", "", list(scores)
    for key in GROUPED_BY:
        names = sorted({score.groups.get(key, "") for score in scores})
        if len(names) > 1:
            for name in names:
                yield key, name, [score for score in scores if score.groups.get(key, "") == name]


ScoreT = TypeVar("ScoreT", BodyScore, SpanScore)
SummaryT = TypeVar("SummaryT", BodySummary, SpanSummary)


def _summaries(
    sort: type[ScoreT], summarise: Callable[..., SummaryT], group: Sequence[PageScore], seed: int, resamples: int
) -> tuple[SummaryT, SummaryT]:
    sites = [score.site for score in group]
    cleaned = [score.cleaned for score in group if isinstance(score.cleaned, sort)]
    as_is = [score.as_is for score in group if isinstance(score.as_is, sort)]
    return (
        summarise(cleaned, sites, seed=seed, resamples=resamples),
        summarise(as_is, sites, seed=seed, resamples=resamples),
    )
