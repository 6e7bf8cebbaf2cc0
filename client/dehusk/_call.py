"""What every call needs and no client owns: channel options, credentials, deadlines, retries, errors from statuses."""

from __future__ import annotations

import enum
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import grpc
from google.protobuf.message import DecodeError

from dehusk import _convert
from dehusk._fit import own_version
from dehusk.errors import DeadlineError, DehuskError, InvalidRequestError, error_class, status_name
from dehusk.v1 import errors_pb2

DETAILS_KEY = "grpc-status-details-bin"
REQUEST_ID_KEY = "x-request-id"
DEFAULT_MAX_MESSAGE_BYTES = 64 * 1024 * 1024
DEFAULT_TIMEOUT_S = 30.0
MAX_RETRIES = 4
"""gRPC makes at most five attempts, whatever a service config says."""


class Unset(enum.Enum):
    """Tells "not given" from ``None`` and from 0."""

    UNSET = "UNSET"

    def __repr__(self) -> str:
        """Read well in signatures."""
        return "UNSET"


UNSET = Unset.UNSET
Timeout = float | None | Unset
"""Seconds, ``None`` for no limit, or `UNSET` for the client's own."""
Metadata = Sequence[tuple[str, str | bytes]]
"""Pairs of key and value; bytes only under a key that ends in ``-bin``."""


@dataclass(frozen=True, slots=True)
class TLS:
    """How to speak TLS, as PEM bytes. Without any, the system's own roots vouch for the server."""

    root_certificates: bytes | None = None
    """Who vouches for the server; ``None`` for the roots that gRPC ships."""
    private_key: bytes | None = None
    """With ``certificate_chain``: who the client is (mutual TLS)."""
    certificate_chain: bytes | None = None
    server_name: str = ""
    """The name that the server's certificate must bear; empty for the host of the target."""

    def __post_init__(self) -> None:
        """Check that key and certificate come together.

        Raises:
            ValueError: one without the other.
        """
        if (self.private_key is None) != (self.certificate_chain is None):
            raise ValueError("mutual TLS needs both private_key and certificate_chain")


@dataclass(frozen=True, slots=True)
class CallSettings:
    """Settings of one client, checked.

    Raises:
        ValueError: a setting out of range; the message says which.
    """

    target: str
    tls: TLS | None
    timeout_s: float | None
    retries: int
    max_message_bytes: int
    keepalive_s: float
    metadata: Metadata
    balance: bool = False
    wait_for_ready: bool = False

    def __post_init__(self) -> None:
        if not self.target:
            raise ValueError("target is empty; write HOST:PORT")
        if not 0 <= self.retries <= MAX_RETRIES:
            raise ValueError(f"retries is {self.retries}; it must be 0 to {MAX_RETRIES}")
        if self.max_message_bytes <= 0:
            raise ValueError(f"max_message_bytes is {self.max_message_bytes}; it must be above 0")
        if self.keepalive_s <= 0:
            raise ValueError(f"keepalive_s is {self.keepalive_s}; it must be above 0")

    def timeout(self, given: Timeout) -> float | None:
        """Return the time for one call: what was given, ``None`` too, else this client's own.

        Raises:
            DeadlineError: the time is 0 or less. A quick server may answer before gRPC looks at the clock, and what
                happens must not depend on that.
        """
        seconds = self.timeout_s if isinstance(given, Unset) else given
        if seconds is not None and seconds <= 0:
            raise DeadlineError(f"a time of {seconds} seconds ran out before it began", code="DEADLINE_EXCEEDED")
        return seconds

    def sent_metadata(self, given: Metadata) -> tuple[tuple[str, str | bytes], ...]:
        """Return the metadata of one call: this client's own, but for keys that the call gives, and what it gives."""
        own, more = lower_keys(self.metadata), lower_keys(given)
        keys = {key for key, _ in more}
        return (*(pair for pair in own if pair[0] not in keys), *more)

    def credentials(self) -> grpc.ChannelCredentials | None:
        """Return the credentials of the channel; ``None`` for plain text."""
        if self.tls is None:
            return None
        return grpc.ssl_channel_credentials(
            self.tls.root_certificates, self.tls.private_key, self.tls.certificate_chain
        )

    def options(self) -> list[tuple[str, str | int]]:
        """Return the options of the channel."""
        options: list[tuple[str, str | int]] = [
            ("grpc.primary_user_agent", f"dehusk-python/{own_version()}"),
            ("grpc.max_send_message_length", self.max_message_bytes),
            ("grpc.max_receive_message_length", self.max_message_bytes),
            ("grpc.keepalive_time_ms", int(self.keepalive_s * 1000)),
            ("grpc.keepalive_timeout_ms", 20_000),
            (
                "grpc.service_config",
                service_config(self.retries, balance=self.balance, wait_for_ready=self.wait_for_ready),
            ),
            ("grpc.enable_retries", 1 if self.retries else 0),
        ]
        if self.tls is not None and self.tls.server_name:
            options.append(("grpc.ssl_target_name_override", self.tls.server_name))
        return options

    def channel(self) -> grpc.Channel:
        """Open a channel to the target; it connects when it is first used."""
        credentials = self.credentials()
        if credentials is None:
            return grpc.insecure_channel(self.target, self.options())
        return grpc.secure_channel(self.target, credentials, self.options())

    def check_size(self, size: int) -> None:
        """Refuse a message that gRPC would refuse, with a better answer.

        Raises:
            InvalidRequestError: more than ``max_message_bytes``.
        """
        if size > self.max_message_bytes:
            raise InvalidRequestError(
                f"the request takes {size} bytes; send a smaller document or raise the client's max_message_bytes",
                code="INVALID_ARGUMENT",
                field="text",
                limit=f"{self.max_message_bytes} bytes",
            )


def service_config(retries: int, *, balance: bool = False, wait_for_ready: bool = False) -> str:
    """Return gRPC's service config: what became of no answer is tried again, a few times, further and further apart.

    That is UNAVAILABLE, and CANCELLED where it comes from the server: gRPC drops a call so that it picks up in the
    moment in which its server ends. Cleaning changes nothing, so a page may be sent twice.

    Args:
        retries: further attempts.
        balance: whether calls go in turn to every address that the target's name resolves to.
        wait_for_ready: whether a call waits for a server to come, as long as it has time.
    """
    services = ("dehusk.v1.CleaningService", "dehusk.v1.RuleService")
    method: dict[str, object] = {"name": [{"service": service} for service in services]}
    if retries:
        method["retryPolicy"] = {
            "maxAttempts": retries + 1,
            "initialBackoff": "0.1s",
            "maxBackoff": "2s",
            "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
        }
    if wait_for_ready:
        method["waitForReady"] = True
    config: dict[str, object] = {"methodConfig": [method]}
    if balance:
        config["loadBalancingConfig"] = [{"round_robin": {}}]
    return json.dumps(config)


class EndedCall(Protocol):
    """What sync and async RPC errors have in common; gRPC's own types differ in details that do not matter here."""

    def code(self) -> Any:
        """Return the status, a `grpc.StatusCode`."""

    def details(self) -> str | None:
        """Return the status message."""

    def trailing_metadata(self) -> Any:
        """Return the trailers: pairs of key and value, or ``None``."""


def error_from_call(call: EndedCall) -> DehuskError:
    """Return the exception for a call that failed, with the details that the server sent; it is not raised."""
    # Not dict(...): asyncio's metadata has keys(), and dict would take its pairs for keys.
    trailers = {key: value for key, value in call.trailing_metadata() or ()}  # noqa: C416
    request_id = _text(trailers.get(REQUEST_ID_KEY, ""))
    detail = _detail(trailers.get(DETAILS_KEY, b""))
    if detail is not None:
        return _convert.error(detail, request_id)
    name = status_name(call.code())
    return error_class(name)(call.details() or "no message", code=name, request_id=request_id)


def lower_keys(values: Metadata) -> tuple[tuple[str, str | bytes], ...]:
    """Return metadata as gRPC takes it: lower-case keys."""
    return tuple((key.lower(), value) for key, value in values)


def _detail(trailer: str | bytes) -> errors_pb2.Error | None:
    if not isinstance(trailer, bytes) or not trailer:
        return None
    try:
        status = errors_pb2.StatusTrailer.FromString(trailer)
        for wrapped in status.details:
            if wrapped.Is(errors_pb2.Error.DESCRIPTOR):
                return errors_pb2.Error.FromString(wrapped.value)
    except DecodeError:
        # A proxy's trailer, not ours; the plain status still says what happened.
        return None
    return None


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
