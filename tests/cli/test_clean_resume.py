"""`dehusk clean --resume`: an interrupted job goes on where it stopped, and ends with the same file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commandline import FakeClient, Run


@pytest.fixture
def job(tmp_path: Path) -> tuple[Path, Path]:
    """Ten pages, one line of them broken; and where their answers go."""
    pages = tmp_path / "pages.jsonl"
    records = [json.dumps({"id": str(number), "text": f"Page {number}."}) for number in range(10)]
    records[4] = "{broken"
    pages.write_text("\n".join(records) + "\n", encoding="utf-8")
    return pages, tmp_path / "answers.jsonl"


def whole(dehusk: Run, job: tuple[Path, Path]) -> bytes:
    """Return what an uninterrupted run writes."""
    pages, answers = job
    dehusk("clean", pages, "-o", answers)
    return answers.read_bytes()


@pytest.mark.parametrize("cut", [0, 1, 60, 137, 300, -30, -1])
def test_a_job_cut_anywhere_ends_with_the_same_file(
    dehusk: Run, client: FakeClient, job: tuple[Path, Path], cut: int
) -> None:
    """Cut at any byte, resumed, the output equals that of a run that was never interrupted."""
    expected = whole(dehusk, job)
    pages, answers = job
    answers.write_bytes(expected[:cut])
    client.seen.clear()

    dehusk("clean", pages, "-o", answers, "--resume")

    assert answers.read_bytes() == expected
    assert len(client.seen) < 10 or cut in {0, 1, 60}


def test_what_is_answered_is_not_cleaned_again(dehusk: Run, client: FakeClient, job: tuple[Path, Path]) -> None:
    """A finished job resumed cleans nothing."""
    expected = whole(dehusk, job)
    client.seen.clear()

    ended = dehusk("clean", job[0], "-o", job[1], "--resume")

    assert (client.seen, job[1].read_bytes(), ended.status) == ([], expected, 0)


def test_a_job_not_begun_can_be_resumed(dehusk: Run, client: FakeClient, job: tuple[Path, Path]) -> None:
    """The same command serves for the first run: without an output it begins at the beginning."""
    dehusk("clean", job[0], "-o", job[1], "--resume")

    assert len(job[1].read_text(encoding="utf-8").splitlines()) == 10


def test_a_server_that_went_away_leaves_a_job_to_resume(
    dehusk: Run, client: FakeClient, job: tuple[Path, Path]
) -> None:
    """After a failure half-way the same command with --resume ends with the whole output."""
    expected = whole(dehusk, job)
    client.seen.clear()
    client.gone_after = 6
    broken = dehusk("clean", job[0], "-o", job[1])
    client.gone_after = None

    dehusk("clean", job[0], "-o", job[1], "--resume")

    assert (broken.status, "--resume" in broken.err) == (1, True)
    assert job[1].read_bytes() == expected


@pytest.mark.parametrize(
    "foreign",
    [
        '{"id": "other", "body": ""}\n',
        "not json\n{}\n",
        '{"id": "0"}\n{"id": "1", "body": ""}\n',
        "my notes, one line\n",
        "my notes, without a line end",
        '{"id": "0", "text": "a line of input"}\n',
    ],
    ids=["other input", "no json", "no answers", "one line", "no line end", "one page"],
)
def test_a_foreign_file_is_not_touched(dehusk: Run, client: FakeClient, job: tuple[Path, Path], foreign: str) -> None:
    """An output that does not belong to the input is refused and stays as it is."""
    job[1].write_text(foreign, encoding="utf-8")

    ended = dehusk("clean", job[0], "-o", job[1], "--resume")

    assert (ended.status, job[1].read_text(encoding="utf-8")) == (2, foreign)


def test_an_output_longer_than_the_input_is_refused(dehusk: Run, client: FakeClient, job: tuple[Path, Path]) -> None:
    """More answers than pages: it is the output of another input."""
    whole(dehusk, job)
    shorter = job[0].with_name("shorter.jsonl")
    shorter.write_bytes(b"".join(job[0].read_bytes().splitlines(keepends=True)[:3]))

    ended = dehusk("clean", shorter, "-o", job[1], "--resume")

    assert (ended.status, "holds 10 answers, the input only 3 pages" in ended.err) == (2, True)
