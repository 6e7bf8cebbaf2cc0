"""Short texts of a page (a title, a name, a date), tidied; whatever the page holds, they stay short."""

from __future__ import annotations

import html
import re
from typing import Final

from selectolax.lexbor import LexborNode

LONGEST: Final = 1000
"""Characters of a short text; what is longer is cut there."""
_MOST_NODES: Final = 200
"""Nodes that are looked at below an element."""
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_INLINE: Final = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong",
    "sub", "sup", "time", "u", "wbr",
})  # fmt: skip
"""Elements that do not part words."""
_UNSEEN: Final = frozenset({"script", "style", "noscript", "template"})


def tidy(text: object, longest: int = LONGEST) -> str:
    """Return a text with entities decoded, tags taken out and white space made single.

    Args:
        text: What the page wrote; anything but a string gives the empty text.
        longest: Characters kept.

    Returns:
        The text on one line; always valid Unicode.

    """
    if not isinstance(text, str):
        return ""
    text = whole(text[: 2 * longest])
    if "&" in text:
        text = html.unescape(text)
    if "</" in text or "<br" in text:  # a lone "<div>" is more likely what the title is about
        text = _TAG.sub(" ", text)
    return " ".join(text.replace("\x00", " ").split())[:longest].rstrip()


def whole(text: str) -> str:
    """Return a text with halves of characters, which JSON can write, made U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def node_text(node: LexborNode) -> str:
    """Return the first words below an element, on one line."""
    pieces: list[str] = []
    stack, looked, length = [node], 0, 0
    while stack and looked < _MOST_NODES and length < LONGEST:
        inner = stack.pop()
        looked += 1
        if inner.is_text_node:
            pieces.append((inner.text_content or "")[:LONGEST])
            length += len(pieces[-1])
        elif inner.tag not in _UNSEEN:
            if inner.tag not in _INLINE:
                pieces.append(" ")
            child = inner.last_child
            below: list[LexborNode] = []
            while child is not None and len(below) < _MOST_NODES:
                below.append(child)
                child = child.prev
            stack.extend(below)
    return " ".join(whole("".join(pieces)).split())[:LONGEST]
