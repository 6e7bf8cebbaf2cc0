"""A result as a fragment for notebooks: static, with a style that touches nothing but itself."""

from __future__ import annotations

from dehusk.render_html.assets import fragment_style
from dehusk.render_html.marks import kind_class, marked_source
from dehusk.render_html.tally import Tallies, tallies
from dehusk.render_html.words import amount, summary
from dehusk.types import Result


def fragment(result: Result) -> str:
    """Return the part of a page that shows a result, as notebooks embed it: no script, no control, no id."""
    found = tallies(result)
    # The parser drops one line feed right after <pre>; this one is ours to lose.
    return (
        f'<div class="dehusk">\n<style>\n{fragment_style()}</style>\n{summary(result, found)}{_legend(found)}'
        f'<pre dir="auto">\n{marked_source(result, reasons=False)}</pre>\n</div>'
    )


def _legend(found: Tallies) -> str:
    items = "".join(
        f'<li><mark class="{kind_class(kind)}">{kind.value}</mark> {amount(tally)}</li>'
        for kind, tally in found.items()
    )
    return f'<ul class="legend">{items}</ul>\n' if items else ""
