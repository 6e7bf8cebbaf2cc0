"""The service's settings on the command line and in the environment; the one place that reads the environment.

A flag counts before the environment, the environment before the default: ``--threads 4``, ``DEHUSK_THREADS=4``.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from dehusk_server.cli.exits import UsageError
from dehusk_server.cli.values import truth
from dehusk_server.config import Settings

HELP: Mapping[str, str] = {
    "host": "address to listen on; 0.0.0.0 for all interfaces",
    "port": "port to listen on; 0 takes a free one and prints it",
    "unix_socket": "Unix domain socket to listen on in place of a port, for one worker",
    "rules": "rule set to clean by, or the shipped one",
    "workers": "processes that serve, under a supervisor; 0 serves in this process",
    "threads": "threads of a worker that clean",
    "max_document_chars": "code points of one document",
    "max_document_seconds": "seconds for one document",
    "max_message_bytes": "bytes of one message",
    "max_concurrent_documents": "documents under way at once in a worker; beyond it callers are told to wait",
    "max_concurrent_streams": "streams under way at once in a worker",
    "retry_after_ms": "milliseconds that a caller who was turned away is told to wait",
    "max_worker_documents": "documents after which a worker is replaced, 0 for never",
    "max_worker_megabytes": "memory above which a worker is replaced, 0 for never",
    "max_silence_seconds": "seconds without a sign of life after which a worker is killed and replaced",
    "notice_seconds": "seconds between saying NOT_SERVING and taking no new call, at shutdown",
    "grace_seconds": "seconds that calls under way have to finish at shutdown",
    "recycle_seconds": "seconds that calls under way have to finish in a worker that is replaced",
    "certificate_chain": "PEM file with the server's certificate (TLS)",
    "private_key": "PEM file with the server's key (TLS)",
    "client_roots": "PEM file with who vouches for clients (mutual TLS)",
    "token_file": "file with the tokens that callers may show, one a line",
    "reload_call": "answer the call ReloadRules; SIGHUP reloads in any case",
    "reflection": "serve the standard reflection service",
    "traces": "OpenTelemetry exporter that takes a span for each call, such as otlp or console",
    "http": "open the HTTP door too: JSON, health, metrics, a page to try it",
    "http_host": "address of the HTTP door",
    "http_port": "port of the HTTP door; 0 takes a free one and prints it",
    "log_format": "text, or json for one object a line",
    "log_level": "what is logged: debug, info, warning or error",
}
"""What each setting does, in the words of ``--help``."""

ADDRESS = "DEHUSK_ADDRESS"
"""The twin of ``--address``; host, port or socket given by name count before it."""


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Give the parser one flag for each setting."""
    for field in dataclasses.fields(Settings):
        flag = "--" + field.name.replace("_", "-")
        text = HELP[field.name] if field.default in (None, "") else f"{HELP[field.name]} (default: {field.default})"
        if isinstance(field.default, bool):
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, help=text)
        else:
            metavar = "FILE" if field.default is None else field.name.rpartition("_")[2].upper()
            parser.add_argument(flag, type=_reader(field), metavar=metavar, help=text)


def read_settings(arguments: argparse.Namespace, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that flags and environment give.

    Raises:
        UsageError: a value that is none, or out of range; the message says which.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for field in dataclasses.fields(Settings):
        name = variable(field.name)
        given = getattr(arguments, field.name, None)
        if given is not None:
            values[field.name] = given
        elif environment.get(name):
            values[field.name] = _from_environment(field, name, environment[name])
    if arguments.address is not None:
        values |= _address("--address", arguments.address)
    elif environment.get(ADDRESS) and not {"host", "port", "unix_socket"} & values.keys():
        values |= _address(ADDRESS, environment[ADDRESS])
    try:
        return Settings(**values)  # type: ignore[arg-type]  # each value was read by its field's own reader
    except ValueError as error:
        raise UsageError(str(error)) from error


def variable(name: str) -> str:
    """Return the variable of the environment that is the twin of a setting."""
    return f"DEHUSK_{name.upper()}"


def _reader(field: dataclasses.Field[object]) -> Callable[[str], object]:
    """Return what makes a value of a text: by the type of the default; what has none is a file."""
    return Path if field.default is None else type(field.default)


def _from_environment(field: dataclasses.Field[object], name: str, text: str) -> object:
    try:
        return truth(text) if isinstance(field.default, bool) else _reader(field)(text)
    except (ValueError, argparse.ArgumentTypeError):
        raise UsageError(f"{name} is {text!r}; the default is {field.default!r}") from None


def _address(given: str, text: str) -> dict[str, object]:
    host, colon, port = text.rpartition(":")
    if host == "unix" and port:
        return {"unix_socket": Path(port)}
    if not colon or not host or not port.isdecimal():
        raise UsageError(f"{given} is {text!r}; write HOST:PORT, such as 0.0.0.0:50051 or [::]:50051, or unix:PATH")
    return {"host": host, "port": int(port)}
