"""The clients without a server: settings, options, warnings, the window of a stream."""

from __future__ import annotations

import asyncio
import gc
import json
import warnings
from collections.abc import Callable

import grpc
import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

from dehusk import (
    TLS,
    UNSET,
    AsyncClient,
    Client,
    Document,
    Failure,
    InvalidRequestError,
    Kind,
    OverloadedError,
    Result,
    ServerError,
    Status,
    UnavailableError,
    _convert,
    _requests,
)
from dehusk._call import CallSettings, error_from_call, service_config
from dehusk._window import Sent, Window
from dehusk.errors import DeadlineError
from dehusk.options import OnError
from dehusk.v1 import cleaning_pb2, errors_pb2

SETTINGS = CallSettings("host:1", None, 30.0, 3, 1_000, 60.0, ())


def window(*, count: int = 3, size: int = 10_000, on_error: OnError = "yield") -> Window:
    """Return a window."""
    return Window(SETTINGS, {}, on_error=on_error, max_in_flight=count, max_in_flight_bytes=size)


def answered(text: str = "b") -> cleaning_pb2.CleanStreamResponse:
    """Return an answer."""
    return cleaning_pb2.CleanStreamResponse(response=cleaning_pb2.CleanResponse(body=text, status="CLEANING_STATUS_OK"))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"target": ""}, "target"),
        ({"target": "h:1", "retries": 5}, "retries"),
        ({"target": "h:1", "retries": -1}, "retries"),
        ({"target": "h:1", "max_message_bytes": 0}, "max_message_bytes"),
        ({"target": "h:1", "keepalive_s": 0}, "keepalive_s"),
    ],
)
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_settings_out_of_range_are_refused(
    client: Callable[..., object], arguments: dict[str, object], named: str
) -> None:
    """A setting that cannot be is refused at once, by name, and leaves nothing open."""
    with pytest.raises(ValueError, match=named):
        client(**arguments)


def test_half_of_mutual_tls_is_refused() -> None:
    """A key without its certificate, or the other way round, is a mistake."""
    with pytest.raises(ValueError, match="both"):
        TLS(private_key=b"k")


@pytest.mark.parametrize(("given", "taken"), [(UNSET, 30.0), (None, None), (5, 5)])
def test_an_explicit_time_counts(given: float | None, taken: float | None) -> None:
    """``None`` is a time of its own, not the default."""
    assert SETTINGS.timeout(given) == taken


@pytest.mark.parametrize("given", [0, 0.0, -1])
def test_a_time_of_nothing_has_run_out(given: float) -> None:
    """Nor is 0 the default: nothing is asked of a server that has no time to answer."""
    with pytest.raises(DeadlineError, match="ran out before it began"):
        SETTINGS.timeout(given)


def test_only_unavailable_is_tried_again() -> None:
    """The retry policy is bounded, and covers both services."""
    (method,) = json.loads(service_config(3))["methodConfig"]

    assert method["retryPolicy"]["retryableStatusCodes"] == ["UNAVAILABLE", "CANCELLED"]
    assert method["retryPolicy"]["maxAttempts"] == 4
    assert method["name"] == [{"service": "dehusk.v1.CleaningService"}, {"service": "dehusk.v1.RuleService"}]
    assert "retryPolicy" not in json.loads(service_config(0))["methodConfig"][0]


def test_balancing_and_waiting_are_asked_for() -> None:
    """Neither is gRPC's default, and neither is ours; both are said in its own words."""
    plain, asked = json.loads(service_config(3)), json.loads(service_config(3, balance=True, wait_for_ready=True))

    assert set(plain) == {"methodConfig"}
    assert asked["loadBalancingConfig"] == [{"round_robin": {}}]
    assert asked["methodConfig"][0] == plain["methodConfig"][0] | {"waitForReady": True}


def test_a_client_dropped_open_warns() -> None:
    """Forgetting to close is told; closing is not."""

    def drop() -> None:
        Client("host:1")
        gc.collect()

    with pytest.warns(ResourceWarning, match="host:1"):
        drop()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Client("host:1") as client:
            client.close()
        del client
        gc.collect()


def test_an_asyncio_client_dropped_open_warns() -> None:
    """The awaited client warns alike."""

    async def drop() -> None:
        AsyncClient("host:1")
        gc.collect()

    with pytest.warns(ResourceWarning, match="host:1"):
        asyncio.run(drop())


def test_a_closed_client_says_so() -> None:
    """A call after closing is a mistake of the program, and named as such."""
    client = Client("host:1")
    client.close()

    with pytest.raises(RuntimeError, match="closed"):
        client.clean("a")


def test_options_are_checked_before_anything_is_sent() -> None:
    """Mistakes of the program are TypeErrors; values that no server takes are InvalidRequestErrors with their field."""
    with pytest.raises(TypeError, match="treshold"):
        _requests.wire_options({"treshold": 1})  # type: ignore[typeddict-unknown-key]
    with pytest.raises(TypeError, match="several"):
        _requests.wire_options({"allow_phrases": "one phrase"})
    with pytest.raises(TypeError, match="several"):
        _requests.wire_options({"keep_kinds": "SHARE"})
    for options, field in [
        ({"keep_kinds": ["SHARES"]}, "options.keep_kinds"),
        ({"whitespace": "NEAT"}, "options.whitespace"),
        ({"offset_unit": "WORDS"}, "options.offset_unit"),
        ({"allow_phrases": ["\udc80"]}, "options.allow_phrases"),
    ]:
        with pytest.raises(InvalidRequestError) as caught:
            _requests.wire_options(options)  # type: ignore[arg-type]
        assert caught.value.field == field


def test_a_threshold_of_zero_is_sent() -> None:
    """0 goes over the wire; no threshold does not."""
    assert _requests.wire_options({"threshold": 0}).HasField("threshold")
    assert not _requests.wire_options({"threshold": None}).HasField("threshold")
    assert not _requests.wire_options({}).HasField("threshold")


def test_bytes_are_no_document() -> None:
    """Bytes are refused with a word on what is taken."""
    with pytest.raises(TypeError, match="bytes"):
        _requests.as_document(b"a")  # type: ignore[arg-type]


def test_answers_of_a_later_contract_are_understood() -> None:
    """A kind that this client does not know is OTHER, and a status that it does not know is SUSPECT."""
    removed = [cleaning_pb2.Removed(start=0, end=1, kind=99)]  # type: ignore[arg-type]
    response = cleaning_pb2.CleanResponse(status=77, removed=removed)  # type: ignore[arg-type]

    answer = _convert.result(response, Document("a"), _requests.offset_unit({}))

    assert (answer.status, answer.removed[0].kind) == (Status.SUSPECT, Kind.OTHER)


class _Ended:
    """A call that failed."""

    def __init__(self, code: grpc.StatusCode, *trailers: tuple[str, object]) -> None:
        self._code = code
        self._trailers = trailers

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return "plain words"

    def trailing_metadata(self) -> tuple[tuple[str, object], ...]:
        return self._trailers


def test_details_are_read_from_googles_status() -> None:
    """Our error is found among Google's details, in what Google's own package wrote."""
    status = status_pb2.Status(code=8, message="busy")
    wire = errors_pb2.Error(
        code=errors_pb2.ERROR_CODE_RESOURCE_EXHAUSTED, message="busy", limit="2", retry_after_ms=250
    )
    for message in (error_details_pb2.ErrorInfo(reason="R"), wire):
        packed = any_pb2.Any()
        packed.Pack(message)
        status.details.append(packed)
    trailers = (("grpc-status-details-bin", status.SerializeToString()), ("x-request-id", "r-1"))

    error = error_from_call(_Ended(grpc.StatusCode.RESOURCE_EXHAUSTED, *trailers))

    assert isinstance(error, OverloadedError)
    assert (error.message, error.limit, error.retry_after_s, error.request_id) == ("busy", "2", 0.25, "r-1")


@pytest.mark.parametrize("trailer", [b"", b"\xff\xff", b"\x08\x0e", "text"])
def test_without_our_details_the_status_speaks(trailer: object) -> None:
    """A proxy's answer, or a broken trailer, still gives the exception of its status."""
    error = error_from_call(_Ended(grpc.StatusCode.UNAVAILABLE, ("grpc-status-details-bin", trailer)))

    assert isinstance(error, UnavailableError)
    assert (error.code, error.message) == ("UNAVAILABLE", "plain words")


def test_the_window_is_bounded_by_count_and_bytes() -> None:
    """No more documents than the count, no more bytes than the bound, but one larger document goes alone."""
    by_count, by_size = window(count=2), window(size=100)
    entry, large = by_count.prepare("a"), by_size.prepare("x" * 200)

    for _ in range(2):
        assert by_count.fits(entry)
        by_count.push(entry)
    assert not by_count.fits(entry)
    assert by_size.fits(large)
    by_size.push(large)
    assert not by_size.fits(entry)
    by_size.settle(answered())
    by_size.push(entry)
    assert by_size.fits(entry)


def test_a_document_that_cannot_be_sent_fails_in_its_place() -> None:
    """Too large for the channel, or no Unicode: a failure that waits for its turn and for no answer."""
    held = window()
    for item in ("fine", "x" * 2_000, "\ud800"):
        held.push(held.prepare(item))

    assert held.needs_answer
    assert isinstance(held.settle(answered()), Result)
    failures = [held.settle(None), held.settle(None)]
    assert all(isinstance(failure, Failure) for failure in failures)
    assert [failure.error.limit for failure in failures if isinstance(failure, Failure)] == ["1000 bytes", ""]


def test_raising_raises_the_error_of_the_document() -> None:
    """With ``on_error="raise"`` the error comes in the document's turn."""
    held = window(on_error="raise")
    held.push(held.prepare("\ud800"))

    with pytest.raises(InvalidRequestError):
        held.settle(None)


def test_an_answer_that_is_none_is_a_fault_of_the_server() -> None:
    """A stream that ends too early, or an empty answer, is an error rather than a missing document."""
    for answer in (None, cleaning_pb2.CleanStreamResponse()):
        held = window()
        entry = held.prepare("a")
        assert isinstance(entry, Sent)
        held.push(entry)
        with pytest.raises(ServerError):
            held.settle(answer)


@pytest.mark.parametrize("arguments", [{"on_error": "skip"}, {"max_in_flight": 0}, {"max_in_flight_bytes": 0}])
def test_bounds_out_of_range_are_refused_before_the_first_document(arguments: dict[str, object]) -> None:
    """`clean_many` checks its arguments when it is called, not when it is read."""
    with Client("host:1") as client, pytest.raises(ValueError, match=next(iter(arguments))):
        client.clean_many([], **arguments)  # type: ignore[arg-type]
