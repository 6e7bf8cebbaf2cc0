"""A whole page: one result, or many below each other with a list of them, written as they come."""

from __future__ import annotations

from dehusk.render_html.assets import page_script, page_style, policy
from dehusk.render_html.controls import Entry, controls
from dehusk.render_html.marks import marked_source, written
from dehusk.render_html.tally import Tallies, tallies, together
from dehusk.render_html.words import removed, summary
from dehusk.types import Result, Status


def page(result: Result) -> str:
    """Return a whole page that shows one result."""
    title = result.title or result.id or "Dehusk"
    found = tallies(result)
    heading = f'<h1 dir="auto">{written(title)}</h1>\n{_byline(result)}{summary(result, found)}'
    return (
        f"{_head(title)}<header>\n{heading}</header>\n"
        f'{controls(found)}<main id="text" tabindex="-1">\n{_texts(result)}</main>\n{_foot()}'
    )


class Pages:
    """A page that shows many results, each written as it comes.

    The list of pages and the kinds are known when all has been written, so they stand at the end of the file; the style
    shows them beside the text all the same, and the script moves them to the front.
    """

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._found: Tallies = {}

    def start(self) -> str:
        """Return the beginning of the page."""
        return f'{_head("Dehusk")}<header>\n<h1>Cleaned pages</h1>\n</header>\n<main id="text" tabindex="-1">\n'

    def result(self, name: str, result: Result) -> str:
        """Return the part that shows one result."""
        found = tallies(result)
        self._found = together(self._found, found)
        status = "" if result.status is Status.OK else f"{result.status.value}, "
        anchor = self._enter(name, f"{status}{removed(result, found)}", well=result.status is Status.OK)
        title = f'<p class="title" dir="auto">{written(result.title)}</p>\n' if result.title else ""
        return _section(anchor, name, f"{title}{_byline(result)}{summary(result, found)}{_texts(result)}")

    def failure(self, name: str, message: str) -> str:
        """Return the part that says why a page could not be cleaned."""
        anchor = self._enter(name, "not cleaned", well=False)
        return _section(anchor, name, f'<p class="doubt" dir="auto">{written(message)}</p>\n')

    def end(self) -> str:
        """Return the end of the page, with the list of all that was shown."""
        return f"</main>\n{controls(self._found, self._entries)}{_foot()}"

    def _enter(self, name: str, what: str, *, well: bool) -> str:
        anchor = f"page-{len(self._entries) + 1}"
        self._entries.append(Entry(anchor, name, what, well))
        return anchor


def _head(title: str) -> str:
    # The policy stands before all that it rules over; the empty icon keeps browsers from asking for one.
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<title>{written(title)}</title>\n<link rel="icon" href="data:,">\n<style>{page_style()}</style>\n</head>\n'
        '<body>\n<a class="skip" href="#text">Skip to the text</a>\n'
    )


def _foot() -> str:
    return f"<script>{page_script()}</script>\n</body>\n</html>\n"


def _section(anchor: str, name: str, inside: str) -> str:
    return f'<section id="{anchor}" class="page">\n<h2><bdi>{written(name)}</bdi></h2>\n{inside}</section>\n'


def _byline(result: Result) -> str:
    parts = " · ".join(part for part in (result.byline, result.published) if part)
    return f'<p class="byline" dir="auto">{written(parts)}</p>\n' if parts else ""


def _texts(result: Result) -> str:
    """Return source and body; the style shows the one that the reader asks for."""
    language = f' lang="{written(result.language)}"' if result.language else ""
    body = (
        f'<pre class="body" dir="auto"{language}>\n{written(result.body)}</pre>\n'
        if result.body
        else '<p class="body">The body is empty.</p>\n'
    )
    # The parser drops one line feed right after <pre>; these are ours to lose.
    source = marked_source(result, reasons=True)
    return f'<pre class="source" dir="auto"{language}>\n{source}</pre>\n{body}'
