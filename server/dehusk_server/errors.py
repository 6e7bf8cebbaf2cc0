"""What can go wrong, without gRPC: every error says what was wrong, which limit, and what to do."""

from __future__ import annotations


class DehuskError(Exception):
    """Base of all errors that the engine raises on purpose."""


class InvalidInputError(DehuskError):
    """The request cannot be answered as it stands.

    Attributes:
        field: path of the field at fault, as the proto names it (``"options.threshold"``).
        limit: the limit that was passed, in words; empty where none applies.
    """

    def __init__(self, field: str, message: str, limit: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.limit = limit


class DocumentTooLargeError(InvalidInputError):
    """The document is larger than the ceiling for one document."""


class DeadlineError(DehuskError):
    """The time given for this document ran out before it was decided."""


class AbandonedError(DeadlineError):
    """Whoever asked for this document has left; there is nobody to answer."""


class RuleSetError(DehuskError):
    """A rule set cannot be loaded; the message names the file, the line and the fault."""
