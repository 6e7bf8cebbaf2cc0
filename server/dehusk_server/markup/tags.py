"""What elements of HTML are: which show no text, which stand on lines of their own, which say where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

UNSEEN: Final = frozenset({
    "audio", "canvas", "datalist", "embed", "frameset", "head", "iframe", "link", "map", "meta", "noembed", "noframes",
    "object", "optgroup", "option", "param", "progress", "meter", "rp", "rt", "script", "select", "style", "svg",
    "template", "textarea", "title", "track", "video", "annotation", "annotation-xml", "-comment", "!doctype", "",
    "-document",
})  # fmt: skip
"""Elements whose text no reader sees: code, what stands in for media, the choices of forms, readings beside ruby."""

BOXES: Final = frozenset({
    "audio", "canvas", "embed", "iframe", "meter", "object", "progress", "select", "textarea", "video",
})  # fmt: skip
"""Of these, what fills a box of its own: words before and after it are two."""

ROOMY: Final = frozenset({
    "address", "blockquote", "dl", "fieldset", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "hgroup",
    "menu", "ol", "p", "pre", "table", "ul", "listing", "xmp", "plaintext",
})  # fmt: skip
"""Blocks with a margin: a blank line stands above and below."""

BLOCKS: Final = ROOMY | frozenset({
    "article", "aside", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dt", "figcaption",
    "footer", "header", "html", "legend", "li", "main", "nav", "noscript", "search", "section", "summary", "tbody",
    "tfoot", "thead", "tr", "colgroup", "col",
})  # fmt: skip
"""Elements on lines of their own."""

LINE_BREAK: Final = "br"

CELLS: Final = frozenset({"td", "th"})
"""Elements set off by a tab from the one before."""

VERBATIM: Final = frozenset({"pre", "listing", "xmp", "plaintext"})
"""Elements whose line ends are theirs."""

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

# One bit for each thing that may be said of where text stands; inherited from above.
LINK: Final = 1 << 0
ARTICLE: Final = 1 << 1
MAIN: Final = 1 << 2
NAV: Final = 1 << 3
ASIDE: Final = 1 << 4
HEADER: Final = 1 << 5
FOOTER: Final = 1 << 6
FORM: Final = 1 << 7
FIGURE: Final = 1 << 8
TABLE: Final = 1 << 9
QUOTE: Final = 1 << 10
LIST: Final = 1 << 11
HIDDEN: Final = 1 << 12
NOSCRIPT: Final = 1 << 13
HEADING: Final = 1 << 14
STRONG: Final = 1 << 15
CODE: Final = 1 << 16
TIME: Final = 1 << 17
BUTTON: Final = 1 << 18
DIALOG: Final = 1 << 19

PLACES: Final[Mapping[str, int]] = {
    "a": LINK, "article": ARTICLE, "main": MAIN, "nav": NAV, "menu": NAV, "aside": ASIDE, "header": HEADER,
    "footer": FOOTER, "form": FORM, "search": FORM, "fieldset": FORM, "figure": FIGURE, "figcaption": FIGURE,
    "table": TABLE, "blockquote": QUOTE, "q": QUOTE, "ul": LIST, "ol": LIST, "dl": LIST, "noscript": NOSCRIPT,
    "h1": HEADING, "h2": HEADING, "h3": HEADING, "h4": HEADING, "h5": HEADING, "h6": HEADING, "b": STRONG,
    "strong": STRONG, "em": STRONG, "i": STRONG, "pre": CODE, "code": CODE, "samp": CODE, "kbd": CODE, "time": TIME,
    "button": BUTTON, "label": FORM, "dialog": DIALOG,
}  # fmt: skip
"""What a tag says of the text inside."""

ROLES: Final[Mapping[str, int]] = {
    "article": ARTICLE, "main": MAIN, "navigation": NAV, "menu": NAV, "menubar": NAV, "tablist": NAV,
    "complementary": ASIDE, "banner": HEADER, "contentinfo": FOOTER, "form": FORM, "search": FORM, "figure": FIGURE,
    "list": LIST, "table": TABLE, "heading": HEADING, "button": BUTTON, "link": LINK, "dialog": DIALOG,
    "alertdialog": DIALOG,
}  # fmt: skip
"""What a ``role`` says of it (WAI-ARIA 1.2)."""

OTHER_TAG: Final = "other"
GROUPS: Final = (
    "p", "div", "li", "h1", "h2", "h3", "h4", "td", "dt", "dd", "pre", "blockquote", "figcaption", "article", "section",
    "main", "aside", "header", "footer", "nav", "ul", "ol", "dl", "tr", "table", "body", "form", "figure", "noscript",
    "summary", "address", OTHER_TAG,
)  # fmt: skip
"""Tags of blocks that rules tell apart."""
_LIKE: Final = {"th": "td", "h5": "h4", "h6": "h4", "tbody": "table", "thead": "table", "tfoot": "table",
                "label": "form", "fieldset": "form", "legend": "form", "html": "body", "menu": "ul",
                "listing": "pre", "xmp": "pre", "caption": "figcaption", "details": "section"}  # fmt: skip
_NUMBER: Final = {group: number for number, group in enumerate(GROUPS)}
GROUP_OF: Final[Mapping[str, int]] = _NUMBER | {tag: _NUMBER[group] for tag, group in _LIKE.items()}
"""Number of the group of each tag that has one; all others are `OTHER_TAG`, the last."""
