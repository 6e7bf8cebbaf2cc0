"""The engine: one document in, one `Cleaning` out. Knows nothing of gRPC."""

from __future__ import annotations

from dehusk_server.model import Cleaning, Document, Explanation, Kind, Options, Partition, Piece, Status
from dehusk_server.rules.ruleset import RuleSet, load_rules


class Engine:
    """Cleans documents by one rule set. Immutable after construction; safe to share between threads."""

    def __init__(self, rules: RuleSet | None = None, *, max_chars: int = 4_000_000) -> None:
        self.rules = load_rules() if rules is None else rules
        self.max_chars = max_chars

    def clean(self, document: Document, options: Options | None = None, *, deadline_s: float | None = None) -> Cleaning:
        """Clean one document.

        Args:
            document: the page; its text must hold at least one character.
            options: what the caller asks; defaults where ``None``.
            deadline_s: `time.monotonic` instant by which the answer must be there.

        Raises:
            InvalidInputError: empty text or an option out of range; ``field`` says which.
            DocumentTooLargeError: more than ``max_chars`` characters.
            DeadlineError: the deadline passed.
        """
        pieces = (Piece(0, len(document.text), Kind.BODY, False, 0.5),)
        return Cleaning(Partition(document.text, pieces), document.text, Status.OK)

    def explain(self, document: Document, offset: int, options: Options | None = None) -> Explanation:
        """Say what spoke for and against each kind at one code point offset.

        Raises:
            InvalidInputError: as `clean`, or an offset outside the text.
        """
        raise NotImplementedError
