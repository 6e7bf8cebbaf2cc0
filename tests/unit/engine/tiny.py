"""Rule sets of a few rules, built and loaded as a learner's file would be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from hypothesis import strategies as st

from dehusk_server.decide.verdict import Thresholds, Verdict, decide
from dehusk_server.engine import Engine
from dehusk_server.model import HUSK_KINDS, Document, Kind
from dehusk_server.rules.network import Network
from dehusk_server.rules.rule import Family, Rule, Support
from dehusk_server.rules.ruleset import Header, RuleSet, parse_rules, render_rules
from dehusk_server.rules.weights import compile_weights
from dehusk_server.text.axes import AXES, AXIS_OFFSETS, shape_id
from dehusk_server.text.features import take_features
from dehusk_server.text.segment_axes import SEGMENT_OFFSETS, segment_id
from unit.rules.networks import drawn_network

LEARNED = "2025-01-31"
SUPPORT = Support(documents=4, sites=3, precision=0.75, taught_by=("page-1", "page-2"))
LENGTHS = tuple(f"shape:words={answer}" for answer in range(AXES["words"].size))
"""The rules that ask for the words of a line: one of them fires on every line."""

Weights = Mapping[Kind, float]


def rule(rule_id: str, weights: Weights) -> Rule:
    """Return a rule whose family is what its id says."""
    return Rule(rule_id, Family(rule_id.partition(":")[0]), f"reads {rule_id}", weights, SUPPORT, LEARNED)


def rule_file(
    rules: Iterable[Rule], settings: Mapping[str, float] | None = None, network: Network | None = None
) -> bytes:
    """Return the bytes of a rule set's file."""
    return render_rules(Header("tiny", LEARNED, {"pages": "4"}, settings or {}), rules, network)


def rule_set(
    rules: Mapping[str, Weights], settings: Mapping[str, float] | None = None, network: Network | None = None
) -> RuleSet:
    """Return a rule set, through its file; one with a network names it as evidence for each kind."""
    context: dict[str, Weights] = {} if network is None else {f"context:{kind}": {} for kind in HUSK_KINDS}
    return parse_rules(rule_file([rule(*one) for one in {**rules, **context}.items()], settings, network), "tiny.jsonl")


def kept_unless(rules: Mapping[str, Weights]) -> dict[str, Weights]:
    """Return rules by which every line and part is body, but for what the given rules make of it.

    The lengths of lines and parts speak so loudly against every husk that only the given rules can outweigh them.
    """
    against = dict.fromkeys(HUSK_KINDS, -6.0)
    lines = dict.fromkeys(LENGTHS, against)
    parts = {segment_id(feature): against for feature in range(SEGMENT_OFFSETS[1])}
    return {**lines, **parts, **rules}


def marker_rules(*kinds: Kind) -> dict[str, Weights]:
    """Return rules by which a line is of a kind exactly where it begins with ``zz`` and the kind's name in letters."""
    return kept_unless({f"phrase:{marker(kind)}": {kind: 14.0} for kind in kinds or HUSK_KINDS})


def part_rules(*kinds: Kind) -> dict[str, Weights]:
    """Return rules by which a part of a line is of a kind exactly where it holds the kind's marker."""
    return kept_unless({f"part-phrase:{marker(kind)}": {kind: 14.0} for kind in kinds or HUSK_KINDS})


def marker(kind: Kind) -> str:
    """Return the word that makes a line husk of a kind for `marker_rules`."""
    return "zz" + kind.value.lower().replace("_", "")


def marker_engine(*kinds: Kind) -> Engine:
    """Return an engine that removes marked lines and marked parts."""
    return Engine(rule_set({**marker_rules(*kinds), **part_rules(*kinds)}))


def verdict_of(text: str, rules: RuleSet, asked: float | None = None) -> Verdict:
    """Decide a text that holds something visible."""
    features = take_features(text)
    assert features is not None
    settings = rules.settings
    thresholds = Thresholds(settings.get("threshold", 0.5), settings.get("part_threshold", 0.8), asked)
    return decide(features, compile_weights(rules), thresholds)


def removed_texts(engine: Engine, text: str) -> list[tuple[str, Kind]]:
    """Return what an engine removes from a text, with kinds."""
    found = engine.clean(Document(text)).partition
    return [(found.text(piece), piece.kind) for piece in found.removed()]


_weight = st.floats(-9, 9, allow_nan=False).map(lambda value: round(value, 2))
_weights = st.dictionaries(st.sampled_from(HUSK_KINDS), _weight, min_size=1, max_size=4)
_WORDS: Sequence[str] = ("read", "more", "^", "$", "#", "the council", "read more", "^ by", "share", "^ menu $")
_rule_ids = st.one_of(
    st.integers(0, AXIS_OFFSETS[-1] - 1).map(shape_id),
    st.integers(0, SEGMENT_OFFSETS[-1] - 1).map(segment_id),
    st.sampled_from(
        [f"{family}:{words}" for family in ("phrase", "part-phrase") for words in _WORDS if len(words) > 1]
    ),
)


@st.composite
def _rule_set(draw: st.DrawFn) -> RuleSet:
    rules: dict[str, Weights] = draw(st.dictionaries(_rule_ids, _weights, max_size=12))
    if draw(st.booleans()):
        rules |= {one: draw(_weights) for one in LENGTHS}
    network = draw(st.none() | st.integers(0, 9).map(drawn_network))
    share = st.floats(0.05, 0.95).map(lambda value: round(value, 2))
    return rule_set(rules, {"threshold": draw(share), "part_threshold": draw(share)}, network)


rule_sets = _rule_set()
"""Rule sets of any sense or none: they load, and every law holds with them."""


def softmax(scores: Sequence[float]) -> list[float]:
    """Return the probabilities of log-odds."""
    powers = [math.exp(score) for score in np.asarray(scores) - max(scores)]
    return [power / sum(powers) for power in powers]
