"""What can go wrong beyond the engine, still without gRPC."""

from __future__ import annotations

from collections.abc import Sequence

from dehusk_server.errors import DehuskError


class UnknownRulesError(DehuskError):
    """Rules were asked for that the loaded set does not hold.

    Attributes:
        ids: the ids that it does not hold.
    """

    def __init__(self, ids: Sequence[str], version: str) -> None:
        super().__init__(f"rule set {version} does not hold {len(ids)} of the rules asked for")
        self.ids = tuple(ids)


class OverCapacityError(DehuskError):
    """The service has as much under way as it takes.

    Attributes:
        limit: what it takes, in words.
        retry_after_ms: how long to wait before a second try.
    """

    def __init__(self, limit: str, retry_after_ms: int) -> None:
        super().__init__("the server is at capacity; try again later")
        self.limit = limit
        self.retry_after_ms = retry_after_ms


class NoTokenError(DehuskError):
    """The caller shows no token, or one that is not known."""

    def __init__(self) -> None:
        super().__init__('the call shows no token that is known here; send the metadata "authorization: Bearer TOKEN"')


class NotAllowedError(DehuskError):
    """The operator does not let callers do this."""


class ReloadRefusedError(DehuskError):
    """What was read anew does not hold; what was there stays."""


class DrainingError(DehuskError):
    """The service is shutting down and takes nothing new."""

    def __init__(self) -> None:
        super().__init__("the server is shutting down; try another one, or later")
