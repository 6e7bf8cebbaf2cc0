"""Put the figures of a cross-validation into docs/: the data whole, and tables into docs/accuracy.md.

Usage: python scripts/write_figures.py FOLDER, where the folder holds ``held-out.json`` (`make cross-validate`) and
``curves.json`` (`make curves`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
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
    "beside_lost": "prose lost beside",
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


def thresholds(curves: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rows of the table of thresholds."""
    yield "| threshold | pages | word F1 | precision | recall | lost over a tenth | catastrophic |"
    yield "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    for row in curves["thresholds"]:
        shares = " | ".join(f"{row[name]:.3f}" for name in ("f1", "precision", "recall", "lost", "catastrophic"))
        yield f"| {row['threshold']:g} | {row['pages']} | {shares} |"


def reliability(curves: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rows of the table of confidences."""
    total = sum(row["characters"] for row in curves["reliability"])
    yield "| confidence of a removed span | its mean | characters that are husk | share of all removed |"
    yield "| --- | ---: | ---: | ---: |"
    for row in curves["reliability"]:
        share = row["characters"] / total
        yield f"| {row['from']:g}–{row['to']:g} | {row['confidence']:.3f} | {row['husk']:.3f} | {share:.3f} |"


def brake(curves: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rows of the table of doubt."""
    yield (
        "| pages | number | catastrophic | of these doubted | others doubted | "
        "recall of doubted | the same, `cautious` |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for row in curves["safety_brake"]:
        others = row["number"] - row["catastrophic"]
        caught = f"{row['caught']} ({row['caught'] / max(row['catastrophic'], 1):.0%})"
        alarms = f"{row['false_alarms']} ({row['false_alarms'] / max(others, 1):.1%})"
        recalls = f"{row['recall_of_doubted']:.3f} | {row['recall_of_doubted_when_cautious']:.3f}"
        yield f"| {row['pages']} | {row['number']} | {row['catastrophic']} | {caught} | {alarms} | {recalls} |"


def calm(curves: Mapping[str, Any]) -> str:
    """Say what cleaning takes from clean bodies."""
    found = curves["calm"]
    return (
        f"Of {found['bodies']} clean article bodies, cleaned once more, {found['mean_loss']:.2%} of the words go on "
        f"average; {found['losing_under_5_percent']:.1%} of the bodies lose less than 5 %."
    )


def put(page: str, name: str, rows: Sequence[str]) -> str:
    """Return a page with rows between the marks of that name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"docs/accuracy.md has no marks {begin} and {end}")
    return before + begin + "\n" + "\n".join(rows) + "\n" + end + after


def main(arguments: Sequence[str]) -> None:
    """Write the files."""
    folder = Path(arguments[0])
    (DOCS / "figures").mkdir(exist_ok=True)
    found = {}
    for name in ("held-out", "curves"):
        content = (folder / f"{name}.json").read_text("utf-8")
        found[name] = json.loads(content)
        (DOCS / "figures" / f"{name}.json").write_text(content, "utf-8")
    figures, curves = found["held-out"], found["curves"]
    page = (DOCS / "accuracy.md").read_text("utf-8")
    tables = [*table(figures, BODY_COLUMNS), "", *table(figures, SPAN_COLUMNS), "", *kinds(figures)]
    page = put(page, "figures", tables)
    page = put(page, "thresholds", list(thresholds(curves)))
    page = put(page, "confidence", list(reliability(curves)))
    page = put(page, "doubt", [*brake(curves), "", calm(curves)])
    (DOCS / "accuracy.md").write_text(page, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
