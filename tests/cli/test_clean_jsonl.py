"""`dehusk clean` on JSON Lines: one answer a line, in order, whatever the lines hold."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commandline import FakeClient, Run
from dehusk_server.cli import jsonlines
from dehusk_server.cli.answers import answers
from dehusk_server.cli.pages import Page


def lines(*records: object) -> bytes:
    """Return records as JSON Lines; bytes stand for themselves."""
    return b"".join((each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in records)


def parsed(out: str) -> list[dict[str, Any]]:
    """Return the records of an output."""
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def page() -> dict[str, str]:
    """A page of which one line goes."""
    return {"id": "p1", "text": "A story.\n* Read more\nIts end. 😀"}


def test_an_answer_has_the_fields_of_the_design(dehusk: Run, client: FakeClient, page: dict[str, str]) -> None:
    """Id, body, title, removed spans and the rule set's version, under the names that the design fixes."""
    ended = dehusk("clean", "-", stdin=lines(page))

    (answer,) = parsed(ended.out)
    assert ended.status == 0
    assert {"id", "body", "title", "removed", "rules_version"} <= answer.keys()
    assert answer["removed"] == [
        {
            "start": 9,
            "end": 21,
            "kind": "RELATED",
            "confidence": 0.875,
            "text": "* Read more\n",
            "rules": ["phrase:asterisk"],
        }
    ]
    assert (answer["id"], answer["body"], answer["rules_version"]) == ("p1", "A story.\nIts end. 😀", "test")


def test_broken_lines_are_answered_in_their_place(dehusk: Run, client: FakeClient, page: dict[str, str]) -> None:
    """A broken line becomes an error with code, message and line, and never stops the rest."""
    broken = [b"{not json", b'"a string"', b"\xff\xfe", b'{"id": "n"}', b'{"id": "two", "text": "a", "html": "b"}']

    ended = dehusk("clean", "-", "--input", "jsonl", stdin=lines(page, *broken, page))

    answers = parsed(ended.out)
    assert ended.status == 1
    assert [answer["id"] for answer in answers] == ["p1", None, None, None, "n", "two", "p1"]
    assert [answer["error"]["line"] for answer in answers[1:-1]] == [2, 3, 4, 5, 6]
    assert {answer["error"]["code"] for answer in answers[1:-1]} == {"INVALID_ARGUMENT"}
    assert "5 of 7 documents failed" in ended.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": "x", "text": "\\ud800"}', "lone surrogate"),
        (b'{"id": "x", "text": 7}', "text is not a string"),
        (b'{"id": {}, "text": "a"}', "id is neither"),
        (b'{"id": true, "text": "a"}', "id is neither"),
        (b'{"id": "x", "text": ""}', "neither text nor html"),
        (b'{"id": "x", "text": "a"', "not JSON"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"id": ' + b"9" * 5000 + b"}", "cannot be read"),
        (b'{"id": "x", "text": "a\xff"}', "not UTF-8"),
        (b"\x00", "not JSON"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(dehusk: Run, client: FakeClient, line: bytes, said: str) -> None:
    """Each fault of a line has its own sentence."""
    ended = dehusk("clean", "-", "--input", "jsonl", stdin=line + b"\n")

    (answer,) = parsed(ended.out)
    assert (ended.status, said in answer["error"]["message"]) == (1, True), answer


def test_nul_and_other_controls_are_text(dehusk: Run, client: FakeClient) -> None:
    """A NUL in a page is a character like any other."""
    ended = dehusk("clean", "-", stdin=lines({"id": "n", "text": "a\0b\x1bc"}))

    assert parsed(ended.out)[0]["body"] == "a\0b\x1bc"


def test_html_and_text_stand_side_by_side(dehusk: Run, client: FakeClient) -> None:
    """A line holds the one or the other, and each goes as what it is."""
    ended = dehusk("clean", "-", stdin=lines({"id": "h", "html": "<p>a"}, {"id": "t", "text": "a"}))

    assert ended.status == 0
    assert [(document.html, document.text) for document in client.seen] == [("<p>a", ""), ("", "a")]


def test_blank_lines_are_passed_over(dehusk: Run, client: FakeClient, page: dict[str, str]) -> None:
    """Blank lines stand for nothing; line numbers still count them."""
    ended = dehusk("clean", "-", stdin=b"\n  \r\n" + lines(page) + b"\n{\n")

    assert [answer["id"] for answer in parsed(ended.out)] == ["p1", None]
    assert parsed(ended.out)[1]["error"]["line"] == 5


def test_no_input_is_no_failure(dehusk: Run, client: FakeClient, tmp_path: Path) -> None:
    """An empty JSON Lines file holds no document: nothing is written, nothing failed."""
    empty = tmp_path / "empty.jsonl"
    empty.touch()

    assert dehusk("clean", empty).status == 0


def test_ids_come_back_as_they_were(dehusk: Run, client: FakeClient) -> None:
    """A number stays a number, no id stays null, an id may repeat."""
    ended = dehusk("clean", "-", stdin=lines({"id": 7, "text": "a"}, {"text": "a"}, {"id": "7", "text": "a"}))

    assert [answer["id"] for answer in parsed(ended.out)] == [7, None, "7"]


def test_a_byte_order_mark_before_the_first_line_is_no_content(
    dehusk: Run, client: FakeClient, page: dict[str, str]
) -> None:
    """Some tools put one there; the first line is read all the same."""
    ended = dehusk("clean", "-", stdin=b"\xef\xbb\xbf" + lines(page))

    assert (ended.status, parsed(ended.out)[0]["id"]) == (0, "p1")


def test_url_and_language_go_along(dehusk: Run, client: FakeClient) -> None:
    """What a line says of its page reaches the engine."""
    dehusk("clean", "-", stdin=lines({"id": "u", "text": "a", "url": "https://example.org/a", "language": "de"}))

    assert (client.seen[0].url, client.seen[0].language) == ("https://example.org/a", "de")


def test_a_line_beyond_the_limit_is_skipped_and_said() -> None:
    """A line too long to hold is read to its end in small steps and reported; the next one is whole."""
    stream = io.BytesIO(b"x" * 300 + b"\n" + b"short\n" + b"y" * 300)

    found = [(line.number, line.raw, line.size) for line in jsonlines.read_lines(stream, max_bytes=100)]

    assert found == [(1, None, 301), (2, b"short", 6), (3, None, 300)]


def test_lines_are_read_as_room_allows(client: FakeClient) -> None:
    """The input is never taken whole: at most the engine's window is ahead of the answers."""
    ahead = 0
    answered = 0
    taken = 0

    def pages() -> Iterator[Page]:
        nonlocal taken, ahead
        for number in range(100):
            taken += 1
            ahead = max(ahead, taken - answered)
            yield Page(str(number), "text")

    for _ in answers(pages(), client.clean_many):
        answered += 1

    assert (answered, ahead <= client.window + 2) == (100, True)


def test_order_holds_when_faults_stand_between(dehusk: Run, client: FakeClient) -> None:
    """Answers and errors come in the order of the lines, however they alternate."""
    mixed = [{"id": str(n), "text": "refuse me" if n % 5 == 0 else "a"} if n % 3 else b"{" for n in range(40)]

    ended = dehusk("clean", "-", "--input", "jsonl", stdin=lines(*mixed))

    assert [answer["id"] for answer in parsed(ended.out)] == [None if n % 3 == 0 else str(n) for n in range(40)]


def test_a_server_that_goes_away_ends_the_job(dehusk: Run, client: FakeClient) -> None:
    """What was answered stands; the rest is not passed off as failed documents."""
    client.gone_after = 3

    ended = dehusk("clean", "-", stdin=lines(*({"id": str(n), "text": "a"} for n in range(20))))

    assert (ended.status, len(parsed(ended.out))) == (1, 3)
    assert "stopped after 3 documents: UNAVAILABLE" in ended.err
