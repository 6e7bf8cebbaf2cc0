"""Texts to try the laws on: arbitrary Unicode, pages as scrapers leave them, and the extremes by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hypothesis import strategies as st

LINE_ENDS = ("\n", "\r\n", "\r", "\u2028", "\u2029", "\v", "\f", "\x85", "\n\n", "\n \t\n", "\n\u00a0\n")
"""Every line end there is, blank lines included."""

MENUS = (
    "Home",
    "Menu",
    "News | Sport | Culture",
    "Skip to content",
    "Log in",
    "* [Home](https://example.org/)",
    "›",
    "1 2 3 Next",
)
PROSE = (
    "The council met on Tuesday to talk about the bridge, which has been shut since the flood in March.",
    "“Nobody told us,” said the baker, “and we still pay the rent.”",
    "Repairs will take a year.",
    "It rained.",
)
HUSK = (
    "Read more",
    "READ MORE: Another story of the day",
    "Share on Facebook",
    "Subscribe to our newsletter",
    "Most read",
    "Advertisement",
    "We use cookies to improve your experience.",
    "© 2024 The Example. All rights reserved.",
    "By Jane Doe",
    "Published 12 January 2022 at 10:31",
    "Leave a comment",
    "Your support makes all the difference.",
    "Tags: bridge, flood",
    "Photo: Jane Doe/Example",
    "About the author",
)
OTHER_SCRIPTS = (
    "議会は火曜日に橋について話し合った。続きを読む",
    "اجتمع المجلس يوم الثلاثاء لمناقشة الجسر. اقرأ المزيد",
    "המועצה נפגשה ביום שלישי",
    "สภาประชุมเมื่อวันอังคาร",
    "Совет собрался во вторник.",
    "ΣΟΦΟΣ ǅ ß ﬁ İ ı",
)
ODDITIES = (
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "e\u0301\u0323a\u0308 Z\u0351\u036b\u0343",
    "\u202eright to left\u202c",
    "zero\u200bwidth\u00adsoft",
    "\ufeff",
    "\x00\x1b[31m",
    "![](https://example.org/a.png)",
    "|---|---|",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \U0010ffff",
    "((((((((((",
    "$" * 40,
)

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "empty line": "\n",
        "one character": "x",
        "only blanks": " \t\u00a0\u3000\n\n \r\n\u2028\v ",
        "byte order mark alone": "\ufeff",
        "no husk": "\n\n".join(PROSE),
        "nothing but husk": "\n".join((*MENUS, *HUSK)),
        "one giant line": " ".join(PROSE) * 60,
        "one giant word": "a" * 20_000,
        "one giant line of husk": "Read more | " * 800,
        "husk around prose": "\n".join((*MENUS, *PROSE, *HUSK)),
        "husk glued to prose": "Your support makes all the difference."
        + PROSE[0]
        + " Read more\n"
        + PROSE[1]
        + "Read more\n",
        "husk inside prose": f"{PROSE[0]} READ MORE: Another story of the day {PROSE[1]}",
        "carriage returns": "\r".join((*MENUS, *PROSE, *HUSK)),
        "windows line ends": "\ufeff" + "\r\n".join((*MENUS, *PROSE, *HUSK)),
        "mixed line ends": "".join(line + end for line, end in zip((*MENUS, *PROSE), LINE_ENDS * 2, strict=False)),
        "other scripts": "\n".join((*OTHER_SCRIPTS, *MENUS, *OTHER_SCRIPTS)),
        "oddities": "\n".join((*ODDITIES, *PROSE, *ODDITIES)),
        "the same line again and again": "Menu\n" * 400,
    }
)
"""Extremes that arbitrary text seldom hits."""

any_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400)
"""Unicode without lone surrogates: all that UTF-8 can carry."""

surrogate_text = st.text(st.characters(categories=["Cs", "Lu", "Zs", "Cc"]), min_size=1, max_size=60)
"""Python strings that no UTF-8 can carry."""


@st.composite
def _page(draw: st.DrawFn) -> str:
    """A page: lines of every sort, each with an end of its own, now and then glued to the next."""
    line = st.one_of(
        st.sampled_from(MENUS),
        st.sampled_from(PROSE),
        st.sampled_from(HUSK),
        st.sampled_from(OTHER_SCRIPTS),
        st.sampled_from(ODDITIES),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    )
    glue = st.sampled_from((*LINE_ENDS, "\n", "\n", " ", ""))
    lines = draw(st.lists(st.tuples(st.sampled_from(("", "", "  ", "\t* ")), line, glue), min_size=1, max_size=25))
    mark = draw(st.sampled_from(("", "", "\ufeff")))
    return (mark + "".join(indent + text + end for indent, text, end in lines)) or "\n"


pages = _page()
"""Text as scrapers leave it."""

texts = st.one_of(pages, any_text, st.sampled_from(sorted(PAGES.values())))
"""Everything that a document may hold."""


@st.composite
def _text_and_phrase(draw: st.DrawFn) -> tuple[str, str]:
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, min(len(text), start + 80)))
    return text, text[start:end]


texts_with_phrase = _text_and_phrase()
"""A text with a phrase out of it."""
