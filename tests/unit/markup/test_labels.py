"""Labels of encodings mean what browsers take them for, and decoding never fails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk_server.markup.labels import encoding_named, find_encoding

MULTI_BYTE = ["utf-8", "utf-16le", "utf-16be", "gbk", "gb18030", "big5", "euc-kr", "shift_jis", "euc-jp", "iso-2022-jp"]
WINDOWS = [f"windows-{number}" for number in (874, *range(1250, 1259))]
ISO = [f"iso-8859-{number}" for number in (*range(2, 9), "8-i", 10, 13, 14, 15, 16)]
OTHERS = ["ibm866", "koi8-r", "koi8-u", "macintosh", "x-mac-cyrillic", "x-user-defined"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("utf8", "utf-8"),
        ("UTF-8", "utf-8"),
        (" unicode-1-1-utf-8\n", "utf-8"),
        ("latin1", "windows-1252"),
        ("iso-8859-1", "windows-1252"),
        ("us-ascii", "windows-1252"),
        ("iso-8859-9", "windows-1254"),
        ("tis-620", "windows-874"),
        ("gb2312", "gbk"),
        ("gb_2312-80", "gbk"),
        ("GB18030", "gb18030"),
        ("big5-hkscs", "big5"),
        ("x-sjis", "shift_jis"),
        ("windows-31j", "shift_jis"),
        ("ks_c_5601-1987", "euc-kr"),
        ("x-euc-jp", "euc-jp"),
        ("logical", "iso-8859-8-i"),
        ("koi8-ru", "koi8-u"),
    ],
)
def test_a_label_is_taken_as_browsers_take_it(label: str, name: str) -> None:
    """Labels that mean more than they say."""
    encoding = find_encoding(label)

    assert encoding is not None
    assert encoding.name == name


@pytest.mark.parametrize("label", ["", "utf-7", "klingon", "hz-gb-2312", "iso-2022-kr", "\u212aoi8-r", "utf\u00ad-8"])
def test_what_browsers_do_not_decode_is_unknown(label: str) -> None:
    """Refused, unheard of, or like a label to the eye alone."""
    assert find_encoding(label) is None


def test_a_name_that_the_standard_does_not_have_is_an_error_of_the_program() -> None:
    """A label is not a name."""
    with pytest.raises(ValueError, match="'latin1' is no name of the Encoding Standard"):
        encoding_named("latin1")


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("windows-1252", b"\x80\x81\x93", "€\x81“"),
        ("windows-874", b"\xa1\xdb", "ก\ufffd"),
        ("gbk", b"\x81\x30\x81\x30", "\x80"),
        ("big5", b"\xf9\xd6", "碁"),
        ("shift_jis", b"\x87\x40\x81\x60", "①～"),
        ("euc-jp", b"\xad\xa1", "①"),
        ("euc-kr", b"\xb4\xf5\x8c\x63", "더똠"),
        ("x-user-defined", b"a\x80\xff", "a\uf780\uf7ff"),
        ("shift_jis", b"\x81<p>", "\ufffd<p>"),
        ("gb18030", b"\x81<p>", "\ufffd<p>"),
        ("utf-8", b"\xe3\x81<p>", "\ufffd<p>"),
    ],
)
def test_bytes_stand_for_what_the_standard_says(name: str, content: bytes, text: str) -> None:
    """Where Python's codec of the name would say another thing; a broken character swallows no markup."""
    assert encoding_named(name).decode(content)[0] == text


def test_a_replacement_character_that_the_page_wrote_is_not_counted() -> None:
    """Only what could not be decoded is."""
    assert encoding_named("utf-8").decode("\ufffd".encode() + b"\xff")[1] == 1


@pytest.mark.parametrize("name", [*MULTI_BYTE, *WINDOWS, *ISO, *OTHERS])
@given(content=st.binary(max_size=40))
def test_every_encoding_decodes_any_bytes(name: str, content: bytes) -> None:
    """Whatever fails is U+FFFD, and counted."""
    text, wrong = encoding_named(name).decode(content)

    assert wrong == 0 or "\ufffd" in text
