"""What an evaluation found, and how it is printed: a table for a person, one JSON object for a program."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dehusk_server.learning.summaries import BodySummary, Estimate, SpanSummary
from dehusk_server.rules.ruleset import RuleSet

DIGITS = 4
_BODY_COLUMNS = ("f1", "precision", "recall", "shingle_f1", "catastrophic", "lost", "must_have", "must_not")
_SPAN_COLUMNS = ("removed_f1", "body_f1", "kind_accuracy", "macro_f1", "lost", "inline_recall", "beside_lost")
_NAMES = {
    "f1": "word F1",
    "shingle_f1": "shingle F1",
    "lost": "lost > 1/10",
    "must_have": "wanted kept",
    "must_not": "unwanted kept",
    "removed_f1": "removed F1",
    "body_f1": "body F1",
    "kind_accuracy": "kind accuracy",
    "macro_f1": "kind macro F1",
    "inline_recall": "sub-line recall",
    "beside_lost": "lost beside",
}
_LABEL_WIDTH, _CELL_WIDTH = 34, 20


@dataclass(frozen=True, slots=True)
class BodyGroup:
    """Pages with a reference body that share something."""

    key: str
    """``all`` or one of `GROUPED_BY`."""
    name: str
    cleaned: BodySummary
    as_is: BodySummary


@dataclass(frozen=True, slots=True)
class SpanGroup:
    """Pages with hand-marked spans that share something."""

    key: str
    name: str
    cleaned: SpanSummary
    as_is: SpanSummary


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found; either sort of group is empty where no such page was there."""

    bodies: tuple[BodyGroup, ...]
    spans: tuple[SpanGroup, ...]
    faults: tuple[tuple[str, str], ...] = ()
    """Pages that could not be cleaned, with the reason."""
    passed_over: tuple[tuple[str, str], ...] = ()
    """Pages that could not be scored, with the reason; they are in no figure."""


def render_text(report: Report, heading: str = "") -> str:
    """Render a report for a person; figures are shares in [0, 1] with their 95 % interval."""
    return "\n".join(_lines(report, heading))


def render_json(report: Report, rules: RuleSet | None = None) -> str:
    """Render a report as one JSON object; an estimate is ``{"value", "low", "high"}``."""
    rows: dict[str, Any] = dataclasses.asdict(report)
    if rules is not None:
        rows = {"rules_version": rules.version, "rules_sha256": rules.sha256} | rows
    return json.dumps(_rounded(rows), ensure_ascii=False, indent=1)


def _lines(report: Report, heading: str) -> Iterator[str]:
    if heading:
        yield heading
    if report.bodies:
        yield from _table("Bodies against references, means over pages", report.bodies, _BODY_COLUMNS)
    if report.spans:
        yield from _table("Removed spans against hand marks, non-blank characters", report.spans, _SPAN_COLUMNS)
        yield from _kind_lines(report.spans[0].cleaned)
    for number, what in (
        (len(report.faults), "could not be cleaned and count as failures"),
        (len(report.passed_over), "could not be scored and are in no figure"),
    ):
        if number:
            yield f"{number} pages {what}"
    for reason in sorted({reason for _, reason in report.passed_over}):
        yield f"  {reason}"
    if not report.bodies and not report.spans:
        yield "no page was scored"


def _table(title: str, groups: Sequence[BodyGroup] | Sequence[SpanGroup], columns: Sequence[str]) -> Iterator[str]:
    shown = [name for name in columns if any(getattr(group.cleaned, name) is not None for group in groups)]
    yield ""
    yield f"{title} (95 % interval, sites resampled)"
    yield f"{'':{_LABEL_WIDTH}}{'pages':>6}{'sites':>6}" + "".join(f"{_NAMES.get(n, n):>{_CELL_WIDTH}}" for n in shown)
    for group in groups:
        label = "all" if group.key == "all" else f"{group.key}={group.name or '(none)'}"
        yield _row(label, group.cleaned, shown)
        yield _row("  text as it is", group.as_is, shown)


def _row(label: str, summary: BodySummary | SpanSummary, columns: Sequence[str]) -> str:
    cells = "".join(f"{_cell(getattr(summary, name)):>{_CELL_WIDTH}}" for name in columns)
    return f"{label:{_LABEL_WIDTH}}{summary.pages:>6}{summary.sites:>6}{cells}"


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    return f"{estimate.value:.3f} [{estimate.low:.3f} {estimate.high:.3f}]"


def _kind_lines(summary: SpanSummary) -> Iterator[str]:
    yield ""
    micro = summary.removed_micro_precision, summary.removed_micro_recall, summary.removed_micro_f1
    yield "removed, all characters together: precision {}, recall {}, F1 {}".format(*map(_cell, micro))
    yield f"sub-line spans cut: {summary.inline_cut} of {summary.inline_all}"
    yield ""
    yield f"{'kind':14}{'marked':>10}{'answered':>10}{'precision':>11}{'recall':>8}{'F1':>8}"
    for row in summary.kinds:
        yield (f"{row.kind:14}{row.marked:>10}{row.answered:>10}{row.precision:>11.3f}{row.recall:>8.3f}{row.f1:>8.3f}")
    if summary.confusion:
        yield ""
        yield "most frequent mix-ups (marked -> answered, characters)"
    for marked, answered, characters in summary.confusion:
        yield f"  {marked:14}-> {answered:14}{characters:>8}"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return value
