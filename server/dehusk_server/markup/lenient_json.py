"""JSON as pages embed it: broken in the usual ways, and of any size and depth."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

Json = Any
"""A value of JSON; numbers stay strings, as nobody here reckons with them; NaN and the like are null."""

_LONGEST: Final = 1_000_000
"""Characters; a longer text is not read."""
_MOST_VALUES: Final = 100
"""Values read of one text, where a page writes several one after another."""
# Numbers as strings: a number of a million digits would take minutes to reckon.
_DECODER: Final = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=lambda _: None)
_SPACE: Final = re.compile(r"[\s,;]*")
_TRAILING_COMMA: Final = re.compile(r",\s*(?=[}\]])")
_ESCAPE: Final = re.compile(r"\\(?:([\"\\/bfnrtu])|(.))", re.DOTALL)
_ESCAPED_QUOTE: Final = re.compile(r"&(?:quot|#34|#x22);")


def parse_lenient(text: str) -> list[Json]:
    """Parse what can be parsed; never fails, in time linear in the text.

    Args:
        text: What stands in the script. Wrappers (comments, CDATA), trailing commas, stray backslashes, escaped quotes
            and several values in a row are understood.

    Returns:
        The values in order; none where the text is beyond repair, nested too deep for the parser, or too long.

    """
    if len(text) > _LONGEST:
        return []
    for repaired in _repairs(text):
        values = _values(repaired)
        if values:
            return values
    return []


def _values(text: str) -> list[Json]:
    values: list[Json] = []
    at = _end_of_space(text, 0)
    while at < len(text) and len(values) < _MOST_VALUES:
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        values.append(value)
        at = _end_of_space(text, at)
    return values


def _end_of_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _repairs(text: str) -> Iterator[str]:
    """Yield the text as it is, then mended more and more; the milder repair wins."""
    yield text
    steps: tuple[Callable[[str], str], ...] = (_unwrapped, _without_slips)
    for step in steps:
        text = step(text)
        yield text
    if _ESCAPED_QUOTE.search(text):
        yield _without_slips(_unwrapped(html.unescape(text)))


def _unwrapped(text: str) -> str:
    text = text.replace("<![CDATA[", "").replace("]]>", "")
    opened = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    return text[min(opened) : max(text.rfind("}"), text.rfind("]")) + 1] if opened else ""


def _without_slips(text: str) -> str:
    text = _ESCAPE.sub(lambda escape: escape[0] if escape[1] else escape[2], text)
    return _TRAILING_COMMA.sub("", text)
