"""JSON Lines: one page a line, read with bounded memory; a broken line becomes a fault and never stops the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_LINE_BYTES = 64 << 20
"""Bytes of one line; a longer one is passed over and reported, so that memory stays bounded."""

PageId = str | int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as bytes, without its end; ``raw`` is ``None`` where the line was too long to hold."""

    number: int
    """From 1."""
    raw: bytes | None
    size: int
    """Bytes with the line's end."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one line asks for; exactly one of ``text`` and ``html`` is not empty."""

    id: PageId
    text: str
    html: str
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line or a file cannot be cleaned."""

    code: str
    """Name of the gRPC status that says the same."""
    message: str
    field: str = ""
    id: PageId = None
    """Of the line, where it could be read."""


def read_lines(stream: BinaryIO, max_bytes: int = MAX_LINE_BYTES) -> Iterator[Line]:
    """Yield the lines of a stream, holding one at a time."""
    number = 0
    while raw := stream.readline(max_bytes + 1):
        number += 1
        size = len(raw)
        if size <= max_bytes or raw.endswith(b"\n"):
            yield Line(number, raw.rstrip(b"\r\n"), size)
            continue
        while rest := stream.readline(1 << 20):
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        yield Line(number, None, size)


def parse(line: Line) -> Record | Fault | None:
    """Return what a line asks for, why it cannot be answered, or ``None`` for a blank line."""
    if line.raw is None:
        return _fault(line, f"longer than {MAX_LINE_BYTES} bytes")
    raw = line.raw.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.raw
    if not raw.strip():
        return None
    try:
        value = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _fault(line, f"not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start} of the line")
    except json.JSONDecodeError as error:
        return _fault(line, f"not JSON: {error.msg} at character {error.pos}")
    except (ValueError, RecursionError) as error:  # a number of too many digits, brackets without end
        return _fault(line, f"JSON that cannot be read: {error}")
    if not isinstance(value, dict):
        return _fault(line, 'not a JSON object; a line reads {"id": "…", "text": "…"}')
    return _record(line, value)


def _record(line: Line, value: dict[str, object]) -> Record | Fault:
    page_id = value.get("id")
    if isinstance(page_id, bool) or not isinstance(page_id, str | int | None):
        return _fault(line, "id is neither a string nor a whole number", field="id")
    if (error := _not_encodable(page_id)) is not None:
        return _fault(line, error, field="id")
    strings = {"text": "", "html": "", "url": "", "language": ""}
    for name in strings:
        content = value.get(name)
        if content is None:
            continue
        if not isinstance(content, str):
            return _fault(line, f"{name} is not a string", field=name, page_id=page_id)
        if (error := _not_encodable(content)) is not None:
            return _fault(line, error, field=name, page_id=page_id)
        strings[name] = content
    if value.get("text") is not None and value.get("html") is not None:
        return _fault(line, "both text and html are given; give one", field="content", page_id=page_id)
    if not strings["text"] and not strings["html"]:
        return _fault(line, "neither text nor html holds anything", field="content", page_id=page_id)
    return Record(page_id, **strings)


def _not_encodable(value: object) -> str | None:
    """Say where a lone surrogate stands: JSON can escape one, no UTF-8 text can hold it."""
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            return f"a lone surrogate (U+{ord(value[error.start]):04X}) at character {error.start}; no text holds one"
    return None


def _fault(line: Line, message: str, *, field: str = "", page_id: PageId = None) -> Fault:
    return Fault("INVALID_ARGUMENT", f"line {line.number}: {message}", field, page_id)
