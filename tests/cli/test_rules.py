"""`dehusk rules`: rule sets shown, compared, and asked about one place of a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commandline import Run
from dehusk_server import engine as engine_module
from dehusk_server.cli import rulesets
from dehusk_server.errors import InvalidInputError, RuleSetError
from dehusk_server.model import Argument, Document, Evidence, Explanation, Kind, Piece
from dehusk_server.rules.rule import Rule, Support
from dehusk_server.rules.ruleset import RuleSet

PHRASE: Any = "phrase"
"""A family, as a rule file writes it."""


def rule(rule_id: str, kind: Kind, weight: float) -> Rule:
    """Return a rule that speaks for one kind."""
    support = Support(documents=12, sites=7, precision=0.975, taught_by=("seed/1",))
    weights = {kind: weight, Kind.OTHER: -0.5}
    return Rule(rule_id, PHRASE, f"the words of {rule_id}", weights, support, "2026-01-31", ("not this",))


BEFORE = RuleSet(
    "1.0",
    "aa",
    "2026-01-31",
    {"seed": "0"},
    (rule("p1", Kind.SHARE, 1.0), rule("p2", Kind.SHARE, 3.0), rule("p3", Kind.BYLINE, 2.0)),
)
AFTER = RuleSet(
    "1.1",
    "bb",
    "2026-02-28",
    {"seed": "0"},
    (rule("p1", Kind.SHARE, 1.5), rule("p3", Kind.BYLINE, 2.0), rule("p4", Kind.LEGAL, 1.0)),
)


@pytest.fixture(autouse=True)
def rule_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put two small rule sets in the place of files: ``None`` and ``before`` give the first, ``after`` the second."""

    def load(path: Path | None = None) -> RuleSet:
        sets = {None: BEFORE, "before": BEFORE, "after": AFTER}
        name = None if path is None else path.name
        if name not in sets:
            raise RuleSetError(f"{name}: no such rule set")
        return sets[name]

    monkeypatch.setattr(rulesets, "load_rules", load)


def test_show_lists_rules_by_kind_strongest_first(dehusk: Run) -> None:
    """Kinds in their order, the strongest rule of each first, with weight, words and evidence."""
    out = dehusk("rules", "show").out

    assert [line.split()[0] for line in out.splitlines()[1:] if line] == ["BYLINE", "p3", "SHARE", "p2", "p1"]
    assert "p2  +3.00 SHARE  phrase: the words of p2  [12 documents, 7 sites, precision 0.97]  taught by seed/1" in out


def test_show_can_be_narrowed(dehusk: Run) -> None:
    """--kind and --limit leave only what was asked for."""
    out = dehusk("rules", "show", "--kind", "share", "--limit", "1").out

    assert ("p2" in out, "p1" in out, "p3" in out) == (True, False, False)


def test_show_gives_one_rule_whole(dehusk: Run) -> None:
    """With an id: every weight, the evidence, and the counterexamples."""
    out = dehusk("rules", "show", "p1").out

    assert "SHARE +1.00, OTHER -0.50" in out
    assert "'not this'" in out


def test_show_as_json(dehusk: Run) -> None:
    """The same as data."""
    shown = json.loads(dehusk("rules", "show", "--output", "json", "--kind", "BYLINE").out)

    assert (shown["version"], [each["id"] for each in shown["rules"]]) == ("1.0", ["p3"])
    assert shown["rules"][0]["support"] == {"documents": 12, "sites": 7, "precision": 0.975}


def test_an_unknown_id_fails(dehusk: Run) -> None:
    """An id that the set does not hold is named."""
    ended = dehusk("rules", "show", "p1", "p9")

    assert (ended.status, "p9" in ended.err, "p1" in ended.err) == (1, True, False)


def test_diff_says_what_came_went_and_moved(dehusk: Run) -> None:
    """Added, taken away, and changed weights, each on its line."""
    lines = dehusk("rules", "diff", "before", "after").out.splitlines()

    assert [line.split()[:2] for line in lines[1:-1]] == [["-", "p2"], ["+", "p4"], ["~", "p1"]]
    assert lines[3] == "~ p1  SHARE +1.00 -> +1.50"
    assert lines[-1] == "1 came, 1 went, 1 changed their weights"


def test_diff_of_a_set_with_itself_is_nothing(dehusk: Run) -> None:
    """Equal hashes: the same rules."""
    assert "the same rules" in dehusk("rules", "diff", "before", "shipped").out


def test_diff_overlooks_small_moves_when_told(dehusk: Run) -> None:
    """--tolerance says how close weights count as equal."""
    out = dehusk("rules", "diff", "before", "after", "--tolerance", "0.6").out

    assert out.endswith("1 came, 1 went, 0 changed their weights\n")


@pytest.mark.parametrize("tolerance", ["nan", "-1", "wide"])
def test_a_tolerance_that_is_none_is_refused(dehusk: Run, tolerance: str) -> None:
    """Compared with a NaN, nothing would seem to move."""
    ended = dehusk("rules", "diff", "before", "after", f"--tolerance={tolerance}")

    assert (ended.status, ended.out) == (2, "")


@pytest.mark.parametrize(
    "command", [["show", "--rules"], ["diff", "shipped"], ["explain", "-", "--offset", "0", "--rules"]]
)
def test_a_rule_set_that_is_not_there_is_wrong_use(dehusk: Run, command: list[str]) -> None:
    """A path without a rule set ends with status 2 and its name."""
    ended = dehusk("rules", *command, "nowhere", stdin=b"text")

    assert (ended.status, "nowhere: no such rule set" in ended.err) == (2, True)


def test_rules_that_are_not_there_stop_the_server(dehusk: Run) -> None:
    """A server never starts with other rules than it was told to."""
    ended = dehusk("serve", "--address", "127.0.0.1:0", "--rules", "nowhere")

    assert (ended.status, "nowhere: no such rule set" in ended.err) == (2, True)


@pytest.mark.parametrize(
    "command",
    [["clean", "-"], ["serve", "--address", "127.0.0.1:0"], ["rules", "explain", "-", "--offset", "0"]],
    ids=["clean", "serve", "explain"],
)
def test_rules_that_this_version_does_not_know_are_wrong_use(
    dehusk: Run, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """A set that loads, but that no engine can be built from, is said in words as well."""

    def refuse(rules: RuleSet, *, max_chars: int) -> None:
        raise RuleSetError(f"rule set {rules.version}: no such shape in this version ({max_chars})")

    monkeypatch.setattr(engine_module, "Engine", refuse)

    ended = dehusk(*command, stdin=b"text")

    assert (ended.status, "rule set 1.0: no such shape" in ended.err) == (2, True)


class Explains:
    """Stands in for the engine."""

    def __init__(self, rules: RuleSet, *, max_chars: int) -> None:
        self.rules, self.max_chars = rules, max_chars

    def explain(self, document: Document, offset: int) -> Explanation:
        """Explain everything by rule p1."""
        if offset >= len(document.text):
            raise InvalidInputError("offset", f"offset {offset} is outside the text of {len(document.text)} characters")
        evidence = (Evidence("p1", 1.0, 0, 5), Evidence("p3", -0.5, 6, 10))
        arguments = (Argument(Kind.SHARE, 0.75, evidence), Argument(Kind.BODY, 0.25))
        return Explanation(
            Piece(0, 10, Kind.SHARE, removed=True, confidence=0.75, evidence=evidence), arguments, document.text
        )


def test_explain_shows_what_spoke_for_and_against(dehusk: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The decision, then each kind with probability and margin, then the rules on both sides."""
    monkeypatch.setattr(engine_module, "Engine", Explains)
    page = tmp_path / "page.txt"
    page.write_text("Share this story", encoding="utf-8")

    lines = dehusk("rules", "explain", page, "--find", "this").out.splitlines()

    assert lines[0] == "0..10  removed as SHARE, confidence 0.75, rules 1.0"
    assert lines[2] == "SHARE        probability 0.750, margin +1.10 against BODY"
    assert lines[3] == "    for     +1.00  p1  the words of p1  at 'Share'"
    assert lines[4] == "    against -0.50  p3  the words of p3  at 'this'"


@pytest.mark.parametrize(("place", "status"), [(["--offset", "99"], 1), (["--offset", "-1"], 2), (["--find", "x"], 2)])
def test_explain_refuses_a_place_outside_the_text(
    dehusk: Run, monkeypatch: pytest.MonkeyPatch, place: list[str], status: int
) -> None:
    """A place that is not in the page is said."""
    monkeypatch.setattr(engine_module, "Engine", Explains)

    ended = dehusk("rules", "explain", "-", *place, stdin=b"Share this story")

    assert (ended.status, ended.err != "") == (status, True)
