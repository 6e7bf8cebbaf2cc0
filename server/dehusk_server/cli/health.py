"""``dehusk health``: ask a server whether it serves. Speaks the standard health protocol with grpcio alone."""

from __future__ import annotations

import argparse
import time

import grpc

from dehusk_server.cli.connection import Connection, read_connection
from dehusk_server.cli.exits import FAILED, OK, say
from dehusk_server.cli.parser import DEFAULT_ADDRESS

_CHECK = "/grpc.health.v1.Health/Check"
_ALL_SERVICES = b""
"""A HealthCheckRequest without a service name."""
_SERVING = b"\x08\x01"
"""A HealthCheckResponse whose first field, the status, is SERVING (1)."""


def run(arguments: argparse.Namespace) -> int:
    """Ask once, or until the time is over."""
    until = time.monotonic() + arguments.timeout
    connection = read_connection(arguments, default=DEFAULT_ADDRESS)
    with _channel(connection) as channel:
        check: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(_CHECK)
        try:
            while True:
                left = max(until - time.monotonic(), 0.001)
                # Waiting for the connection is the channel's work; a server that is up but not ready is asked again.
                answer = check(_ALL_SERVICES, timeout=left, metadata=connection.metadata, wait_for_ready=arguments.wait)
                if answer.startswith(_SERVING):
                    return OK
                if not arguments.wait or time.monotonic() + 0.1 > until:
                    say(f"{connection.server} is there but does not serve")
                    return FAILED
                time.sleep(0.1)
        except grpc.RpcError as error:
            say(f"{connection.server} does not answer: {error.code().name}: {error.details()}")
            return FAILED


def _channel(connection: Connection) -> grpc.Channel:
    if not connection.tls:
        return grpc.insecure_channel(connection.server)
    credentials = grpc.ssl_channel_credentials(connection.roots, connection.key, connection.certificate)
    options = [("grpc.ssl_target_name_override", connection.name)] if connection.name else []
    return grpc.secure_channel(connection.server, credentials, options)
