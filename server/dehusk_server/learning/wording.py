"""The words behind chosen phrase hashes, found where the examples use them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dehusk_server.learning.examples import Example
from dehusk_server.text.page import HashArray, measure
from dehusk_server.text.phrases import Phrases, find_phrases, phrase_hashes, phrase_text
from dehusk_server.text.segments import find_segments


def phrase_wording(examples: Sequence[Example], hashes: HashArray) -> list[str]:
    """Return the text of each phrase; hashes ascending. A phrase that no example holds any more gives ``""``."""
    texts = [""] * len(hashes)
    missing = np.ones(len(hashes), dtype=np.bool_)
    for example in examples:
        if not missing.any():
            break
        page = measure(example.text)
        segments = find_segments(page, np.arange(page.lines))
        found: list[Phrases] = [find_phrases(page)] + ([segments.phrases] if segments is not None else [])
        for phrases in found:
            place = np.minimum(np.searchsorted(hashes, phrases.hash), len(hashes) - 1)
            hits = np.flatnonzero((hashes[place] == phrases.hash) & missing[place])
            for hit in hits.tolist():
                number = int(place[hit])
                if missing[number]:
                    texts[number] = phrase_text(
                        page, int(phrases.first_word[hit]), int(phrases.last_word[hit]), int(phrases.marks[hit])
                    )
                    missing[number] = False
    known = [number for number, text in enumerate(texts) if text]
    if not np.array_equal(phrase_hashes([texts[number] for number in known]), hashes[known]):
        raise AssertionError("a phrase written out does not hash to itself")
    return texts
