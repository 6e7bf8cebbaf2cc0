"""Names of rule sets on the command line: a path, or the one that is built in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dehusk_server.cli.exits import UsageError
from dehusk_server.errors import RuleSetError
from dehusk_server.rules.ruleset import RuleSet, load_rules

if TYPE_CHECKING:
    from dehusk_server.engine import Engine

SHIPPED = "shipped"


def rules_path(name: str | Path | None) -> Path | None:
    """Return the path of a rule set; ``None`` for the shipped one, which is what ``shipped`` means."""
    if name is None or str(name) == SHIPPED:
        return None
    return Path(name)


def open_rules(name: str | Path | None) -> RuleSet:
    """Load a rule set.

    Raises:
        UsageError: there is none at that path, or it is broken.
    """
    try:
        return load_rules(rules_path(name))
    except RuleSetError as error:
        raise UsageError(str(error)) from error


def open_engine(name: str | Path | None, *, max_chars: int | None = None) -> Engine:
    """Load a rule set and build the engine that cleans by it.

    Args:
        name: path of a rule set, or ``shipped``.
        max_chars: ceiling for one document, in code points; ``None`` for the engine's own.

    Raises:
        UsageError: there is none at that path, it is broken, or a rule reads what this version does not know.
    """
    from dehusk_server.engine import DEFAULT_MAX_CHARS, Engine

    rules = open_rules(name)
    try:
        return Engine(rules, max_chars=DEFAULT_MAX_CHARS if max_chars is None else max_chars)
    except RuleSetError as error:
        raise UsageError(str(error)) from error
