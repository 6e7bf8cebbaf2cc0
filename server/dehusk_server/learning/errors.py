"""Where held-out pages go wrong: husk that stayed by kind, body that went by shape, and the worst pages.

Run as ``python -m dehusk_server.learning.errors CORPUS FOLDER``, where the folder holds the rule sets of a
cross-validation. Counted on hand-marked pages in visible characters, each page's errors as a share of the page, so that
one long page does not drown the rest.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dehusk_server.engine import Engine
from dehusk_server.learning.corpora import span_pages
from dehusk_server.learning.crossvalidate import FOLDS, fold_of
from dehusk_server.learning.pages import SpanPage
from dehusk_server.model import KINDS, Cleaning, Document
from dehusk_server.rules.ruleset import load_rules
from dehusk_server.text.page import measure


@dataclass(frozen=True, slots=True)
class Fault:
    """One line, or part of one, that was decided wrongly."""

    page: str
    cause: str
    share: float
    """Its visible characters over the page's."""
    text: str


def faults(page: SpanPage, cleaning: Cleaning) -> Iterator[Fault]:
    """Yield what was decided wrongly on a page, line by line."""
    marked = np.zeros(len(page.text), dtype=np.int64)
    for start, end, kind in page.spans:
        marked[start:end] = KINDS.index(kind)
    answered = np.zeros(len(page.text), dtype=np.int64)
    for piece in cleaning.partition.removed():
        answered[piece.start : piece.end] = KINDS.index(piece.kind)
    measured = measure(page.text)
    visible = sum(not character.isspace() for character in page.text)
    for start, end in zip(measured.line_start.tolist(), measured.line_end.tolist(), strict=True):
        seen = np.array([at for at in range(start, end) if not page.text[at].isspace()])
        kept = seen[(marked[seen] > 0) & (answered[seen] == 0)]
        lost = seen[(marked[seen] == 0) & (answered[seen] > 0)]
        text = page.text[start:end]
        if len(kept):
            part = "part of a line: " if len(kept) < len(seen) else ""
            yield Fault(page.id, f"kept {part}{KINDS[_most(marked[kept])]}", len(kept) / visible, text)
        if len(lost):
            part = "part of a line" if len(lost) < len(seen) else _shape(text)
            yield Fault(page.id, f"lost {part} as {KINDS[_most(answered[lost])]}", len(lost) / visible, text)


def _most(columns: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    return int(np.bincount(columns).argmax())


def _shape(text: str) -> str:
    words = len(text.split())
    if text.lstrip()[:1] in set("*-+•·‣◦|"):
        return "list or table line"
    if words < 8:
        return "short line"
    return "paragraph" if words >= 25 else "middling line"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the causes with their shares, and the worst pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--examples", type=int, default=0, help="lines to show for each cause")
    options = parser.parse_args(arguments)
    engines = [Engine(load_rules(options.folder / f"fold-{fold}.jsonl")) for fold in range(FOLDS)]
    found = [
        fault
        for page in span_pages(options.corpus)
        for fault in faults(page, engines[fold_of(page, options.seed)].clean(Document(page.text)))
    ]
    sys.stdout.write(render(found, options.examples) + "\n")


def render(found: Sequence[Fault], examples: int) -> str:
    """Write the error log: each cause with its share of all errors, its lines and its pages."""
    total = sum(fault.share for fault in found) or 1.0
    weight: defaultdict[str, float] = defaultdict(float)
    for fault in found:
        weight[fault.cause] += fault.share
    rows = ["| cause | share of all errors | lines | pages |", "| --- | --- | --- | --- |"]
    for cause, share in _heaviest(weight, 40):
        own = [fault for fault in found if fault.cause == cause]
        rows.append(f"| {cause} | {share / total:.1%} | {len(own)} | {len({fault.page for fault in own})} |")
        rows += [f"    {fault.page}: {fault.text[:120]!r}" for fault in sorted(own, key=_loudness)[:examples]]
    pages: defaultdict[str, float] = defaultdict(float)
    for fault in found:
        pages[fault.page] += fault.share
    worst = ", ".join(f"{page} ({share:.0%})" for page, share in _heaviest(pages, 20))
    return "\n".join([*rows, "", f"worst pages (share of their characters decided wrongly): {worst}"])


def _heaviest(shares: Mapping[str, float], most: int) -> list[tuple[str, float]]:
    return sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:most]


def _loudness(fault: Fault) -> tuple[float, str]:
    return -fault.share, fault.page


if __name__ == "__main__":
    main()
