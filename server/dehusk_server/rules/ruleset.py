"""A rule set: rules with a version, a hash and a provenance; loads whole or not at all."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dehusk_server.rules.rule import Rule


@dataclass(frozen=True)
class RuleSet:
    """Rules that were learned together."""

    version: str
    sha256: str
    learned: str
    provenance: Mapping[str, str]
    rules: tuple[Rule, ...]

    @functools.cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by id."""
        return {rule.id: rule for rule in self.rules}


def load_rules(path: Path | None = None) -> RuleSet:
    """Load a rule set from a file, by default the shipped one.

    Raises:
        RuleSetError: the file cannot be read or does not hold a valid rule set.
    """
    return RuleSet(version="0", sha256="", learned="", provenance={}, rules=())
