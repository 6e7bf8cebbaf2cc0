"""Offsets in the unit asked, against the plainest count there is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk import OffsetUnit
from dehusk.v1 import cleaning_pb2
from dehusk_server.errors import InvalidInputError
from dehusk_server.serving.offsets import Offsets, code_points
from unit.client.results import length

UNITS = {unit: cleaning_pb2.OffsetUnit.Value(f"OFFSET_UNIT_{unit.value}") for unit in OffsetUnit}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(text=TEXTS, unit=st.sampled_from(list(OffsetUnit)), data=st.data())
def test_offsets_count_what_stands_before(text: str, unit: OffsetUnit, data: st.DataObject) -> None:
    """Each offset is the length of the text before it, in any order and however often it is asked."""
    asked = data.draw(st.lists(st.integers(0, len(text)), max_size=10))

    at = Offsets(text, UNITS[unit], asked)

    assert [length(text[:offset], unit) for offset in asked] == [at(offset) for offset in asked]


@given(text=TEXTS, unit=st.sampled_from(list(OffsetUnit)))
def test_the_way_back_is_exact(text: str, unit: OffsetUnit) -> None:
    """Each start of a character is found again, and nothing between is taken for one."""
    starts = {length(text[:offset], unit): offset for offset in range(len(text))}

    for offset in range(length(text, unit)):
        if offset in starts:
            assert starts[offset] == code_points(text, UNITS[unit], offset)
        else:
            with pytest.raises(InvalidInputError, match="inside a character"):
                code_points(text, UNITS[unit], offset)
    with pytest.raises(InvalidInputError, match="outside"):
        code_points(text, UNITS[unit], length(text, unit))


def test_the_work_grows_with_the_text_and_no_faster() -> None:
    """Sixteen times the text and the offsets take nowhere near the square of that."""

    def seconds(times: int) -> float:
        text = "\u00e4\U0001f600 b" * times
        offsets = range(0, len(text), 4)
        began = time.thread_time()
        Offsets(text, cleaning_pb2.OFFSET_UNIT_UTF8_BYTES, offsets)
        return time.thread_time() - began

    small = min(seconds(4_000) for _ in range(3))
    large = min(seconds(64_000) for _ in range(3))

    assert large < 16 * small * 5
