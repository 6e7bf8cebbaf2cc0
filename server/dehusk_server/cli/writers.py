"""Output: answers to text, JSON, JSON Lines, HTML or a terminal's colours. Always UTF-8, whatever the locale says."""

from __future__ import annotations

import json
from typing import BinaryIO, Protocol

from dehusk import Failure, Result, Status
from dehusk.render_html import Pages, page
from dehusk_server.cli.answers import Answer
from dehusk_server.cli.exits import say


class Writer(Protocol):
    """Takes answers one by one; ``end`` closes what was opened, not the stream."""

    def write(self, answer: Answer) -> None:
        """Write one answer."""

    def end(self) -> None:
        """Write what must stand at the end."""


def writer(output: str, stream: BinaryIO, *, many: bool) -> Writer:
    """Return the writer for an output form.

    Args:
        output: ``text``, ``json``, ``jsonl``, ``html`` or ``ansi``.
        stream: where to write.
        many: whether more than one document may come; then each is headed by its name, and JSON is an array.
    """
    match output:
        case "jsonl":
            return JsonLinesWriter(stream)
        case "json":
            return JsonWriter(stream, many=many)
        case "html":
            return HtmlWriter(stream, many=many)
        case _:
            return TextWriter(stream, many=many, coloured=output == "ansi")


def record(answer: Answer) -> dict[str, object]:
    """Return an answer as plain values for JSON, with the id as the input gave it, and the line of a failure."""
    values = answer.outcome.to_dict()
    values["id"] = answer.page.id
    error = values.get("error")
    if isinstance(error, dict) and answer.page.line is not None:
        error["line"] = answer.page.line
    return values


class JsonLinesWriter:
    """One record a line, flushed at once: whoever reads the other end of a pipe waits for nothing."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, answer: Answer) -> None:
        """Write one line."""
        self._stream.write(json.dumps(record(answer), ensure_ascii=False).encode("utf-8") + b"\n")
        self._stream.flush()

    def end(self) -> None:
        """Nothing closes JSON Lines."""


class JsonWriter:
    """One record, or an array of them written as they come."""

    def __init__(self, stream: BinaryIO, *, many: bool) -> None:
        self._stream = stream
        self._many = many
        self._written = 0

    def write(self, answer: Answer) -> None:
        """Write one record."""
        if self._many:
            self._stream.write(b"[\n" if self._written == 0 else b",\n")
        self._stream.write(json.dumps(record(answer), ensure_ascii=False, indent=2).encode("utf-8"))
        self._written += 1

    def end(self) -> None:
        """Close the array."""
        if self._many:
            self._stream.write(b"[]" if self._written == 0 else b"\n]")
        if self._many or self._written:
            self._stream.write(b"\n")


class TextWriter:
    """Bodies, or the whole source with coloured spans. What failed or is doubtful is said on standard error."""

    def __init__(self, stream: BinaryIO, *, many: bool, coloured: bool) -> None:
        self._stream = stream
        self._many = many
        self._coloured = coloured
        self._written = 0

    def write(self, answer: Answer) -> None:
        """Write one body, headed by its name where there are many."""
        result = _result_or_say(answer)
        if result is None:
            return
        text = result.as_ansi() if self._coloured else result.body
        if self._many:
            self._stream.write(f"{chr(10) if self._written else ''}==> {_name(answer)} <==\n".encode())
        self._stream.write(text.encode("utf-8"))
        if text and not text.endswith("\n"):
            self._stream.write(b"\n")
        self._stream.flush()
        self._written += 1

    def end(self) -> None:
        """Nothing closes text."""


class HtmlWriter:
    """A page that shows the source with coloured spans; many documents stand one below the other on one page."""

    def __init__(self, stream: BinaryIO, *, many: bool) -> None:
        self._stream = stream
        self._pages = Pages() if many else None
        if self._pages is not None:
            self._write(self._pages.start())

    def write(self, answer: Answer) -> None:
        """Write one document."""
        result = _result_or_say(answer)
        if self._pages is None:
            self._write(page(result) if result is not None else "")
        elif isinstance(answer.outcome, Failure):
            self._write(self._pages.failure(_name(answer), str(answer.outcome.error)))
        else:
            self._write(self._pages.result(_name(answer), answer.outcome))

    def end(self) -> None:
        """Close the page."""
        if self._pages is not None:
            self._write(self._pages.end())

    def _write(self, text: str) -> None:
        self._stream.write(text.encode("utf-8"))


def _name(answer: Answer) -> str:
    if answer.page.id is not None:
        return str(answer.page.id)
    return f"line {answer.page.line}"


def _result_or_say(answer: Answer) -> Result | None:
    """Return the result; say on standard error what failed, what is doubtful, and what was odd about its bytes."""
    outcome = answer.outcome
    if isinstance(outcome, Failure):
        say(f"{_name(answer)}: {outcome.error}")
        return None
    if outcome.status is not Status.OK:
        say(f"{_name(answer)}: {outcome.status}: {' '.join(outcome.reasons)}")
    for note in outcome.notes:
        say(f"{_name(answer)}: {note}")
    return outcome
