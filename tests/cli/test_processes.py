"""The command line as its users meet it: processes, pipes, signals, a real server."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

DEHUSK = (sys.executable, "-m", "dehusk_server")
SAMPLE = Path(__file__).resolve().parents[2] / "demo" / "sample-page.txt"


def run(
    *arguments: object, stdin: bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run ``dehusk`` to its end."""
    command: Sequence[str] = [*DEHUSK, *(str(argument) for argument in arguments)]
    surroundings = os.environ | (environment or {})
    return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=60, env=surroundings)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A real server, started and stopped by its command; its address."""
    process = subprocess.Popen(
        [*DEHUSK, "serve", "--address", "127.0.0.1:0", "--notice-seconds", "0", "--log-level", "error"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        found = re.fullmatch(r"listening on (\S+)\n", process.stdout.readline())
        assert found is not None
        yield found[1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.fixture(scope="module")
def pages() -> bytes:
    """JSON Lines with pages of several scripts, one broken line and one empty text among them."""
    records = [
        json.dumps({"id": "sample", "text": SAMPLE.read_text(encoding="utf-8"), "url": "https://example.org/"}),
        '{"id": "broken", "text": ',
        json.dumps({"id": 3, "text": "Menu\r\nEine Überschrift\r\n\r\nEin Satz mit 😀 und e\u0301.\r\n"}),
        json.dumps({"id": "empty", "text": ""}),
        json.dumps({"text": "日本語の文章。\n続きを読む\n"}),
    ]
    return "\n".join(records).encode() + b"\n"


def test_in_process_and_server_answer_alike(server: str, pages: bytes) -> None:
    """The same lines give the same bytes, with a server and without."""
    here = run("clean", stdin=pages)
    there = run("clean", "--server", server, stdin=pages)

    assert here.stdout == there.stdout
    assert (here.returncode, there.returncode, len(here.stdout.splitlines())) == (1, 1, 5)


def test_removed_spans_point_into_the_text(pages: bytes) -> None:
    """Offsets of removed spans, in order and apart, cut out of the text what ``text`` says."""
    for line, answer in zip(
        pages.splitlines(), map(json.loads, run("clean", stdin=pages).stdout.splitlines()), strict=True
    ):
        if "error" in answer:
            continue
        text = json.loads(line)["text"]
        end = 0
        for span in answer["removed"]:
            assert end <= span["start"] < span["end"]
            assert text[span["start"] : span["end"]] == span["text"]
            assert span["rules"]
            end = span["end"]


def test_health_of_a_server(server: str) -> None:
    """A server that serves is healthy; where nobody listens, nobody is."""
    assert run("health", "--server", server).returncode == 0
    nobody = run("health", "--server", "127.0.0.1:1", "--timeout", "1")
    assert (nobody.returncode, b"does not answer" in nobody.stderr) == (1, True)


def test_a_taken_port_is_said(server: str) -> None:
    """A second server on one port does not start, and says why."""
    ended = run("serve", "--address", server)

    assert (ended.returncode, b"cannot serve at" in ended.stderr) == (2, True)


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """`dehusk clean … | head -1`: the rest is not written, nothing is complained about."""
    pages = tmp_path / "pages.jsonl"
    line = json.dumps({"id": "p", "text": "A page. " * 500}) + "\n"
    pages.write_text(line * 500, encoding="utf-8")
    with subprocess.Popen([*DEHUSK, "clean", str(pages)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["id"] == "p"
        process.stdout.close()
        complaint = process.stderr.read()

    assert (process.returncode, complaint) == (141, b"")


def test_an_answer_comes_before_the_next_line() -> None:
    """In-process, `dehusk clean` can be talked to: each line is answered when it is read."""
    with subprocess.Popen([*DEHUSK, "clean"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": "A page."}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number


def test_a_terminal_shows_progress_and_a_pipe_does_not(tmp_path: Path, pages: bytes) -> None:
    """The bar stands on standard error, where that is a terminal; the answers are the same."""
    (tmp_path / "pages.jsonl").write_bytes(pages)
    command = [*DEHUSK, "clean", str(tmp_path / "pages.jsonl")]
    keyboard, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))

    with_bar = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, check=False, timeout=60)
    os.close(terminal)
    shown = os.read(keyboard, 65_536)
    os.close(keyboard)
    without = subprocess.run(command, capture_output=True, check=False, timeout=60)

    assert (b"100%" in shown, b"%" in without.stderr) == (True, False)
    assert with_bar.stdout == without.stdout


@pytest.fixture
def hears_interrupts() -> Iterator[None]:
    """What is started meanwhile hears Ctrl-C, even where the tests run in the background and do not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_interrupts")
def test_an_interrupted_job_leaves_quietly() -> None:
    """Ctrl-C ends with the shells' own status, without a traceback."""
    with subprocess.Popen(
        [*DEHUSK, "clean"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id": "1", "text": "A page."}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=30)

    assert (process.returncode, complaint) == (130, b"dehusk: interrupted\n")


def test_output_is_utf8_whatever_the_locale_says() -> None:
    """A locale that knows ASCII alone changes nothing."""
    ended = run("clean", stdin="Grüße 😀\n".encode(), environment={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})

    assert (ended.returncode, ended.stdout.decode("utf-8")) == (0, "Grüße 😀\n")


def test_help_is_quick_to_import() -> None:
    """`dehusk --help` imports no gRPC, no numpy and no rules."""
    code = (
        "import sys\nfrom dehusk_server.cli import main\nmain(['--help'])\n"
        "print(sorted({'grpc', 'numpy', 'google.protobuf', 'dehusk', 'dehusk_server.rules'} & set(sys.modules)))"
    )

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout.endswith("\n[]\n")


def test_the_version_is_the_distributions() -> None:
    """`dehusk --version` says what is installed."""
    ended = run("--version")

    assert re.fullmatch(rb"dehusk \d+\.\d+\.\d+\S*\n", ended.stdout)
