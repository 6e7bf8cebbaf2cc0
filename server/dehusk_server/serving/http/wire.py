"""JSON to messages and back: the contract's own, by protobuf's mapping, with the names that the proto files have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from google.protobuf import json_format

from dehusk.v1 import cleaning_pb2, errors_pb2
from dehusk_server.errors import InvalidInputError

STATUSES: Final[Mapping[int, HTTPStatus]] = MappingProxyType(
    {
        errors_pb2.ERROR_CODE_INVALID_ARGUMENT: HTTPStatus.BAD_REQUEST,
        errors_pb2.ERROR_CODE_DEADLINE_EXCEEDED: HTTPStatus.GATEWAY_TIMEOUT,
        errors_pb2.ERROR_CODE_NOT_FOUND: HTTPStatus.NOT_FOUND,
        errors_pb2.ERROR_CODE_PERMISSION_DENIED: HTTPStatus.FORBIDDEN,
        errors_pb2.ERROR_CODE_FAILED_PRECONDITION: HTTPStatus.BAD_REQUEST,
        errors_pb2.ERROR_CODE_UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
        errors_pb2.ERROR_CODE_RESOURCE_EXHAUSTED: HTTPStatus.TOO_MANY_REQUESTS,
        errors_pb2.ERROR_CODE_UNIMPLEMENTED: HTTPStatus.NOT_IMPLEMENTED,
        errors_pb2.ERROR_CODE_INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
        errors_pb2.ERROR_CODE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
"""HTTP status of each code of an error, as google.rpc.Code maps them; complete (a test compares it)."""

_CONTENTS: Final = frozenset({"text", "html", "html_bytes", "htmlBytes"})
_MAX_DEPTH: Final = 10


def read_request(body: bytes) -> cleaning_pb2.CleanRequest:
    """Read a CleanRequest from JSON.

    Raises:
        InvalidInputError: the body is no JSON, names a field that there is not, or holds two contents.
    """
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError as fault:
        raise InvalidInputError("", f"the body is not UTF-8 at byte {fault.start}", limit="UTF-8") from None
    except json.JSONDecodeError as fault:
        raise InvalidInputError("", f"the body is no JSON: {fault.msg} at {fault.pos}") from None
    except (ValueError, RecursionError) as fault:
        raise InvalidInputError("", f"the body is no JSON: {fault}") from None
    if not isinstance(found, dict):
        raise InvalidInputError("", "the body is no JSON object; send a CleanRequest")
    if len(contents := _CONTENTS & found.keys()) > 1:
        held = ", ".join(sorted(contents))
        raise InvalidInputError("content", f"the request holds several contents ({held}); send one", "one content")
    try:
        return json_format.ParseDict(found, cleaning_pb2.CleanRequest(), max_recursion_depth=_MAX_DEPTH)
    except (json_format.ParseError, TypeError, AttributeError) as fault:
        raise InvalidInputError("", f"the body is no CleanRequest: {fault}") from None


def as_json(message: cleaning_pb2.CleanResponse | errors_pb2.Error) -> dict[str, Any]:
    """Return a message as a JSON object: every field that has no presence of its own is there, empty ones too."""
    found: dict[str, Any] = json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return found


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")
