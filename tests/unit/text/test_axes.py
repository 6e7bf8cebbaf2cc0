"""Axes: each answer has words, each bin an id of its own that says what it reads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.text.axes import AXES, GROUP_OFFSETS, GROUPS, Axis, group_bins, scale, shape_id, shape_reads
from dehusk_server.text.features import take_features
from strategies import surrogate_text, texts


@pytest.mark.parametrize("axis", AXES.values(), ids=AXES)
def test_every_answer_has_its_own_words(axis: Axis) -> None:
    """No two answers of an axis read alike, and a cut number has one answer more than edges."""
    assert len(set(axis.answers)) == axis.size
    assert not axis.edges or axis.size == len(axis.edges) + 1
    assert list(axis.edges) == sorted(set(axis.edges))


def test_a_number_falls_into_the_bin_that_its_words_say() -> None:
    """An edge belongs to the bin above it; the words give whole ranges."""
    axis = scale("x", (1, 2, 5), "{} words")

    assert axis.answers == ("no words", "1 words", "2 to 4 words", "5 or more words")
    assert axis.bins([0, 0.6, 1, 1.9, 2, 4, 5, 10**9]).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_shares_are_named_by_their_edges() -> None:
    """An axis of shares says where its bins begin and end, and calls nothing "no" that may be a little."""
    axis = scale("x", (1.0, 2.5), "{}", whole=False)

    assert axis.answers == ("under 1", "1 to 2.5", "2.5 or more")


def test_every_bin_has_its_own_id_and_words() -> None:
    """The ids of all bins differ, so one rule stands for one bin; what they read differs too."""
    ids = [shape_id(feature) for feature in range(GROUP_OFFSETS[-1])]

    assert len(set(ids)) == len(ids)
    assert len({(shape_reads(feature), shape_id(feature)) for feature in range(GROUP_OFFSETS[-1])}) == len(ids)


def test_an_id_names_axes_and_answers() -> None:
    """The id of a pair gives both axes with the number of the answer, and the words give both answers."""
    group = GROUPS.index(("coarse", "end"))
    feature = GROUP_OFFSETS[group] + 2 * AXES["end"].size + 4

    assert shape_id(feature) == "shape:coarse=2+end=4"
    assert shape_reads(feature) == "4 to 6 words; ends a sentence"


def test_bins_follow_the_ids() -> None:
    """The bin of a line in a group is the one whose id gives the line's answers."""
    answers = {name: np.array([axis.size - 1]) for name, axis in AXES.items()}

    ids = [shape_id(feature) for feature in group_bins(answers)[0].tolist()]

    assert ids == ["shape:" + "+".join(f"{name}={AXES[name].size - 1}" for name in group) for group in GROUPS]


@settings(deadline=None, max_examples=60)
@given(st.one_of(texts, surrogate_text))
def test_bins_stay_in_the_range_of_their_group(text: str) -> None:
    """Whatever the text, each line has one bin in each group, inside that group's range."""
    features = take_features(text)
    if features is None:
        return

    assert features.bins.shape == (features.page.lines, len(GROUPS))
    assert (features.bins >= np.array(GROUP_OFFSETS[:-1])).all()
    assert (features.bins < np.array(GROUP_OFFSETS[1:])).all()
