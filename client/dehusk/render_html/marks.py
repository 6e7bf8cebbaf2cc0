"""The source of a result as markup: every removed span a mark that carries its reasons."""

from __future__ import annotations

import json
from html import escape

from dehusk.types import Kept, Kind, Removed, Result, Slicer

_LONGEST_MATCH = 120
"""Code points of a matched text that are shown; the source shows the rest of it."""


def marked_source(result: Result, *, reasons: bool) -> str:
    """Return the source as markup, to stand inside ``<pre>``.

    Args:
        result: what to show.
        reasons: whether each mark carries its evidence for the page's script; titles say kind, confidence and rules
            either way.
    """
    slicer = Slicer(result.source, result.offset_unit)
    return "".join(_mark(slicer.cut(span.start, span.end), span, reasons=reasons) for span in result.spans())


def kind_class(kind: Kind) -> str:
    """Return the class that colours a kind."""
    return f"kind-{kind.value.lower().replace('_', '-')}"


def written(text: str) -> str:
    """Return a text as HTML shows it, in content or in a quoted attribute."""
    # NUL is no character of HTML, and browsers break no line at a carriage return.
    return escape(text).replace("\0", "\N{SYMBOL FOR NULL}").replace("\r\n", "\n").replace("\r", "\n")


def _mark(text: str, span: Kept | Removed, *, reasons: bool) -> str:
    if span.kind is Kind.BODY:
        return written(text)
    attributes = {"class": kind_class(span.kind), "data-kind": span.kind.value}
    if isinstance(span, Removed):
        attributes["title"] = _title(span, f": {', '.join(span.rules)}" if span.rules else "")
    else:
        attributes |= {"class": f"{kind_class(span.kind)} kept", "title": _title(span, ", kept")}
    if reasons:
        attributes |= _reasons(span)
    tag = "mark" if isinstance(span, Removed) else "span"
    inside = "".join(f' {name}="{written(value)}"' for name, value in attributes.items())
    return f"<{tag}{inside}>{written(text)}</{tag}>"


def _title(span: Kept | Removed, rest: str) -> str:
    return f"{span.kind.value} {span.confidence:.2f}{rest}"


def _reasons(span: Kept | Removed) -> dict[str, str]:
    """Return what the script shows of a span, as attributes."""
    found = {"data-at": f"{span.start} to {span.end}", "data-confidence": f"{span.confidence:.4f}"}
    if isinstance(span, Removed):
        evidence = [(one.rule_id, f"{one.weight:+.2f}", _shortened(one.matched_text)) for one in span.evidence]
        found["data-evidence"] = json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))
        if span.css_path:
            found["data-css-path"] = span.css_path
    return found


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_MATCH else f"{text[:_LONGEST_MATCH]}…"
