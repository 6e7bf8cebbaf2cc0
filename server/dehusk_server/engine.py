"""The engine: one document in, one `Cleaning` out. Knows nothing of gRPC."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from dehusk_server.counterexamples import refuse_removed
from dehusk_server.decide.partition import partition
from dehusk_server.decide.verdict import Thresholds, Verdict, cautious, decide
from dehusk_server.doubt import DOUBTFUL_F1, judge
from dehusk_server.errors import AbandonedError, DeadlineError, DocumentTooLargeError, InvalidInputError
from dehusk_server.explain import arguments_at, with_sign
from dehusk_server.metadata import read_metadata
from dehusk_server.model import Cleaning, Document, Explanation, Options, Status
from dehusk_server.reading import Source, read_features, read_source
from dehusk_server.render import render_body
from dehusk_server.rules.ruleset import RuleSet, load_rules
from dehusk_server.rules.weights import compile_weights
from dehusk_server.single_thread import SINGLE_THREAD

DEFAULT_MAX_CHARS: Final = 4_000_000
HTML_TO_TEXT: Final = 4
"""Characters of HTML that are taken for each one of text: most of a page is markup."""
Abandoned: TypeAlias = Callable[[], bool]
"""Says whether nobody waits any more; asked from the thread that cleans."""
MAX_ROWS: Final = 100_000
"""Lines that are looked at, blank ones counted; more are kept as they are, so that memory stays bounded."""


class Engine:
    """Cleans documents by one rule set. Immutable after construction; safe to share between threads.

    Args:
        rules: the rule set; the shipped one by default.
        max_chars: ceiling for the text of one document, in characters; HTML may have `HTML_TO_TEXT` times as many.

    Raises:
        RuleSetError: the rule set cannot be loaded, reads something that this version does not know, or removes a
            counterexample of one of its own rules.
    """

    def __init__(self, rules: RuleSet | None = None, *, max_chars: int = DEFAULT_MAX_CHARS) -> None:
        self.rules = load_rules() if rules is None else rules
        self.max_chars = max_chars
        self._weights = compile_weights(self.rules)
        settings = self.rules.settings
        self._thresholds = Thresholds(settings.get("threshold", 0.5), settings.get("part_threshold", 0.8))
        self._doubtful_f1 = settings.get("doubtful_f1", DOUBTFUL_F1)
        if not self.rules.shipped:
            with SINGLE_THREAD:
                refuse_removed(self.rules, self._weights, self._thresholds)

    def clean(
        self,
        document: Document,
        options: Options | None = None,
        *,
        deadline_s: float | None = None,
        abandoned: Abandoned | None = None,
    ) -> Cleaning:
        """Clean one document.

        Args:
            document: the page; its text or its HTML must hold at least one character.
            options: what the caller asks; defaults where ``None``.
            deadline_s: `time.monotonic` instant by which the answer must be there.
            abandoned: says whether nobody wants the answer any more; looked at where the deadline is.

        Raises:
            InvalidInputError: empty text or an option out of range; ``field`` says which.
            DocumentTooLargeError: more than ``max_chars`` characters.
            DeadlineError: the deadline passed.
            AbandonedError: nobody wants the answer any more.
        """
        options = options or Options()
        self._check(document, options)
        check = partial(_go_on, deadline_s, abandoned)
        source = self._read(document, check)
        verdict, status, reasons = self._decide(source, options, check)
        pieces = partition(source.text, verdict, options, check, source.locator())
        check()
        metadata = read_metadata(pieces, source.stated)
        return Cleaning(
            partition=pieces,
            body=render_body(pieces, options.whitespace),
            status=status,
            reasons=reasons,
            title=metadata.title,
            byline=metadata.byline,
            published=metadata.published,
            language=source.stated.language,
            rules_version=self.rules.version,
            rules_sha256=self.rules.sha256,
        )

    def source_text(self, document: Document) -> str:
        """Return the text that offsets of a document point into: its text, or the visible text of its HTML.

        Raises:
            InvalidInputError, DocumentTooLargeError: as `clean`.
        """
        self._check(document, Options())
        return read_source(document).text

    def explain(
        self,
        document: Document,
        offset: int,
        options: Options | None = None,
        *,
        deadline_s: float | None = None,
        abandoned: Abandoned | None = None,
    ) -> Explanation:
        """Say what spoke for and against each kind at one code point offset.

        Args:
            document: as for `clean`.
            offset: the place, in code points.
            options: as for `clean`.
            deadline_s: as for `clean`.
            abandoned: as for `clean`.

        Raises:
            InvalidInputError: as `clean`, or an offset outside the text.
            DeadlineError: as `clean`.
            AbandonedError: as `clean`.
        """
        options = options or Options()
        self._check(document, options)
        check = partial(_go_on, deadline_s, abandoned)
        source = self._read(document, check)
        if not 0 <= offset < len(source.text):
            limit = f"0 to {len(source.text) - 1} code points"
            raise InvalidInputError("offset", f"offset {offset} is outside the text", limit)
        verdict, _, _ = self._decide(source, options, check)
        pieces = partition(source.text, verdict, options, check, source.locator()).pieces
        piece = next(piece for piece in pieces if piece.start <= offset < piece.end)
        arguments = with_sign(arguments_at(verdict, offset), piece) if verdict else ()
        return Explanation(piece, arguments, source.text)

    def _read(self, document: Document, check: Callable[[], None]) -> Source:
        check()
        source = read_source(document)
        if len(source.text) > self.max_chars:
            raise DocumentTooLargeError(
                "html",
                f"the visible text of the page has {len(source.text)} characters; split it, or raise the limit of the "
                "service",
                f"at most {self.max_chars} characters of text",
            )
        check()
        return source

    def _decide(
        self, source: Source, options: Options, check: Callable[[], None]
    ) -> tuple[Verdict | None, Status, tuple[str, ...]]:
        """Decide a source; no verdict where it holds no visible character. Returns status and reasons too."""
        reading = read_features(source, MAX_ROWS, self._weights.tokens)
        check()
        if reading.features is None:
            what = "text" if source.markup is None else "page"
            return None, Status.NO_ARTICLE, (f"the {what} holds no visible character",)
        with SINGLE_THREAD:
            verdict = decide(reading.features, self._weights, replace(self._thresholds, asked=options.threshold), check)
        check()
        status, reasons = judge(verdict, self._doubtful_f1)
        if options.cautious and status is not Status.OK:
            verdict = cautious(verdict)
            reasons = (*reasons, "only what is beyond doubt was removed, as the caller asked")
        if reading.seen < len(source.text):
            cut = f"only the first {MAX_ROWS} lines ({reading.seen} characters) were looked at; the rest was kept"
            return verdict, Status.CUT_SHORT, (cut, *reasons)
        return verdict, status, reasons

    def _check(self, document: Document, options: Options) -> None:
        name, content = ("html", document.html) if document.html else ("text", document.text)
        if document.html and document.text:
            raise InvalidInputError("html", "the document holds both text and HTML; give one")
        if not content:
            raise InvalidInputError("text", "the text is empty; give at least one character", "at least 1 character")
        most = self.max_chars * HTML_TO_TEXT if document.html else self.max_chars
        if len(content) > most:
            raise DocumentTooLargeError(
                name,
                f"the {name} has {len(content)} characters; split it, or raise the limit of the service",
                f"at most {most} characters",
            )
        threshold = options.threshold
        if threshold is not None and not (math.isfinite(threshold) and 0.0 <= threshold <= 1.0):
            raise InvalidInputError("options.threshold", f"threshold {threshold} is not a share", "0 to 1")
        if "" in options.allow_phrases:
            raise InvalidInputError("options.allow_phrases", "an allowed phrase is empty", "at least 1 character each")


def _go_on(deadline_s: float | None, abandoned: Abandoned | None) -> None:
    if deadline_s is not None and time.monotonic() > deadline_s:
        raise DeadlineError("the time given for this document ran out; give more, or send a smaller document")
    if abandoned is not None and abandoned():
        raise AbandonedError("whoever asked for this document has left")
