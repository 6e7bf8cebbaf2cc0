"""What can go wrong, as the caller sees it.

```
DehuskError
    InvalidRequestError    the request cannot be answered as it stands; ``field`` says where
    NotFoundError          something asked for by name is not there; ``values`` lists the names
    NotServedError         the contract has it, this server does not
    OverloadedError        at capacity; try again after ``retry_after_s``
    UnavailableError       no server, or one that shuts down
    DeadlineError          the time given ran out
    CallCancelledError     the call was cancelled
    AccessError            the server, or a proxy before it, refused the caller
    ServerError            a fault of the server; ``request_id`` finds it in its log
```
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import grpc


class DehuskError(Exception):
    """Base of all errors that Dehusk's clients raise.

    Attributes:
        code: name of the gRPC status (``"INVALID_ARGUMENT"``).
        message: what was wrong and what to do, for a person.
        field: path of the field at fault, as the proto names it; empty where none is.
        limit: the limit that was passed, with its unit; empty where none was.
        retry_after_s: seconds to wait before a second try; ``None`` where waiting does not help.
        values: the values at fault, such as rule ids that do not exist.
        request_id: finds the call in the server's log; empty where no server was reached.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "UNKNOWN",
        field: str = "",
        limit: str = "",
        retry_after_s: float | None = None,
        values: tuple[str, ...] = (),
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.limit = limit
        self.retry_after_s = retry_after_s
        self.values = values
        self.request_id = request_id

    def __str__(self) -> str:
        """Say code, field, message and limit in one line."""
        place = f" {self.field}:" if self.field else ""
        limit = f" (limit: {self.limit})" if self.limit else ""
        return f"{self.code}:{place} {self.message}{limit}"


class InvalidRequestError(DehuskError):
    """The request cannot be answered as it stands; ``field`` says where."""


class NotFoundError(DehuskError):
    """Something asked for by name is not there; ``values`` lists the names."""


class NotServedError(DehuskError):
    """The contract has it, this server does not serve it."""


class OverloadedError(DehuskError):
    """The server is at capacity; try again after ``retry_after_s``."""


class UnavailableError(DehuskError):
    """There is no server, or it shuts down; try again later."""


class DeadlineError(DehuskError):
    """The time given ran out."""


class CallCancelledError(DehuskError):
    """The call was cancelled before it was answered."""


class AccessError(DehuskError):
    """The server, or a proxy before it, refused the caller."""


class ServerError(DehuskError):
    """A fault of the server, or an answer that makes no sense."""


BY_STATUS: Mapping[str, type[DehuskError]] = MappingProxyType(
    {
        "CANCELLED": CallCancelledError,
        "UNKNOWN": ServerError,
        "INVALID_ARGUMENT": InvalidRequestError,
        "DEADLINE_EXCEEDED": DeadlineError,
        "NOT_FOUND": NotFoundError,
        "ALREADY_EXISTS": ServerError,
        "PERMISSION_DENIED": AccessError,
        "RESOURCE_EXHAUSTED": OverloadedError,
        "FAILED_PRECONDITION": ServerError,
        "ABORTED": ServerError,
        "OUT_OF_RANGE": InvalidRequestError,
        "UNIMPLEMENTED": NotServedError,
        "INTERNAL": ServerError,
        "UNAVAILABLE": UnavailableError,
        "DATA_LOSS": ServerError,
        "UNAUTHENTICATED": AccessError,
    }
)
"""The one table from gRPC status to exception; complete (a test compares it with `grpc.StatusCode`)."""


def error_class(code: str) -> type[DehuskError]:
    """Return the exception for a status name; a name from a later gRPC gives `ServerError`."""
    return BY_STATUS.get(code, ServerError)


def status_name(code: grpc.StatusCode | None) -> str:
    """Return the name of a gRPC status; ``None`` (the call never ended) is UNKNOWN."""
    return "UNKNOWN" if code is None else code.name
