"""Parsing that never raises."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from dehusk.v1 import cleaning_pb2, rules_pb2
from dehusk_server.serving.raw import Broken, parser

MESSAGES = (
    cleaning_pb2.CleanRequest,
    cleaning_pb2.CleanStreamRequest,
    cleaning_pb2.ExplainRequest,
    cleaning_pb2.InfoRequest,
    rules_pb2.GetRulesRequest,
    rules_pb2.ListRulesRequest,
)


@given(raw=st.binary(max_size=60), message=st.sampled_from(MESSAGES))
def test_any_bytes_give_a_message_or_an_error(raw: bytes, message: type) -> None:
    """Whatever comes, the answer is a message or what is wrong with it."""
    answer = parser(message)(raw)

    assert isinstance(answer, message | Broken)


@given(text=st.text(st.characters(exclude_categories=["Cs"])), name=st.text("abc"), html=st.booleans())
def test_good_messages_are_parsed_as_they_are(text: str, name: str, html: bool) -> None:
    """A message with one content comes through unchanged, with fields that this version does not know too."""
    request = cleaning_pb2.CleanRequest(id=name, **{"html" if html else "text": text})  # type: ignore[arg-type]
    unknown = b"\xf8\x07\x01"

    assert request == parser(cleaning_pb2.CleanRequest)(request.SerializeToString())
    assert not isinstance(parser(cleaning_pb2.CleanRequest)(request.SerializeToString() + unknown), Broken)


def test_two_halves_of_one_nested_request_are_two_contents() -> None:
    """A nested request that comes in two parts would be merged by the parser; the second content is not lost."""
    halves = [cleaning_pb2.CleanRequest(text="a"), cleaning_pb2.CleanRequest(html="b")]
    raw = b"".join(cleaning_pb2.CleanStreamRequest(request=half).SerializeToString() for half in halves)

    answer = parser(cleaning_pb2.CleanStreamRequest)(raw)

    assert isinstance(answer, Broken)
    assert answer.fault.field == "content"


def test_a_hostile_message_is_given_up_soon() -> None:
    """Millions of tiny fields cost little: the looking ends at its bound."""
    began = time.perf_counter()

    answer = parser(cleaning_pb2.CleanRequest)(b"\x78\x00" * 2_000_000)

    assert isinstance(answer, Broken)
    assert time.perf_counter() - began < 1
