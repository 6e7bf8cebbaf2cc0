"""Helpers of the command line's tests: a small cleaner in the place of the engine, and how a command ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, Unpack

from dehusk import (
    CleanOptions,
    Counts,
    DehuskError,
    Document,
    Evidence,
    Failure,
    InvalidRequestError,
    Kept,
    Kind,
    OffsetUnit,
    Removed,
    Result,
    Status,
    UnavailableError,
)


def cleaned(document: Document) -> Result:
    """Return the result of a cleaner whose only rule removes lines that begin with an asterisk, as RELATED."""
    removed: list[Removed] = []
    kept: list[Kept] = []
    start = 0
    for line in document.text.splitlines(keepends=True):
        end = start + len(line)
        if line.startswith("*"):
            evidence = Evidence("phrase:asterisk", 2.5, "*", start, start + 1)
            removed.append(Removed(start, end, Kind.RELATED, 0.875, line, (evidence,)))
        else:
            kept.append(Kept(start, end, Kind.BODY, 0.75))
        start = end
    body = "".join(document.text[span.start : span.end] for span in kept)
    return Result(
        id=document.id,
        body=body.strip(),
        removed=tuple(removed),
        kept=tuple(kept),
        status=Status.OK if body.strip() else Status.NO_ARTICLE,
        reasons=() if body.strip() else ("Every line begins with an asterisk.",),
        title="",
        byline="",
        published="",
        language=document.language,
        source=document.text,
        offset_unit=OffsetUnit.CODE_POINTS,
        counts=Counts(len(document.text), len(body), len(document.text) - len(body)),
        rules_version="test",
        rules_sha256="",
    )


@dataclass
class FakeClient:
    """Cleans as `cleaned`; refuses the text ``refuse me``, and is gone after ``gone_after`` documents."""

    window: int = 4
    gone_after: int | None = None
    seen: list[Document] = field(default_factory=list)
    options: CleanOptions = field(default_factory=CleanOptions)

    def clean_many(self, documents: Iterable[Document], **options: Unpack[CleanOptions]) -> Iterator[Result | Failure]:
        """Answer in order, holding a few under way as the real clients do."""
        self.options = options
        under_way: list[Document] = []
        for document in documents:
            under_way.append(document)
            if len(under_way) > self.window:
                yield self._answer(under_way.pop(0))
        for document in under_way:
            yield self._answer(document)

    def check(self) -> None:
        """Fit."""

    def _answer(self, document: Document) -> Result | Failure:
        if self.gone_after is not None and len(self.seen) >= self.gone_after:
            raise UnavailableError("the server is gone", code="UNAVAILABLE")
        self.seen.append(document)
        if document.text == "refuse me":
            error: DehuskError = InvalidRequestError("no", code="INVALID_ARGUMENT", field="text")
            return Failure(document.id, error)
        return cleaned(document)

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]
