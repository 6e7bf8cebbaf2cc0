"""The laws that every page is held to, whatever it holds; `fault` says which one a page breaks."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from dehusk_server.engine import Engine
from dehusk_server.errors import InvalidInputError
from dehusk_server.markup.encoding import decode
from dehusk_server.markup.guard import bounded
from dehusk_server.markup.tags import UNSEEN
from dehusk_server.model import Cleaning, Document, Options, Piece, Status, Whitespace
from fuzz.inputs import Input

_SECONDS: Final = 2.0
_SECONDS_PER_KB: Final = 0.02
"""Of processor time for two cleanings; some fifty times what a page of prose takes."""
_MEGABYTES: Final = 64
_BYTES_PER_CHARACTER: Final = 4_000
"""By which the peak of the process may grow for one page."""
_STRIPPED: Final = sorted(tag for tag in UNSEEN if tag.replace("-", "").isalpha() and not tag.startswith("-"))


@dataclass(frozen=True, slots=True)
class Fault:
    """A law that a page broke."""

    law: str
    detail: str


def fault(engine: Engine, given: Input) -> Fault | None:
    """Return the first law that a page breaks; ``None`` where it is answered, or refused, as it must be."""
    html, encoding = given.html, ""
    if isinstance(html, bytes):
        decoded = decode(html, given.charset)
        html, encoding = decoded.text or " ", decoded.encoding
    document = Document(html=html, encoding=encoding)
    peak, began = _peak(), time.process_time()
    try:
        answer = engine.clean(document)
        again = engine.clean(document)
    except InvalidInputError as refused:
        return None if str(refused) and refused.limit else Fault("errors name their limit", repr(refused))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return Fault(f"no {type(error).__name__}", repr(error))
    seconds, grown = time.process_time() - began, _peak() - peak
    if seconds > _SECONDS + _SECONDS_PER_KB * len(html) / 1_000:
        return Fault("time is bounded", f"{seconds:.1f} s for {len(html)} characters")
    if grown > _MEGABYTES * 1_000_000 + _BYTES_PER_CHARACTER * len(html):
        return Fault("memory is bounded", f"{grown / 1e6:.0f} MB for {len(html)} characters")
    if again != answer:
        return Fault("same in, same out", "two answers differ")
    if engine.source_text(document) != answer.partition.source:
        return Fault("same in, same out", "source_text differs")
    return next(chain(_laws(answer), _tree(answer, html), _verbatim(engine, document, answer)), None)


def _verbatim(engine: Engine, document: Document, answer: Cleaning) -> Iterator[Fault]:
    kept = "".join(answer.partition.text(piece) for piece in answer.partition.kept())
    if engine.clean(document, Options(whitespace=Whitespace.VERBATIM)).body != kept:
        yield Fault("verbatim is untouched", "the body is not the kept spans joined")


def _laws(answer: Cleaning) -> Iterator[Fault]:
    pieces, source = answer.partition.pieces, answer.partition.source
    ends = [0, *(piece.end for piece in pieces)]
    if [piece.start for piece in pieces] != ends[:-1] or ends[-1] != len(source):
        yield Fault("pieces tile", f"{len(pieces)} pieces of {len(source)} characters")
    kept = "".join(answer.partition.text(piece) for piece in answer.partition.kept())
    if _printed(answer.body) != _printed(kept):
        yield Fault("no word is altered", "the body is not what was kept")
    if not answer.body.strip() and (answer.status is Status.OK or not answer.reasons):
        yield Fault("never nothing without a word", f"{answer.status} {answer.reasons}")
    if source != source.strip("\n") or any("\ud800" <= character <= "\udfff" for character in source):
        yield Fault("source text is text", "blank lines at its ends, or half a character")
    for piece in answer.partition.removed():
        if not all(0 <= each.start <= each.end <= len(source) for each in piece.evidence) or not piece.evidence:
            yield Fault("every removal has its reason", f"at {piece.start}")


def _tree(answer: Cleaning, html: str) -> Iterator[Fault]:
    """Look at the page with eyes of the parser's own: what its text is, and what its selectors find."""
    page = bounded(html.encode("utf-8", "replace").decode())
    bare = LexborHTMLParser(page)
    bare.strip_tags(_STRIPPED)
    shown = _printed(bare.root.text()) if bare.root is not None else ""
    if shown != _printed(answer.partition.source):
        yield Fault("all text that shows is source text", f"{shown[:80]!r} {_printed(answer.partition.source)[:80]!r}")
    whole = LexborHTMLParser(page)
    for piece in answer.partition.removed():
        yield from _path(whole, piece, _printed(answer.partition.text(piece)))


def _path(page: LexborHTMLParser, piece: Piece, printed: str) -> Iterator[Fault]:
    if not printed:
        return
    found = page.css_first(piece.css_path) if piece.css_path else None
    if found is None:
        yield Fault("paths find their element", f"{piece.css_path!r} for {printed[:40]!r}")
        return
    whole = piece.css_path.startswith(("#", "html")) and "*" not in piece.css_path
    characters = iter(found.text())
    if whole and not all(wanted in characters for wanted in printed):
        yield Fault("paths find the element that holds the text", f"{piece.css_path!r} for {printed[:40]!r}")


def _printed(text: str) -> str:
    return "".join(text.split())


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
