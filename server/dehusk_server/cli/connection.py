"""How a command reaches a server: address, TLS, token; flags before the environment. Standard library only.

Every flag has its twin: ``--tls-roots FILE``, ``DEHUSK_TLS_ROOTS=FILE``.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dehusk_server.cli.exits import UsageError
from dehusk_server.cli.values import truth

TWINS = "--server and what says how it is reached have twins in the environment: DEHUSK_SERVER, DEHUSK_TLS_ROOTS."
_FILES = {
    "tls_roots": "PEM file with who vouches for the server (TLS)",
    "tls_certificate": "PEM file with this caller's certificate (mutual TLS)",
    "tls_key": "PEM file with this caller's key (mutual TLS)",
    "token_file": "file whose first token is shown to the server; send it over TLS only",
}
_TLS = ("tls_roots", "tls_certificate", "tls_key", "tls_name")


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a server is, and what is shown to it."""

    server: str
    """``HOST:PORT`` or another target of gRPC's; empty for none."""
    tls: bool = False
    roots: bytes | None = None
    """Who vouches for the server, PEM; ``None`` for the roots that gRPC ships."""
    certificate: bytes | None = None
    key: bytes | None = None
    name: str = ""
    """The name that the server's certificate must bear; empty for the host of the address."""
    token: str = ""

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What is sent with every call (RFC 6750)."""
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()


def add_connection(parser: argparse.ArgumentParser) -> None:
    """Give the parser of a command what says how its server is reached; ``--server`` is the command's own."""
    parser.add_argument("--tls", action=argparse.BooleanOptionalAction, help="speak TLS to the server")
    parser.add_argument("--tls-name", metavar="NAME", help="name that the server's certificate bears, if not its host")
    for name, text in _FILES.items():
        parser.add_argument("--" + name.replace("_", "-"), type=Path, metavar="FILE", help=text)


def read_connection(
    arguments: argparse.Namespace, environment: Mapping[str, str] | None = None, *, default: str = ""
) -> Connection:
    """Return the connection that flags and environment give; its files are read.

    Args:
        arguments: of a command with ``--server`` and what `add_connection` adds.
        environment: by default that of the process.
        default: the server where none is named.

    Raises:
        UsageError: TLS without a server, half of mutual TLS, or a file that cannot be read.
    """
    environment = os.environ if environment is None else environment

    def given(name: str) -> str:
        flag = getattr(arguments, name)
        return str(flag) if flag is not None else environment.get(f"DEHUSK_{name.upper()}", "")

    server = given("server") or default
    if not server:
        # The environment may say how a server is reached, and this command do without one.
        if any(getattr(arguments, name) is not None for name in ("tls", *_TLS, "token_file")):
            raise UsageError("--tls and --token-file are for --server HOST:PORT")
        return Connection("")
    if bool(given("tls_certificate")) != bool(given("tls_key")):
        raise UsageError("mutual TLS needs both --tls-certificate and --tls-key")
    return Connection(
        server,
        tls=_speaks_tls(given("tls"), asked=any(given(name) for name in _TLS)),
        roots=_read("tls_roots", given("tls_roots")),
        certificate=_read("tls_certificate", given("tls_certificate")),
        key=_read("tls_key", given("tls_key")),
        name=given("tls_name"),
        token=_token(given("token_file")),
    )


def _speaks_tls(text: str, *, asked: bool) -> bool:
    """Say whether to speak TLS: as was said, else where anything of it was given."""
    if not text:
        return asked
    try:
        return truth(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"DEHUSK_TLS: {error}") from None


def _read(name: str, path: str) -> bytes | None:
    if not path:
        return None
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"--{name.replace('_', '-')}: {path} cannot be read: {error.strerror}") from error


def _token(path: str) -> str:
    """Return the first token of a file, written as the server's own: one a line, # before what is none."""
    lines = (_read("token_file", path) or b"").decode("utf-8", "replace").splitlines()
    token = next((line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    if path and not (token.isascii() and token.isprintable() and token):
        raise UsageError(f"--token-file: {path} holds no token; write one a line, in ASCII")
    return token
