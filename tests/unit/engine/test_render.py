"""The body: the kept pieces joined, white space tidied by the stated rule and by nothing else."""

from __future__ import annotations

import pytest

from dehusk_server.model import Evidence, Kind, Partition, Piece, Whitespace
from dehusk_server.render import render_body, tidy

WHY = (Evidence("phrase:x", 1.0, 0, 1),)


def cut(*parts: str) -> Partition:
    """Return a partition of texts: those in brackets are removed."""
    pieces, at = [], 0
    for part in parts:
        gone = part.startswith("[")
        end = at + len(part)
        pieces.append(Piece(at, end, Kind.SHARE if gone else Kind.BODY, gone, 0.9, WHY if gone else ()))
        at = end
    return Partition("".join(parts), tuple(pieces))


@pytest.mark.parametrize(
    ("parts", "body"),
    [
        (("one", "[x]", "two"), "one\ntwo"),
        (("one ", "[x]", "two"), "one two"),
        (("one", "[x]", " two"), "one two"),
        (("one\n", "[x]", "two"), "one\ntwo"),
        (("one", "[x]", "[y]", "two"), "one\ntwo"),
        (("[x]", "one", "[y]"), "one"),
        (("one", "two"), "onetwo"),
        (("one.", "[x]", ", two"), "one.\n, two"),
        (("[x]",), ""),
    ],
)
def test_removals_never_run_two_visible_characters_together(parts: tuple[str, ...], body: str) -> None:
    """A line end is put where nothing blank is left between; what was glued in the source stays so."""
    assert render_body(cut(*parts), Whitespace.TIDY) == body


def test_verbatim_is_the_kept_pieces_untouched() -> None:
    """No blank is added, changed or lost."""
    assert render_body(cut(" one \r\n", "[x]", "\n\n\n two\t"), Whitespace.VERBATIM) == " one \r\n\n\n\n two\t"


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        (
            "one\r\ntwo\rthree\u2028four\u2029five\x85six\vseven\feight",
            "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight",
        ),
        ("one \t\ntwo\u00a0\u3000\u2003\nthree", "one\ntwo\nthree"),
        ("one\n\n\n\ntwo\n \n\t\n\nthree", "one\n\ntwo\n\nthree"),
        ("\n \ufeff\n", "\ufeff"),
        (" \n\none\n\n ", "one"),
        ("  one\n    two", "one\n    two"),
        ("a  b\tc", "a  b\tc"),
        ("a\u200b\nb", "a\u200b\nb"),
        (" \n\t", ""),
        ("", ""),
    ],
)
def test_tidying(text: str, tidied: str) -> None:
    """Line ends become LF, blanks before them go, blank rows become one, the ends are trimmed; indents stay."""
    assert tidy(text) == tidied
    assert tidy(tidied) == tidied
