"""The bytes of a page as text: what decides its encoding, whose word is doubted, and that nothing fails."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk_server.markup.encoding import Decoded, Source, decode
from unit.markup.legacy import LEGACY, UNICODE, Page, page_of, written

GERMAN = page_of("German", "windows-1252").text
MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16le": b"\xff\xfe", "utf-16be": b"\xfe\xff"}
LABELS = (
    "utf-8",
    "utf-16",
    "latin1",
    "gbk",
    "shift_jis",
    "euc-jp",
    "iso-2022-jp",
    "x-user-defined",
    "windows-874",
    "?",
)


def meta(label: str) -> str:
    """Declare an encoding."""
    return f'<meta charset="{label}">'


def decided(content: bytes, hint: str = "") -> tuple[str, Source]:
    """Return the encoding and what decided it."""
    answer = decode(content, hint)
    return answer.encoding, answer.source


@pytest.mark.parametrize("page", LEGACY, ids=str)
def test_a_page_that_declares_nothing_is_read_by_its_bytes(page: Page) -> None:
    """Each language in each encoding it was written in; of encodings alike on these bytes, either will do."""
    answer = decode(page.content)

    assert (answer.text, answer.source, answer.replaced) == (page.text, Source.DETECTED, False)


@pytest.mark.parametrize("page", LEGACY, ids=str)
def test_a_true_declaration_is_believed(page: Page) -> None:
    """What the page says of itself holds where the bytes do not speak against it."""
    declaring = page_of(page.language, page.encoding, meta(page.encoding))

    answer = decode(declaring.content)

    assert answer == Decoded(declaring.text, page.encoding, Source.DECLARED, replaced=False, unknown_hint=False)


@pytest.mark.parametrize("page", LEGACY, ids=str)
def test_a_true_hint_is_believed(page: Page) -> None:
    """The transport's word holds, though the page declares another encoding of single bytes."""
    lying = page_of(page.language, page.encoding, meta("macintosh"))

    answer = decode(lying.content, page.encoding)

    assert (answer.text, answer.encoding, answer.source) == (lying.text, page.encoding, Source.HINT)


@pytest.mark.parametrize("encoding", UNICODE)
def test_a_byte_order_mark_beats_everything(encoding: str) -> None:
    """The mark is no part of the text, and neither hint nor declaration counts."""
    page = page_of("Greek", encoding, meta("windows-1252"))

    answer = decode(MARKS[encoding] + page.content, "koi8-r")

    assert answer == Decoded(page.text, encoding, Source.BOM, replaced=False, unknown_hint=False)


@pytest.mark.parametrize("encoding", ["utf-16le", "utf-16be"])
def test_utf_16_shows_without_a_mark(encoding: str) -> None:
    """Markup is ASCII, so every second byte is nought."""
    page = page_of("German", encoding)

    answer = decode(page.content)

    assert (answer.text, answer.encoding, answer.source) == (page.text, encoding, Source.DETECTED)


@pytest.mark.parametrize("head", ["", meta("utf-8"), meta("iso-8859-1"), meta("windows-1251"), meta("big5")])
@pytest.mark.parametrize("hint", ["", "utf-8", "iso-8859-1", "shift_jis", "utf-16"])
@pytest.mark.parametrize("language", ["German", "Russian", "Japanese", "Thai"])
def test_what_is_utf_8_is_read_as_utf_8_whatever_is_said(language: str, hint: str, head: str) -> None:
    """Servers and templates that still say Latin-1 are common; text of another encoding that is UTF-8 is not."""
    page = page_of(language, "utf-8", head)

    answer = decode(page.content, hint)

    assert (answer.text, answer.encoding, answer.replaced) == (page.text, "utf-8", False)


def test_a_word_of_chinese_that_is_utf_8_by_chance_stays_chinese() -> None:
    """A declaration of several bytes a character is not given up for a word or two."""
    content = written(f"<head>{meta('gbk')}</head><p>牛</p>", "gbk")

    assert content.decode("utf-8") != content.decode("gbk")
    assert decode(content).text.endswith("<p>牛</p>")


@pytest.mark.parametrize("page", [page for page in LEGACY if page.encoding != "iso-2022-jp"], ids=str)
def test_a_false_claim_to_be_utf_8_is_not_believed(page: Page) -> None:
    """Where more characters are wrong than right, the bytes decide."""
    lying = page_of(page.language, page.encoding, meta("utf-8"))

    answer = decode(lying.content, "utf-8")

    assert (answer.text, answer.source) == (lying.text, Source.DETECTED)


def test_stray_bytes_leave_utf_8_what_it_is() -> None:
    """A comment pasted in Latin-1 is lost, the page is not."""
    page = page_of("German", "utf-8", meta("utf-8"))
    content = page.content.replace(b"</body>", b"caf\xe9</body>")

    answer = decode(content)

    assert answer.text == page.text.replace("</body>", "caf\ufffd</body>")
    assert (answer.encoding, answer.source, answer.replaced) == ("utf-8", Source.DECLARED, True)


@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr", "utf-16le"])
def test_a_page_cut_off_within_a_character_loses_that_character_alone(encoding: str) -> None:
    """The last bytes become U+FFFD."""
    content = written("<p>一日</p>" * 4 + "一日", encoding)[:-1]

    answer = decode(content, encoding)

    assert (answer.text, answer.encoding, answer.replaced) == ("<p>一日</p>" * 4 + "一\ufffd", encoding, True)


def test_ascii_cut_off_within_its_only_character_is_still_utf_8() -> None:
    """One broken character at the very end does not make a page Latin-1."""
    assert decided(b"<p>It is closed\xe2\x80", "utf-8") == ("utf-8", Source.HINT)


@pytest.mark.parametrize(
    ("content", "hint", "expected"),
    [
        (b"", "", ("utf-8", Source.FALLBACK)),
        (b"<p>ASCII</p>", "", ("utf-8", Source.FALLBACK)),
        (b"<p>ASCII</p>", "latin1", ("windows-1252", Source.HINT)),
        (b"<p>ASCII</p>", "utf-16", ("utf-8", Source.FALLBACK)),
        (b"<meta charset=utf-16><p>ASCII</p>", "", ("utf-8", Source.DECLARED)),
        (b"<meta charset=x-user-defined><p>\x80</p>", "", ("windows-1252", Source.DECLARED)),
        (b"<p>\x93Nobody told us\x94</p>", "", ("windows-1252", Source.DETECTED)),
        (b"<meta charset=utf-8><p>\xa9 The Example</p>", "", ("windows-1252", Source.DETECTED)),
        (b"<p>don\x92t</p><p>\xd7</p><p>\xb6</p><p>\xa0</p>", "", ("windows-1252", Source.DETECTED)),
        (b"<p>caf\xe9</p><p>Espa\xf1ol, Portugu\xeas</p>", "", ("windows-1252", Source.DETECTED)),
        (random.Random(7).randbytes(2000), "", ("windows-1252", Source.FALLBACK)),
    ],
)
def test_what_decides(content: bytes, hint: str, expected: tuple[str, Source]) -> None:
    """Small cases, one reason each."""
    assert decided(content, hint) == expected


def test_a_declaration_counts_within_the_first_1024_bytes() -> None:
    """Past them it counts only where the bytes are not UTF-8 without it."""
    late = f"<!--{'-' * 1100}--><head>{meta('koi8-r')}</head>"
    russian, greek = page_of("Russian", "koi8-r", late), page_of("Greek", "utf-8", late)

    assert decided(russian.content) == ("koi8-r", Source.DECLARED)
    assert decided(greek.content) == ("utf-8", Source.DETECTED)


def test_a_declaration_in_a_comment_is_none() -> None:
    """Templates keep old ones about."""
    page = page_of("Russian", "windows-1251", f"<!-- {meta('koi8-r')} -->")

    assert decode(page.content).text == page.text


@pytest.mark.parametrize("hint", ["klingon", "utf-7", "iso-2022-kr", "bin\u00e4r"])
def test_an_unknown_hint_is_ignored_and_said(hint: str) -> None:
    """The page decides, and the caller learns that the hint did not."""
    page = page_of("Russian", "koi8-r", meta("koi8-r"))

    answer = decode(page.content, hint)

    assert (answer.text, answer.source, answer.unknown_hint) == (page.text, Source.DECLARED, True)


@pytest.mark.parametrize("hint", ["", "  ", '"utf-8"', " UTF8\r\n", "'utf-8'"])
def test_a_hint_is_read_as_headers_are_written(hint: str) -> None:
    """Quotes and white space are no part of a label, and no hint is no unknown hint."""
    assert not decode(b"x", hint).unknown_hint


def test_nul_stays_for_the_parser() -> None:
    """The parser has its own rule for it."""
    assert decode(b"<p>a\x00b</p>").text == "<p>a\x00b</p>"


@given(st.binary(max_size=300), st.sampled_from(("", *LABELS)))
def test_no_bytes_fail(content: bytes, hint: str) -> None:
    """Any bytes with any hint give text, and all ASCII of an encoding that keeps ASCII is in it."""
    answer = decode(content, hint)

    assert answer.replaced or "\ufffd" not in answer.text or b"\xef\xbf\xbd" in content or "utf-16" in answer.encoding


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: not text.isascii()))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    """Whatever is said in UTF-8 is read in UTF-8, save its byte order mark."""
    assert decode(text.encode(), "utf-8").text == text.removeprefix("\ufeff")


@pytest.mark.slow
def test_fifty_megabytes_of_noise_come_to_an_end() -> None:
    """Time and memory are linear: the suite's own time limit ends this test if they are not."""
    noise = random.Random(7).randbytes(50_000_000)

    assert decided(noise) == ("windows-1252", Source.FALLBACK)


@pytest.mark.parametrize(
    "piece", [b"<", b"<meta ", b'<meta a="', b"<!--", b"<?xml encoding", b"a", b"\x1b$", b"\xe3", b"\x00"]
)
def test_a_megabyte_of_anything_comes_to_an_end(piece: bytes) -> None:
    """No search starts over at every byte."""
    content = piece * (1_000_000 // len(piece)) + b"\xff"

    assert decode(content).text
