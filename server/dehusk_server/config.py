"""All settings of the service in one frozen value. Only the command line reads the environment."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from pathlib import Path

LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("text", "json")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service runs and what it accepts; the limits are published by the Info call.

    Limits of what is under way hold for each worker process.

    Raises:
        ValueError: a setting out of range; the message says which.
    """

    host: str = "127.0.0.1"
    """Address to listen on; ``0.0.0.0`` or ``[::]`` for every interface."""
    port: int = 50051
    """Port to listen on; 0 takes a free one."""
    unix_socket: Path | None = None
    """Path of a Unix domain socket to listen on in place of host and port; for one worker."""
    rules: Path | None = None
    """File of the rule set to clean by; the shipped one by default."""
    workers: int = 1
    """Processes that serve, under a supervisor that replaces them; 0 serves in the process itself, without one."""
    threads: int = 2
    """Threads of a worker that clean. Cleaning is bound by the interpreter's lock: more add fairness, hardly speed."""
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
    retry_after_ms: int = 500
    """Milliseconds that a caller who was turned away is told to wait."""
    max_worker_documents: int = 0
    """Documents after which a worker is replaced, without dropping a call; 0 for never."""
    max_worker_megabytes: int = 2_048
    """Resident memory, in units of 1024 * 1024 bytes, above which a worker is replaced likewise; 0 for never."""
    max_silence_seconds: float = 60.0
    """Seconds after which a worker that gives no sign of life is killed and replaced."""
    notice_seconds: float = 0.5
    """Seconds between saying NOT_SERVING and closing the port, so that those who ask for health have seen it."""
    grace_seconds: float = 20.0
    """Seconds that calls under way then have to finish."""
    recycle_seconds: float = 300.0
    """Seconds that calls under way have to finish in a worker that was replaced for its memory or its age."""
    certificate_chain: Path | None = None
    """PEM file with the server's certificate; with ``private_key`` the service speaks TLS alone."""
    private_key: Path | None = None
    """PEM file with the server's key."""
    client_roots: Path | None = None
    """PEM file with who vouches for clients; given, clients must show a certificate (mutual TLS)."""
    reflection: bool = True
    """Whether to serve the standard reflection service."""
    log_level: str = "info"
    """What is logged: ``debug``, ``info``, ``warning`` or ``error``, and what is graver."""

    def __post_init__(self) -> None:
        """Check every setting."""
        if not 0 <= self.port <= 65_535:
            raise ValueError(f"port is {self.port}; it must be 0 to 65535")
        for name, least in _AT_LEAST.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= least):
                raise ValueError(f"{name} is {value}; it must be {least} or more")
        for name in ("max_document_seconds", "max_silence_seconds"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ValueError(f"{name} is {getattr(self, name)}; it must be above 0")
        if self.log_level not in LOG_LEVELS:
            raise ValueError(f"log_level is {self.log_level!r}; it must be one of {', '.join(LOG_LEVELS)}")
        if self.unix_socket is not None and self.workers > 1:
            raise ValueError(f"unix_socket is served by one worker, workers is {self.workers}; use a port instead")
        if (self.certificate_chain is None) != (self.private_key is None):
            raise ValueError("TLS needs both certificate_chain and private_key")
        if self.client_roots is not None and self.private_key is None:
            raise ValueError("client_roots needs certificate_chain and private_key")

    @property
    def address(self) -> str:
        """Host and port, or the socket's path, as gRPC writes them."""
        return f"{self.host}:{self.port}" if self.unix_socket is None else f"unix:{self.unix_socket}"


_AT_LEAST = {
    "workers": 0,
    "threads": 1,
    "max_document_chars": 1,
    "max_message_bytes": 1,
    "max_concurrent_documents": 1,
    "max_concurrent_streams": 1,
    "retry_after_ms": 1,
    "max_worker_documents": 0,
    "max_worker_megabytes": 0,
    "notice_seconds": 0,
    "grace_seconds": 0,
    "recycle_seconds": 0,
}
SETTING_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Settings))
"""Names of all settings, in order."""
