"""``python -m fuzz``: pages without end, each held to the laws; what breaks one is cut down and written to a folder.

An input is made from the seed and its number. The folder keeps how far a run came: it goes on from there, past the
input under which the process died, if it died.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dehusk_server.engine import Engine
from fuzz.check import Fault, fault
from fuzz.inputs import Input, made, seed_pages
from fuzz.minimise import minimised

_HANG_SECONDS: Final = 300
"""After which an input counts as one that hangs, and the process ends."""
_TELL_SECONDS: Final = 30


def main() -> int:
    """Fuzz; the exit status is 0 only if no law was broken."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="to run (default 60)")
    parser.add_argument("--seed", type=int, default=0, help="of the inputs (default 0)")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"), help="of what is found (default build/fuzz)")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    pages = seed_pages()
    digest = hashlib.sha256("".join(pages).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    progress = Progress(given.folder / f"progress-{given.seed}-{digest}.txt")
    first, found = progress.number + 1, 0
    if progress.died:
        found += 1
        write(given.folder, given.seed, progress.number, made(given.seed, progress.number, pages), "the process died")
    say(f"seed {given.seed}, {len(pages)} pages ({digest}), inputs from {first}, findings in {given.folder}")
    engine, until, number = Engine(), time.monotonic() + 60 * given.minutes, first
    told = time.monotonic()
    while time.monotonic() < until:
        progress.begin(number)
        found += tried(engine, given.folder, given.seed, number, pages)
        progress.end(number)
        number += 1
        if time.monotonic() - told > _TELL_SECONDS:
            told = time.monotonic()
            say(f"{number - first} inputs, {found} findings, {(until - told) / 60:.0f} minutes left")
    say(f"{number - first} inputs in {given.minutes:g} minutes, {found} findings")
    return int(found > 0)


def tried(engine: Engine, folder: Path, seed: int, number: int, pages: Sequence[str]) -> int:
    """Try one input; write it down, small, if it breaks a law. Returns the number of findings."""
    faulthandler.dump_traceback_later(_HANG_SECONDS, exit=True)
    tried_input = made(seed, number, pages)
    broken = fault(engine, tried_input)
    faulthandler.cancel_dump_traceback_later()
    if broken is None:
        return 0
    small = minimised(tried_input, lambda smaller: _same(fault(engine, smaller), broken))
    write(folder, seed, number, small, f"{broken.law}: {(fault(engine, small) or broken).detail}")
    return 1


def write(folder: Path, seed: int, number: int, given: Input, said: str) -> None:
    """Write down an input and what is wrong with it."""
    content = given.html if isinstance(given.html, bytes) else given.html.encode("utf-8", "surrogatepass")
    stem = folder / f"{seed}-{number}"
    stem.with_suffix(".html").write_bytes(content)
    told = {"law": said, "seed": seed, "number": number, "charset": given.charset}
    told["bytes"] = isinstance(given.html, bytes)
    stem.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=True, indent=1) + "\n", "utf-8")
    say(f"input {number}: {said!a}")


def say(line: str) -> None:
    """Say a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Progress:
    """How far a run came, in a file of one line: the number of the last input, and whether it was over."""

    def __init__(self, path: Path) -> None:
        said = path.read_text("ascii").split() if path.exists() else []
        self.number = int(said[0]) if said else -1
        self.died = bool(said) and said[1] == "begun"
        self._path = path

    def begin(self, number: int) -> None:
        """Note that an input is about to be tried."""
        self._path.write_text(f"{number} begun\n", "ascii")

    def end(self, number: int) -> None:
        """Note that an input is over."""
        self._path.write_text(f"{number} over\n", "ascii")


def _same(found: Fault | None, wanted: Fault) -> bool:
    return found is not None and found.law == wanted.law


if __name__ == "__main__":
    sys.exit(main())
