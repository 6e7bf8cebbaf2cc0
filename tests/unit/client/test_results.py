"""What a result can do: restore, slice, travel, turn into plain values."""

from __future__ import annotations

import dataclasses
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk import DehuskError, Failure, InvalidRequestError, Kind, OffsetUnit
from unit.client.results import result

PARTS = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
        st.one_of(st.none(), st.sampled_from([kind for kind in Kind if kind is not Kind.BODY])),
    ),
    max_size=12,
)


@given(parts=PARTS, unit=st.sampled_from(list(OffsetUnit)))
def test_restoring_all_kinds_gives_the_source(parts: list[tuple[str, Kind | None]], unit: OffsetUnit) -> None:
    """With every kind put back nothing is missing, in any unit."""
    answer = result(*parts, unit=unit)

    assert answer.restore() == answer.source
    assert answer.restore(Kind) == answer.source


@given(parts=PARTS, unit=st.sampled_from(list(OffsetUnit)), kinds=st.sets(st.sampled_from(list(Kind))))
def test_restoring_some_kinds_puts_back_these_alone(
    parts: list[tuple[str, Kind | None]], unit: OffsetUnit, kinds: set[Kind]
) -> None:
    """What comes back is the kept text and the removed text of the kinds named, verbatim and in order."""
    wanted = "".join(text for text, kind in parts if kind is None or kind in kinds)

    assert result(*parts, unit=unit).restore(kinds) == wanted


def test_restore_takes_names_and_refuses_others() -> None:
    """Kinds may be given by name; a name that is none is an error, not an empty answer."""
    answer = result(("Body.\n", None), ("Share\n", Kind.SHARE), ("Tags\n", Kind.TAGS))

    assert answer.restore(["SHARE"]) == "Body.\nShare\n"
    assert answer.restore([]) == "Body.\n"
    with pytest.raises(ValueError, match="SHARES"):
        answer.restore(["SHARES"])


def test_plain_values_have_the_shape_of_the_command_line() -> None:
    """`to_dict` is what the command line writes as JSON, and JSON can hold it."""
    answer = result(("Share\n", Kind.SHARE), ("Body.", None), title="T")

    record = json.loads(json.dumps(answer.to_dict()))

    assert {"id": "page-1", "body": "Body.", "title": "T", "rules_version": "7"}.items() <= record.items()
    assert record["removed"] == [
        {"start": 0, "end": 6, "kind": "SHARE", "confidence": 0.9, "text": "Share\n", "rules": ["rule-share"]}
    ]
    assert record["status"] == "OK"
    assert "offset_unit" not in record


def test_plain_values_name_an_unusual_unit() -> None:
    """Offsets that do not count code points say so."""
    assert result(("a", None), unit=OffsetUnit.UTF16_UNITS).to_dict()["offset_unit"] == "UTF16_UNITS"


def test_a_failure_in_plain_values() -> None:
    """A failure gives id, code and message, and field and limit where there are any."""
    error = InvalidRequestError("too long", code="INVALID_ARGUMENT", field="text", limit="5 code points")

    assert Failure("a", error).to_dict() == {
        "id": "a",
        "error": {"code": "INVALID_ARGUMENT", "message": "too long", "field": "text", "limit": "5 code points"},
    }
    assert Failure("b", DehuskError("m")).to_dict() == {"id": "b", "error": {"code": "UNKNOWN", "message": "m"}}


def test_ok_tells_results_from_failures() -> None:
    """One attribute tells the two apart."""
    assert result(("a", None)).ok
    assert not Failure("a", DehuskError("m")).ok


def test_results_are_frozen_and_travel() -> None:
    """A result cannot be changed, and comes out of a pickle as it went in; so do errors."""
    answer = result(("Share", Kind.SHARE))
    error = InvalidRequestError("m", code="INVALID_ARGUMENT", field="f", limit="l", retry_after_s=1.0, values=("v",))

    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.body = ""  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(answer)) == answer
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is InvalidRequestError
    assert (copy.__dict__, str(copy)) == (error.__dict__, str(error))


def test_rules_of_a_span_are_named_once() -> None:
    """A rule that speaks twice is named once, in its first place."""
    (span,) = result(("Share", Kind.SHARE)).removed
    twice = dataclasses.replace(span, evidence=(*span.evidence, *span.evidence))

    assert twice.rules == ("rule-share",)


def test_an_error_in_words() -> None:
    """An error's text says code, field, message and limit."""
    error = InvalidRequestError("too long", code="INVALID_ARGUMENT", field="text", limit="5 code points")

    assert str(error) == "INVALID_ARGUMENT: text: too long (limit: 5 code points)"
    assert str(DehuskError("m")) == "UNKNOWN: m"
