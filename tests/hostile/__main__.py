"""``python -m hostile``: each hostile page at full size, each in its own process; prints docs/hostile.md's table."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

from hostile.pages import FULL, PAGES


def main() -> int:
    """Measure all pages; the exit status is 0 only if each was answered or refused within its limits."""
    parser = argparse.ArgumentParser(prog="python -m hostile", description=__doc__)
    parser.add_argument("--times", type=float, default=1.0, help=f"of the full size, {FULL:,} characters (default 1)")
    parser.add_argument("pages", nargs="*", default=list(PAGES), help="names; all by default")
    given = parser.parse_args()
    died = 0
    say("| page | MB | outcome | seconds | memory |\n| --- | ---: | --- | ---: | ---: |")
    for name in given.pages:
        command = [sys.executable, "-m", "hostile.measure", name, str(given.times)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            died += 1
            say(f"| {name} | | died ({done.returncode}): {done.stderr.strip()[-200:]!r} | | |")
            continue
        told = json.loads(done.stdout)
        said = told["outcome"].replace("|", "\\|")
        numbers = f"{told['seconds']:.1f} | {told['megabytes']:.0f} MB"
        say(f"| {name} | {told['size'] / 1e6:.1f} | {said} | {numbers} |")
    return int(died > 0)


def say(line: str) -> None:
    """Say a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
