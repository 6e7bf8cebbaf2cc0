"""Words in class names and ids: which are read, how far they reach, and that a reader of few reads no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk_server.markup.tokens import FAR, NEAR, TokenReader, find_tokens, token_hash, token_hashes, words
from unit.markup.trees import grow

PAGE = """
<div class="site-wrap"><main id="story"><section class="postBody"><p class="lead first">One line.</p></section>
<p>Another.</p></main></div>
"""


def tokens_of(html: str, reader: TokenReader, names: list[str]) -> list[set[str]]:
    """Return which of some tokens each line has."""
    grown = grow(html)
    hashes, lines = find_tokens(grown.markup, grown.tree, reader)
    known = {token_hash(name): name for name in names}
    found: list[set[str]] = [set() for _ in range(grown.features.page.lines)]
    for number, line in zip(hashes.tolist(), lines.tolist(), strict=True):
        if number in known:
            found[line].add(known[number])
    return found


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("postBody post-1234", ("post", "body")),
        ("ARTICLE__Text", ("article", "text")),
        ("a b c", ()),
        ("role=navigation", ("role=navigation",)),
        ("x" * 30, ("x" * 20, "x" * 10)),
        ("word " * 100 + "last", ("word",)),
    ],
)
def test_names_are_read_as_words(names: str, found: tuple[str, ...]) -> None:
    """Lower-cased, each once, of two letters at least; of endless names the beginning."""
    assert words(names) == found


def test_tokens_are_near_up_to_the_block_around_and_far_above_it() -> None:
    """A line has the names of its elements, each with its distance."""
    names = [f"{distance}:{word}" for distance in (NEAR, FAR) for word in ("lead", "post", "story", "site")]

    assert tokens_of(PAGE, TokenReader(), names) == [
        {"near:lead", "near:post", "far:story", "far:site"},
        {"near:story", "far:site"},
    ]


@given(
    st.lists(st.sampled_from(["lead", "body", "story", "wrap", "absent"]), unique=True), st.sampled_from([NEAR, FAR])
)
def test_a_reader_of_some_tokens_finds_those_and_no_others(wanted: list[str], distance: str) -> None:
    """What it keeps is what a reader of all finds of them."""
    names = [f"{distance}:{word}" for word in wanted]
    grown = grow(PAGE)
    every, _ = find_tokens(grown.markup, grown.tree, TokenReader())
    some, _ = find_tokens(grown.markup, grown.tree, TokenReader(names))

    assert some.tolist() == [number for number in every.tolist() if number in set(map(token_hash, names))]


def test_a_reader_that_forgets_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it met before only saves time."""
    monkeypatch.setattr("dehusk_server.markup.tokens._MOST_MET", 1)
    grown = grow(PAGE)
    reader = TokenReader()
    first, second = (find_tokens(grown.markup, grown.tree, reader)[0].tolist() for _ in range(2))

    assert first == second == find_tokens(grown.markup, grown.tree, TokenReader())[0].tolist()


def test_a_reader_keeps_no_more_of_a_name_than_it_reads() -> None:
    """Names without end that begin alike are one; what it holds is bounded, whatever pages call their elements."""
    reader = TokenReader()
    start = "a-name " * 100
    for number in range(50):
        reader.read(NEAR, start + str(number) * 100_000)

    assert sum(len(names) for _, names in reader._met) <= 400


@pytest.mark.parametrize("name", ["comment", "near:", "near:two words", "beside:comment", "near:Comment"])
def test_what_is_no_token_is_refused(name: str) -> None:
    """The error says what a token is."""
    with pytest.raises(ValueError, match="a distance"):
        token_hashes([name])
