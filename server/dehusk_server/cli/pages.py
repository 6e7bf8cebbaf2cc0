"""Input: files and standard input to pages, one at a time; whatever cannot be read becomes a page with its problem."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from dehusk_server.cli import jsonlines
from dehusk_server.cli.jsonlines import Fault, PageId

Form = Literal["text", "html", "jsonl"]

MAX_FILE_BYTES = 64 << 20
"""Bytes of one page file; beyond it the file is refused, so that memory stays bounded."""

_FORMS: dict[str, Form] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".html": "html", ".htm": "html", ".xhtml": "html"}
_KNOWN = frozenset({*_FORMS, ".txt", ".text", ".md"})
"""Endings of the files of a folder that are pages."""
_JSON_LINE = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"')
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|\?xml)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was read, or what kept it from being read."""

    id: PageId
    """As the input gave it: the file's name, or the ``id`` of a JSON line; ``None`` where a line has none."""
    text: str = ""
    html: str | bytes = ""
    url: str = ""
    language: str = ""
    line: int | None = None
    """Line in a JSON Lines input, from 1."""
    size: int = 0
    """Bytes of input that it took."""
    fault: Fault | None = None
    """Why there is nothing to clean."""


@dataclass(frozen=True, slots=True)
class Source:
    """One input and what it holds."""

    name: str
    form: Form

    @property
    def is_stdin(self) -> bool:
        """Whether this is standard input."""
        return self.name == "-"

    def size(self) -> int | None:
        """Return its size in bytes; ``None`` where that cannot be known."""
        if self.is_stdin:
            return None
        with contextlib.suppress(OSError, ValueError):
            status = Path(self.name).stat()
            return status.st_size if stat.S_ISREG(status.st_mode) else None
        return None

    def pages(self) -> Iterator[Page]:
        """Yield its pages in order; an input that cannot be read yields one page that says why."""
        try:
            with self._open() as stream:
                if self.form == "jsonl":
                    yield from _pages_of_lines(stream)
                else:
                    yield _page_of_file(stream, self.name, self.form)
        except OSError as error:
            yield Page(self.name, fault=_fault_of_os(error))
        except ValueError as error:  # a name that no file can have, such as one with a NUL
            yield Page(self.name, fault=Fault("INVALID_ARGUMENT", f"cannot be opened: {error}"))

    def _open(self) -> contextlib.AbstractContextManager[BinaryIO]:
        if self.is_stdin:
            return contextlib.nullcontext(sys.stdin.buffer)
        return Path(self.name).open("rb")


def sources(names: Sequence[str], form: Literal["auto", "text", "html", "jsonl"]) -> tuple[Source, ...]:
    """Return the inputs with their forms; of standard input the beginning is looked at, not taken.

    A folder stands for the files in it and below whose names say what they hold, in the order of their paths.
    """
    named = (one for name in names for one in _files(name))
    return tuple(Source(name, _form_of(name) if form == "auto" else form) for name in named)


def _files(name: str) -> Sequence[str]:
    with contextlib.suppress(OSError, ValueError):
        if name != "-" and Path(name).is_dir():
            # One without pages stands for itself, and opening it says that it is a folder.
            return sorted(str(path) for path in Path(name).rglob("*") if path.suffix.lower() in _KNOWN) or (name,)
    return (name,)


def _form_of(name: str) -> Form:
    if name != "-":
        return _FORMS.get(Path(name).suffix.lower(), "text")
    stdin = sys.stdin.buffer
    beginning = stdin.peek(4096) if isinstance(stdin, io.BufferedReader) else b""
    if _JSON_LINE.match(beginning):
        return "jsonl"
    return "html" if _MARKUP.match(beginning) else "text"


def _pages_of_lines(stream: BinaryIO) -> Iterator[Page]:
    for line in jsonlines.read_lines(stream):
        record = jsonlines.parse(line)
        if record is None:
            continue  # a blank line
        if isinstance(record, Fault):
            yield Page(record.id, line=line.number, size=line.size, fault=record)
        else:
            yield Page(
                record.id, record.text, record.html, record.url, record.language, line=line.number, size=line.size
            )


def _page_of_file(stream: BinaryIO, name: str, form: Form) -> Page:
    raw = stream.read(MAX_FILE_BYTES + 1)
    if len(raw) > MAX_FILE_BYTES:
        message = f"larger than {MAX_FILE_BYTES} bytes; is it one page?"
        return Page(name, size=len(raw), fault=Fault("INVALID_ARGUMENT", message))
    if form == "html" and raw:
        return Page(name, html=raw, size=len(raw))
    try:
        content = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        message = (
            f"not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}; convert it first, for example "
            "iconv -f WINDOWS-1252 -t UTF-8"
        )
        return Page(name, size=len(raw), fault=Fault("INVALID_ARGUMENT", message))
    if not content:
        return Page(name, fault=Fault("INVALID_ARGUMENT", "the file is empty"))
    return Page(name, content, size=len(raw))


def _fault_of_os(error: OSError) -> Fault:
    codes = {errno.ENOENT: "NOT_FOUND", errno.EACCES: "PERMISSION_DENIED", errno.EPERM: "PERMISSION_DENIED"}
    reason = os.strerror(error.errno) if error.errno else str(error)
    return Fault(codes.get(error.errno or 0, "INVALID_ARGUMENT"), f"cannot be read: {reason}")
