"""Dehusk and its peers on HTML: each takes the page as it is and gives its text."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from dehusk_server.engine import Engine
from dehusk_server.model import Document

Extract: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Extractor:
    """One extractor."""

    name: str
    extract: Extract
    """A page's HTML to the text of its body; raises what it likes."""


def dehusk() -> Extractor:
    """Return Dehusk in-process, with the shipped rules."""
    engine = Engine()
    return Extractor("dehusk", lambda html: engine.clean(Document(html=html)).body)


def peers() -> tuple[list[Extractor], list[str]]:
    """Return the peers that can be imported, and why the others cannot."""
    found, absent = [], []
    for names, make in _MAKERS.items():
        try:
            found += [Extractor(name, extract) for name, extract in zip(names, make(), strict=True)]
        except ImportError as fault:
            absent.append(f"{' and '.join(names)}: not measured, cannot be imported: {fault}")
    return found, absent


def _boilerpy3() -> list[Extract]:
    from boilerpy3 import extractors  # noqa: PLC0415 - a peer may be absent

    logging.getLogger("boilerpy3").setLevel(logging.CRITICAL)
    article = extractors.ArticleExtractor(raise_on_failure=False)
    return [lambda html: str(article.get_content(html))]


def _justext() -> list[Extract]:
    import justext  # noqa: PLC0415 - a peer may be absent

    words = justext.get_stoplist("English")

    def extract(html: str) -> str:
        return "\n".join(part.text for part in justext.justext(html, words) if not part.is_boilerplate)

    return [extract]


def _readability() -> list[Extract]:
    import lxml.html  # noqa: PLC0415 - a peer may be absent
    from readability import Document as Page  # noqa: PLC0415 - a peer may be absent

    logging.getLogger("readability").setLevel(logging.CRITICAL)

    def extract(html: str) -> str:
        tree = lxml.html.fromstring(Page(html).summary())
        return "\n".join(text for text in tree.itertext() if text.strip())

    return [extract]


def _resiliparse() -> list[Extract]:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - a peer may be absent

    return [lambda html: str(extract_plain_text(html, main_content=True))]


def _trafilatura() -> list[Extract]:
    import trafilatura  # noqa: PLC0415 - a peer may be absent

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return [
        lambda html: trafilatura.extract(html) or "",
        lambda html: trafilatura.extract(html, fast=True) or "",
    ]


_MAKERS: dict[tuple[str, ...], Callable[[], list[Extract]]] = {
    ("trafilatura", "trafilatura fast"): _trafilatura,
    ("readability-lxml",): _readability,
    ("resiliparse",): _resiliparse,
    ("boilerpy3",): _boilerpy3,
    ("jusText",): _justext,
}
