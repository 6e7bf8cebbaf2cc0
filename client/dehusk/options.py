"""What a caller may ask of a cleaning: the keyword arguments that `clean`, `clean_many` and `explain` share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypedDict

from dehusk.types import Kind, OffsetUnit, Whitespace

OnError = Literal["yield", "raise"]
"""What `clean_many` does with a document that cannot be cleaned: yield a `Failure` in its place, or raise its error."""


class CleanOptions(TypedDict, total=False):
    """Options of one cleaning. What is left out takes the server's default; a value given counts, 0 too."""

    keep_kinds: Iterable[Kind | str]
    """Kinds that stay in the body although they were found. Default: none."""
    threshold: float | None
    """Confidence in [0, 1] that a removal needs; higher keeps more text. Default: the rule set's own."""
    whitespace: Whitespace | str
    """White space of the body. Default: TIDY."""
    offset_unit: OffsetUnit | str
    """What offsets count. Default: CODE_POINTS."""
    allow_phrases: Iterable[str]
    """Literal phrases (case matters) that no rule may remove. Default: none."""
    cautious: bool
    """Whether a doubtful answer (SUSPECT or NO_ARTICLE) removes only what is beyond doubt. Default: false."""
    cut_links: bool
    """Whether markdown in the body loses its link targets (the words of a link stay) and its images. Default: false."""
    evidence: bool
    """Whether removed spans name their rules. Default: true."""
