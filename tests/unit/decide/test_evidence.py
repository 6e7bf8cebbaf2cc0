"""Evidence: the rules that carried a removal, heaviest first, with the place where they matched."""

from __future__ import annotations

from hypothesis import given, settings

from dehusk_server.decide.evidence import MOST
from dehusk_server.engine import Engine
from dehusk_server.model import HUSK_KINDS, Document, Evidence, Kind, Piece
from dehusk_server.rules.ruleset import RuleSet
from strategies import texts
from unit.engine.tiny import kept_unless, marker, marker_engine, part_rules, rule_set, rule_sets
from unit.rules.networks import listening

SHARE = marker(Kind.SHARE)


def removals(text: str, rules: RuleSet) -> list[Piece]:
    """Return what an engine of these rules removes."""
    return list(Engine(rules).clean(Document(text)).partition.removed())


def only(text: str, rules: RuleSet) -> tuple[Evidence, ...]:
    """Return the evidence of the one removal."""
    [piece] = removals(text, rules)
    return piece.evidence


def test_the_phrase_that_carried_a_line_is_named_where_it_stands() -> None:
    """Rule, weight and the place of the words that matched."""
    [evidence] = only(f"body\n  a {SHARE} b\nbody", marker_engine(Kind.SHARE).rules)

    assert evidence == Evidence(f"phrase:{SHARE}", 14.0, 9, 9 + len(SHARE))


def test_the_phrase_that_carried_a_part_is_named_where_it_stands() -> None:
    """Inside a line, rules for parts speak."""
    [evidence] = only(f"It rained. Go {SHARE}.", rule_set(part_rules(Kind.SHARE)))

    assert evidence == Evidence(f"part-phrase:{SHARE}", 14.0, 14, 14 + len(SHARE))


def test_evidence_is_heaviest_first_and_each_rule_once() -> None:
    """Only rules that speak for the kind are named, at most five; over lines that go together each rule once."""
    words = ["aa", "bb", "cc", "dd", "ee", "ff"]
    weights = {f"phrase:{word}": {Kind.SHARE: 2.0 + place} for place, word in enumerate(words)}
    rules = rule_set(kept_unless(weights | {"phrase:gg": {Kind.SHARE: -1.0}, "phrase:hh": {Kind.LEGAL: 1.0}}))

    found = only("aa bb cc dd ee ff gg hh\nff ee dd cc bb aa\n\nbody", rules)

    assert [evidence.rule_id for evidence in found] == [f"phrase:{word}" for word in reversed(words)][:MOST]
    assert [evidence.weight for evidence in found] == [7.0, 6.0, 5.0, 4.0, 3.0]
    assert {(evidence.start, evidence.end) for evidence in found} == {(at, at + 2) for at in (3, 6, 9, 12, 15)}


def test_a_shape_names_the_whole_line() -> None:
    """What a shape rule matched is the line, without its blanks."""
    rules = kept_unless({}) | {"shape:words=2": {Kind.SHARE: 9.0}}

    [evidence] = only("a b c\n \td e \na b c", rule_set(rules))

    assert evidence == Evidence("shape:words=2", 9.0, 8, 11)


def test_the_context_is_named_where_it_decided() -> None:
    """Where the lines around carried a line, the rule of the context is the evidence, with the line as its place."""
    most_read = marker(Kind.MOST_READ)
    rules = kept_unless({f"phrase:{most_read}": {Kind.MOST_READ: 14.0}})
    network = listening(Kind.MOST_READ, Kind.RELATED, 1.0)

    first, second = removals(f"body\n{most_read}\n  a\nbody", rule_set(rules, network=network))

    assert first.evidence[0].rule_id == f"phrase:{most_read}"
    at = len(f"body\n{most_read}\n  ")
    assert (second.kind, second.evidence) == (Kind.RELATED, (Evidence("context:RELATED", 14.0, at, at + 1),))


def test_where_all_spoke_against_the_least_opposed_stands_alone() -> None:
    """A line that goes though every rule spoke against its kind still has a rule that can be looked up."""
    little, more, much = (dict.fromkeys(HUSK_KINDS, weight) for weight in (-0.2, -0.5, -9.0))
    rules = rule_set({"shape:words=1": little, "phrase:aa": more, "phrase:body": much})

    [piece] = removals("aa\nbody", rules)

    assert [(one.rule_id, one.weight) for one in piece.evidence] == [("shape:words=1", -0.2)]


def test_a_phrase_that_spoke_against_stands_where_no_shape_is_known() -> None:
    """A line that is husk by its neighbours alone names the one rule that fired on it, though it did not help."""
    rules = rule_set({"phrase:aa": {Kind.HEADLINE: -0.5}, "phrase:body": dict.fromkeys(HUSK_KINDS, -9.0)})

    [piece] = removals("aa\nbody", rules)

    assert [(one.rule_id, one.weight) for one in piece.evidence] == [("phrase:aa", 0.0)]


def test_joined_lines_give_the_evidence_of_the_first_dozen() -> None:
    """A menu of a thousand lines names the same few rules as a menu of twelve."""
    rules = marker_engine(Kind.SHARE).rules

    short, long = (only(f"body\n{SHARE}\n" + f"{SHARE}\n" * more, rules) for more in (11, 999))

    assert short == long


@settings(deadline=None, max_examples=60)
@given(texts.filter(str.strip), rule_sets)
def test_every_removal_has_evidence_that_can_be_looked_up(text: str, rules: RuleSet) -> None:
    """Whatever the rules: at least one, no more than five, each known, in order, inside the piece that it explains."""
    for piece in removals(text, rules):
        weights = [evidence.weight for evidence in piece.evidence]
        ids = [evidence.rule_id for evidence in piece.evidence]

        assert piece.kind in HUSK_KINDS
        assert 1 <= len(ids) == len(set(ids)) <= MOST
        assert set(ids) <= set(rules.by_id)
        assert weights == sorted(weights, reverse=True)
        assert len(weights) == 1 or min(weights) > 0
        assert all(piece.start <= one.start < one.end <= piece.end for one in piece.evidence)
