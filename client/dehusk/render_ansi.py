"""A cleaned page for a terminal: the source, removed spans coloured by kind, with a legend."""

from __future__ import annotations

import unicodedata

from dehusk.colours import COLOURS
from dehusk.types import Kept, Kind, Removed, Result

_RESET = "\x1b[0m"


def render(result: Result) -> str:
    """Return the coloured source; control characters of the page are shown, never obeyed."""
    kinds = {span.kind for span in result.removed}
    legend = " ".join(_paint(f" {kind.value} ", kind) for kind in Kind if kind in kinds)
    text = "".join(_span(result.text_of(span), span) for span in result.spans())
    reasons = "".join(f"  {_shown(reason)}\n" for reason in result.reasons)
    head = f"status {result.status.value}, rules {_shown(result.rules_version) or 'unknown'}\n{reasons}"
    return f"{head}{legend}\n\n{text}\n" if legend else f"{head}\n{text}\n"


def _span(text: str, span: Kept | Removed) -> str:
    if isinstance(span, Removed):
        return _paint(_shown(text), span.kind)
    return _shown(text)


def _paint(text: str, kind: Kind) -> str:
    red, green, blue = COLOURS[kind]
    # White on a darkened colour reads on light and on dark terminals; a colour never crosses a line end, where
    # terminals would fill the rest of the line with it.
    start = f"\x1b[97;48;2;{red * 3 // 4};{green * 3 // 4};{blue * 3 // 4}m"
    return "\n".join(f"{start}{line}{_RESET}" if line else "" for line in text.split("\n"))


def _shown(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(map(_picture, text))


def _picture(character: str) -> str:
    if character in "\n\t":
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    # C1 controls steer terminals; direction marks reorder what a person reads.
    if unicodedata.category(character) == "Cc" or character in _DIRECTION:
        return f"<U+{code:04X}>"
    return character


_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
