"""``dehusk rules``: show a rule set, compare two, explain one place of a page."""

from __future__ import annotations

import argparse
import itertools
import json
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from dehusk_server.cli.exits import FAILED, OK, UsageError, say
from dehusk_server.cli.rulesets import open_engine, open_rules
from dehusk_server.errors import DehuskError
from dehusk_server.model import KINDS, Document, Evidence, Explanation, Kind
from dehusk_server.rules.rule import Rule
from dehusk_server.rules.ruleset import RuleSet


def show(arguments: argparse.Namespace) -> int:
    """List rules by the kind they speak for most, strongest first; with ids, those rules whole."""
    rule_set = open_rules(arguments.rules)
    if unknown := [rule_id for rule_id in arguments.ids if rule_id not in rule_set.by_id]:
        say(f"no such rule in version {rule_set.version}: {', '.join(unknown)}")
        return FAILED
    chosen = [rule_set.by_id[rule_id] for rule_id in arguments.ids] or list(_by_kind(rule_set, arguments))
    if arguments.output == "json":
        head = {"version": rule_set.version, "sha256": rule_set.sha256, "learned": rule_set.learned}
        records = [_record(rule) for rule in chosen]
        _write(
            json.dumps(
                {**head, "provenance": dict(rule_set.provenance), "rules": records}, ensure_ascii=False, indent=2
            )
        )
        return OK
    _write(f"rule set {rule_set.version}  sha256 {rule_set.sha256 or '-'}  {len(rule_set.rules)} rules")
    if arguments.ids:
        for rule in chosen:
            _write("\n" + "\n".join(_whole(rule)))
        return OK
    for kind, rules in itertools.groupby(chosen, lambda rule: rule.strongest):
        _write(f"\n{kind}")
        for rule in rules:
            _write(f"  {_line(rule)}")
    return OK


def diff(arguments: argparse.Namespace) -> int:
    """List rules that came, went or changed their weights."""
    before, after = open_rules(arguments.before), open_rules(arguments.after)
    _write(f"{before.version} ({len(before.rules)} rules) -> {after.version} ({len(after.rules)} rules)")
    if before.sha256 and before.sha256 == after.sha256:
        _write("the same rules, byte for byte")
        return OK
    came = [rule for rule_id, rule in sorted(after.by_id.items()) if rule_id not in before.by_id]
    went = [rule for rule_id, rule in sorted(before.by_id.items()) if rule_id not in after.by_id]
    changed = 0
    for rule in went:
        _write(f"- {_line(rule)}")
    for rule in came:
        _write(f"+ {_line(rule)}")
    for rule_id, rule in sorted(before.by_id.items()):
        if rule_id in after.by_id:
            moves = list(_moves(rule.weights, after.by_id[rule_id].weights, arguments.tolerance))
            changed += bool(moves)
            for move in moves:
                _write(f"~ {rule_id}  {move}")
    _write(f"{len(came)} came, {len(went)} went, {changed} changed their weights")
    return OK


def explain(arguments: argparse.Namespace) -> int:
    """Say for one place of a page what spoke for keeping it and for each kind."""
    text = _read(arguments.file)
    offset: int = arguments.offset if arguments.find is None else text.find(arguments.find)
    if offset < 0:
        raise UsageError(
            f"{arguments.find!r} does not stand in {arguments.file}" if arguments.find else "--offset is below 0"
        )
    engine = open_engine(arguments.rules)
    try:
        explanation = engine.explain(Document(text), offset)
    except DehuskError as error:
        say(str(error))
        return FAILED
    for line in _explained(explanation, engine.rules, text, arguments.limit):
        _write(line)
    return OK


def _by_kind(rule_set: RuleSet, arguments: argparse.Namespace) -> Iterator[Rule]:
    ordered = sorted(rule_set.rules, key=lambda rule: (KINDS.index(rule.strongest), -_strength(rule), rule.id))
    for kind, rules in itertools.groupby(ordered, lambda rule: rule.strongest):
        if arguments.kind in (None, kind):
            yield from itertools.islice(rules, arguments.limit)


def _strength(rule: Rule) -> float:
    return rule.weights.get(rule.strongest, 0.0)


def _line(rule: Rule) -> str:
    support = rule.support
    return (
        f"{rule.id}  {_strength(rule):+.2f} {rule.strongest}  {rule.looks_at}: {rule.reads}  "
        f"[{support.documents} documents, {support.sites} sites, precision {support.precision:.2f}]"
        + (f"  taught by {', '.join(support.taught_by)}" if support.taught_by else "")
    )


def _whole(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}  ({rule.looks_at}, learned {rule.learned})"
    yield f"  reads      {rule.reads}"
    weights = sorted(rule.weights.items(), key=lambda item: (-item[1], item[0]))
    yield "  weights    " + ", ".join(f"{kind} {weight:+.2f}" for kind, weight in weights)
    support = rule.support
    yield f"  support    {support.documents} documents, {support.sites} sites, precision {support.precision:.2f}"
    yield f"  taught by  {', '.join(support.taught_by) or '-'}"
    for text in rule.counterexamples:
        yield f"  but not    {text!r}"


def _record(rule: Rule) -> dict[str, object]:
    support = rule.support
    return {
        "id": rule.id,
        "looks_at": rule.looks_at,
        "reads": rule.reads,
        "strongest": rule.strongest,
        "weights": {kind.value: weight for kind, weight in rule.weights.items()},
        "support": {"documents": support.documents, "sites": support.sites, "precision": support.precision},
        "taught_by": list(support.taught_by),
        "learned": rule.learned,
        "counterexamples": list(rule.counterexamples),
    }


def _moves(before: Mapping[Kind, float], after: Mapping[Kind, float], tolerance: float) -> Iterator[str]:
    for kind in KINDS:
        old, new = before.get(kind, 0.0), after.get(kind, 0.0)
        if abs(new - old) > tolerance:
            yield f"{kind} {old:+.2f} -> {new:+.2f}"


def _explained(explanation: Explanation, rules: RuleSet, text: str, limit: int) -> Iterator[str]:
    piece = explanation.piece
    decision = f"{'removed' if piece.removed else 'kept'} as {piece.kind}, confidence {piece.confidence:.2f}"
    yield f"{piece.start}..{piece.end}  {decision}, rules {rules.version}"
    yield f"  {_shortened(text[piece.start : piece.end])!r}"
    body = next((argument.probability for argument in explanation.arguments if argument.kind is Kind.BODY), 0.0)
    for argument in explanation.arguments[:limit]:
        margin = math.log(max(argument.probability, 1e-12) / max(body, 1e-12))
        yield f"{argument.kind:<12} probability {argument.probability:.3f}, margin {margin:+.2f} against BODY"
        for evidence in argument.evidence:
            yield f"    {_spoken(evidence, rules, text)}"


def _spoken(evidence: Evidence, rules: RuleSet, text: str) -> str:
    side = "for" if evidence.weight >= 0 else "against"
    rule = rules.by_id.get(evidence.rule_id)
    matched = _shortened(text[evidence.start : evidence.end])
    return f"{side:<7} {evidence.weight:+.2f}  {evidence.rule_id}  {rule.reads if rule else ''}  at {matched!r}"


def _shortened(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _read(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}") from error


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
