"""Wording: the words behind chosen hashes, found where the examples use them."""

from __future__ import annotations

import numpy as np

from dehusk_server.learning.wording import phrase_wording
from dehusk_server.text.phrases import phrase_hashes
from unit.learning.tiny_corpus import examples


def test_the_words_of_phrases_are_found_again() -> None:
    """Phrases of lines and of parts of lines, with their marks."""
    phrases = ["read more", "^ home $", "donate today $", "^ nobody there", "rights reserved $"]
    hashes = np.sort(phrase_hashes(phrases))

    found = phrase_wording(examples(3), hashes)

    assert sorted(found) == sorted(phrases)
    assert phrase_hashes(found).tolist() == hashes.tolist()


def test_a_phrase_that_no_example_holds_has_no_words() -> None:
    """It is left empty, and the others are still found."""
    hashes = np.sort(phrase_hashes(["read more", "never seen"]))

    assert sorted(phrase_wording(examples(1), hashes)) == ["", "read more"]


def test_no_phrases_need_no_words() -> None:
    """An empty vocabulary has no wording; nor has any where there are no examples."""
    assert phrase_wording(examples(1), np.zeros(0, dtype=np.uint64)) == []
    assert phrase_wording([], phrase_hashes(["read more"])) == [""]
