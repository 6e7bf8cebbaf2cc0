"""``python -m bench``: measure, and print tables."""

from __future__ import annotations

import argparse
import cProfile
import json
import platform
import pstats
import sys
from dataclasses import asdict
from pathlib import Path

from bench import sample, scaling, speed, worker
from bench.cleaners import Contestant, contestants

PROFILE_LINES = 25


def main(arguments: list[str] | None = None) -> int:
    """Run what the arguments ask for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--pages", type=int, default=300, help="how many pages (default 300)")
    parser.add_argument(
        "--rounds", type=int, default=5, help="interleaved rounds, of which the median counts (default 5)"
    )
    parser.add_argument(
        "--corpus", type=Path, help="corpus root or file (default: ../shared/corpus, else made-up pages)"
    )
    parser.add_argument(
        "--made-up", action="store_true", help="measure on made-up pages even where the corpus is there"
    )
    parser.add_argument("--profile", action="store_true", help="profile Dehusk instead, and print where the time goes")
    parser.add_argument("--scaling", action="store_true", help="time growing hostile inputs instead")
    parser.add_argument("--json", action="store_true", help="print the speeds as JSON")
    options = parser.parse_args(arguments)
    if options.pages < 1 or options.rounds < 1:
        parser.error("--pages and --rounds must be 1 or more")

    speed.one_core()
    cleaners, absent = contestants()
    for fault in absent:
        print(f"{fault}; `make bench` installs all peers", file=sys.stderr)
    if options.scaling:
        print(*scaling.table(cleaners[0]), sep="\n")
        return 0
    origin, texts = (
        ("made up, seed 1", sample.made_up(options.pages, 1))
        if options.made_up
        else sample.texts(options.pages, options.corpus)
    )
    if options.profile:
        _profile(cleaners[0], texts)
        return 0
    speeds, footprint = speed.measure(cleaners, texts, options.rounds), worker.footprint(texts)
    if options.json:
        print(
            json.dumps(
                {"pages": len(texts), "speeds": [asdict(s) for s in speeds], "worker": asdict(footprint)}, indent=1
            )
        )
        return 0
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    print(f"{len(texts)} pages, {size / 1e6:.2f} MB: {origin}")
    print(f"Python {platform.python_version()}, {platform.machine()}, one core, median of {options.rounds} rounds\n")
    print(*speed.table(speeds), sep="\n")
    print(
        f"\ndehusk worker: first answer {footprint.start_s:.2f} s after its start, "
        f"peak memory {footprint.idle_mb:.0f} MB at rest, {footprint.peak_mb:.0f} MB after all pages"
    )
    return 0


def _profile(cleaner: Contestant, texts: list[str]) -> None:
    pages = [cleaner.prepare(text) for text in texts]
    profile = cProfile.Profile()
    profile.enable()
    for page in pages:
        cleaner.clean(page)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(PROFILE_LINES)


if __name__ == "__main__":
    sys.exit(main())
