"""What is read from files and may be read anew while serving: rules, certificates, tokens; all of it or nothing.

Knows no gRPC: the supervisor reads first, and says to its workers what to read.
"""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.errors import RuleSetError
from dehusk_server.rules.ruleset import load_rules
from dehusk_server.serving.faults import ReloadRefusedError

_MIN_TOKEN_CHARS = 16
"""A shorter token could be guessed."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files of TLS, read."""

    chain: bytes
    key: bytes
    roots: bytes | None


class Tokens:
    """The tokens that callers may show. Kept as digests, compared in constant time."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._digests = tuple(hashlib.sha256(token.encode()).digest() for token in tokens)

    def know(self, authorization: str) -> bool:
        """Say whether a value of the header ``authorization`` shows one of them (RFC 6750: ``Bearer TOKEN``)."""
        scheme, _, token = authorization.partition(" ")
        shown = hashlib.sha256(token.strip().encode("utf-8", "replace")).digest()
        # All are compared, whichever fits: how long it takes says nothing.
        found = [hmac.compare_digest(shown, digest) for digest in self._digests]
        return scheme.lower() == "bearer" and any(found)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that was read."""

    engine: Engine
    certificates: Certificates | None
    """``None`` without TLS."""
    tokens: Tokens | None
    """``None`` where callers need show none."""


def load(settings: Settings, current: Engine | None = None) -> Loaded:
    """Read everything that settings name, and try it.

    Args:
        settings: where the files are.
        current: an engine that is taken where the rule set has not changed; without it one is built.

    Raises:
        ReloadRefusedError: something does not hold; the message says what.
    """
    try:
        rules = load_rules(settings.rules)
        same = current is not None and current.rules.sha256 == rules.sha256
        engine = current if current is not None and same else Engine(rules, max_chars=settings.max_document_chars)
    except RuleSetError as error:
        raise ReloadRefusedError(str(error)) from error
    return Loaded(engine, read_certificates(settings), read_tokens(settings))


def read_certificates(settings: Settings) -> Certificates | None:
    """Read certificate, key and roots, and see whether they fit each other.

    Raises:
        ReloadRefusedError: one cannot be read, or they do not fit.
    """
    if settings.certificate_chain is None or settings.private_key is None:
        return None
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.certificate_chain, settings.private_key)
        roots = None
        if settings.client_roots is not None:
            context.load_verify_locations(settings.client_roots)
            roots = settings.client_roots.read_bytes()
        return Certificates(settings.certificate_chain.read_bytes(), settings.private_key.read_bytes(), roots)
    except (OSError, ssl.SSLError) as error:
        names = (settings.certificate_chain, settings.private_key, settings.client_roots)
        files = ", ".join(str(name) for name in names if name is not None)
        raise ReloadRefusedError(f"the certificates cannot be used ({files}): {error}") from error


def read_tokens(settings: Settings) -> Tokens | None:
    """Read the tokens: one a line; blank lines and lines that begin with # are passed over.

    Raises:
        ReloadRefusedError: the file cannot be read, holds none, or one that is too short.
    """
    path = settings.token_file
    if path is None:
        return None
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise ReloadRefusedError(f"the tokens cannot be read ({path}): {error}") from error
    tokens = [line for line in lines if line and not line.startswith("#")]
    if not tokens:
        raise ReloadRefusedError(f"{path} holds no token; write one a line, or leave token_file out")
    if any(len(token) < _MIN_TOKEN_CHARS for token in tokens):
        raise ReloadRefusedError(f"{path} holds a token of fewer than {_MIN_TOKEN_CHARS} characters")
    return Tokens(tokens)
