"""The demo: start the real server on a free port, clean pages through the client, show the answers, stop the server.

make demo                                 the sample page beside this file
make demo PAGES="one.txt 'two words.txt'" the sample page, then these (quotes and globs are understood)
"""

from __future__ import annotations

import glob
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dehusk import Client, DehuskError, Document, Failure, Result

SAMPLE = Path(__file__).resolve().parent / "sample-page.txt"
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0
_LISTENING = re.compile(r"listening on (\S+)", re.IGNORECASE)
_DEHUSK = (sys.executable, "-m", "dehusk_server")
_SERVE = ("serve", "--address", "127.0.0.1:0", "--log-level", "warning")


def main() -> int:
    """Run the demo; the exit status is 0 only if the server came, cleaned every page and went in order."""
    wanted = page_names(os.environ.get("PAGES", "")) + sys.argv[1:]
    documents, failed = read_pages([str(SAMPLE), *wanted])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped in that case too
    try:
        with running_server() as address, Client(address) as client:
            print(f"server at {address}, rules {client.info().rule_set.version}")
            for outcome in client.clean_many(documents):
                failed += show(outcome)
    except (DehuskError, RuntimeError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print("server stopped")
    return 1 if failed else 0


def page_names(value: str) -> list[str]:
    """Return the files that ``PAGES`` names: shell quoting, globs, and names with blanks where such a file exists."""
    try:
        words = shlex.split(value)
    except ValueError:  # a lone quote, as in a file named "it's.txt"
        words = value.split()
    names: list[str] = []
    while words:
        # The longest run of words that is one file's name wins: make hands quotes over, people forget them.
        length = next((n for n in range(len(words), 0, -1) if Path(" ".join(words[:n])).is_file()), 1)
        name, words = " ".join(words[:length]), words[length:]
        found = sorted(glob.glob(name, recursive=True)) if glob.has_magic(name) and not Path(name).exists() else [name]  # noqa: PTH207 - patterns may be absolute
        names += found or [name]
    return names


def read_pages(names: Sequence[str]) -> tuple[list[Document], int]:
    """Read pages; return them and how many could not be read (each is said on standard error)."""
    documents: list[Document] = []
    for name in names:
        try:
            documents.append(Document(Path(name).read_bytes().decode("utf-8"), id=name))
        except (OSError, UnicodeDecodeError) as error:
            print(f"demo: {name}: cannot be read: {error}", file=sys.stderr)
    return documents, len(names) - len(documents)


@contextmanager
def running_server() -> Iterator[str]:
    """Start ``dehusk serve`` on a free port, wait until it serves, yield its address; stop it whatever happens.

    Raises:
        RuntimeError: it did not come up in time, or did not stop in order.
    """
    server = subprocess.Popen([*_DEHUSK, *_SERVE], stdout=subprocess.PIPE, text=True)
    try:
        address = _address(server)
        health = [*_DEHUSK, "health", "--wait", "--timeout", str(START_TIMEOUT_S), "--server", address]
        if subprocess.run(health, check=False).returncode != 0:
            raise RuntimeError("the server does not serve; its own words stand above")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    if server.returncode != 0:
        raise RuntimeError(f"the server did not stop in order: exit status {server.returncode}")


def _address(server: subprocess.Popen[str]) -> str:
    """Read from its output where the server listens; what it says later is passed on."""
    watchdog = threading.Timer(START_TIMEOUT_S, server.kill)
    watchdog.start()
    try:
        for line in server.stdout or ():
            if match := _LISTENING.search(line):
                threading.Thread(target=_pass_on, args=(server,), daemon=True).start()
                return match[1]
            print(line, end="")
    finally:
        watchdog.cancel()
    raise RuntimeError(f"the server did not start: exit status {server.wait()}")


def _pass_on(server: subprocess.Popen[str]) -> None:
    for line in server.stdout or ():
        print(line, end="")


def show(outcome: Result | Failure) -> bool:
    """Print one answer: coloured spans, the removed spans as a table, the body. Return whether it failed."""
    width = min(shutil.get_terminal_size().columns, 120)
    print(f"\n{'=' * width}\n{outcome.id}")
    if isinstance(outcome, Failure):
        print(f"failed: {outcome.error}")
        return True
    counts = outcome.counts
    print(f"{counts.source_chars} characters, {counts.removed_chars} removed in {len(outcome.removed)} spans")
    print(f"status {outcome.status} {' '.join(outcome.reasons)}".rstrip())
    print(f"\n{'-' * 20} the page, spans coloured by kind\n{outcome.as_ansi()}")
    print(f"\n{'-' * 20} what was removed\n{table(outcome, width)}")
    print(f"\n{'-' * 20} the body\n{outcome.body}")
    return False


def table(result: Result, width: int) -> str:
    """Return the removed spans as a table: place, kind, confidence, heaviest rules, beginning of the text."""
    if not result.removed:
        return "nothing"
    rows = []
    for span in result.removed:
        rules = ", ".join(span.rules[:2]) + (f" +{len(span.rules) - 2}" if len(span.rules) > 2 else "")
        text = " ".join(span.text.split())
        rows.append((f"{span.start}..{span.end}", span.kind.value, f"{span.confidence:.2f}", rules, text))
    columns = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ("  ".join([*(cell.ljust(size) for cell, size in zip(row, columns, strict=False)), row[4]]) for row in rows)
    return "\n".join(line if len(line) <= width else line[: width - 1] + "…" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
