"""Every error of the contract through a real server, and the next request served as if nothing had happened."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

from dehusk.v1 import cleaning_pb2, cleaning_pb2_grpc, errors_pb2, rules_pb2
from dehusk_server.serving.app import BackgroundServer
from roundtrip.conftest import SETTINGS
from roundtrip.fakes import MarkEngine

CLEAN = "/dehusk.v1.CleaningService/Clean"
STREAM = "/dehusk.v1.CleaningService/CleanStream"
EXPLAIN = "/dehusk.v1.CleaningService/Explain"
GET_RULES = "/dehusk.v1.RuleService/GetRules"
LIST_RULES = "/dehusk.v1.RuleService/ListRules"
Metadata = tuple[tuple[str, str], ...]
GOOD = cleaning_pb2.CleanRequest(id="good", text="Prose.\n[SHARE] Share\n").SerializeToString()


@dataclass(frozen=True)
class Bad:
    """A message that must be refused, and what its refusal must say."""

    raw: bytes
    field: str
    limit: str = ""
    code: grpc.StatusCode = grpc.StatusCode.INVALID_ARGUMENT
    method: str = CLEAN


def clean(**fields: object) -> bytes:
    """Return a request's bytes."""
    return cleaning_pb2.CleanRequest(**fields).SerializeToString()  # type: ignore[arg-type]


def options(**fields: object) -> bytes:
    """Return the bytes of a good request with these options."""
    return clean(text="a", options=cleaning_pb2.CleanOptions(**fields))  # type: ignore[arg-type]


def explain(offset: int, text: str = "a\U0001f600b", **fields: object) -> bytes:
    """Return the bytes of a question about one offset."""
    request = cleaning_pb2.CleanRequest(text=text, options=cleaning_pb2.CleanOptions(**fields))  # type: ignore[arg-type]
    return cleaning_pb2.ExplainRequest(request=request, offset=offset).SerializeToString()


BAD = {
    "no content": Bad(clean(id="x"), "content"),
    "no bytes at all": Bad(b"", "content"),
    "empty text": Bad(clean(text=""), "text"),
    "empty HTML": Bad(clean(html=""), "html"),
    "empty bytes of HTML": Bad(clean(html_bytes=b""), "html_bytes"),
    "too much HTML": Bad(clean(html="a" * 80_001), "html", "80000 code points"),
    "too many bytes of HTML": Bad(clean(html_bytes=b"a" * 80_001), "html_bytes", "80000 bytes"),
    "a long charset": Bad(clean(html_bytes=b"a", charset="x" * 65), "charset", "64 code points"),
    "two contents": Bad(clean(text="a") + clean(html="b"), "content", "one content"),
    "one content twice": Bad(clean(text="a") + clean(text="b"), "content", "one content"),
    "text that is not UTF-8": Bad(b"\x12\x03a\xff\xfe", "text", "UTF-8"),
    "half of a surrogate pair": Bad(b"\x12\x03\xed\xa0\x80", "text", "UTF-8"),
    "an id that is not UTF-8": Bad(b"\x0a\x01\xff" + clean(text="a"), "id", "UTF-8"),
    "a phrase that is not UTF-8": Bad(clean(text="a") + b"\x3a\x03\x2a\x01\xff", "options.allow_phrases", "UTF-8"),
    "bytes that are no message": Bad(b"\xff\xff\xff\xff", ""),
    "a message cut short": Bad(clean(text="abcdef")[:-3], ""),
    "far too many fields": Bad(b"\x78\x00" * 10_001, "", "10000 fields"),
    "too large": Bad(clean(text="a" * 20_001), "text", "20000 code points"),
    "a long id": Bad(clean(text="a", id="x" * 1_025), "id", "1024 code points"),
    "a long url": Bad(clean(text="a", url="x" * 8_193), "url", "8192 code points"),
    "a long language": Bad(clean(text="a", language="x" * 65), "language", "64 code points"),
    "the kind that is none": Bad(options(keep_kinds=[0]), "options.keep_kinds"),
    "an unknown kind": Bad(options(keep_kinds=[99]), "options.keep_kinds"),
    "a threshold above 1": Bad(options(threshold=1.01), "options.threshold", "0 to 1"),
    "a threshold below 0": Bad(options(threshold=-0.01), "options.threshold", "0 to 1"),
    "a threshold that is no number": Bad(options(threshold=math.nan), "options.threshold", "0 to 1"),
    "unknown white space": Bad(options(whitespace=9), "options.whitespace"),
    "an unknown offset unit": Bad(options(offset_unit=9), "options.offset_unit"),
    "an empty phrase": Bad(options(allow_phrases=["ok", ""]), "options.allow_phrases"),
    "a long phrase": Bad(options(allow_phrases=["x" * 1_001]), "options.allow_phrases", "1000 code points"),
    "too many phrases": Bad(options(allow_phrases=["x"] * 1_001), "options.allow_phrases", "1000 phrases"),
    "out of time": Bad(clean(text="!slow"), "", code=grpc.StatusCode.DEADLINE_EXCEEDED),
    "explain, no request": Bad(b"", "request.content", method=EXPLAIN),
    "explain, not UTF-8": Bad(b"\x0a\x03\x12\x01\xff", "request.text", "UTF-8", method=EXPLAIN),
    "explain, outside": Bad(explain(3), "offset", "0 to 2", method=EXPLAIN),
    "explain, outside in UTF-8": Bad(explain(6, offset_unit=2), "offset", "0 to 5", method=EXPLAIN),
    "explain, outside in UTF-16": Bad(explain(4, offset_unit=3), "offset", "0 to 3", method=EXPLAIN),
    "explain, inside a character": Bad(explain(2, offset_unit=2), "offset", method=EXPLAIN),
    "explain, inside a pair": Bad(explain(2, offset_unit=3), "offset", method=EXPLAIN),
    "no rule ids": Bad(b"", "ids", method=GET_RULES),
    "an empty rule id": Bad(rules_pb2.GetRulesRequest(ids=[""]).SerializeToString(), "ids", method=GET_RULES),
    "too many rule ids": Bad(
        rules_pb2.GetRulesRequest(ids=["a"] * 1_001).SerializeToString(), "ids", "1000 ids", method=GET_RULES
    ),
    "unknown rules": Bad(
        rules_pb2.GetRulesRequest(ids=["mark-share", "none"]).SerializeToString(),
        "ids",
        code=grpc.StatusCode.NOT_FOUND,
        method=GET_RULES,
    ),
    "a page too large": Bad(
        rules_pb2.ListRulesRequest(page_size=1_001).SerializeToString(), "page_size", "1000 rules", method=LIST_RULES
    ),
    "a page of no list": Bad(
        rules_pb2.ListRulesRequest(page_token="!").SerializeToString(), "page_token", method=LIST_RULES
    ),
    "rules of no kind": Bad(rules_pb2.ListRulesRequest(kind=77).SerializeToString(), "kind", method=LIST_RULES),  # type: ignore[arg-type]
}


@pytest.fixture(scope="module")
def channel() -> Iterator[grpc.Channel]:
    """A channel to one server that meets all the bad requests of this module, one after the other."""
    with BackgroundServer(SETTINGS, MarkEngine()) as server, grpc.insecure_channel(server.target) as channel:
        yield channel


def send(channel: grpc.Channel, raw: bytes, method: str = CLEAN, metadata: Metadata = ()) -> bytes:
    """Send bytes as they are, and return the answer's."""
    call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(method)
    return call(raw, timeout=10, metadata=metadata)


def stream(channel: grpc.Channel, messages: Sequence[bytes]) -> list[cleaning_pb2.CleanStreamResponse]:
    """Send a stream of bytes as they are, and return the answers."""
    call: grpc.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(STREAM)
    return [cleaning_pb2.CleanStreamResponse.FromString(each) for each in call(iter(messages), timeout=10)]


def refusal(call: Callable[[], object]) -> grpc.RpcError:
    """Return how a call fails; fail if it does not."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value


def google_details(error: grpc.RpcError) -> status_pb2.Status:
    """Return the status details of a failed call, as general tools read them."""
    pairs: Any = error.trailing_metadata()
    trailers: dict[str, Any] = dict(pairs)
    return status_pb2.Status.FromString(trailers["grpc-status-details-bin"])


def detail(status: status_pb2.Status, message: Any) -> Any:
    """Return the one detail of a type."""
    found = [message.FromString(each.value) for each in status.details if each.Is(message.DESCRIPTOR)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_is_refused_and_the_next_is_served(name: str, channel: grpc.Channel) -> None:
    """Status, field and limit are those of the contract, in our words and Google's; then a good request is served."""
    bad = BAD[name]

    error = refusal(lambda: send(channel, bad.raw, bad.method))

    status = google_details(error)
    ours = detail(status, errors_pb2.Error)
    assert isinstance(ours, errors_pb2.Error)
    assert (bad.code, bad.field, bad.limit) == (error.code(), ours.field, ours.limit)
    assert bad.code.value[0] == status.code == int(ours.code)
    assert error.details() == ours.message != ""
    info = detail(status, error_details_pb2.ErrorInfo)
    assert bad.code.name == info.reason
    if bad.field and not ours.values:
        violations = detail(status, error_details_pb2.BadRequest).field_violations
        assert [bad.field] == [violation.field for violation in violations]
    served = cleaning_pb2.CleanResponse.FromString(send(channel, GOOD))
    assert (served.id, served.body, len(served.removed)) == ("good", "Prose.", 1)


@pytest.mark.parametrize("name", [name for name, bad in BAD.items() if bad.method == CLEAN])
def test_a_bad_document_answers_for_itself_and_the_stream_goes_on(name: str, channel: grpc.Channel) -> None:
    """Inside a stream each bad document is answered in its place by the error of the unary call."""
    bad = BAD[name]
    messages = [b"\x0a" + _varint(len(raw)) + raw for raw in (GOOD, bad.raw, GOOD)]

    before, between, after = stream(channel, messages)

    assert before.WhichOneof("outcome") == after.WhichOneof("outcome") == "response"
    assert (bad.code.value[0], bad.field, bad.limit) == (
        int(between.error.code),
        between.error.field,
        between.error.limit,
    )
    assert before.response == after.response


def test_a_stream_message_without_a_document_is_an_error_of_its_own(channel: grpc.Channel) -> None:
    """An empty stream message is answered, not passed over: the answers stay in step."""
    assert [answer.error.field for answer in stream(channel, [b""])] == ["content"]


def test_a_broken_document_of_a_stream_keeps_its_id(channel: grpc.Channel) -> None:
    """The id is echoed although the document could not be parsed."""
    raw = b"\x0a\x06page-1" + b"\x12\x01\xff"

    assert [answer.id for answer in stream(channel, [b"\x0a" + _varint(len(raw)) + raw])] == ["page-1"]


def test_unknown_rules_are_named_all_at_once(channel: grpc.Channel) -> None:
    """NOT_FOUND lists every id that is not there, once, and none that is."""
    request = rules_pb2.GetRulesRequest(ids=["x", "mark-share", "y", "x"])

    status = google_details(refusal(lambda: send(channel, request.SerializeToString(), GET_RULES)))

    ours = detail(status, errors_pb2.Error)
    assert isinstance(ours, errors_pb2.Error)
    assert list(ours.values) == ["x", "y"]
    resources = [each for each in status.details if each.Is(error_details_pb2.ResourceInfo.DESCRIPTOR)]
    assert [error_details_pb2.ResourceInfo.FromString(each.value).resource_name for each in resources] == ["x", "y"]


def test_a_fault_of_the_engine_costs_its_own_request(channel: grpc.Channel, caplog: pytest.LogCaptureFixture) -> None:
    """INTERNAL without a word of what happened; the log knows the request's id and quotes nothing of the page."""
    named = (("x-request-id", "look-for-me"),)

    error = refusal(lambda: send(channel, clean(text="!boom secret words"), metadata=named))

    assert error.code() == grpc.StatusCode.INTERNAL
    assert "look-for-me" in str(error.details())
    assert "secret" not in str(error.details())
    assert "request_id=look-for-me" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    assert cleaning_pb2.CleanResponse.FromString(send(channel, GOOD)).body == "Prose."


def test_a_fault_of_the_engine_does_not_end_a_stream(channel: grpc.Channel) -> None:
    """Inside a stream such a fault answers for its document alone."""
    texts = ("a", "!boom secret", "b")
    requests = [cleaning_pb2.CleanRequest(text=text) for text in texts]
    messages = [cleaning_pb2.CleanStreamRequest(request=request).SerializeToString() for request in requests]

    answers = stream(channel, messages)

    assert [answer.WhichOneof("outcome") for answer in answers] == ["response", "error", "response"]
    assert answers[1].error.code == errors_pb2.ERROR_CODE_INTERNAL
    assert "secret" not in answers[1].error.message


def test_a_message_beyond_the_transport_limit_is_refused(engine: MarkEngine) -> None:
    """What gRPC itself refuses has its own status, and the next call is served."""
    settings = dataclasses.replace(SETTINGS, max_message_bytes=1_000)
    with BackgroundServer(settings, engine) as server, grpc.insecure_channel(server.target) as channel:
        error = refusal(lambda: send(channel, clean(text="a" * 2_000)))

        assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert send(channel, GOOD)


def test_who_is_turned_away_is_told_when_to_come_back(server: BackgroundServer, engine: MarkEngine) -> None:
    """Beyond capacity the details hold the time to wait, for our clients and for general tools, and the limit."""
    with grpc.insecure_channel(server.target) as channel:
        stub = cleaning_pb2_grpc.CleaningServiceStub(channel)
        held: list[Any] = [stub.Clean.future(cleaning_pb2.CleanRequest(text="!wait")) for _ in range(2)]
        for _ in held:
            assert engine.entered.acquire(timeout=10)

        error = refusal(lambda: send(channel, clean(text="Prose.")))

        engine.release.set()
        assert [call.result(10).body for call in held] == ["!wait"] * 2
    status = google_details(error)
    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert detail(status, error_details_pb2.RetryInfo).retry_delay.ToMilliseconds() == 500
    assert detail(status, errors_pb2.Error).retry_after_ms == 500
    assert detail(status, error_details_pb2.ErrorInfo).metadata["limit"] == "2 documents under way"


def test_an_unknown_call_is_unimplemented(channel: grpc.Channel) -> None:
    """A call that no service has answers as gRPC does."""
    error = refusal(lambda: send(channel, b"", "/dehusk.v1.CleaningService/Nothing"))

    assert error.code() == grpc.StatusCode.UNIMPLEMENTED


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
