"""Segments: where husk may be glued to prose, and what each part of a line looks like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.text.cuts import _MARKS, _STRIDE, _find_marks
from dehusk_server.text.page import measure
from dehusk_server.text.segment_axes import (
    SEGMENT_AXES,
    SEGMENT_GROUPS,
    SEGMENT_OFFSETS,
    segment_id,
    segment_reads,
)
from dehusk_server.text.segments import Segments, find_segments
from strategies import surrogate_text, texts


def cut(text: str) -> list[str]:
    """Return the segments of a text; none where no line has more than one."""
    found = _segments(text)
    return [] if found is None else [text[start:end] for start, end in zip(found.start, found.end, strict=True)]


def _segments(text: str) -> Segments | None:
    page = measure(text)
    return find_segments(page, np.arange(page.lines)) if page.lines else None


def answers(text: str, axis: str) -> list[str]:
    """Return an axis's answer about each segment, in words."""
    found = _segments(text)
    assert found is not None
    group = next(number for number, names in enumerate(SEGMENT_GROUPS) if axis in names)
    side = SEGMENT_GROUPS[group].index(axis)
    bins = found.bins[:, group] - SEGMENT_OFFSETS[group]
    pairs = [divmod(int(bin_number), SEGMENT_AXES[SEGMENT_GROUPS[group][1]].size) for bin_number in bins]
    return [SEGMENT_AXES[axis].answers[pair[side]] for pair in pairs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. It snowed!  It cleared?", ["It rained.", "It snowed!", "It cleared?"]),
        ("Your support makes all the difference.The council met.",
         ["Your support makes all the difference.", "The council met."]),
        ("“It rained.” She laughed.", ["“It rained.”", "She laughed."]),
        ("(It rained.) She laughed.", ["(It rained.)", "She laughed."]),
        ("It rained. “She laughed.”", ["It rained.", "“She laughed.”"]),
        ("It rained. “She laughed.”\n", ["It rained.", "“She laughed.”"]),
        ("It rained.\tRead more", ["It rained.", "Read more"]),
        ("It rained… Read more", ["It rained…", "Read more"]),
        ("雨だ。雪だ。続きを読む", ["雨だ。", "雪だ。", "続きを読む"]),
        ("雨だ。「明日は晴れ。」", ["雨だ。", "「明日は晴れ。」"]),
        ("「雨だ。」雪だ。", ["「雨だ。」", "雪だ。"]),
        ("![a. b](c.png)The council met", ["![a. b](c.png)", "The council met"]),
        ("It rained [![a](b)](c) all day", ["It rained", "[![a](b)](c)", "all day"]),
        ("It rained [ Sign in ] all day", ["It rained", "[ Sign in ]", "all day"]),
        ("*![a](b)* It rained", ["*![a](b)*", "It rained"]),
        ("It rained ([maps](x)) all day", []),
        ("It rained [all](x) day", []),
        ("[Menu](x) It rained", ["[Menu](x)", "It rained"]),
        ("It rained. [More](x)", ["It rained.", "[More](x)"]),
        ("[One](x) [Two](y) and", ["[One](x)", "[Two](y)", "and"]),
        ("**It rained.** Read more", ["**It rained.**", "Read more"]),
        ("It rained.**Read more**", ["It rained.", "**Read more**"]),
        ("It rained all day.read more of it", ["It rained all day.", "read more of it"][:0]),
        ("It rained all day.reading goes on", ["It rained all day.", "reading goes on"]),
        ("Health   12 May\tUpdated", ["Health", "12 May", "Updated"]),
        ("Home | News · Sport", ["Home", "| News", "· Sport"]),
        ("Start your newsletterGet the app", ["Start your newsletter", "Get the app"]),
        ("THE NEWSLETTERSwitch to it", ["THE NEWSLETTER", "Switch to it"]),
        ("12 May 2024Reading time", ["12 May 2024", "Reading time"]),
        ("The bridge (Photo: Jane Doe)", ["The bridge", "(Photo: Jane Doe)"]),
        ("Design critics #section4", ["Design critics", "#section4"]),
        ("बारिश हुई। और पढ़ें", ["बारिश हुई।", "और पढ़ें"]),
        ("هطل المطر؟ اقرأ", ["هطل المطر؟", "اقرأ"]),
        ("Menu. Home\n\n  It rained. It snowed.", ["Menu.", "Home", "It rained.", "It snowed."]),
    ],
)  # fmt: skip
def test_cuts(text: str, expected: list[str]) -> None:
    """A line is cut after sentences, glued ones too, at gaps and bars, and around images, buttons and lone links."""
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "It rained.",
        "It rained all day",
        "The U.S.Army and the U.N.Council",
        "Version 3.11 of node.js costs 4.50",
        "See example.com/a?b=c",
        "It rained...",
        "[Sign in](https://example.org)",
        "[ Sign in ](https://example.org)",
        "“It rained.”",
        "“It rained.”\n",
        "雨だ。」",
        "雨だ。」\n",
        "![a](b)",
    ],
)
def test_what_is_one_is_not_cut(text: str) -> None:
    """Abbreviations, numbers, addresses, links and closing quotes end no sentence, at the end of the page neither."""
    assert cut(text) == []


def test_an_abbreviation_before_a_blank_is_cut() -> None:
    """A stop before a blank cuts, whatever it ends: rules, not cuts, decide what goes."""
    assert cut("The U.S. Senate met.") == ["The U.S.", "Senate met."]


def test_only_the_lines_asked_for_are_cut() -> None:
    """Lines that go whole need no parts."""
    page = measure("One. Two.\nThree. Four.\nFive. Six.")

    found = find_segments(page, np.array([0, 2]))

    assert found is not None
    assert [page.text[a:b] for a, b in zip(found.start, found.end, strict=True)] == ["One.", "Two.", "Five.", "Six."]
    assert found.line.tolist() == [0, 0, 2, 2]


def test_no_line_asked_for_has_no_segments() -> None:
    """Where nothing is kept, there is nothing to cut."""
    assert find_segments(measure("One. Two."), np.zeros(0, dtype=np.int64)) is None


@pytest.mark.parametrize(
    ("text", "axis", "expected"),
    [
        ("It rained hard. It snowed! Why?", "words", ["3 words", "2 words", "1 words"]),
        ("The difference.The bridge. Read", "left",
         ["opens the line", "glued to a sentence before", "a sentence and a blank before"]),
        ("The difference.The bridge. Read", "right",
         ["glued to a sentence after", "a sentence and a blank after", "closes the line"]),
        ("It ![a](b) rained [ Sign in ]", "sort", ["words alone", "an image mark", "words alone", "a button"]),
        ("[It](a) rained. See [it](b) there.", "sort", ["a link", "words alone", "words with a link among them"]),
        ("It rained. Read more\nRead more", "alike",
         ["no other part says the same", "a line of the page says the same"]),
        ("It rained. More\nIt snowed. More", "alike",
         ["no other part says the same", "one other part says the same"] * 2),
        ("It rained. READ MORE: why", "lead", ["no lead-in", "the same, all in capitals"]),
        ("It rained. 議会。اقرأ", "case", ["few capitals", "no letter has case", "no letter has case"]),
        ("It rained. More\nand more.", "below", ["below the line: what stays and runs on"] * 2),
        ("it rained. It rained. “It rained.”", "begin",
         ["begins in lower case", "begins in upper case", "begins with a quote or bracket"]),
        ("It rained. Why? Read more", "stop", ["with a full stop", "with ? or !", "without a stop"]),
        ("One. See also:", "stop", ["with a full stop", "with a colon"]),
        ("Read More. it rained.", "capital",
         ["share of capitalised words 0.999 or more", "share of capitalised words under 0.01"]),
        ("Read. It rained all the day long.", "rest", ["5 to 14 other words in the line",
                                                       "under 5 other words in the line"]),
    ],
)  # fmt: skip
def test_answers_about_parts(text: str, axis: str, expected: list[str]) -> None:
    """Each axis answers about a part in the words that a reader would use."""
    assert answers(text, axis) == expected


def test_a_part_opens_and_closes_as_a_line_does() -> None:
    """Phrases know the ends of the part, and none crosses from one part into the next."""
    page = measure("It rained. Read more")
    found = _segments(page.text)
    assert found is not None
    lasts = page.word_start[found.phrases.last_word]
    firsts = page.word_start[found.phrases.first_word]

    assert (found.start[found.phrases.line] <= firsts).all()
    assert (lasts < found.end[found.phrases.line]).all()
    assert set(found.phrases.marks.tolist()) == {0, 1, 2, 3} - {3}


def test_ids_name_axes_and_answers() -> None:
    """Every bin has an id and a reading of its own."""
    ids = [segment_id(feature) for feature in range(SEGMENT_OFFSETS[-1])]

    assert len(set(ids)) == len(ids)
    assert segment_id(9) == "part-shape:words=1+left=1"
    assert segment_reads(9) == "part of a line: 1 words; a sentence and a blank before"


@pytest.mark.parametrize("piece", ["![", "![](", "[![", "[ a", "[ ", "]("])
def test_hostile_marks_are_matched_in_bounded_steps(piece: str) -> None:
    """No image mark or button is longer than its bound, so a page of their beginnings costs linear time."""
    longest = 3 + 400 + 2 + 1200 + 2 + 1 + 2 + 1200 + 1

    assert all(end - start <= longest for start, end in (m.span() for m in _MARKS.finditer(piece * 3000 + "](a)")))


@pytest.mark.parametrize("shift", range(12))
def test_searching_in_strides_misses_no_mark(shift: int) -> None:
    """A mark that lies across the end of a stride is found whole, and once."""
    text = "x" * (_STRIDE - shift) + "![a](b) [ Go ] ![c](d)" + "![" * _STRIDE + "![e](f)"

    assert _find_marks(text).tolist() == [list(match.span()) for match in _MARKS.finditer(text)]
    assert len(_find_marks(text)) == 4


@settings(deadline=None, max_examples=60)
@given(st.one_of(texts, surrogate_text))
def test_segments_lie_inside_their_lines_without_overlap(text: str) -> None:
    """Segments ascend, hold no blank at either end, cover all that their lines show, and have bins in range."""
    page = measure(text)
    found = _segments(text)
    if found is None:
        return

    assert (found.start < found.end).all()
    assert (found.end[:-1] <= found.start[1:]).all()
    assert (page.line_start[found.line] <= found.start).all()
    assert (found.end <= page.line_end[found.line]).all()
    assert (np.bincount(found.line)[found.line] > 1).all()
    assert (found.bins >= np.array(SEGMENT_OFFSETS[:-1])).all()
    assert (found.bins < np.array(SEGMENT_OFFSETS[1:])).all()
    for line in np.unique(found.line):
        mine = found.line == line
        assert (found.start[mine][0], found.end[mine][-1]) == (page.line_start[line], page.line_end[line])
        spans = zip(found.end[mine][:-1], found.start[mine][1:], strict=True)
        assert not "".join(text[end:start] for end, start in spans).strip("\u200b\ufeff \t\u00a0" + _BLANKS)


_BLANKS = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
