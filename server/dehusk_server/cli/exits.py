"""Exit statuses, and the one way of speaking to the person at the terminal."""

from __future__ import annotations

import sys

OK = 0
FAILED = 1
"""Some documents failed, or the work of the command did."""
USAGE = 2
"""The command was used wrongly, or cannot start as it was asked to."""
INTERRUPTED = 130
"""As shells count SIGINT."""
BROKEN_PIPE = 141
"""As shells count SIGPIPE."""


class UsageError(Exception):
    """The command cannot do what was asked; the message says what to change."""


def say(message: str) -> None:
    """Write one line to standard error."""
    print(f"dehusk: {message}", file=sys.stderr)  # noqa: T201 - this is where the command line speaks
