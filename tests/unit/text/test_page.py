"""A page is measured once: rows, lines, words and link targets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.text.page import _TARGETS, NUMBER, Page, measure
from strategies import PAGES, surrogate_text, texts

ENDS = ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]


def lines(page: Page) -> list[str]:
    """Return the visible text of each line."""
    return [page.text[start:end] for start, end in zip(page.line_start, page.line_end, strict=True)]


def words(page: Page) -> list[str]:
    """Return the words, those of link targets included."""
    return [page.text[start:end] for start, end in zip(page.word_start, page.word_end, strict=True)]


def targets(text: str) -> list[str]:
    """Return the words inside link targets."""
    page = measure(text)
    return [word for word, inside in zip(words(page), page.word_target, strict=True) if inside]


@pytest.mark.parametrize("end", ENDS, ids=[end.encode("unicode-escape").decode() for end in ENDS])
def test_every_line_end_ends_a_row(end: str) -> None:
    """CR LF counts as one end; each row begins after the end of the row before."""
    page = measure(f"one{end} two {end}{end}three")

    assert lines(page) == ["one", "two", "three"]
    assert page.row_number.tolist() == [0, 1, 3]
    assert page.row_start.tolist() == [0, 3 + len(end), 8 + 3 * len(end)]


def test_line_feed_then_carriage_return_are_two_ends() -> None:
    """Only CR LF is one end; LF CR leaves an empty row between."""
    assert measure("one\n\rtwo").row_number.tolist() == [0, 2]


def test_byte_order_mark_is_blank() -> None:
    """Neither a line nor its row begins with the mark: it is no indent."""
    page = measure("\ufeffone")

    assert (page.row_start.tolist(), page.line_start.tolist()) == ([1], [1])


@pytest.mark.parametrize("text", ["", "\n", " \t\u00a0\u3000\n\n \r\n\u2028\v ", "\ufeff"])
def test_a_page_of_blanks_has_no_line(text: str) -> None:
    """Blanks and line ends alone make rows, but no line and no word."""
    page = measure(text)

    assert (page.lines, len(page.word_hash)) == (0, 0)


def test_surrogate_halves_are_visible_and_no_letters() -> None:
    """A Python string that no UTF-8 can carry is measured like any other."""
    page = measure("\ud83d\nab\udc4d")

    assert (lines(page), words(page)) == (["\ud83d", "ab\udc4d"], ["ab"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop, e.g. now", ["Don", "t", "stop", "e", "g", "now"]),
        ("議会は10日", ["議", "会", "は", "10", "日"]),
        ("AI研究", ["AI", "研", "究"]),
        ("ไทย a", ["ไ", "ท", "ย", "a"]),
        ("e\u0301te\u0301 a\u200db", ["e\u0301te\u0301", "a\u200db"]),
        ("snake_case-10x", ["snake", "case", "10x"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    """Words are runs of letters, marks and digits; in scripts without spaces every character is one."""
    assert words(measure(text)) == expected


def test_words_know_their_line() -> None:
    """Each word has the number of the line that it stands in, blank rows not counted."""
    assert measure("a b\n\n\nc\n-\nd").word_line.tolist() == [0, 0, 1, 3]


def test_digits_hash_alike() -> None:
    """All numbers are one word, in any script; digits inside a word are alike, their number is not."""
    hashes = dict(zip(words(page := measure("1 2024 ٣ x1 x7 x77 X1")), page.word_hash.tolist(), strict=True))

    assert {hashes["1"], hashes["2024"], hashes["٣"]} == {int(NUMBER)}
    assert hashes["x1"] == hashes["x7"] == hashes["X1"] != hashes["x77"]


def test_words_hash_by_letters_order_and_no_case() -> None:
    """Case makes no word different; letters and their order do, far into a long word too."""
    long = "ab" * 40
    read, read_too, dear, one, other = measure(f"READ read dear {long}x {long}y").word_hash.tolist()

    assert read == read_too
    assert len({read, dear, one, other}) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[more](https://a.example/b) now", ["https", "a", "example", "b"]),
        ("[more](/b_(c)_d) now", ["b", "c", "d"]),
        ("see www.a.example, now", ["www", "a", "example"]),
        ("(http://a.example) now", ["http", "a", "example"]),
        ("f(x) and [a] (b)", []),
        ("[empty]() now", []),
    ],
)
def test_link_targets(text: str, expected: list[str]) -> None:
    """Targets of Markdown links and bare addresses are set apart from what is read."""
    assert targets(text) == expected


@pytest.mark.parametrize("piece", ["](", "http://", "](a", "](a(", "www.", "](((", "[![](", "https:/"])
def test_hostile_links_are_matched_in_bounded_steps(piece: str) -> None:
    """No match of link targets is longer than its bound, so a page of link beginnings costs linear time."""
    longest = 800 + 2 + 200 + 400 + len("https://")
    matches = [match.span() for match in _TARGETS.finditer(piece * 2000)]

    assert all(end - start <= longest for start, end in matches)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(matches))
    assert len(measure(piece * 50_000).codes) == len(piece) * 50_000


@settings(deadline=None, max_examples=60)
@given(st.one_of(texts, surrogate_text))
def test_rows_tile_and_lines_lie_inside_them(text: str) -> None:
    """Lines ascend without overlap inside their rows, and every visible character stands in one."""
    page = measure(text)
    past = np.append(page.row_start[1:], len(text))

    assert (page.row_start <= page.line_start).all()
    assert (page.line_start < page.line_end).all()
    assert (page.line_end <= past).all()
    assert (np.diff(page.row_number) > 0).all()
    inside = np.zeros(len(text), dtype=np.bool_)
    for start, end in zip(page.line_start, page.line_end, strict=True):
        inside[start:end] = True
    assert not "".join(itertools.compress(text, ~inside)).strip("\u200b\ufeff \t\u00a0\u3000\x1f" + "".join(_blanks()))


def _blanks() -> list[str]:
    return [character for character in map(chr, range(0x3001)) if character.isspace()]


@settings(deadline=None, max_examples=60)
@given(st.one_of(texts, surrogate_text))
def test_words_lie_inside_their_lines(text: str) -> None:
    """Words ascend without overlap, none is empty, and each lies inside the line that it names."""
    page = measure(text)

    assert (page.word_start < page.word_end).all()
    assert (page.word_end[:-1] <= page.word_start[1:]).all()
    assert (page.line_start[page.word_line] <= page.word_start).all()
    assert (page.word_end <= page.line_end[page.word_line]).all()


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(PAGES.values())), st.integers(0, 3))
def test_a_page_measures_alike_wherever_it_stands(text: str, rows: int) -> None:
    """Blank rows above change offsets and row numbers, nothing else."""
    page, shifted = measure(text), measure("\n" * rows + text)

    assert (shifted.line_start - rows).tolist() == page.line_start.tolist()
    assert shifted.word_hash.tolist() == page.word_hash.tolist()
