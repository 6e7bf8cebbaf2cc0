"""The HTTP door: the same answers as over gRPC, its errors, its limits, its numbers."""

from __future__ import annotations

import dataclasses
import http.client
import json
import re
import socket
import urllib.parse
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from google.protobuf import json_format
from prometheus_client.parser import text_string_to_metric_families

from dehusk import Client
from dehusk.v1 import cleaning_pb2, errors_pb2
from dehusk_server.serving.app import BackgroundServer
from dehusk_server.serving.http import openapi, wire
from roundtrip.conftest import SETTINGS
from roundtrip.fakes import MarkEngine
from service.running import eventually

HTTP = dataclasses.replace(SETTINGS, http=True, http_port=0, max_message_bytes=100_000)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@pytest.fixture
def engine() -> Iterator[MarkEngine]:
    """The engine of one test."""
    engine = MarkEngine()
    yield engine
    engine.release.set()


@pytest.fixture
def server(engine: MarkEngine) -> Iterator[BackgroundServer]:
    """A server with both doors open."""
    with BackgroundServer(HTTP, engine) as server:
        yield server
        engine.release.set()


def ask(server: BackgroundServer, path: str, body: bytes | None = None, **headers: str) -> Answer:
    """Ask once; with a body by POST."""
    place = urllib.parse.urlsplit(server.addresses[1]).netloc
    connection = http.client.HTTPConnection(place, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET" if body is None else "POST", path, body, named)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def clean(server: BackgroundServer, **request: object) -> Answer:
    """Clean one document."""
    return ask(server, "/v1/clean", json.dumps(request).encode())


def numbers(server: BackgroundServer) -> dict[str, float]:
    """Return all numbers, as Prometheus would read them: name and labels to value."""
    text = ask(server, "/metrics").body.decode()
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


TEXT = "Prose.\n[SHARE] Teilen\nMore 😀.\n[TAGS] a\n"


@pytest.mark.parametrize("options", [{}, {"offset_unit": "OFFSET_UNIT_UTF8_BYTES", "keep_kinds": ["KIND_TAGS"]}])
def test_both_doors_give_one_answer(server: BackgroundServer, options: dict[str, object]) -> None:
    """What JSON asks and gets is, message for message, what gRPC asks and gets."""
    asked = {"id": "a", "text": TEXT, "options": options}
    request = json_format.ParseDict(asked, cleaning_pb2.CleanRequest())
    with Client(server.target) as client:
        assert client._channel is not None
        over_grpc = client._cleaning.Clean(request, timeout=10)

    answer = clean(server, **asked)

    assert answer.status == 200
    assert json_format.ParseDict(answer.json, cleaning_pb2.CleanResponse()) == over_grpc
    assert len(answer.json["removed"]) == 2 - len(options.get("keep_kinds", []))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", ""),
        (b"\xff", ""),
        (b'{"text": NaN}', ""),
        (b"[" * 50_000, ""),
        (b'{"text": "a", "nothing": 1}', ""),
        (b'{"text": "\\ud800"}', ""),
        (b'{"text": "a", "html": "b"}', "content"),
        (b"{}", "content"),
        (b'{"text": ""}', "text"),
        (b'{"text": "a", "options": {"threshold": 2}}', "options.threshold"),
        (b'{"text": "' + b"a" * 100_000 + b'"}', ""),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_bad_request_is_400_and_says_where(server: BackgroundServer, body: bytes, field: str) -> None:
    """Whatever comes, the answer is an error of the contract, and the server goes on."""
    answer = ask(server, "/v1/clean", body)

    assert (answer.status, answer.json["error"]["code"]) == (400, "ERROR_CODE_INVALID_ARGUMENT")
    assert answer.json["error"]["field"] == field
    assert clean(server, text="Prose.").status == 200


def test_a_fault_is_answered_without_a_word_of_the_page(server: BackgroundServer) -> None:
    """A fault of the engine is 500, with the request's id and nothing of the page."""
    answer = ask(server, "/v1/clean", b'{"text": "!boom secret"}', x_request_id="mine-1")

    assert (answer.status, answer.headers["x-request-id"]) == (500, "mine-1")
    assert "mine-1" in answer.json["error"]["message"]
    assert b"secret" not in answer.body


def test_a_page_that_takes_too_long_is_504(server: BackgroundServer) -> None:
    """The ceiling for one document holds at this door too."""
    assert clean(server, text="!slow").status == 504


def test_beyond_capacity_is_429_with_a_time_to_wait(engine: MarkEngine, server: BackgroundServer) -> None:
    """Both doors share one capacity, and what is turned away is turned away at once and counted."""
    with Client(server.target) as client:
        stub = client._cleaning
        waiting = [stub.Clean.future(cleaning_pb2.CleanRequest(text="!wait")) for _ in range(2)]
        for _ in waiting:
            assert engine.entered.acquire(timeout=10)

        answer = clean(server, text="Prose.")

        engine.release.set()
        for call in waiting:
            call.result(10)
    assert (answer.status, answer.headers["retry-after"]) == (429, "1")
    assert answer.json["error"]["code"] == "ERROR_CODE_RESOURCE_EXHAUSTED"
    assert numbers(server)["dehusk_shed_total['documents']"] == 1


def test_a_caller_who_leaves_stops_the_work(engine: MarkEngine, server: BackgroundServer) -> None:
    """A closed connection reaches the engine, which gives the document up."""
    place = urllib.parse.urlsplit(server.addresses[1])
    body = b'{"text": "!patient"}'
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        head = f"POST /v1/clean HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        assert engine.entered.acquire(timeout=10)

    assert engine.gave_up.wait(10)


def test_health_turns_before_the_end(server: BackgroundServer) -> None:
    """A server that is about to end says so while its port is still open."""
    assert ask(server, "/healthz").status == 200

    server._server._serves = False

    assert (ask(server, "/healthz").status, ask(server, "/healthz").body) == (503, b"NOT_SERVING\n")


def test_what_happens_is_counted(server: BackgroundServer) -> None:
    """Calls by status, documents, bytes, the share removed by kind, doubt, the rule set: all are there."""
    before = numbers(server)
    with Client(server.target) as client:
        assert client.clean(TEXT).ok
        assert [answer.ok for answer in client.clean_many(["[SHARE] x\n", "", "Prose."])] == [True, False, True]
    assert clean(server, text="").status == 400

    def counted(name: str) -> float:
        return numbers(server).get(name, 0.0) - before.get(name, 0.0)

    assert eventually(lambda: counted("dehusk_calls_total['CleanStream', 'OK']") == 1)
    assert (
        counted("dehusk_calls_total['Clean', 'OK']") == counted("dehusk_calls_total['Clean', 'INVALID_ARGUMENT']") == 1
    )
    assert (counted("dehusk_documents_total['OK']"), counted("dehusk_documents_total['INVALID_ARGUMENT']")) == (3, 2)
    assert (counted("dehusk_cleanings_total['OK']"), counted("dehusk_cleanings_total['NO_ARTICLE']")) == (2, 1)
    assert counted("dehusk_source_chars_total[]") == len(TEXT) + 10 + 6
    assert counted("dehusk_removed_chars_total['SHARE']") == len("[SHARE] Teilen\n") + 10
    assert counted("dehusk_removed_chars_total['TAGS']") == len("[TAGS] a\n")
    assert counted("dehusk_message_bytes_total['received']") > 0
    assert counted("dehusk_message_bytes_total['sent']") > 0
    assert counted("dehusk_call_seconds_count['CleanStream']") == 1
    assert counted("dehusk_document_seconds_count[]") == 5
    assert numbers(server)["dehusk_calls_under_way['Clean']"] == 0
    assert numbers(server)[f"dehusk_rule_set_info['7', '{'ab' * 32}']"] == 1


def test_the_description_fits_the_answers(server: BackgroundServer) -> None:
    """The OpenAPI description names every field that is sent, and each of its references leads somewhere."""
    told = ask(server, "/openapi.json").json
    schemas = told["components"]["schemas"]

    assert {name.rpartition("/")[2] for name in re.findall(r'"\$ref": "([^"]+)"', json.dumps(told))} <= set(schemas)
    answer = clean(server, text=TEXT).json
    assert set(answer) <= set(schemas["CleanResponse"]["properties"])
    assert set(answer["removed"][0]) <= set(schemas["Removed"]["properties"])
    assert answer["status"] in schemas["CleanResponse"]["properties"]["status"]["enum"]
    assert set(clean(server).json["error"]) <= set(schemas["Error"]["properties"])
    for path, methods in told["paths"].items():
        for method in methods:
            assert ask(server, path, b"" if method == "post" else None).status != 404
    assert openapi.description("1") | {"info": told["info"]} == told


def test_every_code_has_its_http_status() -> None:
    """No error of the contract is answered by chance."""
    assert set(wire.STATUSES) == set(errors_pb2.ErrorCode.values()) - {0}


def test_the_door_is_shut_unless_it_is_asked_for(engine: MarkEngine) -> None:
    """By default there is one address, and it speaks gRPC."""
    with BackgroundServer(SETTINGS, engine) as server:
        assert server.addresses == (server.target,)
