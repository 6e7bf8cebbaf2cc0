"""Draw the plots of docs/figures from ``curves.json`` beside them (`make curves` measures it, `make plots` draws).

Usage: python scripts/draw_plots.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt

FIGURES = Path(__file__).resolve().parents[1] / "docs" / "figures"
COLOURS = {"articles": "#1b6ca8", "news": "#c8553d", "other pages": "#5a7d2b"}
STYLE = {
    "svg.hashsalt": "dehusk",  # the same figures give the same bytes
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
}


def draw_thresholds(rows: list[dict[str, Any]], path: Path) -> None:
    """Draw precision against recall, and what is lost, at each threshold."""
    figure, (trade, lost) = plt.subplots(1, 2, figsize=(10, 4.2))
    for group, colour in COLOURS.items():
        own = [row for row in rows if row["pages"] == group]
        trade.plot([row["recall"] for row in own], [row["precision"] for row in own], "o-", color=colour, label=group)
        for row in own:
            label = f"{row['threshold']:g}"
            trade.annotate(label, (row["recall"], row["precision"]), (4, 4), textcoords="offset points", fontsize=7)
        lost.plot(
            [row["threshold"] for row in own], [100 * row["lost"] for row in own], "o-", color=colour, label=group
        )
    trade.set(xlabel="recall of body words", ylabel="precision of body words", title="What the threshold trades")
    lost.set(xlabel="threshold", ylabel="pages (%)", title="Pages that lose over a tenth of their body", ylim=(0, None))
    trade.legend(frameon=False)
    save(figure, path)


def draw_reliability(rows: list[dict[str, float]], path: Path) -> None:
    """Draw how much of what was removed is husk, against the confidence of its removal."""
    figure, axes = plt.subplots(figsize=(5, 4.6))
    axes.plot([0.5, 1], [0.5, 1], "--", color="grey", linewidth=1, label="as it should be")
    total = sum(row["characters"] for row in rows)
    sizes = [20 + 800 * row["characters"] / total for row in rows]
    axes.scatter(
        [row["confidence"] for row in rows], [row["husk"] for row in rows], s=sizes, color="#1b6ca8", alpha=0.7
    )
    for row in rows:
        share = f"{100 * row['characters'] / total:.0f} %"
        axes.annotate(share, (row["confidence"], row["husk"]), (9, -9), textcoords="offset points", fontsize=7)
    axes.set(xlabel="confidence of removed spans", ylabel="share of their characters that is husk")
    axes.set(title="Confidence against truth (area: characters)", xlim=(0.5, 1.02), ylim=(0.4, 1.02))
    axes.legend(frameon=False)
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    """Write a plot without the day on which it was drawn."""
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    """Draw both."""
    found = json.loads((FIGURES / "curves.json").read_text("utf-8"))
    with mpl.rc_context(STYLE):
        draw_thresholds(found["thresholds"], FIGURES / "thresholds.svg")
        draw_reliability(found["reliability"], FIGURES / "reliability.svg")


if __name__ == "__main__":
    main()
