"""Phrases: every run of up to three words, found as a hash, written as a rule writes it, and found again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.text.page import measure
from dehusk_server.text.phrases import Phrases, find_phrases, phrase_hashes, phrase_text
from dehusk_server.text.segments import find_segments
from strategies import surrogate_text, texts


def written(text: str) -> list[str]:
    """Return all phrases of a text as rules write them."""
    page = measure(text)
    return _written(text, find_phrases(page))


def _written(text: str, found: Phrases) -> list[str]:
    page = measure(text)
    places = zip(found.first_word.tolist(), found.last_word.tolist(), found.marks.tolist(), strict=True)
    return [phrase_text(page, *place) for place in places]


def test_phrases_of_a_line() -> None:
    """One to three words or ends in a row, lower-cased, with at least one word among them."""
    assert written("Read 24 MORE") == [
        "read", "#", "more",
        "^ read", "read #", "# more", "more $",
        "^ read #", "read # more", "# more $",
    ]  # fmt: skip


def test_a_word_alone_has_both_ends() -> None:
    """A line of one word is told from a word in a sentence."""
    assert written("Menu") == ["menu", "^ menu", "menu $", "^ menu $"]


def test_phrases_do_not_cross_lines() -> None:
    """The last word of a line and the first of the next make no phrase."""
    assert not [phrase for phrase in written("read\nmore") if "read more" in phrase]


def test_words_of_link_targets_stand_alone() -> None:
    """A target's words are phrases of their own kind, and do not part the words around them."""
    found = written("[see](/tag2/x) more")

    assert {"link:tag2", "link:x", "see more"} <= set(found)
    assert not [phrase for phrase in found if "tag" in phrase and phrase != "link:tag2"]
    assert phrase_hashes(["link:more"]) != phrase_hashes(["more"])


def test_a_line_of_links_alone_has_no_ends() -> None:
    """Where a line holds nothing but a link target, no phrase has a mark."""
    assert written("https://a.example") == ["link:https", "link:a", "link:example"]


def test_phrases_know_line_and_words() -> None:
    """A phrase names its line and its first and last word; an end of the line names the word beside it."""
    found = find_phrases(measure("a\nb c"))
    places = dict(
        zip(
            written("a\nb c"),
            zip(found.line.tolist(), found.first_word.tolist(), found.last_word.tolist(), strict=True),
            strict=True,
        )
    )

    assert places["^ a $"] == (0, 0, 0)
    assert places["b c"] == (1, 1, 2)
    assert places["b c $"] == (1, 1, 2)
    assert places["^ b"] == (1, 1, 1)


def test_units_stand_in_for_lines() -> None:
    """With owners given, phrases stay inside their unit, and words of none are left out."""
    page = measure("a b c d")
    found = find_phrases(page, np.array([0, 0, -1, 1]))

    assert set(_written("a b c d", found)) == {
        "a", "b", "d", "^ a", "a b", "b $", "^ d", "d $", "^ a b", "a b $", "^ d $"
    }  # fmt: skip
    assert set(found.line.tolist()) == {0, 1}


@settings(deadline=None, max_examples=60)
@given(st.one_of(texts, surrogate_text))
def test_every_phrase_written_is_found_again(text: str) -> None:
    """What a rule holds as words hashes to what the page was found to hold; so it is for parts of lines."""
    page = measure(text)
    segments = find_segments(page, np.arange(page.lines)) if page.lines else None
    for found in [find_phrases(page), *([segments.phrases] if segments else [])]:
        assert phrase_hashes(_written(text, found)).tolist() == found.hash.tolist()


@pytest.mark.parametrize(
    "phrase",
    ["", " ", "a b c d", "two  blanks", " led", "trailed ", "a-b", "a-", "“a", "a\nb", "link:", "link:a-b", "\ud800",
     "議会", "see www.example"],
)  # fmt: skip
def test_what_is_no_phrase_is_refused(phrase: str) -> None:
    """A rule that could never fire as it is written is an error, never a rule for something else."""
    with pytest.raises(ValueError, match=r"is not one word|words, not 1 to 3"):
        phrase_hashes(["read more", phrase])


def test_faults_do_not_hide_each_other() -> None:
    """Two words in the place of one do not make up for none in the place of another."""
    with pytest.raises(ValueError, match="is not one word"):
        phrase_hashes(["one\ntwo", "x  y"])


def test_the_order_of_phrases_does_not_matter() -> None:
    """Each phrase has its hash whatever stands beside it; case makes none different."""
    phrases = ["read more", "^ menu $", "#", "link:tag", "議 会", "x0"]
    backwards = phrase_hashes(phrases[::-1])[::-1]

    assert phrase_hashes(phrases).tolist() == backwards.tolist()
    assert len(set(backwards.tolist())) == len(phrases)
    assert phrase_hashes(["READ more"]) == phrase_hashes(["read more"])


def test_no_phrases_have_no_hashes() -> None:
    """An empty vocabulary is one."""
    assert phrase_hashes([]).tolist() == []
