"""Patterns that read tags as the tokeniser of the HTML standard does, and skip what holds none.

Quotes count after an equals sign alone. What these patterns take they never give back, so that each character is read
once or twice, whatever is not closed.
"""

from __future__ import annotations

from typing import Final

_VALUE: Final = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)"""
ATTRIBUTE: Final = rf"=?+[^\s/>=]++(?:\s*+=\s*+{_VALUE}?+)?+"
TAG: Final = rf"<[a-z][^\s/>]*+(?:[\s/]++|=(?=[\s/>=])|{ATTRIBUTE})*+"
"""An opening tag without its end."""
OPENED: Final = r"<(?P<opened>[a-z][^\s/>]*+)"
_COMMENT: Final = r"<!--(?:.*?-->|.*)"
_RAW: Final = "script|style|textarea|title|xmp|iframe|noembed|noframes"
"""Elements whose text holds no tags: what looks like one there is none."""
UNREAD: Final = rf"{_COMMENT}|<(?P<raw>{_RAW})(?=[\s/>])[^>]*+>(?:.*?</(?P=raw)|.*)"
"""What holds no tags, to its end."""
