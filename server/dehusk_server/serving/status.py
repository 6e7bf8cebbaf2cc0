"""Errors to the wire: one table from what went wrong to a status, with the details that general tools read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

from dehusk.v1 import errors_pb2
from dehusk_server.errors import (
    AbandonedError,
    DeadlineError,
    DehuskError,
    DocumentTooLargeError,
    InvalidInputError,
    RuleSetError,
)
from dehusk_server.serving.faults import (
    DrainingError,
    NotAllowedError,
    NoTokenError,
    OverCapacityError,
    ReloadRefusedError,
    UnknownRulesError,
)

DETAILS_KEY = "grpc-status-details-bin"
DOMAIN = "dehusk.v1"
MAX_MESSAGE_CHARS = 500
"""A message travels in a header, and headers are small."""

CODES: Mapping[type[DehuskError], errors_pb2.ErrorCode] = MappingProxyType(
    {
        DehuskError: errors_pb2.ERROR_CODE_INTERNAL,
        InvalidInputError: errors_pb2.ERROR_CODE_INVALID_ARGUMENT,
        DocumentTooLargeError: errors_pb2.ERROR_CODE_INVALID_ARGUMENT,
        DeadlineError: errors_pb2.ERROR_CODE_DEADLINE_EXCEEDED,
        AbandonedError: errors_pb2.ERROR_CODE_DEADLINE_EXCEEDED,  # nobody is left to read it
        UnknownRulesError: errors_pb2.ERROR_CODE_NOT_FOUND,
        OverCapacityError: errors_pb2.ERROR_CODE_RESOURCE_EXHAUSTED,
        DrainingError: errors_pb2.ERROR_CODE_UNAVAILABLE,
        RuleSetError: errors_pb2.ERROR_CODE_INTERNAL,
        NoTokenError: errors_pb2.ERROR_CODE_UNAUTHENTICATED,
        NotAllowedError: errors_pb2.ERROR_CODE_PERMISSION_DENIED,
        ReloadRefusedError: errors_pb2.ERROR_CODE_FAILED_PRECONDITION,
    }
)
"""The one table; complete (a test walks the exception tree)."""

_STATUSES = {code.value[0]: code for code in grpc.StatusCode}


def wire_error(fault: DehuskError) -> errors_pb2.Error:
    """Return the wire's word for what went wrong; a class that the table lacks takes its nearest base's code."""
    code = next(CODES[base] for base in type(fault).__mro__ if base in CODES)
    error = errors_pb2.Error(code=code, message=shortened(str(fault)))
    if isinstance(fault, InvalidInputError):
        error.field, error.limit = fault.field, fault.limit
    if isinstance(fault, OverCapacityError):
        error.limit, error.retry_after_ms = fault.limit, fault.retry_after_ms
    if isinstance(fault, UnknownRulesError):
        error.field = "ids"
        error.values.extend(fault.ids)
    return error


def internal_error(request_id: str) -> errors_pb2.Error:
    """Return the wire's word for a fault of our own; what it was stands in the log, not in the answer."""
    message = f"the server failed on this request; its log knows it as {request_id}"
    return errors_pb2.Error(code=errors_pb2.ERROR_CODE_INTERNAL, message=message)


def grpc_status(error: errors_pb2.Error) -> grpc.StatusCode:
    """Return the gRPC status of a wire error."""
    return _STATUSES[int(error.code)]


def code_name(fault: BaseException) -> str:
    """Return the name of the status that answers what was raised, without writing it out."""
    if isinstance(fault, asyncio.CancelledError):
        return "CANCELLED"
    return grpc_status(wire_error(fault)).name if isinstance(fault, DehuskError) else "INTERNAL"


def details(error: errors_pb2.Error) -> bytes:
    """Return the value of the trailer ``grpc-status-details-bin``: our `Error`, and google.rpc's words for the same."""
    status = status_pb2.Status(code=int(error.code), message=error.message)
    reason = errors_pb2.ErrorCode.Name(error.code).removeprefix("ERROR_CODE_")
    info = error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN)
    if error.limit:
        info.metadata["limit"] = error.limit
    messages: list[Message] = [error, info]
    if error.field and not error.values:
        violation = error_details_pb2.BadRequest.FieldViolation(field=error.field, description=error.message)
        messages.append(error_details_pb2.BadRequest(field_violations=[violation]))
    if error.retry_after_ms:
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(error.retry_after_ms)
        messages.append(error_details_pb2.RetryInfo(retry_delay=delay))
    messages += [error_details_pb2.ResourceInfo(resource_type="rule", resource_name=name) for name in error.values[:10]]
    for message in messages:
        wrapped = any_pb2.Any()
        wrapped.Pack(message)
        status.details.append(wrapped)
    trailer: bytes = status.SerializeToString()
    return trailer


def shortened(message: str) -> str:
    """Return a message that fits into a header: one line, not too long."""
    message = " ".join(message.split())
    return message if len(message) <= MAX_MESSAGE_CHARS else message[: MAX_MESSAGE_CHARS - 3] + "..."
