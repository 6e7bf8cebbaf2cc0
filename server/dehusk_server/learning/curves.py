"""What a threshold trades, what a confidence means, and what the safety brake catches: measured on held-out pages.

Run as ``python -m dehusk_server.learning.curves CORPUS FOLDER``, where the folder holds the rule sets of a
cross-validation: every page is cleaned by rules that were learned without its site. Writes ``curves.json`` there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any, Final

import numpy as np

from dehusk_server.engine import Engine
from dehusk_server.learning.corpora import read_corpus
from dehusk_server.learning.crossvalidate import FOLDS, fold_of
from dehusk_server.learning.flatten import Flattening, flatten
from dehusk_server.learning.learn import say
from dehusk_server.learning.pages import FlatPage, NewsPage, SpanPage
from dehusk_server.learning.scores import BodyScore, score_body
from dehusk_server.model import Document, Options, Status
from dehusk_server.rules.ruleset import load_rules

THRESHOLDS: Final = (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_BINS: Final = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
_CALM_LOSS: Final = 0.05
"""Share of a clean body's words whose loss is no longer almost nothing."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A page with a reference body, its fold and the group that it is reported in."""

    group: str
    fold: int
    text: str
    body: str


def references(corpus: Path) -> Iterator[Reference]:
    """Yield the pages that have a reference body."""
    for page in read_corpus(corpus):
        if isinstance(page, FlatPage):
            group = "articles" if page.page_type == "article" else "other pages"
            yield Reference(group, fold_of(page, 0), page.text, page.body)
        elif isinstance(page, NewsPage):
            for flattening in Flattening:
                text = flatten(page.html, flattening)
                if text:
                    yield Reference("news", fold_of(page, 0), text, page.body)


def threshold_curve(engines: Mapping[int, Engine], pages: Sequence[Reference]) -> list[dict[str, Any]]:
    """Return the mean scores of each group of pages at each threshold."""
    rows: list[dict[str, Any]] = []
    for threshold in THRESHOLDS:
        scores: dict[str, list[BodyScore]] = {}
        for page in pages:
            cleaning = engines[page.fold].clean(Document(page.text), Options(threshold=threshold))
            scores.setdefault(page.group, []).append(score_body(page.body, cleaning.body, page.text))
        rows += [
            {
                "threshold": threshold,
                "pages": group,
                "number": len(found),
                "f1": mean(score.f1 for score in found),
                "precision": mean(score.precision for score in found),
                "recall": mean(score.recall for score in found),
                "lost": mean(score.lost for score in found),
                "catastrophic": mean(score.catastrophic for score in found),
            }
            for group, found in sorted(scores.items())
        ]
        say(f"threshold {threshold}")
    return rows


def reliability(engines: Mapping[int, Engine], corpus: Path) -> list[dict[str, float]]:
    """Return, for removed spans of hand-marked pages by confidence, how much of them is husk, in characters."""
    right, total = np.zeros(len(_BINS) - 1), np.zeros(len(_BINS) - 1)
    claimed = np.zeros(len(_BINS) - 1)
    for page in read_corpus(corpus):
        if not isinstance(page, SpanPage) or fold_of(page, 0) not in engines:
            continue
        husk = np.zeros(len(page.text), dtype=np.bool_)
        for start, end, _ in page.spans:
            husk[start:end] = True
        seen = np.array([not character.isspace() for character in page.text])
        for piece in engines[fold_of(page, 0)].clean(Document(page.text)).partition.removed():
            at = min(int(np.searchsorted(_BINS, piece.confidence, side="right")) - 1, len(_BINS) - 2)
            inside = seen[piece.start : piece.end]
            total[at] += inside.sum()
            right[at] += (husk[piece.start : piece.end] & inside).sum()
            claimed[at] += piece.confidence * inside.sum()
    return [
        {
            "from": _BINS[at],
            "to": _BINS[at + 1],
            "confidence": float(claimed[at] / total[at]),
            "husk": float(right[at] / total[at]),
            "characters": float(total[at]),
        }
        for at in range(len(_BINS) - 1)
        if total[at]
    ]


def safety_brake(engines: Mapping[int, Engine], pages: Sequence[Reference]) -> list[dict[str, Any]]:
    """Return how many catastrophic answers bear a status other than OK, and how many others do; and cautious losses."""
    rows: dict[str, list[tuple[bool, bool, float, float]]] = {}
    for page in pages:
        engine = engines[page.fold]
        answer = engine.clean(Document(page.text))
        plain = score_body(page.body, answer.body, page.text)
        careful = plain
        if answer.status is not Status.OK:
            body = engine.clean(Document(page.text), Options(cautious=True)).body
            careful = score_body(page.body, body, page.text)
        row = (plain.catastrophic, answer.status is not Status.OK, plain.recall, careful.recall)
        rows.setdefault(page.group, []).append(row)
    found = []
    for group, answers in sorted(rows.items()):
        bad = [row for row in answers if row[0]]
        good = [row for row in answers if not row[0]]
        doubted = [row for row in answers if row[1]]
        found.append(
            {
                "pages": group,
                "number": len(answers),
                "catastrophic": len(bad),
                "caught": sum(row[1] for row in bad),
                "false_alarms": sum(row[1] for row in good),
                "recall_of_doubted": mean(row[2] for row in doubted) if doubted else None,
                "recall_of_doubted_when_cautious": mean(row[3] for row in doubted) if doubted else None,
            }
        )
    return found


def calm(engines: Mapping[int, Engine], corpus: Path) -> dict[str, float]:
    """Return what cleaning takes from bodies that are clean already, in shares of their words."""
    losses = []
    for page in read_corpus(corpus):
        if isinstance(page, FlatPage) and page.page_type == "article" and page.body and fold_of(page, 0) in engines:
            cleaned = engines[fold_of(page, 0)].clean(Document(page.body)).body
            losses.append(1.0 - score_body(page.body, cleaned).recall)
    calm_bodies = sum(loss < _CALM_LOSS for loss in losses)
    return {"bodies": len(losses), "mean_loss": mean(losses), "losing_under_5_percent": calm_bodies / len(losses)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("folder", type=Path, help="rule sets of a cross-validation")
    options = parser.parse_args(arguments)
    paths = {fold: options.folder / f"fold-{fold}.jsonl" for fold in range(FOLDS)}
    engines = {fold: Engine(load_rules(path)) for fold, path in paths.items() if path.exists()}
    pages = [page for page in references(options.corpus) if page.fold in engines]
    found = {
        "folds": sorted(engines),
        "calm": calm(engines, options.corpus),
        "reliability": reliability(engines, options.corpus),
        "safety_brake": safety_brake(engines, pages),
        "thresholds": threshold_curve(engines, pages),
    }
    (options.folder / "curves.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
