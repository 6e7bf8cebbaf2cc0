"""Rule sets: read whole or not at all, written to the byte, named by version and hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.errors import RuleSetError
from dehusk_server.model import HUSK_KINDS, Kind
from dehusk_server.rules.built_in import BUILT_IN
from dehusk_server.rules.network import Network, sizes
from dehusk_server.rules.rule import CONTEXTS, Family, Rule, Support
from dehusk_server.rules.ruleset import Header, load_rules, parse_rules, render_rules
from dehusk_server.rules.weights import compile_weights
from unit.engine.tiny import LEARNED, rule, rule_file, rule_set
from unit.rules.networks import BINS, drawn_network

HEADER: dict[str, Any] = {
    "dehusk_rules": 3,
    "name": "tiny",
    "learned": LEARNED,
    "settings": {"threshold": 0.5},
    "provenance": {"pages": "4"},
}
RULE: dict[str, Any] = {
    "id": "phrase:read more",
    "reads": "the words “read more”",
    "weights": {"RELATED": 2.5},
    "support": {"documents": 4, "sites": 3, "precision": 0.75, "taught_by": ["p1"]},
}
CONTEXT = [rule(f"context:{kind}", {}) for kind in HUSK_KINDS]


def content(*rows: dict[str, Any] | str) -> bytes:
    """Return the bytes of a file of these rows; strings go in as they are."""
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows).encode()


def without(row: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a row that lacks a field."""
    return {key: value for key, value in row.items() if key != name}


def supported(**changes: Any) -> dict[str, Any]:
    """Return a rule whose support differs."""
    return RULE | {"support": RULE["support"] | changes}


def test_a_rule_set_as_it_is_read() -> None:
    """Every field of header and rule arrives, the family from the id; the rule's day is the set's unless it says so."""
    other = RULE | {"id": "shape:words=2", "learned": "x"}
    data = content(HEADER, RULE | {"counterexamples": ["Read more books"]}, other)

    found = parse_rules(data, "tiny.jsonl")

    assert found.rules[0] == Rule(
        id="phrase:read more",
        looks_at=Family.PHRASE,
        reads="the words “read more”",
        weights={Kind.RELATED: 2.5},
        support=Support(4, 3, 0.75, ("p1",)),
        learned=LEARNED,
        counterexamples=("Read more books",),
    )
    assert found.rules[1].learned == "x"
    own = {"phrase:read more": found.rules[0], "shape:words=2": found.rules[1]}
    assert found.by_id == own | {rule.id: rule for rule in BUILT_IN}
    assert (found.learned, found.settings, found.provenance) == (LEARNED, {"threshold": 0.5}, {"pages": "4"})


def test_version_and_hash_are_of_the_bytes() -> None:
    """The hash is that of the file; the version is name, day and the beginning of the hash."""
    data = content(HEADER, RULE)
    found = parse_rules(data, "x")

    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.version == f"tiny-{LEARNED}+{found.sha256[:8]}"
    assert parse_rules(content(HEADER, RULE | {"reads": "other"}), "x").version != found.version


@pytest.mark.parametrize(
    ("data", "line", "fault"),
    [
        (b"", 1, "no field 'dehusk_rules'"),
        (content(RULE), 1, "no field 'dehusk_rules'"),
        (content(HEADER | {"dehusk_rules": 1}), 1, "format 1; this version reads format 3: learn the set anew"),
        (content(HEADER | {"dehusk_rules": "3"}), 1, "format '3'; this version reads format 3"),
        (content("{"), 1, "not JSON"),
        (content(HEADER, "", RULE), 2, "not JSON"),
        (content(HEADER, RULE, "[1]"), 3, "found list"),
        (b"\xff\xfe\n", 1, "not JSON"),
        (content(HEADER, "[" * 100_000), 2, "not JSON"),
        (content(without(HEADER, "name")), 1, "'name'"),
        (content(without(HEADER, "learned")), 1, "'learned'"),
        (content(without(HEADER, "settings")), 1, "'settings'"),
        (content(HEADER | {"settings": {"threshold": "high"}}), 1, "header is not complete"),
        (content(HEADER | {"settings": {"threshold": float("nan")}}), 1, "not a finite number"),
        (content(HEADER | {"provenance": []}), 1, "header is not complete"),
        (content(HEADER, RULE, RULE), 3, "'phrase:read more' stands twice"),
        (content(HEADER, RULE | {"id": "guess:x"}), 2, "'guess' is not a valid Family"),
        (content(HEADER, RULE | {"id": 3}), 2, "not a rule"),
        (content(HEADER, RULE | {"weights": {"SPAM": 1}}), 2, "'SPAM' is not a valid Kind"),
        (content(HEADER, RULE | {"weights": {"SHARE": "a"}}), 2, "could not convert"),
        (content(HEADER, RULE | {"weights": {"SHARE": float("nan")}}), 2, "not a number under 1000"),
        (content(HEADER, RULE | {"weights": {"SHARE": float("inf")}}), 2, "not a number under 1000"),
        (content(HEADER, RULE | {"weights": {"SHARE": -1000}}), 2, "not a number under 1000"),
        (content(HEADER, RULE | {"weights": []}), 2, "not a rule"),
        (content(HEADER, without(RULE, "id")), 2, "'id'"),
        (content(HEADER, without(RULE, "reads")), 2, "'reads'"),
        (content(HEADER, without(RULE, "support")), 2, "'support'"),
        (content(HEADER, RULE | {"support": {"documents": 1, "sites": 1}}), 2, "'precision'"),
        (content(HEADER, RULE | {"weights": {"BODY": 1.0}}), 2, "a weight for BODY"),
        (content(HEADER, RULE | {"id": "context:SPAM", "weights": {}}), 2, "'context:SPAM' names no kind of husk"),
        (content(HEADER, RULE | {"id": "context:BODY", "weights": {}}), 2, "'context:BODY' names no kind of husk"),
        (content(HEADER, RULE | {"id": "context:SHARE"}), 2, "'context:SHARE' has weights"),
        (content(HEADER, supported(documents=float("inf"))), 2, "not a rule"),
        (content(HEADER, supported(precision=float("nan"))), 2, "not a share"),
        (content(HEADER, supported(precision=1.5)), 2, "not a share"),
    ],
)
def test_a_broken_file_is_named_with_line_and_fault(data: bytes, line: int, fault: str) -> None:
    """Nothing of a broken set is loaded; the message says which line is at fault, and why."""
    with pytest.raises(RuleSetError) as caught:
        parse_rules(data, "folder/tiny.jsonl")

    assert str(caught.value).startswith(f"folder/tiny.jsonl:{line}: ")
    assert fault in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The path and what the system says of it."""
    with pytest.raises(RuleSetError, match=r"none\.jsonl: the rule set cannot be read: No such file"):
        load_rules(tmp_path / "none.jsonl")


def test_a_file_is_loaded_from_a_path(tmp_path: Path) -> None:
    """A set from a file is the set of its bytes."""
    path = tmp_path / "tiny.jsonl"
    path.write_bytes(content(HEADER, RULE))

    assert load_rules(path) == parse_rules(content(HEADER, RULE), "")


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (["shape:words=3", "shape:words=99"], "line 3: rule 'shape:words=99': no such shape"),
        (["shape:"], "line 2: rule 'shape:': no such shape"),
        (["part-shape:words=3"], "line 2: rule 'part-shape:words=3': no such shape"),
        (["phrase:a b", "phrase:no-word"], "line 3: rule 'phrase:no-word': 'no-word' is not one word"),
        (["phrase:"], "line 2: rule 'phrase:': '' is not one word"),
        (["phrase:a b c d"], "line 2: rule 'phrase:a b c d': phrase 'a b c d' has 4 words"),
        (["part-phrase:a.b"], "line 2: rule 'part-phrase:a.b': 'a.b' is not one word"),
        (["phrase:read", "phrase:other", "phrase:READ"],
         "line 4: rule 'phrase:READ': looks for the same words as rule 'phrase:read'"),
        (["shape:words=2+end=1"], "line 2: rule 'shape:words=2+end=1': no such shape"),
    ],
)  # fmt: skip
def test_a_rule_that_reads_what_this_version_does_not_know(rules: list[str], fault: str) -> None:
    """A rule that could never fire as it stands is refused with set, line and id."""
    found = rule_set({rule_id: {Kind.SHARE: 1.0} for rule_id in rules})

    with pytest.raises(RuleSetError) as caught:
        compile_weights(found)

    assert fault in str(caught.value)
    assert found.version in str(caught.value)


_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_support = st.builds(
    Support,
    documents=st.integers(0, 10**6),
    sites=st.integers(0, 10**6),
    precision=st.floats(0, 1),
    taught_by=st.lists(_words, max_size=3).map(tuple),
)
_rules = st.builds(
    lambda family, place, reads, weights, support, learned, against: Rule(
        f"{family}:{place}", family, reads, weights, support, learned, tuple(against)
    ),
    st.sampled_from([family for family in Family if family not in {*CONTEXTS, Family.MARK}]),
    _words,
    _words,
    st.dictionaries(st.sampled_from(HUSK_KINDS), st.floats(-999, 999)),
    _support,
    st.sampled_from([LEARNED, "2026-01-01"]),
    st.lists(_words, max_size=2),
)
_networks = st.none() | st.builds(drawn_network, st.integers(0, 99), st.integers(1, 3), st.integers(1, 3))


@settings(max_examples=60)
@given(st.lists(_rules, max_size=6, unique_by=lambda one: one.id), st.dictionaries(_words, st.floats(-9, 9)), _networks)
def test_what_is_written_is_read_again(rules: list[Rule], numbers: dict[str, float], network: Network | None) -> None:
    """Any rules and any network survive the file unchanged, and written again they give the same bytes."""
    if network is not None:
        rules = rules + [rule(f"context:{kind}", {}) for kind in HUSK_KINDS]
    header = Header("tiny", LEARNED, {"a": "b"}, numbers)
    data = render_rules(header, rules, network)
    found = parse_rules(data, "tiny.jsonl")

    assert list(found.rules) == rules
    assert found.network == network
    assert (dict(found.settings), dict(found.provenance), found.learned) == (numbers, {"a": "b"}, LEARNED)
    assert render_rules(header, found.rules, found.network) == data


def test_a_set_is_one_line_a_rule() -> None:
    """Two sets can be compared line by line: a header, then a rule a line, in their order."""
    data = rule_file([rule("phrase:b", {Kind.SHARE: 1.0}), rule("phrase:a", {Kind.SHARE: 1.0})])

    assert [json.loads(line).get("id") for line in data.splitlines()] == [None, "phrase:b", "phrase:a"]
    assert data.endswith(b"}\n")


def test_tables_come_last_one_a_line() -> None:
    """The network follows the rules, one table a line, whole numbers row by row."""
    data = render_rules(Header("tiny", LEARNED, {}, {}), CONTEXT, drawn_network(0))
    rows = [json.loads(line) for line in data.splitlines()]
    tables = rows[1 + len(CONTEXT) :]

    assert [row["table"] for row in tables] == [name for name, _ in sizes(BINS, 3, 4)]
    assert all(len(row["values"]) == row["rows"] * row["columns"] for row in tables)
    assert {type(value) for row in tables for value in row["values"]} == {int}


def broken(change: Callable[[list[dict[str, Any]]], object]) -> bytes:
    """Return the file of a set with a network after something was done to its tables."""
    rows = [
        json.loads(line)
        for line in render_rules(Header("tiny", LEARNED, {}, {}), CONTEXT, drawn_network(0)).splitlines()
    ]
    tables = rows[1 + len(CONTEXT) :]
    change(tables)
    return content(*rows[: 1 + len(CONTEXT)], *tables)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda tables: tables.pop(), "table 'answer.bias' of the context network is missing"),
        (lambda tables: tables.pop(0), "table 'shape.hidden' of the context network is missing"),
        (lambda tables: tables.append(tables[-1] | {"table": "more"}), "no table 'more' belongs to a context network"),
        (lambda tables: tables.append(tables[-1]), "a table stands twice"),
        (lambda tables: tables[-1].update(columns=16), "table 'answer.bias' is 1 by 16, not 1 by 17"),
        (lambda tables: tables[-1].update(values=[0] * 16), "table 'answer.bias' holds 16 numbers, not 1 by 17"),
        (lambda tables: tables[-1].update(values=[1 << 16] * 17), "table 'answer.bias' holds a number above 32768"),
        (lambda tables: tables[-1].update(values=[-(1 << 16)] * 17), "table 'answer.bias' holds a number above 32768"),
        (lambda tables: tables[-1].update(values=[0.5] * 17), "the values of a table are whole numbers"),
        (lambda tables: tables[-1].update(values=[True] * 17), "the values of a table are whole numbers"),
        (lambda tables: tables[-1].update(values="0"), "the values of a table are whole numbers"),
        (lambda tables: tables[-1].update(rows=float("inf")), ":54: not a table"),
        (lambda tables: tables[-1].update(rows=None), ":54: not a table"),
        (lambda tables: tables[-1].pop("values"), ":54: not a table: KeyError('values')"),
        (lambda tables: [table.update(columns=0, values=[]) for table in tables[:1]], "the context network is empty"),
    ],
)  # fmt: skip
def test_a_broken_network_is_refused_with_table_and_fault(
    change: Callable[[list[dict[str, Any]]], object], fault: str
) -> None:
    """A network is read whole or not at all; the message names the table or its line."""
    with pytest.raises(RuleSetError) as caught:
        parse_rules(broken(change), "tiny.jsonl")

    assert str(caught.value).startswith("tiny.jsonl")
    assert fault in str(caught.value)


def test_a_table_between_the_rules_is_refused() -> None:
    """Rules are numbered by their lines, so tables stand below them."""
    rows = [json.loads(line) for line in rule_file([], network=drawn_network(0)).splitlines()]

    with pytest.raises(RuleSetError, match="a table stands between the rules; tables come last"):
        parse_rules(content(rows[0], *rows[1:], RULE), "tiny.jsonl")


def test_network_and_context_rules_come_together() -> None:
    """What the network adds can be looked up as a rule for each kind; such a rule without a network never speaks."""
    alone = content(HEADER, RULE | {"id": "context:SHARE", "weights": {}})

    with pytest.raises(RuleSetError, match="no rule 'context:TAGS' that stands for it"):
        parse_rules(rule_file([one for one in CONTEXT if one.id != "context:TAGS"], network=drawn_network(0)), "x")
    with pytest.raises(RuleSetError, match="rule 'context:SHARE' stands for a context network, but the set has none"):
        parse_rules(alone, "x")


def test_the_strongest_kind_of_a_rule() -> None:
    """A rule speaks for the kind of its largest weight; where all are against, for the body."""
    assert rule("phrase:a", {Kind.SHARE: 1.0, Kind.LEGAL: 2.0}).strongest is Kind.LEGAL
    assert rule("phrase:a", {Kind.SHARE: -1.0}).strongest is Kind.BODY
    assert rule("context:TAGS", {}).strongest is Kind.TAGS


def test_the_shipped_set_loads_and_says_where_it_comes_from() -> None:
    """It compiles; every rule reads in words, weighs something or stands for the network, and was seen somewhere."""
    found = load_rules()
    compile_weights(found)

    assert found.rules
    assert found.network is not None
    assert found.provenance
    assert found.shipped
    assert all(0 < found.settings[name] < 1 for name in ("threshold", "part_threshold"))
    for one in found.rules:
        assert one.reads.strip()
        assert bool(one.weights) is (one.looks_at not in CONTEXTS)
        assert one.support.documents >= one.support.sites > 0
    assert {one.id for one in found.rules if one.looks_at is Family.CONTEXT} == {
        f"context:{kind}" for kind in HUSK_KINDS
    }
