"""Pages made from a grammar of all that HTML has, put together without care for what may stand where."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from dehusk_server.markup.guard import MOST_ATTRIBUTES
from strategies import HUSK, MENUS, ODDITIES, OTHER_SCRIPTS, PROSE

ELEMENTS: Final = (
    "html", "head", "body", "title", "base", "link", "meta", "style", "script", "noscript", "template", "p", "div",
    "span", "a", "b", "i", "em", "strong", "u", "s", "q", "cite", "code", "pre", "kbd", "samp", "sub", "sup",
    "small", "mark", "abbr", "time", "data", "ruby", "rb", "rt", "rp", "rtc", "bdi", "bdo", "br", "wbr", "hr",
    "img", "picture", "source", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "header",
    "footer", "nav", "main", "article", "section", "aside", "address", "blockquote", "ul", "ol", "li", "menu", "dl",
    "dt", "dd", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "form",
    "fieldset", "legend", "label", "input", "button", "select", "optgroup", "option", "datalist", "textarea",
    "output", "progress", "meter", "details", "summary", "dialog", "video", "audio", "track", "iframe", "object",
    "param", "embed", "canvas", "map", "area", "svg", "g", "path", "text", "tspan", "desc", "foreignObject", "math",
    "mi", "mo", "mn", "mtext", "annotation", "annotation-xml", "center", "font", "tt", "big", "strike", "nobr",
    "marquee", "acronym", "dir", "listing", "xmp", "plaintext", "noembed", "noframes", "frameset", "frame",
    "applet", "isindex", "image", "slot", "my-card", "x-item", "svg:p", "o:p",
)  # fmt: skip
NAMES: Final = ("comment", "nav", "related", "share", "article-body", "footer", "x", "x y\tz", "Ä", "a'b", "1", "")
ATTRIBUTES: Final = (
    *(f"class={quote}{name}{quote}" for name in NAMES for quote in ("'", '"')),
    *(f'id="{name}"' for name in NAMES),
    "hidden", "hidden=until-found", "aria-hidden=true", "style=display:none", "style='display: block'", "open",
    "role=navigation", "role=dialog", "itemprop=articleBody", "itemscope itemtype=https://schema.org/Article",
    "href=/a", "src=x onerror=y", "colspan=0", "rowspan=65535", "shadowrootmode=open", "dir=rtl", "lang=de",
    "=", "a=", 'a="', "a='>", "/", "\0", "charset=utf-16", "encoding=text/html", "type=hidden",
    "http-equiv=content-type content='text/html; charset=koi8-r'",
)  # fmt: skip
ENTITIES: Final = (
    "&amp;", "&lt;", "&gt;", "&nbsp;", "&shy;", "&nosuch;", "&amp", "&copy", "&#0;", "&#x;", "&#;", "&", "&#128;",
    "&#xD800;", "&#x110000;", "&#99999999999;", "&notit;", "&NotEqualTilde;", "&zwj;", "&#10;", "&#13;", "&#x2028;",
)  # fmt: skip
SIGNS: Final = (
    "<", ">", "</", "/>", "<!", "<!-", "<!--", "-->", "--!>", "<!-->", "<?", "<?xml version='1.0' encoding='gbk'?>",
    "<!doctype html>", "<![CDATA[", "]]>", "</script", "<script><!--<script>", "</p", "</br>", "</p><", '"', "'", "=",
    "\0", "\ufeff", "\ud800", "\udc00", "\ud83d\ude00", "\r", "\r\n", "\n\n", "\t", "\f", "\v", "\x85", "\xa0",
    "\u2028", "\u200b", "\x1b", "\ufffe", "\U0010ffff",
)  # fmt: skip
WORDS: Final = (*PROSE, *HUSK, *MENUS, *OTHER_SCRIPTS, *ODDITIES)
_LARGEST: Final = 40_000
"""Characters to which a page is swollen at most."""


def page(chance: random.Random) -> str:
    """Make a page, most often a small one."""
    made = "".join(piece(chance) for _ in range(1 + min(300, int(chance.expovariate(1 / 30)))))
    return swollen(chance, made) if chance.random() < 0.03 else made


def piece(chance: random.Random) -> str:
    """Make one piece of a page."""
    return chance.choice(_PIECES)(chance)


def swollen(chance: random.Random, made: str) -> str:
    """Repeat a stretch of a page until it is large."""
    start = chance.randrange(len(made) + 1)
    stretch = made[start : start + chance.choice((3, 5, 20, 100))] or piece(chance)
    return made[:start] + stretch * chance.randrange(1, 1 + max(1, _LARGEST // len(stretch))) + made[start:]


def _opening(chance: random.Random) -> str:
    name = chance.choice(ELEMENTS)
    attributes = chance.choices(ATTRIBUTES, k=chance.choice((0, 0, 1, 1, 2, 5)))
    end = chance.choices((">", "/>", "", " "), (30, 2, 1, 1))[0]
    return f"<{' '.join((name if chance.random() < 0.9 else name.upper(), *attributes))}{end}"


def _closing(chance: random.Random) -> str:
    return f"</{chance.choice(ELEMENTS)}>"


def _element(chance: random.Random) -> str:
    name = chance.choice(ELEMENTS)
    return f"<{name}>{''.join(piece(chance) for _ in range(chance.randrange(3)))}</{name}>"


def _words(chance: random.Random) -> str:
    return chance.choice(WORDS) + chance.choice(("", " ", "\n"))


def _many_attributes(chance: random.Random) -> str:
    if chance.random() < 0.95:
        return _opening(chance)
    count = chance.randrange(2 * MOST_ATTRIBUTES)
    return (
        f"<{chance.choice(ELEMENTS)} {' '.join(f'a{number}={chance.choice(ATTRIBUTES)}' for number in range(count))}>"
    )


_PIECES: Final[tuple[Callable[[random.Random], str], ...]] = (
    _opening, _opening, _opening, _closing, _closing, _element, _words, _words, _words, _many_attributes,
    lambda chance: chance.choice(ENTITIES), lambda chance: chance.choice(SIGNS), lambda _: " ", lambda _: "\n",
)  # fmt: skip
