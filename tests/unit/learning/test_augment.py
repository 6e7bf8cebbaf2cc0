"""New pages from old: blocks of husk laid into other pages, every line still with its own label."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter

import numpy as np
import pytest

from dehusk_server.learning.augment import ABOVE, BELOW, INSIDE, augmented
from dehusk_server.learning.examples import Example
from dehusk_server.learning.labelling import span_example
from dehusk_server.learning.pages import Span, SpanPage
from dehusk_server.learning.written import written_blocks
from dehusk_server.model import HUSK_KINDS, KINDS, Kind
from unit.learning.tiny_corpus import PROSE

BLOCKS = {
    Kind.NAVIGATION: "Home {}", Kind.RELATED: "Read more of {}", Kind.SUBSCRIBE: "Our letter {}",
    Kind.LEGAL: "All rights {}", Kind.HEADLINE: "Bridge {}", Kind.BYLINE: "By Jane {}", Kind.SHARE: "Share {}",
}  # fmt: skip
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def page(number: int) -> Example:
    """Return a page in which every line says what it is and whose it is."""
    name = NUMBERS[number]
    lines: list[tuple[str, Kind]] = [(BLOCKS[Kind.NAVIGATION].format(name), Kind.NAVIGATION)]
    lines += [(BLOCKS[kind].format(name), kind) for kind in (Kind.HEADLINE, Kind.BYLINE)]
    lines += [(f"{prose[:-1]}, said {name}.", Kind.BODY) for prose in PROSE]
    lines += [(BLOCKS[kind].format(name), kind) for kind in (Kind.SHARE, Kind.RELATED, Kind.SUBSCRIBE, Kind.LEGAL)]
    text, spans = "", list[Span]()
    for line, kind in lines:
        if kind is not Kind.BODY:
            spans.append((len(text), len(text) + len(line), kind))
        text += f"{line}\n\n"
    found = span_example(SpanPage(name, "bs4", f"{name}.example", "article", text, tuple(spans), ()), "spans")
    assert found is not None
    return found


PAGES = [page(number) for number in range(len(NUMBERS))]
TRUTH = {
    line: frozenset(kind for kind, one in zip(KINDS, row.tolist(), strict=True) if one)
    for example in PAGES
    for line, row in zip(filter(None, example.text.splitlines()), example.allowed, strict=True)
}


def made() -> list[tuple[Example, Example]]:
    """Return new pages of some seeds, each with the page that it was made from."""
    by_id = {example.id: example for example in PAGES}
    return [(one, by_id[one.id.partition("+")[0]]) for seed in range(12) for one in augmented(PAGES, [], seed)]


MADE = made()


def labelled(example: Example) -> list[tuple[str, frozenset[Kind]]]:
    """Return each line of a page with the kinds that it may be."""
    lines = [line for line in example.text.splitlines() if line]
    kinds = [frozenset(kind for kind, one in zip(KINDS, row.tolist(), strict=True) if one) for row in example.allowed]
    return list(zip(lines, kinds, strict=True))


def test_every_line_keeps_the_label_of_its_words() -> None:
    """A line has the kind that it was annotated with, wherever it stands; a line of a second article is any husk."""
    second = 0
    for new, old in MADE:
        for line, kinds in labelled(new):
            if kinds != TRUTH[line]:
                second += 1
                assert kinds == frozenset(HUSK_KINDS)
                assert TRUTH[line] <= {Kind.BODY, Kind.HEADLINE, Kind.BYLINE}
                assert line.rstrip(".").split()[-1] != old.id
    assert len(MADE) > 50
    assert second > 10


def test_the_page_itself_is_all_there_in_order() -> None:
    """Taking away what was laid in gives back the page's lines; something was laid in, of other pages."""
    for new, old in MADE:
        lines = [line for line, _ in labelled(new)]
        own = [line for line, _ in labelled(old)]

        assert [line for line in lines if line in own] == own
        assert len(lines) > len(own)


def test_features_are_those_of_the_new_page() -> None:
    """A new page is measured as it stands."""
    for new, _ in MADE[:10]:
        assert len(new.bins) == len(new.words) == len(new.allowed) == len(labelled(new))
        assert new.phrase_line.max() < new.lines


def test_blocks_stand_where_such_blocks_stand() -> None:
    """No menu or headline is laid in; bylines stand above the text, some kinds between paragraphs, the others below."""
    places: Counter[tuple[Kind, bool]] = Counter()
    for new, old in MADE:
        lines = labelled(new)
        own = [line for line, _ in labelled(old)]
        body = [at for at, (line, kinds) in enumerate(lines) if line in own and kinds == {Kind.BODY}]
        for at, (line, kinds) in enumerate(lines):
            if line not in own and len(kinds) == 1:
                kind = next(iter(kinds))
                places[kind, at < body[-1]] += 1
                assert at < body[0] if kind in ABOVE else at > body[0]

    assert {kind for kind, _ in places} == {Kind.BYLINE, Kind.RELATED, Kind.SUBSCRIBE, Kind.SHARE, Kind.LEGAL}
    assert {kind for kind, inside in places if inside} == {Kind.BYLINE, Kind.RELATED, Kind.SUBSCRIBE, Kind.SHARE}
    assert all(kind in INSIDE | ABOVE if inside else kind in BELOW for kind, inside in places)


def test_a_page_is_told_from_the_one_it_was_made_of() -> None:
    """It has a name and a shelf of its own, and the site of its page, so that both are held out together."""
    for new, old in MADE:
        assert (new.id, new.shelf, new.site) == (f"{old.id}+blocks", "blocks", old.site)
        assert (new.style, new.page_type, new.share) == (old.style, old.page_type, old.share)


def test_the_seed_alone_decides() -> None:
    """The same pages and seed give the same new pages; another seed gives others."""
    one, same, other = ({new.id: new.text for new in augmented(PAGES, [], seed)} for seed in (0, 0, 1))

    assert one == same
    assert one != other
    assert sum(one.get(name) != text for name, text in other.items()) > len(other) / 2


def test_written_blocks_are_laid_into_pages_of_their_language() -> None:
    """A written block is of its kind wherever it is laid; blocks of other languages are not, nor are they pages."""
    blocks = [one for one in written_blocks() if one.kind is Kind.DONATION and one.language in {"en", "de", "ja"}]
    truth = {line.strip(): block for block in blocks for line in block.example.text.splitlines()}

    new = [one for seed in range(12) for one in augmented(PAGES[:3], blocks, seed)]

    held = [(truth[line.strip()], kinds) for one in new for line, kinds in labelled(one) if line.strip() in truth]
    assert held
    assert all(kinds == {Kind.DONATION} for _, kinds in held)
    assert {block.language for block, _ in held} == {"en"}
    assert {one.id for one in new} <= {f"{example.id}+blocks" for example in PAGES[:3]}


def test_a_byline_stands_above_the_text() -> None:
    """Written bylines are laid in right before the first paragraph."""
    blocks = [block for block in written_blocks() if block.kind is Kind.BYLINE and block.language == "en"]
    known = {line for block in blocks for line in block.example.text.splitlines()}
    placed = 0
    for seed in range(30):
        for new in augmented(PAGES[:2], blocks, seed):
            lines = [line for line, _ in labelled(new)]
            last = max((at for at, line in enumerate(lines) if line in known), default=-1)
            first = min(at for at, line in enumerate(lines) if TRUTH.get(line) == frozenset({Kind.BODY}))
            placed += last >= 0
            assert last < first
    assert placed


def test_long_blocks_do_not_stand_between_paragraphs() -> None:
    """A list of many rows is laid in below the article alone."""
    rows = "".join(f"Read more of part {name}\n" for name in NUMBERS)
    listed = span_example(
        SpanPage("list", "bs4", "list.example", "", rows, ((0, len(rows), Kind.RELATED),), ()), "spans"
    )
    assert listed is not None
    known = set(rows.splitlines())
    placed = 0
    for seed in range(40):
        for new in augmented([*PAGES[:2], listed], [], seed):
            lines = [line for line, _ in labelled(new)]
            own = f", said {new.id.partition('+')[0]}."
            last = max(at for at, line in enumerate(lines) if line.endswith(own))
            placed += sum(line in known for line in lines)
            assert not known & set(lines[:last])
    assert placed


def test_a_page_is_no_second_article_of_its_own_site() -> None:
    """What stands below an article as husk is another site's."""
    twins = [dataclasses.replace(example, site="same.example") for example in PAGES[:3]]

    for seed in range(40):
        for new in augmented(twins, [], seed):
            assert frozenset(HUSK_KINDS) not in [kinds for _, kinds in labelled(new)]


def test_clean_bodies_stay_clean() -> None:
    """A page of the calm shelf takes no husk, and gives no second article."""
    calm = [dataclasses.replace(example, shelf="calm") for example in PAGES[:5]]

    assert list(augmented(calm, [], 0)) == []
    for seed, one in itertools.product(range(40), PAGES[5:7]):
        for new in augmented([one, *calm], [], seed):
            assert frozenset(HUSK_KINDS) not in [kinds for _, kinds in labelled(new)]


@pytest.mark.parametrize("lines", [1, 0])
def test_a_page_without_an_article_takes_nothing(lines: int) -> None:
    """Where there are no two lines of body there is no place for a block."""
    one = PAGES[0]
    allowed = one.allowed.copy()
    body = np.flatnonzero(one.body)
    allowed[body[lines:]] = 1
    short = dataclasses.replace(one, allowed=allowed)

    assert [new.id for new in augmented([short, *PAGES[1:]], [], 3) if new.id.startswith("one+")] == []


def test_without_husk_there_is_nothing_to_lay_in() -> None:
    """Pages of body alone give no block; but an article may still get the beginning of another below it."""
    body = np.eye(len(KINDS), dtype=np.float32)[[0] * PAGES[0].lines]
    articles = [dataclasses.replace(example, allowed=body) for example in PAGES]
    forums = [dataclasses.replace(example, page_type="forum") for example in articles]

    assert [new.id for seed in range(5) for new in augmented(forums, [], seed)] == []
    kinds = {kinds for seed in range(5) for new in augmented(articles, [], seed) for _, kinds in labelled(new)}
    assert kinds == {frozenset({Kind.BODY}), frozenset(HUSK_KINDS)}
