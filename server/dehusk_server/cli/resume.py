"""Going on with an interrupted job: what already stands in the output is kept, and its pages are not cleaned again.

Answers stand in the order of the input, so the first N answers belong to the first N pages; their ids must agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from dehusk_server.cli.exits import UsageError
from dehusk_server.cli.jsonlines import Line, read_lines
from dehusk_server.cli.pages import Page


def cut_broken_end(output: Path) -> int:
    """Cut off a last line that was not written whole.

    Returns:
        How many answers stand in the file.

    Raises:
        UsageError: a line is no answer, nor the beginning of one at the end: this is not an output of ours.
    """
    if not output.exists():
        return 0
    count = end = 0
    size = output.stat().st_size
    with output.open("r+b") as stream:
        for line in read_lines(stream):
            whole = end + line.size
            stream_ends_here = whole == size
            if _answered_id(line) is _NOT_AN_ANSWER:
                if not (stream_ends_here and _may_be_torn(line)):
                    raise UsageError(
                        f"--resume: line {line.number} of {output} is no answer of dehusk clean; not touched"
                    )
                break
            if stream_ends_here and not _ends_with_newline(output):
                break
            count, end = count + 1, whole
        stream.truncate(end)
    return count


def unanswered(pages: Iterator[Page], output: Path, count: int) -> Iterator[Page]:
    """Yield the pages after the first ``count``, which stand in the output.

    Raises:
        UsageError: the answers in the output belong to other pages.
    """
    if count:
        with output.open("rb") as stream:
            for number, line in zip(range(count), read_lines(stream), strict=False):
                page = next(pages, None)
                if page is None:
                    raise UsageError(f"--resume: {output} holds {count} answers, the input only {number} pages")
                if _answered_id(line) != page.id:
                    raise UsageError(
                        f"--resume: answer {number + 1} in {output} is for id {_answered_id(line)!r}, the input has "
                        f"{page.id!r} there; is it the output of another input?"
                    )
    yield from pages


_NOT_AN_ANSWER = object()
_BEGINNING = b'{"id": '
"""How every answer begins; the end of its line is written with it."""


def _answered_id(line: Line) -> object:
    try:
        value = json.loads(line.raw or b"")
    except (ValueError, RecursionError):
        return _NOT_AN_ANSWER
    if not isinstance(value, dict) or "id" not in value or not ("body" in value or "error" in value):
        return _NOT_AN_ANSWER
    return value["id"]


def _may_be_torn(line: Line) -> bool:
    """Say whether a last line may be the beginning of an answer: only then is it ours to cut off."""
    raw = line.raw or b""
    return len(raw) == line.size and (raw.startswith(_BEGINNING) or _BEGINNING.startswith(raw))


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, 2)
        return stream.read(1) == b"\n"
