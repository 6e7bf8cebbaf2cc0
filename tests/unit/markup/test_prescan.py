"""What a page declares of its encoding, as browsers find it before they parse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk_server.markup.labels import find_encoding
from dehusk_server.markup.prescan import declared_encoding

CONTENT_TYPE = b"<meta http-equiv=content-type content='text/html; charset=koi8-r'>"


def declared(content: bytes) -> str:
    """Return the name of the declared encoding, empty where there is none."""
    encoding = declared_encoding(content)
    return encoding.name if encoding else ""


@pytest.mark.parametrize(
    "content",
    [
        b"<meta charset=koi8-r>",
        b'<meta charset="koi8-r">',
        b"<META CHARSET='KOI8-R'/>",
        b"<meta/charset=koi8-r>",
        b"<meta\n\tcharset = koi8-r >",
        b"<meta name=x charset=koi8-r>",
        b"<meta charset=koi8-r charset=utf-8>",
        b"<meta charset=nonsense><meta charset=koi8-r>",
        b"<!doctype html><html lang=ru><head><meta charset=koi8-r>",
        CONTENT_TYPE,
        b"<meta content='text/html; charset=koi8-r' http-equiv='Content-Type'>",
        b"<meta http-equiv=content-type content='text/html; charset = \"koi8-r\"'>",
        b"<meta http-equiv=content-type content='text/html;charset=koi8-r;x'>",
        b"<meta http-equiv=content-type content='charset charset=koi8-r'>",
        b"<!-- <meta charset=utf-8> --><meta charset=koi8-r>",
        b"<!--><meta charset=koi8-r>",
        b"<a title='<meta charset=utf-8>'><meta charset=koi8-r>",
        b"<? <meta charset=utf-8><meta charset=koi8-r>",
        b"</p title='>'><meta charset=koi8-r>",
        b"<metadata charset=utf-8><meta charset=koi8-r>",
        b"<?xml version='1.0' encoding='koi8-r'?><html>",
        b'<?xml version="1.0" encoding = "koi8-r"?><meta name=x>',
        b"<?xml version='1.0' encoding='utf-8'?><meta charset=koi8-r>",
    ],
)
def test_a_declaration_is_found(content: bytes) -> None:
    """All of these say KOI8-R."""
    assert declared(content) == "koi8-r"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"koi8-r",
        b"<meta charset>",
        b"<meta charset=>",
        b"<meta charset=nonsense>",
        b"<meta charset=koi8-r",
        b"<meta charset='koi8-r>",
        b"<meta content='text/html; charset=koi8-r'>",
        b"<meta http-equiv=refresh content='text/html; charset=koi8-r'>",
        b"<meta http-equiv=content-type content='text/html; charset'>",
        b"<meta http-equiv=content-type content='text/html; charset=\"koi8-r'>",
        b"<!-- <meta charset=koi8-r>",
        b"<!-- <meta charset=koi8-r> -->",
        b"<xmeta charset=koi8-r>",
        b"<p charset=koi8-r>",
        b" <?xml version='1.0' encoding='koi8-r'?>",
        b"<?xml version='1.0'?><p encoding='koi8-r'>",
        b"x" * 1010 + b"<meta charset=koi8-r>",
    ],
)
def test_what_is_no_declaration_is_not_taken_for_one(content: bytes) -> None:
    """Half a label, another attribute, another place: none of these says anything."""
    assert declared(content) == ""


@pytest.mark.parametrize("label", ["utf-16", "utf-16le", "utf-16be", "unicode", "ucs-2"])
def test_declared_utf_16_means_utf_8(label: str) -> None:
    """Bytes in which this can be read are not UTF-16."""
    assert declared(f"<meta charset={label}>".encode()) == "utf-8"


def test_declared_x_user_defined_means_windows_1252() -> None:
    """So the standard has it."""
    assert declared(b"<meta charset=x-user-defined>") == "windows-1252"


def test_the_limit_is_the_callers() -> None:
    """A later declaration is found by looking further."""
    content = b"x" * 2000 + b"<meta charset=koi8-r>"

    assert declared_encoding(content, 4000) == find_encoding("koi8-r")


@given(
    st.lists(
        st.sampled_from(
            (
                b"<",
                b"!--",
                b"-->",
                b"meta ",
                b"charset",
                b"=",
                b"'",
                b'"',
                b"/",
                b">",
                b" ",
                b"utf-8",
                b"\xff",
                CONTENT_TYPE,
            )
        )
    )
)
def test_nothing_fails_and_what_is_found_was_written(pieces: list[bytes]) -> None:
    """Any soup of signs gives no encoding, or one of those in it."""
    assert declared(b"".join(pieces)) in ("", "utf-8", "koi8-r")
