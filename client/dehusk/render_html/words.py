"""What a page says of a result in words: status, reasons, counts, rule set."""

from __future__ import annotations

from dehusk.render_html.marks import written
from dehusk.render_html.tally import Tallies, Tally
from dehusk.types import Result, Status


def summary(result: Result, found: Tallies) -> str:
    """Return the line that sums a result up, with the reasons of its status where there are any."""
    status = f'<strong class="{"ok" if result.status is Status.OK else "doubt"}">{result.status.value}</strong>'
    rules = f"<code>{written(result.rules_version)}</code>" if result.rules_version else "unknown"
    reasons = "".join(f"<li>{written(reason)}</li>" for reason in result.reasons)
    return f'<p class="summary">Status {status}: {removed(result, found)}; rule set {rules}.</p>\n' + (
        f'<ul class="doubts">{reasons}</ul>\n' if reasons else ""
    )


def removed(result: Result, found: Tallies) -> str:
    """Return how much was removed, in words."""
    total = sum(found.values(), Tally())
    share = f" ({total.chars / len(result.source):.0%})" if total.chars else ""
    source = counted(len(result.source), "character")
    return f"{counted(total.spans, 'span')} removed, {total.chars:,} of {source}{share}"


def amount(tally: Tally) -> str:
    """Return a tally in words."""
    kept = f", {tally.kept:,} kept" if tally.kept else ""
    return f"{counted(tally.spans, 'span')}, {counted(tally.chars, 'character')}{kept}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
