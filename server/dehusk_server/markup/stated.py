"""What a page says of itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser


@dataclass(frozen=True, slots=True)
class Stated:
    """What a page says of itself; empty where it says nothing."""

    title: str = ""
    byline: str = ""
    published: str = ""
    modified: str = ""
    language: str = ""
    article_body: str = ""
    description: str = ""
    site_name: str = ""
    types: tuple[str, ...] = ()


def read_stated(parser: LexborHTMLParser) -> Stated:
    """Read it."""
    title = body = desc = ""
    types: list[str] = []
    for m in parser.css("meta"):
        a = m.attributes
        k = (a.get("property") or a.get("name") or "").lower()
        if k == "og:type":
            types.append(a.get("content") or "")
        if k in ("og:title", "twitter:title") and not title:
            title = a.get("content") or ""
        if k in ("og:description", "description") and not desc:
            desc = a.get("content") or ""
    for s in parser.css('script[type="application/ld+json"]'):
        x = s.text_content or ""
        types += re.findall(r'"@type"\s*:\s*"(\w+)"', x)
        for name in ("articleBody", "headline"):
            found = re.search(rf'"{name}"\s*:\s*("(?:[^"\\]|\\.)*")', x)
            if found:
                try:
                    value = str(json.loads(found.group(1), strict=False))
                except ValueError:
                    continue
                if name == "headline":
                    title = value or title
                else:
                    body = body or value
    if not title:
        node = parser.css_first("title")
        title = (node.text() if node else "") or ""
    return Stated(title.strip(), "", "", "", "", body, desc, "", tuple(types))
