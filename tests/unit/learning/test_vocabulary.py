"""Vocabulary: phrases whose sites tell husk from body, counted by site."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from dehusk_server.learning.vocabulary import Firings, choose_phrases, gather, labels, look_up
from dehusk_server.model import KINDS, Kind
from dehusk_server.text.phrases import phrase_hashes
from unit.learning.tiny_corpus import examples

BODY, SHARE, LEGAL, UNKNOWN = 0, KINDS.index(Kind.SHARE), KINDS.index(Kind.LEGAL), len(KINDS)


def firings(rows: Sequence[tuple[int, int, int]]) -> Firings:
    """Return firings of (phrase, site, label)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Firings(table[:, 0].astype(np.uint64), table[:, 1], table[:, 2])


def chosen(rows: Sequence[tuple[int, int, int]], *, min_sites: int = 2, most: int = 10) -> list[int]:
    """Return the phrases that are chosen of such firings."""
    found = choose_phrases(firings(rows), min_sites=min_sites, most=most)
    return [int(phrase) for phrase in found]


def test_labels_of_lines() -> None:
    """One kind is that kind, all but body is husk of any kind, anything else is unknown."""
    allowed = np.zeros((4, len(KINDS)), dtype=np.float32)
    allowed[0, 0] = allowed[1, 5] = 1
    allowed[2, 1:] = allowed[3] = 1

    assert labels(allowed).tolist() == [0, 5, len(KINDS), -1]


def test_firings_are_gathered_with_site_and_label() -> None:
    """Each phrase of each labelled line, with the number of its site."""
    found = gather(examples(3))
    [more] = phrase_hashes(["read more"])
    at = found.hash == more

    assert sorted(found.site[at].tolist()) == [0, 1, 2]
    assert {KINDS[column] for column in found.label[at].tolist()} == {"RELATED"}


def test_a_phrase_of_husk_alone_is_chosen() -> None:
    """What many sites use in husk only tells; what they use in both alike does not."""
    tells = [(1, site, SHARE) for site in range(8)]
    both = [(2, site, label) for site in range(8) for label in (BODY, SHARE)]
    noise = [(3, site, SHARE if site % 2 else BODY) for site in range(8)]

    assert chosen([*tells, *both, *noise], most=1) == [1]


def test_sites_are_counted_not_lines() -> None:
    """A phrase that one site repeats a hundred times is seen once."""
    loud = [(1, 0, SHARE)] * 100
    shared = [(2, site, SHARE) for site in range(3)]
    body = [(9, site, BODY) for site in range(3)]

    assert 1 not in chosen([*loud, *shared, *body])
    assert 2 in chosen([*loud, *shared, *body])


@pytest.mark.parametrize(("sites", "found"), [(3, []), (4, [1]), (5, [1])])
def test_the_least_number_of_sites(sites: int, found: list[int]) -> None:
    """A phrase of fewer sites than asked for is never chosen."""
    rows = [(1, site, SHARE) for site in range(sites)] + [(9, site, BODY) for site in range(2)]

    assert chosen(rows, min_sites=4) == found


def test_the_most_telling_are_taken_in_ascending_order() -> None:
    """Where more tell than may be taken, those seen on more sites win; the answer ascends by hash."""
    rows = [(phrase, site, UNKNOWN) for phrase in (7, 5, 3) for site in range(phrase)]

    assert chosen([*rows, *((9, site, BODY) for site in range(7))], most=2, min_sites=2) == [7, 9]
    assert chosen(rows, most=2) == [5, 7]


def test_kinds_are_told_apart() -> None:
    """A phrase of one kind of husk tells more than one that all kinds share."""
    one_kind = [(1, site, LEGAL) for site in range(12)]
    all_kinds = [(2, site, kind) for site in range(12) for kind in (SHARE, LEGAL, 3, 4, 5)]

    assert chosen([*one_kind, *all_kinds], most=1) == [1]


@pytest.mark.parametrize("rows", [[], [(1, 0, SHARE)]])
def test_nothing_to_choose_from(rows: list[tuple[int, int, int]]) -> None:
    """Where no phrase is seen often enough, the vocabulary is empty."""
    assert chosen(rows) == []


def test_looking_up() -> None:
    """Each hash is found at its place or not at all; in an empty vocabulary nothing is."""
    vocabulary, hashes = np.array([2, 4, 6], dtype=np.uint64), np.array([1, 4, 6, 9], dtype=np.uint64)

    place, hit = look_up(vocabulary, hashes)
    assert (place[hit].tolist(), hit.tolist()) == ([1, 2], [False, True, True, False])
    assert not look_up(vocabulary[:0], hashes)[1].any()
