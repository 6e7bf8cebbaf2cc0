"""``dehusk serve``: run the gRPC service until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import sys

from dehusk_server.cli.exits import OK, UsageError
from dehusk_server.cli.rulesets import open_engine
from dehusk_server.cli.settings import read_settings


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; return when calls under way have ended.

    Raises:
        UsageError: settings or rules that do not hold, or a port that cannot be opened.
    """
    from dehusk_server.serving.app import serve

    settings = read_settings(arguments)
    logging.basicConfig(
        level=arguments.log_level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    name = arguments.rules or os.environ.get("DEHUSK_RULES") or None
    engine = open_engine(name, max_chars=settings.max_document_chars)
    try:
        serve(settings, engine, ready=_say_where)
    except (RuntimeError, OSError) as error:
        raise UsageError(f"cannot serve at {settings.address}: {error}") from error
    return OK


def _say_where(target: str) -> None:
    """Print the address, on standard output, for whoever started us on port 0."""
    sys.stdout.write(f"listening on {target}\n")
    sys.stdout.flush()
