"""Pages that say something of themselves."""

from __future__ import annotations

import json

from selectolax.lexbor import LexborHTMLParser

from dehusk_server.markup.stated import Stated, read_stated

ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Bridge stays shut",
    "author": {"@type": "Person", "name": "Jane Doe"},
    "datePublished": "2024-03-05T10:00:00+01:00",
    "dateModified": "2024-03-06",
    "inLanguage": "en-GB",
    "articleBody": "The bridge stays shut.",
    "description": "Repairs will take a year.",
    "publisher": {"@type": "Organization", "name": "The Example"},
}


def stated(head: str, body: str = "") -> Stated:
    """Read a page."""
    return read_stated(LexborHTMLParser(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"))


def script(data: object) -> str:
    """Embed JSON-LD; a string is written as it stands."""
    written = data if isinstance(data, str) else json.dumps(data)
    return f'<script type="application/ld+json">{written}</script>'


def meta(name: str, content: str) -> str:
    """Write a meta."""
    return f'<meta property="{name}" content="{content}">'
