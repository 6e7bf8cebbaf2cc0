"""How a server opens its port: options of the channel, TLS, a Unix domain socket that changes hands without a gap."""

from __future__ import annotations

import os
from pathlib import Path

import grpc
import grpc.aio

from dehusk_server.config import Settings


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


def open_port(server: grpc.aio.Server, settings: Settings) -> int:
    """Open the port, or the Unix domain socket.

    Returns:
        The port; 0 for a socket.

    Raises:
        RuntimeError: it cannot be opened.
        OSError: a certificate or key cannot be read, or the socket's folder cannot be written.
    """
    credentials = _credentials(settings)
    if settings.unix_socket is not None:
        _open_socket(server, settings.unix_socket, credentials)
        return 0
    return _open(server, settings.address, credentials)


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


def _credentials(settings: Settings) -> grpc.ServerCredentials | None:
    if settings.certificate_chain is None or settings.private_key is None:
        return None
    roots = None if settings.client_roots is None else settings.client_roots.read_bytes()
    pair = (settings.private_key.read_bytes(), settings.certificate_chain.read_bytes())
    return grpc.ssl_server_credentials([pair], roots, require_client_auth=roots is not None)
