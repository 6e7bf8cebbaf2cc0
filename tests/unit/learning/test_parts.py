"""Parts: real ones from annotated pages, husk glued to prose for the lesson, and prose, each with label and weight."""

from __future__ import annotations

import pytest

from dehusk_server.learning.examples import Example
from dehusk_server.learning.glue import GLUED_KINDS, glue
from dehusk_server.learning.labelling import span_example
from dehusk_server.learning.pages import SpanPage
from dehusk_server.learning.parts import PartExamples, PartWeights, glued_parts, part_lessons, prose_parts, real_parts
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.phrases import phrase_hashes
from dehusk_server.text.segment_axes import SEGMENT_OFFSETS
from unit.learning.tiny_corpus import PROSE, examples

LONG = " ".join(PROSE[:2])
WEIGHTS = PartWeights()
Span = tuple[int, int, Kind]


def example(text: str, *spans: Span, inline: tuple[Span, ...] = (), shelf: str = "spans") -> Example:
    """Return a page marked by hand."""
    page = SpanPage("p", "bs4", "a.example", "article", text, (*spans, *inline), inline)
    found = span_example(page, shelf)
    assert found is not None
    return found


def kinds(found: PartExamples | None) -> list[Kind]:
    """Return the label of each part."""
    assert found is not None
    return [KINDS[column] for column in found.label.tolist()]


def layouts(one: Example, turns: int = 40) -> set[str]:
    """Return the texts that a page is laid out as, with what was glued in angle brackets."""
    made = set()
    for turn in range(turns):
        found = glue(one, 0, turn, WEIGHTS.most)
        if found is not None:
            laid, _ = found
            text = laid.text
            for start, end, column in reversed(laid.spans):
                text = f"{text[:start]}<{KINDS[column]}>{text[start:end]}</>{text[end:]}"
            made.add(text)
    return made


def test_real_parts_are_those_of_body_lines() -> None:
    """Lines of husk are not cut; what annotation marks inside of a body line is husk, the rest is body."""
    [one] = examples(1)

    assert kinds(real_parts(one, WEIGHTS)) == [Kind.DONATION, Kind.BODY, Kind.BODY, Kind.BODY]


@pytest.mark.parametrize(("covered", "kind"), [(11, Kind.SHARE), (9, Kind.SHARE), (8, Kind.BODY), (1, Kind.BODY)])
def test_a_part_is_husk_where_a_mark_covers_most_of_it(covered: int, kind: Kind) -> None:
    """Four fifths of a part make it husk; less leaves it body."""
    start = len(PROSE[0]) + 1
    found = real_parts(example(f"{PROSE[0]} Share this.", inline=((start, start + covered, Kind.SHARE),)), WEIGHTS)

    assert kinds(found) == [Kind.BODY, kind]


def test_a_line_that_is_husk_but_for_a_part_teaches_too() -> None:
    """Where prose is the smaller part of a line, its parts are learned from all the same."""
    text = "It rained. Share this story with all your friends."
    found = real_parts(example(f"{LONG}\n{text}", inline=((len(LONG) + 12, len(LONG) + 51, Kind.SHARE),)), WEIGHTS)

    assert kinds(found)[-2:] == [Kind.BODY, Kind.SHARE]


def test_husk_that_a_page_repeats_shares_its_weight() -> None:
    """Ten buttons of one page teach more than one does, and less than ten of ten pages."""
    line = f"{PROSE[0]} Share this."
    text = "\n".join([line] * 4)
    starts = [number * (len(line) + 1) + len(PROSE[0]) + 1 for number in range(4)]
    one = real_parts(example(line, inline=((starts[0], starts[0] + 11, Kind.SHARE),)), WEIGHTS)
    four = real_parts(example(text, inline=tuple((at, at + 11, Kind.SHARE) for at in starts)), WEIGHTS)
    assert one is not None
    assert four is not None

    assert one.weight.tolist() == [1.0, WEIGHTS.real]
    assert four.weight.tolist() == [1.0, WEIGHTS.real / 2] * 4


def test_a_page_without_parts_has_none() -> None:
    """Lines of one sentence teach nothing about parts."""
    assert real_parts(example("One line\nand another"), WEIGHTS) is None


def test_images_in_prose_with_silver_labels_teach_nothing() -> None:
    """What an alignment says of a line, it does not say of an image in it."""
    found = prose_parts(example(f"![a](b) {PROSE[0]}", shelf="flat"), WEIGHTS)
    assert found is not None

    assert found.weight.tolist() == [0.0, pytest.approx(WEIGHTS.flat)]


def test_glued_husk_carries_its_kind_and_the_prose_stays_body() -> None:
    """Before or behind the prose, with a blank or none; the line that it came from is left empty."""
    text = f"Please donate today.\n{LONG}\n"
    made = layouts(example(text, (0, 20, Kind.DONATION)))

    husk = "<DONATION>Please donate today.</>"
    assert {f"\n{husk} {LONG}\n", f"\n{husk}{LONG}\n", f"\n{LONG} {husk}\n", f"\n{LONG}{husk}\n"} <= made
    found = glued_parts(example(text, (0, 20, Kind.DONATION)), 0, 0, WEIGHTS)
    assert sorted(kinds(found)) == sorted([Kind.BODY, Kind.BODY, Kind.DONATION])


@pytest.mark.parametrize("kind", [Kind.NAVIGATION, Kind.LEGAL, Kind.CAPTION, Kind.HEADLINE])
def test_kinds_that_read_like_prose_or_stand_alone_are_not_glued(kind: Kind) -> None:
    """Menus and footers are blocks of their own, captions and headlines read like prose."""
    assert kind not in GLUED_KINDS
    assert not any(f"<{kind}>" in text for text in layouts(example(f"Some line.\n{LONG}\n", (0, 10, kind))))


def test_images_are_glued_whatever_their_kind() -> None:
    """An image is an image by its form."""
    made = layouts(example(f"![A bridge](b.png)\n{LONG}\n", (0, 18, Kind.CAPTION)))

    assert any("<CAPTION>![A bridge](b.png)</>" in text for text in made)


@pytest.mark.parametrize("line", ["…!?", "abc", "word " * 50])
def test_neither_signs_nor_long_lines_are_glued(line: str) -> None:
    """Husk that is glued in real pages is a phrase or a sentence."""
    one = example(f"{line.strip()}\n{LONG}\n", (0, len(line.strip()), Kind.SHARE))

    assert not any("<SHARE>" in text for text in layouts(one))


def test_written_appeals_are_glued_where_the_page_speaks_their_language() -> None:
    """An appeal in another language would teach the language."""
    english = "Our readers give what they can, and we need your support today to keep this work free for all."
    russian = "Совет собрался во вторник, чтобы обсудить мост, закрытый с марта, и не решил ничего."
    there, other = (layouts(example(f"{text}\n{text}\n")) for text in (english, russian))

    assert any("<DONATION>" in text for text in there)
    assert not any("<DONATION>" in text for text in other)


def test_gluing_depends_on_seed_turn_and_page_alone() -> None:
    """The same seed and turn glue the same."""
    [one] = examples(1)
    drawn = [
        str([found.phrase_hash.tolist() for turn in range(3) if (found := glued_parts(one, seed, turn, WEIGHTS))])
        for seed in (0, 0, *range(1, 9))
    ]

    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 1


def test_lessons_come_from_every_shelf_that_knows_prose() -> None:
    """Annotated pages give husk and prose, clean bodies prose alone, news pages nothing."""
    text = f"Please donate today.\n{LONG}\n"
    calm = part_lessons([example(LONG, shelf="calm")], 0, WEIGHTS)
    news = part_lessons([example(LONG, shelf="news")], 0, WEIGHTS)
    spans = part_lessons([example(text, (0, 20, Kind.DONATION))], 0, WEIGHTS)

    assert [kinds(one) for one in calm] == [[Kind.BODY, Kind.BODY]]
    assert news == []
    assert {kind for one in spans for kind in kinds(one)} == {Kind.BODY, Kind.DONATION}


def test_what_fires_is_what_the_engine_sees() -> None:
    """Bins are those of parts, phrases count once a part and know their part."""
    found = real_parts(example(f"{PROSE[0]} More, more, more."), WEIGHTS)
    assert found is not None

    assert found.bins.shape == (2, len(SEGMENT_OFFSETS) - 1)
    [more] = phrase_hashes(["^ more"])
    assert found.phrase_part[found.phrase_hash == more].tolist() == [1]
    assert found.site == "a.example"
