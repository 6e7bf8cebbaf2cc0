"""Partition to body: the kept pieces joined, with only white space tidied."""

from __future__ import annotations

import re
from typing import Final

from dehusk_server.model import Partition, Whitespace
from dehusk_server.rules.built_in import LINK, LINK_TARGET

_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
"""Everything that Python and Unicode take for the end of a line."""
_BLANK_ROWS = re.compile(r"\n{3,}")
_SEAM: Final = "\n"
_LINK_SIGNS: Final = (LINK.id, LINK_TARGET.id)


def render_body(partition: Partition, whitespace: Whitespace) -> str:
    """Return the body.

    TIDY, in this order: a line end is put where a removal would run two visible characters together (not where only
    signs of links went: those never stand between two words), all line ends become LF, blanks before a line end go,
    more than one blank line becomes one, white space at both ends goes.
    VERBATIM: the kept pieces, untouched.
    """
    kept = [partition.text(piece) for piece in partition.kept()]
    if whitespace is Whitespace.VERBATIM:
        return "".join(kept)
    return tidy(_seamed(partition))


def _seamed(partition: Partition) -> str:
    parts: list[str] = []
    cut = False
    for piece in partition.pieces:
        if piece.removed:
            cut = cut or piece.evidence[0].rule_id not in _LINK_SIGNS
            continue
        text = partition.text(piece)
        if cut and parts and text and not parts[-1][-1].isspace() and not text[0].isspace():
            parts.append(_SEAM)
        parts.append(text)
        cut = False
    return "".join(parts)


def tidy(text: str) -> str:
    """Tidy white space; every other character stays as it is."""
    text = _LINE_END.sub("\n", text)
    text = "\n".join(row.rstrip() for row in text.split("\n"))
    return _BLANK_ROWS.sub("\n\n", text).strip()
