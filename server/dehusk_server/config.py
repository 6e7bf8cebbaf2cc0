"""All settings of the service in one frozen value. Only the command line reads the environment."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service runs and what it accepts; the limits are published by the Info call.

    Raises:
        ValueError: a setting out of range; the message says which.
    """

    host: str = "127.0.0.1"
    """Address to listen on; ``0.0.0.0`` or ``[::]`` for every interface."""
    port: int = 50051
    """Port to listen on; 0 takes a free one."""
    max_document_chars: int = 4_000_000
    """Code points of one document."""
    max_document_seconds: float = 20.0
    """Seconds for one document, whatever time its caller has."""
    max_message_bytes: int = 64 * 1024 * 1024
    """Bytes of one message; far above the largest document, so that this limit is met by its better answer first."""
    max_concurrent_documents: int = 64
    """Calls of one document under way, waiting ones too; beyond it they are turned away with a time to wait."""
    max_concurrent_streams: int = 256
    """CleanStream calls under way; each has one document in work."""
    threads: int = 2
    """Threads that clean. Cleaning is bound by the interpreter's lock: more of them add fairness, hardly speed."""
    notice_seconds: float = 0.5
    """Seconds between saying NOT_SERVING and closing the port, so that those who ask for health have seen it."""
    grace_seconds: float = 20.0
    """Seconds that calls under way then have to finish."""
    retry_after_ms: int = 500
    """Milliseconds that a caller who was turned away is told to wait."""
    certificate_chain: Path | None = None
    """PEM file with the server's certificate; with ``private_key`` the service speaks TLS alone."""
    private_key: Path | None = None
    """PEM file with the server's key."""
    client_roots: Path | None = None
    """PEM file with who vouches for clients; given, clients must show a certificate (mutual TLS)."""
    reflection: bool = True
    """Whether to serve the standard reflection service."""

    def __post_init__(self) -> None:
        """Check every setting."""
        if not 0 <= self.port <= 65_535:
            raise ValueError(f"port is {self.port}; it must be 0 to 65535")
        for name in _AT_LEAST_ONE:
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if not self.max_document_seconds > 0:
            raise ValueError(f"max_document_seconds is {self.max_document_seconds}; it must be above 0")
        for name in ("notice_seconds", "grace_seconds"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be 0 or more")
        if (self.certificate_chain is None) != (self.private_key is None):
            raise ValueError("TLS needs both certificate_chain and private_key")
        if self.client_roots is not None and self.private_key is None:
            raise ValueError("client_roots needs certificate_chain and private_key")

    @property
    def address(self) -> str:
        """Host and port as gRPC writes them."""
        return f"{self.host}:{self.port}"


_AT_LEAST_ONE = (
    "max_document_chars",
    "max_message_bytes",
    "max_concurrent_documents",
    "max_concurrent_streams",
    "threads",
    "retry_after_ms",
)
SETTING_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Settings))
"""Names of all settings, in order."""
