"""What stands beside the text: pages, views, kinds, jumps, and room for the reasons of one span.

Views and kinds are plain inputs that the style listens to, so they work without scripts. What needs the script is
hidden until it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dehusk.render_html.marks import kind_class, written
from dehusk.render_html.tally import Tallies, Tally
from dehusk.render_html.words import counted
from dehusk.types import Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of pages."""

    anchor: str
    name: str
    what: str
    """What became of the page, in a few words."""
    well: bool
    """Whether it is an answer without doubt."""


def controls(found: Tallies, entries: Sequence[Entry] = ()) -> str:
    """Return the controls.

    Args:
        found: tallies of all that the page shows.
        entries: the list of pages, where there is more than one.
    """
    rest = f"{_JUMPS}{_kinds(found)}{_REASONS}" if found else _NOTHING
    return f'<aside id="controls" aria-label="Controls">\n{_pages(entries)}{_VIEWS}{rest}</aside>\n'


_VIEWS = """\
<div class="row" role="radiogroup" aria-label="What is shown">
<label><input type="radio" name="view" id="view-source" checked> Source with marks</label>
<label><input type="radio" name="view" id="view-body"> Body only</label>
</div>
"""
_NOTHING = '<p class="nothing">Nothing was removed.</p>\n'
_JUMPS = """\
<div class="row jumps" role="group" aria-label="Removed spans" hidden>
<button type="button" id="previous">Previous</button>
<button type="button" id="next">Next</button>
<output id="place"></output>
<label><input type="checkbox" id="keys" checked> <span>keys <kbd>n</kbd> and <kbd>p</kbd></span></label>
</div>
"""
_REASONS = """\
<section id="reasons" class="empty" tabindex="0" aria-label="Reasons" hidden>
<button type="button" id="close">Close</button>
<div id="why"><p>Point at a mark, tap it, or go to the next one: the rules that removed it stand here. Their weights are
log-odds for the kind against the body.</p></div>
</section>
<noscript><p class="nothing">Scripts are off: point at a mark to read its kind, confidence and rules.</p></noscript>
"""


def _kinds(found: Tallies) -> str:
    rows = "".join(_kind(kind, *_amounts(found[kind])) for kind in found)
    buttons = '<button type="button" id="all">All</button> <button type="button" id="none">None</button>'
    return (
        f'<details class="kinds" open>\n<summary>Kinds</summary>\n<div class="row" hidden>{buttons}</div>\n'
        f"{rows}</details>\n"
    )


def _kind(kind: Kind, spans: str, chars: str) -> str:
    name = kind_class(kind)
    return (
        f'<label><input type="checkbox" name="kind" value="{kind.value}" id="show-{name}" checked> '
        f'<span><span class="{name} sample">{kind.value}</span></span> '
        f'<span class="amount">{spans}</span> <span class="amount">{chars}</span></label>\n'
    )


def _amounts(tally: Tally) -> tuple[str, str]:
    kept = f"{tally.kept:,} kept"
    if not tally.spans:
        return kept, ""
    return counted(tally.spans, "span") + (f", {kept}" if tally.kept else ""), counted(tally.chars, "character")


def _pages(entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    items = "".join(
        f'<li><a href="#{entry.anchor}"><bdi>{written(entry.name)}</bdi></a> '
        f'<span class="{"what" if entry.well else "what doubt"}">{written(entry.what)}</span></li>\n'
        for entry in entries
    )
    return f'<nav id="pages" aria-label="Pages">\n<ol>\n{items}</ol>\n</nav>\n'
