"""``python -m bench``: measure, and print tables."""

from __future__ import annotations

import argparse
import cProfile
import json
import platform
import pstats
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import extractors, html_speed, sample, scaling, speed, worker
from bench.cleaners import contestants

PROFILE_LINES = 25
MOST_HTML_PAGES = 200


def main(arguments: list[str] | None = None) -> int:
    """Run what the arguments ask for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=("text", "html"), help="measure on text, or on HTML, alone (default: both)")
    parser.add_argument("--pages", type=int, default=300, help="how many pages (default 300; 200 of HTML at most)")
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
    if options.scaling:
        print(*scaling.table(contestants()[0][0]), sep="\n")
        return 0
    found: dict[str, object] = {}
    for name, measure in (("text", _text), ("html", _html)):
        if options.only in (None, name):
            found[name] = measure(options)
    if options.json:
        print(json.dumps(found, indent=1))
    return 0


def _text(options: argparse.Namespace) -> object:
    cleaners, absent = contestants()
    _warn(absent)
    origin, texts = (
        ("made up, seed 1", sample.made_up(options.pages, 1))
        if options.made_up
        else sample.texts(options.pages, options.corpus)
    )
    if options.profile:
        _profile(cleaners[0].clean, [cleaners[0].prepare(text) for text in texts])
        return None
    speeds, footprint = speed.measure(cleaners, texts, options.rounds), worker.footprint(texts)
    if not options.json:
        size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
        _title(f"{len(texts)} pages of text, {size / 1e6:.2f} MB: {origin}", options.rounds)
        print(*speed.table(speeds), sep="\n")
        print(
            f"\ndehusk worker: first answer {footprint.start_s:.2f} s after its start, "
            f"peak memory {footprint.idle_mb:.0f} MB at rest, {footprint.peak_mb:.0f} MB after all pages\n"
        )
    return {"pages": len(texts), "speeds": [asdict(one) for one in speeds], "worker": asdict(footprint)}


def _html(options: argparse.Namespace) -> object:
    own = extractors.dehusk()
    peers, absent = extractors.peers()
    _warn(absent)
    origin, pages = sample.html(min(options.pages, MOST_HTML_PAGES), options.corpus, made_up=options.made_up)
    if options.profile:
        _profile(own.extract, pages)
        return None
    times = html_speed.measure([own, *peers], pages, options.rounds)
    if not options.json:
        size = sum(map(len, pages)) / 1e6
        _title(f"{len(pages)} pages of HTML, {size:.2f} million characters: {origin}", options.rounds)
        print(*html_speed.table(times), sep="\n")
    return {"pages": len(pages), "times": [asdict(one) for one in times]}


def _warn(absent: Sequence[str]) -> None:
    for fault in absent:
        print(f"{fault}; `make bench` installs all peers", file=sys.stderr)


def _title(pages: str, rounds: int) -> None:
    print(pages)
    print(f"Python {platform.python_version()}, {platform.machine()}, one core, median of {rounds} rounds\n")


def _profile(clean: Callable[[Any], object], pages: Sequence[Any]) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for page in pages:
        clean(page)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(PROFILE_LINES)


if __name__ == "__main__":
    sys.exit(main())
