"""Coloured renderings: everything is there, and nothing of the page is obeyed."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk import Kept, Kind, OffsetUnit, Status
from unit.client.results import result

HOSTILE = "<script>alert('x')</script>&amp;\"\x1b[31m"


class _Pre(HTMLParser):
    """Collects the text inside ``<pre>``, and every tag."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside = self._inside or tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        self.text += data if self._inside else ""


def read(page: str) -> _Pre:
    """Parse a page."""
    parser = _Pre()
    parser.feed(page)
    parser.close()
    return parser


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), unit=st.sampled_from(list(OffsetUnit)))
def test_html_shows_the_whole_source(text: str, unit: OffsetUnit) -> None:
    """What a browser shows is the source, character by character."""
    shown = read(result((text, Kind.SHARE), (text, None), unit=unit).as_html()).text

    assert shown.removeprefix("\n") == text + text


def test_html_escapes_the_page() -> None:
    """No tag of the page, its title or its reasons becomes a tag of ours."""
    answer = result(
        (HOSTILE, None),
        (HOSTILE, Kind.ADVERT),
        title=HOSTILE,
        status=Status.SUSPECT,
        reasons=(HOSTILE,),
        rules_version=HOSTILE,
    )

    assert "script" not in read(answer.as_html()).tags
    assert "<script" not in answer.as_html()


def test_html_names_rules_on_hover_and_kinds_in_a_legend() -> None:
    """Each removed span says kind, confidence and rules; the legend lists the kinds that occur, once."""
    page = result(("a", Kind.SHARE), ("b", None), ("c", Kind.SHARE), ("d", Kind.MOST_READ)).as_html()

    assert 'title="SHARE 0.90: rule-share"' in page
    legend = re.findall(r'<p class="legend">(.*)</p>', page)
    assert sorted(re.findall(r"[A-Z_]+</span>", legend[0]), reverse=True) == ["SHARE</span>", "MOST_READ</span>"]


def test_html_reads_in_light_and_dark() -> None:
    """The page leaves the colour of the text to the reader's scheme, and every kind has its colour."""
    page = result(("a", None)).as_html()

    assert "color-scheme: light dark" in page
    assert all(f".kind-{kind.value.lower().replace('_', '-')} " in page for kind in Kind if kind is not Kind.BODY)
    assert page.startswith("<!DOCTYPE html>")


def test_notebooks_get_a_fragment() -> None:
    """A notebook embeds a part of a page, not a page."""
    fragment = result(("a", None))._repr_html_()

    assert fragment.startswith("<div")
    assert "<html" not in fragment


def test_husk_that_was_kept_is_marked_as_kept() -> None:
    """A kept span of a husk kind says that it was kept."""
    page = result(("a", None), kept=(Kept(0, 1, Kind.CAPTION, 0.5),)).as_html()

    assert html.unescape('title="CAPTION 0.50, kept"') in page


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
