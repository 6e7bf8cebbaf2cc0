"""Links: their signs as pieces that go, in text that stays, and never so that two words become one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk_server.decide.links import cut_links
from dehusk_server.decide.partition import partition
from dehusk_server.engine import Engine
from dehusk_server.model import HUSK_KINDS, Document, Evidence, Kind, Options, Partition, Piece, Whitespace
from dehusk_server.render import render_body
from dehusk_server.rules.built_in import BUILT_IN, IMAGE, LINK, LINK_TARGET
from strategies import any_text, pages
from unit.text.test_link_marks import SIGNS

CUT = Options(cut_links=True)
MARKED = st.lists(
    st.one_of(
        st.sampled_from(("[it](x)", "![a](b)", "[![a](b)](c)", "[a [b](c)](d)", '[w](x "y")', "[]()", "[1]", "`", "é")),
        st.sampled_from((" ", "\n", "a", ".", "_")),
        SIGNS,
    ),
    max_size=12,
).map("".join)  # fmt: skip
MARKED_PAGES = st.one_of(MARKED.filter(bool), pages, any_text)


def kept(text: str) -> str:
    """Return what stays of a text of body alone."""
    return "".join(text[piece.start : piece.end] for piece in cut(text) if not piece.removed)


def cut(text: str) -> list[Piece]:
    """Return the pieces of a text of body alone."""
    return cut_links(text, [Piece(0, len(text), Kind.BODY, removed=False, confidence=1.0)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See [the plan](https://example.org/plan), it says.", "See the plan, it says."),
        ("![A bridge](b.png) The bridge", " The bridge"),
        ("[![A bridge](b.png)](b.html) The bridge", " The bridge"),
        ("[ ![A bridge](b.png) Plans ](b.html)", "  Plans "),
        ("_[Plans](b)_", "_Plans_"),
        ("[[1]](#note-1)", "[1]"),
        ("他在[北京](x)工作", "他在北京工作"),
        ("[a](x)[b](y)", "a[b](y)"),
        ("[a](x)[b](y)[c](z)", "a[b](y)c"),
        ("run handlers[name](event) now", "run handlers[name](event) now"),
        ("re[read](x)ing", "re[read](x)ing"),
        ("word![a](b)word", "word![a](b)word"),
        ("word![a](b) word", "word word"),
    ],
)
def test_cuts(text: str, expected: str) -> None:
    """Words stay, brackets and targets go, images go whole; nothing is cut where two words would become one."""
    assert kept(text) == expected


def test_kinds_and_rules() -> None:
    """The signs of a link are OTHER, an image is a CAPTION, and each names the built-in rule and where it holds."""
    text = "[a](b) ![c](d)"

    gone = [(text[one.start : one.end], one.kind, one.evidence) for one in cut(text) if one.removed]

    assert gone == [
        ("[", Kind.OTHER, (Evidence(LINK.id, LINK.weights[Kind.OTHER], 0, 1),)),
        ("](b)", Kind.OTHER, (Evidence(LINK_TARGET.id, LINK_TARGET.weights[Kind.OTHER], 2, 6),)),
        ("![c](d)", Kind.CAPTION, (Evidence(IMAGE.id, IMAGE.weights[Kind.CAPTION], 7, 14),)),
    ]


def test_only_what_stays_is_cut() -> None:
    """A link in a removed piece, or across the border of one, is left as it is."""
    text = "[a](b) [c](d)"
    husk = Piece(0, 6, Kind.SHARE, removed=True, confidence=1.0, evidence=(Evidence("phrase:a", 1.0, 1, 2),))
    rest = Piece(6, len(text), Kind.BODY, removed=False, confidence=1.0)

    assert cut_links(text, [husk, rest])[0] == husk
    border = [Piece(0, 9, Kind.BODY, removed=False, confidence=1.0), Piece(9, 13, Kind.SHARE, True, 1.0, husk.evidence)]
    assert [piece.end for piece in cut_links(text, border)] == [1, 2, 6, 9, 13]


def test_callers_overrule() -> None:
    """Kinds that the caller keeps, and allowed phrases, are not cut."""
    text = "[a](b) ![c](d)"

    def body(options: Options) -> str:
        return render_body(partition(text, None, options), Whitespace.VERBATIM)

    assert body(CUT) == "a "
    assert body(Options(cut_links=True, keep_kinds=frozenset({Kind.CAPTION}))) == "a ![c](d)"
    assert body(Options(cut_links=True, keep_kinds=frozenset({Kind.OTHER}))) == "[a](b) "
    assert body(Options(cut_links=True, allow_phrases=("](b",))) == "a](b "
    assert body(Options()) == text


def test_no_line_end_where_signs_of_links_went() -> None:
    """TIDY parts what an image stood between, not what stood beside a bracket."""
    text = "See [it](x), now.![a](b)Then."

    assert render_body(partition(text, None, CUT), Whitespace.TIDY) == "See it, now.\nThen."


@given(MARKED_PAGES)
def test_pieces_tile_the_text(text: str) -> None:
    """Law 1: a partition holds whatever is cut."""
    found = partition(text, None, CUT)

    assert "".join(found.text(piece) for piece in found.pieces) == text
    assert {piece.evidence[0].rule_id for piece in found.removed()} <= {rule.id for rule in BUILT_IN}


@given(MARKED_PAGES)
def test_no_two_words_become_one(text: str) -> None:
    """Law 2: letters of scripts with blanks never meet across a cut; only marks of links and images go."""
    assert_apart(partition(text, None, CUT))


def assert_apart(found: Partition) -> None:
    """Assert that no removal runs two words together."""
    before, cut_before = "", False
    for piece in found.pieces:
        text = found.text(piece)
        if piece.removed:
            cut_before = True
            continue
        met = before[-1:] + text[:1] if cut_before else ""
        assert not re.fullmatch(r"[a-zA-Z0-9]{2}", met), f"{met!r} met"
        before, cut_before = text, False


@given(MARKED_PAGES)
def test_keeping_every_kind_cuts_nothing(text: str) -> None:
    """A caller that keeps all kinds gets the text as it is."""
    options = Options(cut_links=True, keep_kinds=frozenset(HUSK_KINDS), whitespace=Whitespace.VERBATIM)

    assert render_body(partition(text, None, options), Whitespace.VERBATIM) == text


@pytest.mark.parametrize(
    "unit",
    ["[", "[a](", "![", "[a](b)", "](", "`", "` `` ", "[a](((((", '[a](b "', "[a](b)[", "[![a](b)](c)", "\n```", "[ "],
)
def test_work_is_linear(unit: str) -> None:
    """Four times the text finds at most about four times the marks, and deep brackets are forgotten, not searched."""
    once, more = (len(cut(unit * count)) for count in (200, 800))

    assert more <= 4 * once + 8


def test_explanation_names_the_sign() -> None:
    """Asked why a bracket went, the engine names the rule, and that it is sure."""
    engine = Engine()
    text = "The council met on Tuesday to talk about [the bridge](https://example.org/bridge), shut since the flood."

    found = engine.explain(Document(text), text.index("]("), CUT)

    assert found.piece.removed
    assert found.arguments[0].kind is Kind.OTHER
    assert found.arguments[0].evidence[0].rule_id == LINK_TARGET.id
    assert engine.rules.by_id[LINK_TARGET.id] is LINK_TARGET
