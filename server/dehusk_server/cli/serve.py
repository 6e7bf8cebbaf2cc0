"""``dehusk serve``: run the gRPC service until it is told to stop."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING

from dehusk_server.cli.exits import FAILED, OK, UsageError, say
from dehusk_server.cli.rulesets import open_engine
from dehusk_server.cli.settings import read_settings
from dehusk_server.config import Settings

if TYPE_CHECKING:
    from dehusk_server.engine import Engine


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; return when calls under way have ended.

    Raises:
        UsageError: settings or rules that do not hold, or a port that cannot be opened.
    """
    from dehusk_server.serving import log

    settings = read_settings(arguments)
    log.configure(settings.log_level, settings.log_format)
    if settings.http:
        for package in ("prometheus_client", "starlette", "uvicorn"):
            importlib.import_module(package)  # what is not installed is said here, and not by each worker
    engine = open_engine(settings.rules, max_chars=settings.max_document_chars)
    try:
        if settings.workers:
            return _supervise(settings, engine)
        # Imported here: the supervisor must not have gRPC in its process when it forks.
        from dehusk_server.serving.app import serve

        serve(settings, engine, ready=_say_where)
    except (RuntimeError, OSError) as error:
        raise UsageError(f"cannot serve at {settings.address}: {error}") from error
    return OK


def _supervise(settings: Settings, engine: Engine) -> int:
    from dehusk_server.serving.supervisor import Supervisor, WorkersFailedError

    try:
        Supervisor(settings, engine, _say_where).run()
    except WorkersFailedError as error:
        say(str(error))
        return FAILED
    return OK


def _say_where(target: str) -> None:
    """Print the address, on standard output, for whoever started us on port 0."""
    sys.stdout.write(f"listening on {target}\n")
    sys.stdout.flush()
