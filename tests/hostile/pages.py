"""Pages that mean harm, by name, each as large as it is asked for."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

PROSE = "The council met on Tuesday to talk about the bridge, which has been shut since the flood in March."
FULL = 4_000_000
"""Characters of a page at full size, near enough: as many as a text may have."""


def _filled(stretch: str) -> Callable[[int], str]:
    return lambda size: stretch * (size // len(stretch))


def _numbered(form: str) -> Callable[[int], str]:
    return lambda size: "".join(form.format(number) for number in range(size // (len(form) + 4)))


def _mixed(size: int) -> bytes:
    chance = random.Random(7)
    encodings = ("utf-8", "windows-1252", "utf-16-le", "koi8-r", "shift_jis", "iso2022_jp", "gb18030")
    words = ("Die Brücke – „gesperrt“", "Совет собрался", "議会は火曜日に", "caf\u00e9", PROSE)
    pages = [f"<p>{word}</p>".encode(encoding, "replace") for word in words for encoding in encodings]
    return b"<meta charset=utf-8>" + b"".join(chance.choices(pages, k=size // 40))


PAGES: Mapping[str, Callable[[int], str | bytes]] = MappingProxyType(
    {
        "nested, closed": lambda size: "<div>" * (size // 40) + PROSE + "</div>" * (size // 40),
        "nested, never closed": _filled("<div>"),
        "nested, as deep as may be": lambda size: "<div>" * min(9_900, size // 40) + f"<p>{PROSE}</p>" * 100,
        "unclosed everything": _filled(f"<div><p>{PROSE}<ul><li>x<table><tr><td>y<b>z<a href=w>v"),
        "unclosed paragraphs": _filled(f"<p>{PROSE}"),
        "unclosed items": _filled("<li>x"),
        "unclosed cells": lambda size: "<table>" + "<tr><td>x" * (size // 9),
        "attributes on one tag": lambda size: f"<p {_numbered(' a{}=b')(size)}>{PROSE}</p>",
        "attributes over tags": _numbered("<p a{0}=b c{0}=d>x"),
        "a value without end": lambda size: f"<p>{PROSE}</p><p title='{'a > b ' * (size // 6)}",
        "a class without end": lambda size: f"<p class='{'ad ' * (size // 3)}' id='{'x' * size}'>{PROSE}</p>",
        "formatting opened again": lambda size: (
            "<p>" + _numbered("<font a={}>")(size // 3) + f"<p>{PROSE[:9]}" * (size // 20)
        ),
        "formatting closed in the wrong order": lambda size: (
            _numbered("<b a={}><div>x")(size // 2) + "</b>" * (size // 9)
        ),
        "choices": lambda size: "<select>" + "<option>x" * (size // 9),
        "names of elements": _numbered("<x{0}>y</x{0}>"),
        "tags cut off": _filled("<a "),
        "signs alone": _filled("<"),
        "comments never closed": _filled("<!--"),
        "scripts in odd places": _filled(
            "<table><script>x()</script><tr><td>a<script>'<p>'</script></table><p>b<script>c()</script>d"
        ),
        "scripts never closed": _filled("<script>"),
        "entities to nowhere": _filled("&nosuch; &#xD800; &#x110000; &#99999999999; &CounterClockwiseContourIntegra "),
        "ampersands": _filled("&"),
        "NUL": _filled("<p>a\0b\0"),
        "half characters": _filled("<p>\ud800a\udc00</p>"),
        "white space": _filled("<p> \n\t</p>"),
        "one line": _filled(f"{PROSE} "),
        "lines of one character": _filled("x<br>"),
        "JSON without end": lambda size: f"<script type=application/ld+json>{'[' * size}</script><p>{PROSE}</p>",
        "mixed encodings": _mixed,
        "noise": lambda size: random.Random(7).randbytes(size),
    }
)  # fmt: skip
"""What to make a page of, by its name: given characters or bytes, about as many."""
