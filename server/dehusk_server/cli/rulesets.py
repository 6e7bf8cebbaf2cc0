"""Names of rule sets on the command line: a path, or the one that is built in."""

from __future__ import annotations

from pathlib import Path

from dehusk_server.cli.exits import UsageError
from dehusk_server.errors import RuleSetError
from dehusk_server.rules.ruleset import RuleSet, load_rules

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
