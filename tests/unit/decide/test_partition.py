"""Partition: marks joined to pieces that tile the source, and who overrules whom."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import laws
from dehusk_server.decide.partition import partition
from dehusk_server.engine import Engine
from dehusk_server.model import HUSK_KINDS, Cleaning, Document, Kind, Options, Piece
from dehusk_server.rules.ruleset import RuleSet
from strategies import texts
from unit.engine.tiny import marker, marker_engine, marker_rules, part_rules, rule_set, rule_sets, verdict_of

SHARE, LEGAL = marker(Kind.SHARE), marker(Kind.LEGAL)
RULES = marker_engine().rules
PARTS = rule_set(part_rules())


def pieces(text: str, rules: RuleSet = RULES, options: Options | None = None) -> list[tuple[str, Kind, bool]]:
    """Return text, kind and fate of each piece."""
    found = partition(text, verdict_of(text, rules), options or Options())
    return [(found.text(piece), piece.kind, piece.removed) for piece in found.pieces]


def test_lines_of_one_kind_are_one_piece() -> None:
    """Neighbours of one kind are joined, blank rows between them included; kinds stay apart."""
    text = f"body\n{SHARE} a\n\n{SHARE} b\n{LEGAL}\nbody\n"

    assert pieces(text) == [
        ("body\n", Kind.BODY, False),
        (f"{SHARE} a\n\n{SHARE} b\n", Kind.SHARE, True),
        (f"{LEGAL}\n", Kind.LEGAL, True),
        ("body\n", Kind.BODY, False),
    ]


def test_blanks_go_with_the_line_before_and_indents_with_their_own() -> None:
    """Blank rows above the first line go with it."""
    assert pieces(f" \n\n{SHARE}\n \n  body\n\n\t{LEGAL} \n ") == [
        (f" \n\n{SHARE}\n \n", Kind.SHARE, True),
        ("  body\n\n", Kind.BODY, False),
        (f"\t{LEGAL} \n ", Kind.LEGAL, True),
    ]


def test_a_blank_text_is_one_piece_of_body() -> None:
    """What holds nothing visible is kept as it is."""
    found = partition(" \n ", None, Options())

    assert found.pieces == (Piece(0, 3, Kind.BODY, removed=False, confidence=0.0),)


def test_confidence_is_weighed_by_size() -> None:
    """The confidence of joined lines is their mean, the longer counting more; a kept piece has that of being body."""
    rules = rule_set({**marker_rules(), "phrase:maybe": {Kind.SHARE: 7.5}})
    text = f"{SHARE} and a long tail of words\nmaybe\nbody"
    sure, unsure, body = verdict_of(text, rules).lines.husk.tolist()

    share, kept = partition(text, verdict_of(text, rules), Options()).pieces

    assert unsure < (sure + unsure) / 2 < share.confidence < sure
    assert kept.confidence == pytest.approx(1 - body, abs=1e-4)


def test_kinds_that_the_caller_keeps_beat_the_decisions() -> None:
    """A kept kind is still found and named, with its evidence, but stays."""
    text = f"body\n{SHARE}\n{LEGAL}\n"
    found = partition(text, verdict_of(text, RULES), Options(keep_kinds=frozenset({Kind.SHARE})))

    assert [(piece.kind, piece.removed) for piece in found.pieces] == [
        (Kind.BODY, False), (Kind.SHARE, False), (Kind.LEGAL, True)
    ]  # fmt: skip
    assert found.pieces[1].evidence


def test_the_allow_list_beats_the_decisions() -> None:
    """Each occurrence of an allowed phrase stays; the husk around it goes, with its own kind and evidence."""
    text = f"body\n{SHARE} keep me, keep me\n"

    assert pieces(text, RULES, Options(allow_phrases=("keep me",))) == [
        ("body\n", Kind.BODY, False),
        (f"{SHARE} ", Kind.SHARE, True),
        ("keep me", Kind.BODY, False),
        (", ", Kind.SHARE, True),
        ("keep me", Kind.BODY, False),
        ("\n", Kind.SHARE, True),
    ]


@pytest.mark.parametrize(
    ("phrases", "kept"),
    [
        (("abab",), ["ababab"]),
        (("bc", "ab"), ["ababab", "abc"]),
        (("a",), ["a", "a", "a", "a", "a", "a", "a"]),
        (("missing",), []),
        (("A",), []),
        ((f"{SHARE}\n",), [f"{SHARE}\n"]),
        (("body\nzz",), ["zz"]),
    ],
)
def test_occurrences_overlap_touch_and_reach_over_pieces(phrases: tuple[str, ...], kept: list[str]) -> None:
    """Overlapping occurrences are kept as one; case matters; one that begins before the piece is kept to its end."""
    text = f"body\n{SHARE}\n{SHARE} ababab abc 012\n"
    found = pieces(text, RULES, Options(allow_phrases=phrases))

    spared = [piece for piece, kind, _ in found if kind is Kind.BODY and piece != "body\n"]
    if phrases == ("a",):
        assert all(piece == "a" for piece in spared)
        assert len(spared) == text.count("a")
    else:
        assert spared == kept


def test_the_allow_list_and_kept_kinds_together() -> None:
    """What is kept anyway is not cut up for the sake of the allow-list."""
    options = Options(allow_phrases=("keep",), keep_kinds=frozenset({Kind.SHARE}))

    assert pieces(f"{SHARE} keep\n{LEGAL} keep me\nbody", RULES, options) == [
        (f"{SHARE} keep\n", Kind.SHARE, False),
        (f"{LEGAL} ", Kind.LEGAL, True),
        ("keep", Kind.BODY, False),
        (" me\n", Kind.LEGAL, True),
        ("body", Kind.BODY, False),
    ]


def test_many_pieces_and_many_allowed_places_do_not_multiply() -> None:
    """The work of the allow-list grows with the places that are kept, not with places times pieces."""
    engine = Engine(marker_engine(Kind.SHARE, Kind.LEGAL).rules)
    options = Options(allow_phrases=("k",))

    class Allowing:
        rules = engine.rules

        def clean(self, document: Document, _options: Options | None = None) -> Cleaning:
            return engine.clean(document, options)

    laws.linear_work(Allowing(), f"{SHARE} k\n{LEGAL} k\nbody\n" * 150)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"It rained. Go {SHARE}.\nbody", [
            ("It rained. ", Kind.BODY, False), (f"Go {SHARE}.", Kind.SHARE, True), ("\nbody", Kind.BODY, False)]),
        (f"  Go {SHARE}. It rained.\nbody", [
            (f"  Go {SHARE}. ", Kind.SHARE, True), ("It rained.\nbody", Kind.BODY, False)]),
        (f"It rained. Go {SHARE}. It snowed.", [
            ("It rained. ", Kind.BODY, False), (f"Go {SHARE}. ", Kind.SHARE, True),
            ("It snowed.", Kind.BODY, False)]),
        (f"It rained. Go {SHARE}.", [("It rained. ", Kind.BODY, False), (f"Go {SHARE}.", Kind.SHARE, True)]),
        (f"It rained. Go {SHARE}.  \r\n", [
            ("It rained. ", Kind.BODY, False), (f"Go {SHARE}.", Kind.SHARE, True), ("  \r\n", Kind.BODY, False)]),
        (f"It rained. Go {SHARE}. Go {LEGAL}.\nbody", [
            ("It rained. ", Kind.BODY, False), (f"Go {SHARE}. ", Kind.SHARE, True), (f"Go {LEGAL}.", Kind.LEGAL, True),
            ("\nbody", Kind.BODY, False)]),
    ],
)  # fmt: skip
def test_parts_are_cut_out_of_their_line(text: str, expected: list[tuple[str, Kind, bool]]) -> None:
    """A part goes with the blanks after it; the end of the line stays where the last part goes."""
    assert pieces(text, PARTS) == expected


@settings(deadline=None, max_examples=60)
@given(texts.filter(str.strip), rule_sets, st.frozensets(st.sampled_from(HUSK_KINDS)), st.data())
def test_pieces_tile_whatever_is_asked(text: str, rules: RuleSet, kept: frozenset[Kind], data: st.DataObject) -> None:
    """Any rules, any options: pieces tile the source, kept kinds stay, and every allowed phrase stands in the body."""
    at = data.draw(st.integers(0, len(text) - 1))
    phrase = text[at : at + data.draw(st.integers(1, 30))]

    found = Engine(rules).clean(Document(text), Options(keep_kinds=kept, allow_phrases=(phrase,))).partition

    assert "".join(map(found.text, found.pieces)) == text
    assert not {piece.kind for piece in found.removed()} & kept
    assert all(piece.end <= at or at + len(phrase) <= piece.start for piece in found.removed())
