"""What users of Dehusk hold in hand: frozen values. Standard library only.

Offsets are half-open, [start, end), and count what `Result.offset_unit` says: code points unless asked otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from dehusk.errors import DehuskError


class Kind(StrEnum):
    """What a span of text is: the body, or one of seventeen kinds of husk."""

    BODY = "BODY"
    HEADLINE = "HEADLINE"
    BYLINE = "BYLINE"
    CAPTION = "CAPTION"
    TAGS = "TAGS"
    NAVIGATION = "NAVIGATION"
    RELATED = "RELATED"
    MOST_READ = "MOST_READ"
    DONATION = "DONATION"
    SUBSCRIBE = "SUBSCRIBE"
    COMMENTS = "COMMENTS"
    SHARE = "SHARE"
    ADVERT = "ADVERT"
    CONSENT = "CONSENT"
    LEGAL = "LEGAL"
    AUTHOR_BIO = "AUTHOR_BIO"
    INTERFACE = "INTERFACE"
    OTHER = "OTHER"


class Whitespace(StrEnum):
    """How the white space of the body is treated; no other character is ever touched."""

    TIDY = "TIDY"
    """A line end is put where a removal would run two visible characters together; line ends become LF, blanks at line
    ends go, runs of blank lines become one, the ends are trimmed."""
    VERBATIM = "VERBATIM"
    """The kept spans joined, untouched."""


class OffsetUnit(StrEnum):
    """What offsets count."""

    CODE_POINTS = "CODE_POINTS"
    """Unicode code points, as Python counts."""
    UTF8_BYTES = "UTF8_BYTES"
    UTF16_UNITS = "UTF16_UNITS"


class Status(StrEnum):
    """How far an answer can be trusted."""

    OK = "OK"
    SUSPECT = "SUSPECT"
    """The answer may be wrong; `Result.reasons` says why."""
    NO_ARTICLE = "NO_ARTICLE"
    """Nothing in the text looks like the body of an article."""
    CUT_SHORT = "CUT_SHORT"
    """A limit ended the work; what was not looked at is kept."""


@dataclass(frozen=True, slots=True)
class Document:
    """One page to clean, as text or as HTML, with what is known of it. ``url`` is never fetched."""

    text: str = ""
    id: str = ""
    url: str = ""
    language: str = ""
    html: str | bytes = ""
    """The page as HTML in place of ``text``: decoded, or as it was fetched, in its own encoding."""
    charset: str = ""
    """For ``html`` in bytes: the charset that the transport named (``Content-Type``); empty where it named none."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One rule that spoke for a decision, how loudly, and where it matched."""

    rule_id: str
    weight: float
    """Log-odds that the rule added for the decided kind against BODY; positive speaks for removal."""
    matched_text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A span that was removed."""

    start: int
    end: int
    kind: Kind
    confidence: float
    """Probability in [0, 1] that the span is husk."""
    text: str
    evidence: tuple[Evidence, ...] = ()
    """The rules that decided, heaviest first."""
    css_path: str = ""
    """For HTML: where the element stood."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that decided, heaviest first, each once."""
        return tuple(dict.fromkeys(evidence.rule_id for evidence in self.evidence))


@dataclass(frozen=True, slots=True)
class Kept:
    """A span that stayed. ``kind`` is BODY, or a kind that was found and kept all the same."""

    start: int
    end: int
    kind: Kind
    confidence: float


@dataclass(frozen=True, slots=True)
class Counts:
    """Sizes in code points, whatever the offset unit."""

    source_chars: int
    body_chars: int
    removed_chars: int
    removed_by_kind: Mapping[Kind, int] = field(default_factory=dict)
    """Code points removed, by kind."""


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaned document: the body, and every span that was removed."""

    id: str
    body: str
    removed: tuple[Removed, ...]
    kept: tuple[Kept, ...]
    status: Status
    reasons: tuple[str, ...]
    """Why the status is not OK: one sentence each."""
    title: str
    byline: str
    published: str
    """The date of publication as the page wrote it; empty where none was found."""
    language: str
    source: str
    """The text that offsets point into."""
    offset_unit: OffsetUnit
    counts: Counts
    rules_version: str
    rules_sha256: str
    from_html: bool = False
    """Whether the page came as HTML, so that ``source`` is its visible text."""
    encoding: str = ""
    """The encoding that HTML in bytes was read in (its WHATWG name); empty for all else."""
    notes: tuple[str, ...] = ()
    """What else there is to know of how the page was read, one sentence each: bytes that could not be decoded, say."""

    ok: Literal[True] = field(default=True, init=False, repr=False, compare=False)
    """Tells a `Result` from a `Failure`."""

    def spans(self) -> tuple[Kept | Removed, ...]:
        """Return kept and removed spans in the order of the source, which they tile."""
        return tuple(sorted((*self.kept, *self.removed), key=lambda span: span.start))

    def text_of(self, span: Kept | Removed | Evidence) -> str:
        """Return the source text of a span."""
        return Slicer(self.source, self.offset_unit).cut(span.start, span.end)

    def restore(self, kinds: Iterable[Kind | str] | None = None) -> str:
        """Return the kept spans with the removed spans of these kinds put back, verbatim.

        Args:
            kinds: what to put back; ``None`` for all kinds, which gives the source.

        Raises:
            ValueError: a name that is no kind.
        """
        wanted = frozenset(Kind) if kinds is None else frozenset(Kind(kind) for kind in kinds)
        slicer = Slicer(self.source, self.offset_unit)
        return "".join(
            slicer.cut(span.start, span.end)
            for span in self.spans()
            if not isinstance(span, Removed) or span.kind in wanted
        )

    def to_dict(self) -> dict[str, object]:
        """Return the answer as ``dehusk clean --output jsonl`` writes it: plain values, ready for `json.dumps`."""
        record: dict[str, object] = {"id": self.id, "body": self.body, "title": self.title}
        if self.from_html:
            record["source_text"] = self.source
        record["removed"] = [
            {
                "start": span.start,
                "end": span.end,
                "kind": span.kind.value,
                "confidence": span.confidence,
                "text": span.text,
                "rules": list(span.rules),
                **({"css_path": span.css_path} if self.from_html else {}),
            }
            for span in self.removed
        ]
        record |= {"byline": self.byline, "published": self.published, "status": self.status.value}
        record |= {"reasons": list(self.reasons), "rules_version": self.rules_version}
        if self.encoding:
            record["encoding"] = self.encoding
        if self.notes:
            record["notes"] = list(self.notes)
        if self.offset_unit is not OffsetUnit.CODE_POINTS:
            record["offset_unit"] = self.offset_unit.value
        return record

    def as_html(self) -> str:
        """Return a page of its own: the source with every span coloured by kind, its reasons, and the body alone."""
        from dehusk.render_html import page  # noqa: PLC0415 - rendering builds on these types

        return page(self)

    def as_ansi(self) -> str:
        """Return the source for a terminal, spans coloured by kind, with a legend; control characters are shown."""
        from dehusk.render_ansi import render  # noqa: PLC0415 - rendering builds on these types

        return render(self)

    def _repr_html_(self) -> str:
        from dehusk.render_html import fragment  # noqa: PLC0415 - rendering builds on these types

        return fragment(self)


@dataclass(frozen=True, slots=True)
class Failure:
    """A document of a stream that could not be cleaned, in the place of its result."""

    id: str
    error: DehuskError
    """What went wrong; not raised."""

    ok: Literal[False] = field(default=False, init=False, repr=False, compare=False)

    def to_dict(self) -> dict[str, object]:
        """Return the failure as ``dehusk clean --output jsonl`` writes it."""
        error: dict[str, object] = {"code": self.error.code, "message": self.error.message}
        if self.error.field:
            error["field"] = self.error.field
        if self.error.limit:
            error["limit"] = self.error.limit
        return {"id": self.id, "error": error}


@dataclass(frozen=True, slots=True)
class Slicer:
    """Cuts a text by offsets of any unit; encodes it once."""

    source: str
    unit: OffsetUnit
    _encoded: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        codecs = {OffsetUnit.CODE_POINTS: "", OffsetUnit.UTF8_BYTES: "utf-8", OffsetUnit.UTF16_UNITS: "utf-16-le"}
        codec = "" if self.source.isascii() else codecs[self.unit]
        object.__setattr__(self, "_encoded", self.source.encode(codec) if codec else b"")

    def cut(self, start: int, end: int) -> str:
        """Return the text between two offsets, which must stand between characters."""
        if not self._encoded:
            return self.source[start:end]
        if self.unit is OffsetUnit.UTF8_BYTES:
            return self._encoded[start:end].decode("utf-8")
        return self._encoded[2 * start : 2 * end].decode("utf-16-le")
