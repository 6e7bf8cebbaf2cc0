"""Coloured rendering for terminals: everything is there, and nothing of the page is obeyed."""

from __future__ import annotations

import re

import pytest

from dehusk import Kind
from unit.client.results import result


def test_ansi_shows_the_whole_source_with_a_legend() -> None:
    """Without its colours the terminal rendering ends with the source; a kind that occurs stands in the legend."""
    answer = result(("Share\nthis\n", Kind.SHARE), ("Körper.\n", None))

    plain = re.sub(r"\x1b\[[0-9;]*m", "", answer.as_ansi())

    assert plain.endswith("\n\nShare\nthis\nKörper.\n\n")
    assert " SHARE " in plain


def test_ansi_colours_never_cross_a_line_end() -> None:
    """Each line is coloured by itself, so that no terminal fills a line with a colour."""
    for line in result(("a\nb\n", Kind.SHARE), ("c", None)).as_ansi().splitlines():
        assert line.count("\x1b[0m") == len(re.findall(r"\x1b\[97;", line))


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b]0;x\x07", "\u241b]0;x\u2407"),
        ("\x9b2J", "<U+009B>2J"),
        ("a\u202eb", "a<U+202E>b"),
        ("\x7f", "\u2421"),
        ("\r", "\u240d"),
    ],
)
def test_ansi_shows_controls_and_obeys_none(hostile: str, shown: str) -> None:
    """Control characters and direction marks of a page are made visible."""
    answer = result((hostile, None), (hostile, Kind.OTHER)).as_ansi()

    assert hostile not in answer
    assert answer.count(shown) == 2
