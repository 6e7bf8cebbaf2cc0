"""The command line: ``dehusk clean | serve | health | learn | evaluate | rules``, the same words as the API.

Imports wait until the command that needs them runs, so that ``dehusk --help`` is quick and ``dehusk clean --server``
needs the client alone.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from dehusk_server.cli.exits import BROKEN_PIPE, INTERRUPTED, USAGE, UsageError, say
from dehusk_server.cli.parser import build_parser

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments, without the program's name; by default those of the process.

    Returns:
        Exit status: 0 all went well, 1 some documents (or the command's work) failed, 2 the command was used wrongly.
    """
    _speak_utf8()
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else USAGE
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except UsageError as error:
        say(str(error))
        return USAGE
    except ModuleNotFoundError as error:
        return _say_what_is_not_installed(error)
    except BrokenPipeError:
        _let_go_of_stdout()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    return status


_EXTRAS = {
    "scipy": "learn",
    "starlette": "http",
    "uvicorn": "http",
    "prometheus_client": "http",
    "opentelemetry": "traces",
}


def _say_what_is_not_installed(error: ModuleNotFoundError) -> int:
    """Name the extra that holds the missing package; a missing module of our own is a fault and stays one."""
    name = (error.name or "").partition(".")[0]
    if name in {"", "dehusk", "dehusk_server"}:
        raise error
    extra = _EXTRAS.get(name, "server")
    say(f"this command needs the package {name}: pip install 'dehusk[{extra}]', or clean with --server HOST:PORT")
    return USAGE


def _speak_utf8() -> None:
    """Pages hold every character there is; a locale that cannot write them must not end the job."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def _let_go_of_stdout() -> None:
    """Whoever read our output has left; keep the interpreter from complaining about it when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return  # standard output is no file (a test holds it)
