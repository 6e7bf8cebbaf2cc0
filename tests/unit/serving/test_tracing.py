"""Spans of calls."""

from __future__ import annotations

import json
import logging
import re
import signal
import subprocess
import sys

import pytest

from dehusk import Client, InvalidRequestError
from dehusk_server.serving import log
from dehusk_server.serving.tracing import Traces

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_each_call_has_a_span_under_its_callers() -> None:
    """A span names call, status and request, belongs to the caller's trace, and holds nothing of the page."""
    metadata = [("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01"), ("x-request-id", "mine-1")]
    command = [sys.executable, "-m", "dehusk_server", "serve", "--port", "0", "--traces", "console"]
    command += ["--notice-seconds", "0", "--log-level", "error"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with Client(process.stdout.readline().split()[-1], metadata=metadata) as client:
            assert client.clean("Prose with a secret.").ok
            assert len(list(client.clean_many(["Prose.", "secret"]))) == 2
            with pytest.raises(InvalidRequestError):
                client.clean("")
        process.send_signal(signal.SIGTERM)
        written = process.stdout.read()

    found = re.findall(r"^\{\n.*?^\}", written, re.MULTILINE | re.DOTALL)
    spans = [json.loads(each) for each in found]
    assert sorted((span["name"].rpartition("/")[2], span["attributes"]["rpc.grpc.status"]) for span in spans) == [
        ("Clean", "INVALID_ARGUMENT"),
        ("Clean", "OK"),
        ("CleanStream", "OK"),
    ]
    for span in spans:
        assert span["context"]["trace_id"] == f"0x{TRACE}"
        assert span["attributes"]["dehusk.request_id"] == "mine-1"
    assert "secret" not in written


def test_an_exporter_that_is_not_there_is_named() -> None:
    """The name of what is installed is said with the one that is not."""
    with pytest.raises(ValueError, match=r"'nowhere'.*console"):
        Traces("nowhere")


def test_logs_in_json_hold_fields_and_no_page() -> None:
    """Each line is an object; of an exception its class and place stand there, not its message."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(log.JsonLines())
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    log.logger.addHandler(handler)
    log.logger.setLevel(logging.INFO)
    try:
        log.request_id.set("mine-2")
        log.call_ended("/a/B", "OK", 0.25)
        log.failed("/a/B", _quoting("secret"))
        log.logger.error("a fault", exc_info=_quoting("secret"))
    finally:
        log.logger.removeHandler(handler)
        log.logger.setLevel(logging.NOTSET)

    call, ours, other = map(json.loads, lines)
    assert call.items() >= {"message": "call", "method": "/a/B", "ms": 250.0, "request_id": "mine-2"}.items()
    assert (ours["error"], other["error"], ours["level"]) == ("ValueError", "ValueError", "error")
    assert "test_tracing" in ours["place"]
    assert "secret" not in "".join(lines)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", each["time"]) for each in (call, ours))


def test_lines_for_a_person_hold_no_message_of_an_exception() -> None:
    """The text format is as careful as JSON."""
    fault = _quoting("secret")
    told = (ValueError, fault, fault.__traceback__)

    line = log.Lines().format(logging.LogRecord("a", logging.ERROR, "", 1, "a fault", None, told))

    assert "ValueError" in line
    assert "secret" not in line


def _quoting(page: str) -> ValueError:
    """Return an exception that was raised, and whose message quotes a page."""
    with pytest.raises(ValueError, match=page) as caught:
        int(page)
    return caught.value
