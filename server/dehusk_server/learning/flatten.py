"""HTML to text for learning and measuring, in the ways that scrapers flatten it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

_UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "head", "svg", "iframe", "textarea", "select"})
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip


class Flattening(StrEnum):
    """How text is laid out on lines."""

    NODES = "nodes"
    """Each text node on a line of its own: sentences break at links."""
    BLOCKS = "blocks"
    """Each block element on a line of its own, inline elements joined."""


def flatten(html: str, flattening: Flattening) -> str:
    """Return the visible text of a page, one node or block a line."""
    root = LexborHTMLParser(html).body
    if root is None:
        return ""
    pieces: list[str] = []
    # Walked with a stack: hostile pages nest deeper than Python recurses.
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            text = _spaced(node.text_content or "")
            if text.strip() and flattening is Flattening.NODES:
                pieces.append("\n" + text.strip())
            else:
                pieces.append(text)
            continue
        if tag in _UNSEEN:
            continue
        if tag in _BLOCKS:
            pieces.append("\n")
        if leaving:
            continue
        if tag in _BLOCKS:
            stack.append((node, True))
        stack.extend((child, False) for child in reversed(list(node.iter(include_text=True))))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _spaced(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")
