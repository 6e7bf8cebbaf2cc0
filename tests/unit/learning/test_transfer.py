"""Annotation carried over: the same words on other lines keep their kind, strange words have none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.learning import transfer
from dehusk_server.learning.pages import Span, SpanPage
from dehusk_server.learning.transfer import UNKNOWN, annotation_of, carry_over
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.page import measure
from unit.learning.tiny_corpus import HUSK, PROSE, page

BODY = 0
NAVIGATION, RELATED, DONATION, LEGAL = (KINDS.index(HUSK[place][1]) for place in range(4))


def carried(known: SpanPage, text: str) -> list[int]:
    """Return the column of each line of another flattening."""
    measured = measure(text)
    return list(carry_over(annotation_of(known), text, measured.line_start.tolist(), measured.line_end.tolist()))


def marked(text: str, *spans: Span) -> SpanPage:
    """Return a page annotated by hand."""
    return SpanPage("p", "bs4", "a.example", "article", text, spans, ())


def test_a_page_carries_its_own_kinds() -> None:
    """From a page to itself every line keeps its kind."""
    one = page(0)
    glued = one.text.replace("Please donate today. ", "Please donate today.\n")

    assert carried(one, one.text) == [NAVIGATION, BODY, BODY, RELATED, BODY, LEGAL]
    assert carried(one, glued) == [NAVIGATION, BODY, DONATION, BODY, RELATED, BODY, LEGAL]


def test_words_are_found_on_other_lines() -> None:
    """Line breaks, signs and case do not matter; joined lines are what most of their words are."""
    known = marked(
        f"Home\n{PROSE[0]}\nRead more", (0, 4, Kind.NAVIGATION), (len(PROSE[0]) + 6, len(PROSE[0]) + 15, Kind.RELATED)
    )
    half = PROSE[0].index(" which")

    assert carried(known, f"* HOME *\n\n{PROSE[0][:half]}\n{PROSE[0][half:]}\n[read more](x)") == [
        NAVIGATION, BODY, BODY, RELATED
    ]  # fmt: skip
    assert carried(known, f"Home {PROSE[0]} Read more") == [BODY]


def test_what_was_not_annotated_is_not_known() -> None:
    """Strange words, and lines whose words do not agree on a kind, carry none."""
    known = marked("one two three\nfour five six", (14, 27, Kind.SHARE))

    assert carried(known, "nobody wrote this\none two three") == [UNKNOWN, BODY]
    assert carried(known, "one two three four five six") == [UNKNOWN]
    assert carried(known, "one two strange words here") == [UNKNOWN]
    assert carried(known, "—\none two") == [UNKNOWN, BODY]


def test_long_texts_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alignment of long texts takes too long: nothing is known of them."""
    monkeypatch.setattr(transfer, "_MOST_CHARACTERS", 10)

    assert carried(marked("one two\nx"), "one two\nx") == [BODY, BODY]
    assert carried(marked("one two\nx"), "one two\nxyz") == [UNKNOWN, UNKNOWN]
    assert carried(marked("one two\nxyz"), "one two\nx") == [UNKNOWN, UNKNOWN]


_words = st.lists(st.sampled_from(["one", "two", "three", "Four", "12"]), min_size=1, max_size=6).map(" ".join)


@settings(max_examples=60)
@given(st.lists(st.tuples(_words, st.sampled_from(KINDS)), min_size=1, max_size=8), st.lists(_words, max_size=8))
def test_only_kinds_that_were_annotated_are_carried(lines: list[tuple[str, Kind]], other: list[str]) -> None:
    """Each line has the column of some annotated kind or none; the page itself gives back its own annotation."""
    text, spans = "", list[Span]()
    for words, kind in lines:
        if kind is not Kind.BODY:
            spans.append((len(text), len(text) + len(words), kind))
        text += f"{words}\n"
    known = marked(text, *spans)

    assert carried(known, text) == [KINDS.index(kind) for _, kind in lines]
    if other:
        found = carried(known, "\n".join(other))
        assert len(found) == len(other)
        assert set(found) <= {UNKNOWN, *(KINDS.index(kind) for _, kind in lines)}
