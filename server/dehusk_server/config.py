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
    http: bool = False
    """Whether to open the HTTP door too: cleaning as JSON, health, metrics, and a page to try it."""
    http_host: str = "127.0.0.1"
    """Address of the HTTP door."""
    http_port: int = 8080
    """Port of the HTTP door; 0 takes a free one."""
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
    token_file: Path | None = None
    """File with the tokens that callers may show, one a line; given, every call must show one."""
    reload_call: bool = False
    """Whether the call ReloadRules is answered, for whoever may call at all; SIGHUP reloads in any case."""
    reflection: bool = True
    """Whether to serve the standard reflection service."""
    traces: str = ""
    """Name of the OpenTelemetry exporter that takes a span for each call; empty for none."""
    log_level: str = "info"
    """What is logged: ``debug``, ``info``, ``warning`` or ``error``, and what is graver."""
    log_format: str = "text"
    """``text`` for a line that a person reads, ``json`` for an object a line."""

    def __post_init__(self) -> None:
        """Check every setting."""
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is {getattr(self, name)!r}; it must be one of {', '.join(choices)}")
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and least <= value <= most):
                limits = f"{least} or more" if most == math.inf else f"{least} to {most}"
                raise ValueError(f"{name} is {value}; it must be {limits}")
        for name in ("max_document_seconds", "max_silence_seconds"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be above 0")
        self._check_together()

    def _check_together(self) -> None:
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


_CHOICES = {"log_level": LOG_LEVELS, "log_format": LOG_FORMATS}
_RANGES: dict[str, tuple[int, float]] = {
    **dict.fromkeys(("port", "http_port"), (0, 65_535)),
    **dict.fromkeys(("threads", "max_concurrent_documents", "max_concurrent_streams", "retry_after_ms"), (1, math.inf)),
    **dict.fromkeys(("max_document_chars", "max_message_bytes"), (1, math.inf)),
    **dict.fromkeys(("workers", "max_worker_documents", "max_worker_megabytes"), (0, math.inf)),
    **dict.fromkeys(("notice_seconds", "grace_seconds", "recycle_seconds"), (0, math.inf)),
    **dict.fromkeys(("max_document_seconds", "max_silence_seconds"), (0, math.inf)),
}
SETTING_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Settings))
"""Names of all settings, in order."""
