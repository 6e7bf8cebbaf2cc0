"""A rule set: rules with a version, a hash and a provenance; loads whole or not at all.

The file is JSON Lines: a header, then one rule a line, then one table of the context network a line, so that two sets
can be compared line by line.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from dehusk_server.errors import RuleSetError
from dehusk_server.model import HUSK_KINDS, Kind
from dehusk_server.rules.built_in import BUILT_IN
from dehusk_server.rules.network import Network, Table, read_table, table_row
from dehusk_server.rules.rule import CONTEXTS, Family, Rule, Support

FORMAT: Final = 3
"""Version of the file format that this code reads and writes."""
SHIPPED: Final = "shipped.jsonl"
"""File name of the rule set that comes with the package."""
HTML: Final = "html/"
"""Begins the names of the tables of the network for HTML pages."""


@dataclass(frozen=True)
class RuleSet:
    """Rules that were learned together."""

    version: str
    """Name, day and the beginning of the hash."""
    sha256: str
    """Hash of the file's bytes, hexadecimal."""
    learned: str
    """Day it was learned, ISO 8601."""
    provenance: Mapping[str, str]
    """What it was learned from: corpora with their digests, counts, seed."""
    rules: tuple[Rule, ...]
    settings: Mapping[str, float] = field(default_factory=dict)
    """Numbers that were chosen with the rules, such as the default thresholds."""
    shipped: bool = False
    """Whether it is the set that comes with the package, whose counterexamples the tests try."""
    network: Network | None = None
    """What weighs a line among its neighbours; ``None`` in a set of rules that speak for each line alone."""
    html_network: Network | None = None
    """What does so on HTML pages; ``None`` in a set that cleans their text as any other."""

    @functools.cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by id, built-in ones too."""
        return {rule.id: rule for rule in (*self.rules, *BUILT_IN)}


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the head of a rule set's file; fields as in `RuleSet`."""

    name: str
    learned: str
    provenance: Mapping[str, str]
    settings: Mapping[str, float]


def load_rules(path: Path | None = None) -> RuleSet:
    """Load a rule set from a file, by default the shipped one.

    Raises:
        RuleSetError: the file cannot be read or does not hold a valid rule set.
    """
    source = files(__package__).joinpath(SHIPPED) if path is None else path
    try:
        content = source.read_bytes()
    except OSError as error:
        raise RuleSetError(f"{source}: the rule set cannot be read: {error.strerror or error}") from error
    return replace(parse_rules(content, str(source)), shipped=path is None)


def parse_rules(content: bytes, name: str) -> RuleSet:
    """Read a rule set from the bytes of its file.

    Raises:
        RuleSetError: names the line and the fault.
    """
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(content.splitlines(), 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise RuleSetError(f"{name}:{number}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise RuleSetError(f"{name}:{number}: a rule is a JSON object, found {type(row).__name__}")
        rows.append(row)
    if not rows or "dehusk_rules" not in rows[0]:
        raise RuleSetError(f"{name}:1: no rule set: the first line has no field 'dehusk_rules'")
    header = rows[0]
    if header["dehusk_rules"] != FORMAT:
        raise RuleSetError(
            f"{name}:1: format {header['dehusk_rules']!r}; this version reads format {FORMAT}: learn the set anew, or "
            "use the version of dehusk that wrote it"
        )
    digest = hashlib.sha256(content).hexdigest()
    try:
        learned = str(header["learned"])
        numbered = list(enumerate(rows[1:], 2))
        rules = tuple(_rule(row, learned, f"{name}:{number}") for number, row in numbered if "table" not in row)
        tables = [_table(row, f"{name}:{number}") for number, row in numbered if "table" in row]
        settings = {str(key): float(value) for key, value in header["settings"].items()}
        provenance = {str(key): str(value) for key, value in header["provenance"].items()}
        version = f"{header['name']}-{learned}+{digest[:8]}"
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise RuleSetError(f"{name}:1: the header is not complete: {error!r}") from error
    if not all(map(math.isfinite, settings.values())):
        raise RuleSetError(f"{name}:1: a setting is not a finite number: {settings}")
    if any("table" in row for row in rows[1 : 1 + len(rules)]):
        raise RuleSetError(f"{name}: a table stands between the rules; tables come last")
    _refuse_twins(rules, name)
    network = _network([one for one in tables if not one.name.startswith(HTML)], name)
    html = _network([replace(one, name=one.name[len(HTML) :]) for one in tables if one.name.startswith(HTML)], name)
    if html is not None and network is None:
        raise RuleSetError(f"{name}: the set has a network for HTML, but none for text")
    _check_context(rules, Family.CONTEXT, network, name)
    _check_context(rules, Family.DOM_CONTEXT, html, name)
    return RuleSet(version, digest, learned, provenance, rules, settings, network=network, html_network=html)


def _refuse_twins(rules: tuple[Rule, ...], name: str) -> None:
    seen: set[str] = set()
    for number, rule in enumerate(rules, 2):
        if rule.id in seen:
            raise RuleSetError(f"{name}:{number}: rule {rule.id!r} stands twice")
        seen.add(rule.id)


def _network(tables: list[Table], name: str) -> Network | None:
    if not tables:
        return None
    try:
        network = Network({table.name: table for table in tables})
    except ValueError as error:
        raise RuleSetError(f"{name}: {error}") from error
    if len(network.tables) != len(tables):
        raise RuleSetError(f"{name}: a table stands twice")
    return network


def _check_context(rules: tuple[Rule, ...], family: Family, network: Network | None, name: str) -> None:
    """Refuse a network without rules that stand for it as evidence, and such rules without a network."""
    found = {rule.id for rule in rules if rule.looks_at is family}
    wanted = set() if network is None else {f"{family}:{kind}" for kind in HUSK_KINDS}
    for rule_id in sorted(found - wanted):
        raise RuleSetError(f"{name}: rule {rule_id!r} stands for a context network, but the set has none")
    for rule_id in sorted(wanted - found):
        raise RuleSetError(f"{name}: the set has a context network, but no rule {rule_id!r} that stands for it")


def _table(row: dict[str, Any], place: str) -> Table:
    try:
        return read_table(row)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise RuleSetError(f"{place}: not a table: {error!r}") from error


def _rule(row: dict[str, Any], learned: str, place: str) -> Rule:
    try:
        weights = {Kind(kind): float(weight) for kind, weight in row["weights"].items()}
        support = row["support"]
        rule = Rule(
            id=str(row["id"]),
            looks_at=Family(row["id"].partition(":")[0]),
            reads=str(row["reads"]),
            weights=weights,
            support=Support(
                int(support["documents"]),
                int(support["sites"]),
                float(support["precision"]),
                tuple(map(str, support.get("taught_by", ()))),
            ),
            learned=str(row.get("learned", learned)),
            counterexamples=tuple(map(str, row.get("counterexamples", ()))),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise RuleSetError(f"{place}: not a rule: {error!r}") from error
    if not all(abs(weight) < 1e3 for weight in weights.values()):
        raise RuleSetError(f"{place}: a weight is not a number under 1000")
    if Kind.BODY in weights:
        raise RuleSetError(f"{place}: a weight for BODY; weights are log-odds against BODY, so it has none")
    if rule.looks_at in CONTEXTS and rule.id.partition(":")[2] not in HUSK_KINDS:
        raise RuleSetError(f"{place}: {rule.id!r} names no kind of husk")
    if rule.looks_at in CONTEXTS and weights:
        raise RuleSetError(f"{place}: {rule.id!r} has weights; what the context adds differs from line to line")
    if rule.looks_at is Family.MARK:
        raise RuleSetError(f"{place}: {rule.id!r} is of a family that is built in; a file cannot hold it")
    if not 0.0 <= rule.support.precision <= 1.0:
        raise RuleSetError(f"{place}: precision {rule.support.precision} is not a share; it must be 0 to 1")
    return rule


def render_rules(
    header: Header, rules: Iterable[Rule], network: Network | None = None, html_network: Network | None = None
) -> bytes:
    """Write a rule set as the bytes of its file; the same input gives the same bytes."""
    first = {
        "dehusk_rules": FORMAT,
        "name": header.name,
        "learned": header.learned,
        "settings": dict(header.settings),
        "provenance": dict(header.provenance),
    }
    lines = [json.dumps(first, ensure_ascii=False)]
    for rule in rules:
        support: dict[str, object] = {
            "documents": rule.support.documents,
            "sites": rule.support.sites,
            "precision": rule.support.precision,
        }
        if rule.support.taught_by:
            support["taught_by"] = list(rule.support.taught_by)
        row: dict[str, object] = {
            "id": rule.id,
            "reads": rule.reads,
            "weights": {kind.value: weight for kind, weight in rule.weights.items()},
            "support": support,
        }
        if rule.learned != header.learned:
            row["learned"] = rule.learned
        if rule.counterexamples:
            row["counterexamples"] = list(rule.counterexamples)
        lines.append(json.dumps(row, ensure_ascii=False))
    if network is not None:
        lines += [json.dumps(table_row(table)) for table in network.tables.values()]
    if html_network is not None:
        tables = (replace(table, name=f"{HTML}{table.name}") for table in html_network.tables.values())
        lines += [json.dumps(table_row(table)) for table in tables]
    return ("\n".join(lines) + "\n").encode()
