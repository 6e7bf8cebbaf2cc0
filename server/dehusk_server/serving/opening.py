"""How a server opens its port: options of the channel, TLS, a Unix domain socket that changes hands without a gap."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import grpc
import grpc.aio

from dehusk_server.config import Settings
from dehusk_server.serving.reload import Certificates


def options(settings: Settings, *, shared: bool) -> list[tuple[str, int]]:
    """Return the options of a server.

    Args:
        settings: its limits.
        shared: whether other workers of this service listen on the same port.
    """
    return [
        ("grpc.max_receive_message_length", settings.max_message_bytes),
        # An answer may hold the text several times over; what is sent back is bounded by what was taken in.
        ("grpc.max_send_message_length", -1),
        # Two services on one port would each get half of the calls; the second is told so instead.
        ("grpc.so_reuseport", int(shared)),
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        # Who has gone without a word, as a machine that lost its power, is found out.
        ("grpc.keepalive_time_ms", 120_000),
        ("grpc.keepalive_timeout_ms", 20_000),
    ]


class Credentials:
    """The certificates of a port; those of new connections may be replaced while it is open.

    Args:
        certificates: what to show first; ``None`` for plain text.
    """

    def __init__(self, certificates: Certificates | None) -> None:
        self._certificates = certificates
        self._shown = certificates

    def renew(self, certificates: Certificates | None) -> None:
        """Show others from the next connection on."""
        self._certificates = certificates

    def server(self) -> grpc.ServerCredentials | None:
        """Return them as gRPC takes them; ``None`` for plain text."""
        first = self._certificates
        if first is None:
            return None
        ask_callers = first.roots is not None
        changed: Any = self._changed  # it may return None for "as before"; the stubs do not say so
        return grpc.dynamic_ssl_server_credentials(_configuration(first), changed, ask_callers)

    def _changed(self) -> grpc.ServerCertificateConfiguration | None:
        """Return what has changed since this was last asked; gRPC asks at each connection, from threads of its own."""
        now = self._certificates
        if now is None or now is self._shown:
            return None
        self._shown = now
        return _configuration(now)


def open_port(server: grpc.aio.Server, settings: Settings, credentials: Credentials) -> int:
    """Open the port, or the Unix domain socket.

    Returns:
        The port; 0 for a socket.

    Raises:
        RuntimeError: it cannot be opened.
        OSError: the socket's folder cannot be written.
    """
    shown = credentials.server()
    if settings.unix_socket is not None:
        _open_socket(server, settings.unix_socket, shown)
        return 0
    return _open(server, settings.address, shown)


def _open_socket(server: grpc.aio.Server, path: Path, credentials: grpc.ServerCredentials | None) -> None:
    # gRPC takes the file away when it closes the socket, even where a successor has put its own there. So each process
    # opens a file of its own and moves it to the path in one step; there is always one to connect to.
    own = path.with_name(f"{path.name}.{os.getpid()}")
    _open(server, f"unix:{own}", credentials)
    own.replace(path)


def _open(server: grpc.aio.Server, address: str, credentials: grpc.ServerCredentials | None) -> int:
    if credentials is None:
        return server.add_insecure_port(address)
    return server.add_secure_port(address, credentials)


def _configuration(certificates: Certificates) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration([(certificates.key, certificates.chain)], certificates.roots)
