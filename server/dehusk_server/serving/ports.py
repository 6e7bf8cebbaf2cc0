"""The port that all workers share: checked, held for as long as the service lives, and opened by each worker anew.

Sockets with SO_REUSEPORT (Linux 3.9, BSD) share one port, and the kernel spreads connections over those that listen.
The one held here is bound and never listens, so the port stays ours while workers come and go.
"""

from __future__ import annotations

import socket


class PortTakenError(RuntimeError):
    """The port cannot be had; the message says why."""


def hold(host: str, port: int, *, alone: bool = True) -> socket.socket:
    """Take a port and hold it.

    Args:
        host: address to listen on, IPv6 in brackets or not.
        port: the port; 0 takes a free one.
        alone: whether it must be ours alone now; else others who share it may be there already.

    Returns:
        A bound socket; close it to give the port back.

    Raises:
        PortTakenError: another process listens there, or the address is none of this machine's.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        if port and alone:
            # Sharing would let us in beside another service of this user, and each would get half of the calls.
            with socket.socket(family, socket.SOCK_STREAM) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(address)
        held = socket.socket(family, socket.SOCK_STREAM)
        try:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            held.bind(address)
        except BaseException:
            held.close()
            raise
    except OSError as error:
        raise PortTakenError(f"{host}:{port}: {error.strerror or error}") from error
    return held


def local_target(host: str, port: int) -> str:
    """Return where a client on the same machine finds a server that listens on a host and port."""
    near = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104 - read here, not listened on
    return f"{near}:{port}"


def listen(host: str, port: int, *, shared: bool) -> socket.socket:
    """Listen on a port.

    Args:
        host: as of `hold`.
        port: the port; 0 takes a free one.
        shared: whether other processes of this service listen there too.

    Raises:
        PortTakenError: as `hold`.
    """
    listening = hold(host, port, alone=not shared)
    listening.setblocking(False)
    listening.listen(1_024)
    return listening
