"""A cleaned page as HTML: the source, every removed span coloured by kind. Nothing of the page is left unescaped."""

from __future__ import annotations

from html import escape

from dehusk.colours import COLOURS
from dehusk.types import Kept, Kind, Removed, Result

_STYLE = """\
.dehusk { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; max-width: 50em; }
.dehusk pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
.dehusk .legend span { display: inline-block; margin: 0 .5em .3em 0; padding: 0 .3em; font-size: 85%; }
.dehusk .kept-husk { background: none !important; }
"""


def page(result: Result) -> str:
    """Return a whole page, with legend and, on hover, kind, confidence and rule ids of each span."""
    title = escape(result.title or result.id or "Dehusk")
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="color-scheme" content="light dark">\n</head>\n'
        f"<body>\n{fragment(result)}\n</body>\n</html>\n"
    )


def fragment(result: Result) -> str:
    """Return the part of a page that shows a result, as notebooks embed it."""
    spans = "".join(_span(result.text_of(span), span) for span in result.spans())
    # The parser drops one line feed right after <pre>; this one is ours to lose.
    return (
        f'<div class="dehusk">\n<style>\n{_STYLE}{_colours()}</style>\n{_heading(result)}{_legend(result)}'
        f"<pre>\n{spans}</pre>\n</div>"
    )


def _heading(result: Result) -> str:
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in result.reasons)
    rules = escape(result.rules_version) or "unknown"
    status = f"<p>Status: <strong>{result.status.value}</strong>, rules {rules}</p>\n"
    return status + (f"<ul>{reasons}</ul>\n" if reasons else "")


def _legend(result: Result) -> str:
    kinds = {span.kind for span in result.spans()} - {Kind.BODY}
    items = "".join(f'<span class="{_name(kind)}">{kind.value}</span>' for kind in Kind if kind in kinds)
    return f'<p class="legend">{items}</p>\n' if items else ""


def _span(text: str, span: Kept | Removed) -> str:
    if span.kind is Kind.BODY:
        return _text(text)
    if isinstance(span, Removed):
        rules = ", ".join(span.rules)
        title = f"{span.kind.value} {span.confidence:.2f}" + (f": {rules}" if rules else "")
        return f'<span class="{_name(span.kind)}" title="{_text(title)}">{_text(text)}</span>'
    title = f"{span.kind.value} {span.confidence:.2f}, kept"
    return f'<span class="{_name(span.kind)} kept-husk" title="{title}">{_text(text)}</span>'


def _text(text: str) -> str:
    # NUL is no character of HTML, and the parser makes a line feed of a bare CR.
    return escape(text).replace("\0", "\N{SYMBOL FOR NULL}").replace("\r\n", "\n").replace("\r", "&#13;")


def _name(kind: Kind) -> str:
    return f"kind-{kind.value.lower().replace('_', '-')}"


def _colours() -> str:
    return "".join(
        f".dehusk .{_name(kind)} {{ background: rgba({red}, {green}, {blue}, .22); "
        f"border-bottom: 2px solid rgb({red}, {green}, {blue}); }}\n"
        for kind, (red, green, blue) in COLOURS.items()
    )
