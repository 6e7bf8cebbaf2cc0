"""``dehusk serve``: run the gRPC service until it is told to stop."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import sys
from typing import TYPE_CHECKING

from dehusk_server.cli.exits import FAILED, OK, UsageError, say
from dehusk_server.cli.rulesets import open_engine, rules_path
from dehusk_server.cli.settings import read_settings, variable
from dehusk_server.config import Settings

if TYPE_CHECKING:
    from dehusk_server.serving.reload import Loaded


_HTTP = ("prometheus_client", "starlette", "uvicorn")
_TRACES = ("opentelemetry.sdk",)


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; return when calls under way have ended.

    Raises:
        UsageError: settings or rules that do not hold, or a port that cannot be opened.
    """
    from dehusk_server.serving import log

    settings = read_settings(arguments)
    settings = dataclasses.replace(settings, rules=rules_path(settings.rules))
    log.configure(settings.log_level, settings.log_format)
    # What is not installed is said here, and not by each worker.
    for package in (*_HTTP * settings.http, *_TRACES * bool(settings.traces)):
        importlib.import_module(package)
    _find_exporter(settings.traces)
    loaded = _load(settings)
    if arguments.check:
        return _say_what_holds(settings, loaded)
    try:
        if settings.workers:
            return _supervise(settings, loaded)
        # Imported here: the supervisor must not have gRPC in its process when it forks.
        from dehusk_server.serving.app import serve

        serve(settings, loaded.engine, ready=_say_where)
    except (RuntimeError, OSError) as error:
        raise UsageError(f"cannot serve at {settings.address}: {error}") from error
    return OK


def _find_exporter(name: str) -> None:
    if name:
        from dehusk_server.serving import tracing

        try:
            tracing.find_exporter(name)
        except ValueError as error:
            raise UsageError(str(error)) from error


def _load(settings: Settings) -> Loaded:
    from dehusk_server.serving.faults import ReloadRefusedError
    from dehusk_server.serving.reload import Loaded, read_certificates, read_tokens

    engine = open_engine(settings.rules, max_chars=settings.max_document_chars)
    try:
        return Loaded(engine, read_certificates(settings), read_tokens(settings))
    except ReloadRefusedError as error:
        raise UsageError(str(error)) from error


def _say_what_holds(settings: Settings, loaded: Loaded) -> int:
    """Print the settings, each as the environment would have it, and the rule set that was tried."""
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        sys.stdout.write(f"{variable(field.name)}={'' if value is None else value}\n")
    sys.stdout.write(f"# all of this holds; rule set {loaded.engine.rules.version}\n")
    return OK


def _supervise(settings: Settings, loaded: Loaded) -> int:
    from dehusk_server.serving.supervisor import Supervisor, WorkersFailedError

    try:
        Supervisor(settings, loaded, _say_where).run()
    except WorkersFailedError as error:
        say(str(error))
        return FAILED
    return OK


def _say_where(target: str) -> None:
    """Print the address, on standard output, for whoever started us on port 0."""
    sys.stdout.write(f"listening on {target}\n")
    sys.stdout.flush()
