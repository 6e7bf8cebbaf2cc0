"""An engine whose answers a test can foresee: a line says of itself what it is.

``[SHARE] any text`` is removed as SHARE, and what stands in the brackets is the evidence. Any other line is body.
``!wait`` waits until it is let go, ``!patient`` until its caller has left too, ``!slow`` for the deadline; ``!boom``
is a fault of the engine's own, quoting the page.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from typing import Any

from dehusk_server.engine import Abandoned, Engine
from dehusk_server.errors import AbandonedError, DeadlineError
from dehusk_server.model import (
    KINDS,
    Argument,
    Cleaning,
    Document,
    Evidence,
    Explanation,
    Kind,
    Options,
    Partition,
    Piece,
    Status,
    Whitespace,
)
from dehusk_server.rules.rule import Rule, Support
from dehusk_server.rules.ruleset import RuleSet

_logger = logging.getLogger("dehusk.test")
_MARK = re.compile(r"\[([A-Z_]+)\]")


def rule_set() -> RuleSet:
    """Return a rule set with one rule for each husk kind."""
    family: Any = "phrase"
    rules = tuple(
        Rule(
            id=f"mark-{kind.value.lower()}",
            looks_at=family,
            reads=f"the line begins with [{kind.value}]",
            weights={kind: 2.5, Kind.BODY: -1.0},
            support=Support(documents=12, sites=3, precision=0.875, taught_by=("page-1", "page-2")),
            learned="2025-01-31",
            counterexamples=(f"He said [{kind.value}].",),
        )
        for kind in KINDS[1:]
    )
    return RuleSet(version="7", sha256="ab" * 32, learned="2025-01-31", provenance={"corpus": "made up"}, rules=rules)


class MarkEngine(Engine):
    """The engine of the marks above; ``release`` lets every ``!wait`` go on."""

    def __init__(self, *, max_chars: int = 4_000_000) -> None:
        # The real engine would want rules that it can compile; this one only shows them.
        self.rules = rule_set()
        self.max_chars = max_chars
        self.release = threading.Event()
        self.entered = threading.Semaphore(0)
        """Released once for each ``!wait`` and ``!patient`` that has begun."""
        self.gave_up = threading.Event()
        """Set when a ``!patient`` was told that its caller has left."""

    def clean(
        self,
        document: Document,
        options: Options | None = None,
        *,
        deadline_s: float | None = None,
        abandoned: Abandoned | None = None,
    ) -> Cleaning:
        """Clean by the marks."""
        asked = Options() if options is None else options
        self._obey(document.text, deadline_s, abandoned)
        pieces = tuple(_piece(line, start, asked) for line, start in _lines(document.text))
        partition = Partition(document.text, pieces)
        body = "".join(partition.text(piece) for piece in partition.kept())
        if asked.whitespace is Whitespace.TIDY:
            body = body.strip()
        status = Status.OK if body.strip() else Status.NO_ARTICLE
        return Cleaning(
            partition,
            body,
            status,
            reasons=() if status is Status.OK else ("no line reads like prose",),
            title="A title",
            byline="By A. Writer",
            published="31 January 2025",
            rules_version=self.rules.version,
            rules_sha256=self.rules.sha256,
        )

    def explain(
        self,
        document: Document,
        offset: int,
        options: Options | None = None,
        *,
        deadline_s: float | None = None,
        abandoned: Abandoned | None = None,
    ) -> Explanation:
        """Explain by the marks."""
        pieces = self.clean(document, options, deadline_s=deadline_s).partition.pieces
        piece = next(piece for piece in pieces if piece.start <= offset < piece.end)
        others = [Argument(kind, 0.02) for kind in KINDS if kind is not piece.kind]
        first = Argument(piece.kind, 1 - 0.02 * len(others), piece.evidence)
        return Explanation(piece, (first, *others), document.text)

    def _obey(self, text: str, deadline_s: float | None, abandoned: Abandoned | None) -> None:
        if "!boom" in text:
            raise RuntimeError(f"cannot digest {text}")
        if "!wait" in text or "!patient" in text:
            _logger.info("a document waits")
        if "!wait" in text:
            self.entered.release()
            assert self.release.wait(30)
        if "!patient" in text:
            assert abandoned is not None
            self.entered.release()
            while not abandoned() and not self.release.wait(0.01):
                pass
            if abandoned():
                self.gave_up.set()
                raise AbandonedError("the caller has left")
        if "!slow" in text:
            assert deadline_s is not None
            time.sleep(max(0.0, min(deadline_s - time.monotonic(), 30)))
            raise DeadlineError("the time for this document ran out")


def _lines(text: str) -> list[tuple[str, int]]:
    lines, start = [], 0
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        lines.append((line, start))
        start += len(line)
    return lines


def _piece(line: str, start: int, options: Options) -> Piece:
    end = start + len(line)
    mark = _MARK.match(line)
    if mark is None:
        return Piece(start, end, Kind.BODY, removed=False, confidence=0.75)
    kind = Kind(mark[1])
    evidence = (Evidence(f"mark-{kind.value.lower()}", 2.5, start + mark.start(1), start + mark.end(1)),)
    kept = (
        kind in options.keep_kinds
        or (options.threshold or 0.0) > 0.9
        or options.cautious
        or any(phrase in line for phrase in options.allow_phrases)
    )
    return Piece(start, end, kind, removed=not kept, confidence=0.9, evidence=evidence)
