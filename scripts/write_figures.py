"""Put the figures of a cross-validation into docs/: the data whole, and tables into docs/accuracy.md.

Usage: python scripts/write_figures.py FOLDER, where the folder holds ``held-out.json`` (`make cross-validate`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
BODY_COLUMNS = {
    "f1": "word F1",
    "precision": "precision",
    "recall": "recall",
    "shingle_f1": "shingle F1",
    "lost": "lost over a tenth",
    "catastrophic": "catastrophic",
}
SPAN_COLUMNS = {
    "removed_f1": "removed F1",
    "body_f1": "body F1",
    "kind_accuracy": "kind accuracy",
    "macro_f1": "kind macro F1",
    "lost": "lost over a tenth",
    "inline_recall": "sub-line recall",
}


def estimate(value: Mapping[str, float]) -> str:
    """Write a figure with its interval."""
    return f"{value['value']:.3f} ({value['low']:.3f}–{value['high']:.3f})"


def table(figures: Mapping[str, Any], columns: Mapping[str, str]) -> Iterator[str]:
    """Yield the rows of a table of all groups that have the columns."""
    yield "| pages | number | " + " | ".join(columns.values()) + " |"
    yield "| --- | ---: | " + " | ".join("---" for _ in columns) + " |"
    for name, group in figures.items():
        if name != "provenance" and next(iter(columns)) in group:
            cells = [estimate(group[column]) if group.get(column) else "–" for column in columns]
            yield f"| {name} | {group['pages']} | " + " | ".join(cells) + " |"


def kinds(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rows of the table of kinds."""
    yield "| kind | characters marked | precision | recall | F1 |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for row in figures["spans"]["kinds"]:
        yield f"| {row['kind']} | {row['marked']} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} |"


def main(arguments: Sequence[str]) -> None:
    """Write the files."""
    content = (Path(arguments[0]) / "held-out.json").read_text("utf-8")
    figures = json.loads(content)
    (DOCS / "figures").mkdir(exist_ok=True)
    (DOCS / "figures" / "held-out.json").write_text(content, "utf-8")
    page = (DOCS / "accuracy.md").read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = [*table(figures, BODY_COLUMNS), "", *table(figures, SPAN_COLUMNS), "", *kinds(figures)]
    (DOCS / "accuracy.md").write_text(before + BEGIN + "\n" + "\n".join(rows) + "\n" + END + after, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
