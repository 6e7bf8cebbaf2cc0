"""Dehusk and its peers behind one shape: prepare a page outside of the clock, clean it inside."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dehusk_server.engine import Engine
from dehusk_server.model import Document


@dataclass(frozen=True, slots=True)
class Contestant:
    """One cleaner."""

    name: str
    prepare: Callable[[str], Any]
    """The page's text to what the cleaner takes; not timed."""
    clean: Callable[[Any], object]


def paragraphs(text: str) -> str:
    """Make minimal HTML of a page: each non-blank line a paragraph, which is what the peers read."""
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines() if line.strip())
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title></title></head><body>\n{lines}</body></html>"


def contestants() -> tuple[list[Contestant], list[str]]:
    """Return the cleaners that can be imported, Dehusk first, and why the others cannot."""
    found, absent = [_dehusk()], []
    for name, make in (("jusText", _justext), ("trafilatura", _trafilatura), ("boilerpy3", _boilerpy3)):
        try:
            found.append(make())
        except ImportError as fault:
            absent.append(f"{name} was not measured, it cannot be imported: {fault}")
    return found, absent


def _dehusk() -> Contestant:
    engine = Engine()
    return Contestant("dehusk", Document, engine.clean)


def _justext() -> Contestant:
    import justext  # noqa: PLC0415 - a peer may be absent

    words = justext.get_stoplist("English")
    return Contestant("jusText", paragraphs, lambda page: justext.justext(page, words))


def _trafilatura() -> Contestant:
    import trafilatura  # noqa: PLC0415 - a peer may be absent

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return Contestant("trafilatura", paragraphs, trafilatura.extract)


def _boilerpy3() -> Contestant:
    from boilerpy3 import extractors  # noqa: PLC0415 - a peer may be absent

    return Contestant("boilerpy3", paragraphs, extractors.ArticleExtractor().get_content)
