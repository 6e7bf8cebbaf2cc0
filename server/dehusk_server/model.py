"""The few frozen types that travel: Document -> Lines -> marks -> Partition -> Cleaning.

Standard library only. Offsets are half-open and count Unicode code points of ``Document.text``.
The laws of the product are checked when a `Partition` is built, so a partition that exists is a partition that holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


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


KINDS: tuple[Kind, ...] = tuple(Kind)
"""All kinds in the order that every array of per-kind numbers uses; BODY is first."""

HUSK_KINDS: tuple[Kind, ...] = KINDS[1:]
"""The seventeen kinds that may be removed."""


class Whitespace(StrEnum):
    """How the white space of the body is treated; no other character is ever touched."""

    TIDY = "TIDY"
    """A line end is put where a removal would run two visible characters together; line ends become LF, blanks at line
    ends go, runs of blank lines become one, the ends are trimmed."""
    VERBATIM = "VERBATIM"
    """The kept spans joined, untouched."""


class Status(StrEnum):
    """How much the answer can be trusted."""

    OK = "OK"
    SUSPECT = "SUSPECT"
    """The answer may be wrong; `Cleaning.reasons` says why."""
    NO_ARTICLE = "NO_ARTICLE"
    """Nothing in the text looks like the body of an article."""
    CUT_SHORT = "CUT_SHORT"
    """A limit ended the work; what was not looked at is kept."""


@dataclass(frozen=True, slots=True)
class Document:
    """One page as text or as HTML, with what the caller knows of it. ``url`` is never fetched."""

    text: str = ""
    id: str = ""
    url: str = ""
    language: str = ""
    html: str = ""
    """The page as HTML, decoded; ``text`` is empty then."""
    encoding: str = ""
    """The encoding that the HTML was read in; empty where it came decoded."""
    notes: tuple[str, ...] = ()
    """What else there is to know of how it was read, one sentence each."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller asks of one cleaning."""

    keep_kinds: frozenset[Kind] = frozenset()
    """Kinds that stay in the body although they were found."""
    threshold: float | None = None
    """Confidence in [0, 1] that a removal needs; higher keeps more text. ``None``: the rule set's own."""
    whitespace: Whitespace = Whitespace.TIDY
    allow_phrases: tuple[str, ...] = ()
    """Literal phrases (case matters) that no rule may remove: each occurrence is kept."""
    cautious: bool = False
    """Whether a doubtful answer (status SUSPECT or NO_ARTICLE) removes only what is beyond doubt."""
    cut_links: bool = False
    """Whether markdown in the body loses its link targets (the words of a link stay) and its images."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One rule that spoke for a decision, how loudly, and where it matched."""

    rule_id: str
    weight: float
    """Log-odds that this rule added for the decided kind against BODY; positive speaks for removal."""
    start: int
    end: int
    """Code point offsets of the text that matched."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source with its decision. ``kind`` is BODY exactly where the piece is ordinary body text."""

    start: int
    end: int
    kind: Kind
    removed: bool
    confidence: float
    """Probability in [0, 1] of the decision (removed pieces: that the piece is husk)."""
    evidence: tuple[Evidence, ...] = ()
    """Heaviest first; never empty on a removed piece."""
    css_path: str = ""
    """Of the element that holds the piece, on HTML pages; empty for text."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Pieces that tile the source: ordered, without gap or overlap.

    Raises:
        ValueError: the pieces do not tile the source, or a removed piece lacks kind or evidence.
    """

    source: str
    pieces: tuple[Piece, ...]

    def __post_init__(self) -> None:
        offset = 0
        for piece in self.pieces:
            if piece.start != offset or piece.end <= piece.start:
                raise ValueError(f"piece {piece.start}..{piece.end} does not follow offset {offset}")
            if not 0.0 <= piece.confidence <= 1.0:
                raise ValueError(f"confidence {piece.confidence} of piece at {piece.start} is outside 0..1")
            if piece.removed and (piece.kind is Kind.BODY or not piece.evidence):
                raise ValueError(f"removed piece at {piece.start} gives no kind or no evidence")
            offset = piece.end
        if offset != len(self.source):
            raise ValueError(f"pieces end at {offset}, the source at {len(self.source)}")

    def kept(self) -> Iterator[Piece]:
        """Yield the pieces that make the body, in order."""
        return (piece for piece in self.pieces if not piece.removed)

    def removed(self) -> Iterator[Piece]:
        """Yield the pieces that were taken out, in order."""
        return (piece for piece in self.pieces if piece.removed)

    def text(self, piece: Piece) -> str:
        """Return the source text of a piece."""
        return self.source[piece.start : piece.end]


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The answer for one document."""

    partition: Partition
    body: str
    status: Status
    reasons: tuple[str, ...] = ()
    """Why the status is not OK: one sentence each."""
    title: str = ""
    byline: str = ""
    published: str = ""
    """The date as the page wrote it; empty where none was found."""
    language: str = ""
    """What an HTML page says its language is; empty for text."""
    rules_version: str = ""
    rules_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """What one kind has to say at one place: its margin against BODY and the rules behind it."""

    kind: Kind
    probability: float
    evidence: tuple[Evidence, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the text around one offset was kept or removed."""

    piece: Piece
    arguments: Sequence[Argument]
    """One for each kind, most probable first."""
    source: str
    """The text that offsets point into."""
