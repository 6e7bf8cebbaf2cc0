"""Axes: each answer has words, each bin an id of its own that says what it reads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.text.axes import AXES, AXIS_OFFSETS, Axis, axis_bins, scale, shape_id, shape_reads
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
    """The ids of all bins differ, so one rule stands for one bin; together with its axis what it reads differs too."""
    bins = range(AXIS_OFFSETS[-1])

    assert len({shape_id(feature) for feature in bins}) == len(bins) == sum(axis.size for axis in AXES.values())
    assert len({(shape_id(feature).partition("=")[0], shape_reads(feature)) for feature in bins}) == len(bins)


def test_an_id_names_axis_and_answer() -> None:
    """The id gives the axis with the number of the answer, what it reads gives the answer in words."""
    feature = AXIS_OFFSETS[list(AXES).index("end")] + 4

    assert shape_id(feature) == "shape:end=4"
    assert shape_reads(feature) == "ends a sentence"


def test_bins_follow_the_ids() -> None:
    """The bin of a line on an axis is the one whose id gives the line's answer: the first and the last of each axis."""
    answers = {name: np.array([0, axis.size - 1]) for name, axis in AXES.items()}

    first, last = ([shape_id(feature) for feature in row] for row in axis_bins(answers).tolist())

    assert first == [f"shape:{name}=0" for name in AXES]
    assert last == [f"shape:{name}={axis.size - 1}" for name, axis in AXES.items()]


@settings(max_examples=60)
@given(st.one_of(texts, surrogate_text))
def test_bins_stay_in_the_range_of_their_axis(text: str) -> None:
    """Whatever the text, each line has one bin on each axis, inside that axis's range."""
    features = take_features(text)
    if features is None:
        return

    assert features.bins.shape == (features.page.lines, len(AXES))
    assert (features.bins >= np.array(AXIS_OFFSETS[:-1])).all()
    assert (features.bins < np.array(AXIS_OFFSETS[1:])).all()
