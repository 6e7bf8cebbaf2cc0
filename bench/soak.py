"""``python -m bench.soak``: many documents through the service, among faults; each answer is compared.

Good pages, with bad ones among them by the clock, go through streams of the client, while callers of `faults` do their
worst. First without a kill: the memory of each worker is sampled, and its slope said with a confidence interval. Then,
for a tenth as many documents, a worker is killed (kill -9) every few seconds: no answer may be wrong or lost, since the
client sends again what was under way. One document in ten is new, and cleaned here too; the others take turns.
Bounded in documents; over the loopback alone. The exit status is 0 only if all of it holds.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.faults import FAULTS
from bench.pages import Pages
from bench.servers import Serving, service
from bench.slope import slope
from dehusk import Client, DehuskError

STREAMS = 6
"""Clients at once, each with one stream: enough for every worker to have some."""
WARM_UP = 0.3
"""Part of the samples that is left out: caches fill, allocators take what they will need."""
FLAT = 0.03
"""Part of a worker's memory by which it may surely grow in a run that passes as flat."""
LEAST_FLAT = 20_000
"""Documents after the warm-up without which nothing is judged: memory that is taken once looks like growth."""
LEAST_KILLED = 2_000
"""Documents while workers are killed."""


@dataclass
class Count:
    """What came of the documents, and what was seen meanwhile. Shared by threads; each adds under the lock."""

    answered: int = 0
    wrong: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    broken: list[str] = field(default_factory=list)
    """What must not happen and did, in words."""
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> int:
    """Soak."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--documents", type=int, default=200_000, help="while memory is watched (default 200,000)")
    parser.add_argument("--workers", type=int, default=2, help="of the service (default 2)")
    parser.add_argument("--kill-seconds", type=float, default=5.0, help="between two kills, afterwards (default 5)")
    parser.add_argument("--recycle", type=int, default=0, help="documents after which a worker is replaced (default 0)")
    parser.add_argument("--seed", type=int, default=0, help="of pages and faults (default 0)")
    given = parser.parse_args()
    pages = Pages(given.seed)
    with service(given.workers, "--max-worker-documents", str(given.recycle)) as serving:
        print(f"{given.documents} documents among faults, {given.workers} workers", flush=True)
        flat = run(serving, pages, given.documents, given.seed, kill_seconds=0.0)
        fewer = max(given.documents // 10, LEAST_KILLED)
        print(f"{fewer} documents among faults, a worker killed every {given.kill_seconds:g} s", flush=True)
        killed = run(serving, pages, fewer, given.seed, kill_seconds=given.kill_seconds)
    return int(not (flat and killed))


def run(serving: Serving, pages: Pages, documents: int, seed: int, *, kill_seconds: float) -> bool:
    """Send documents among faults, and report; returns whether all of it held."""
    count, over = Count(), threading.Event()
    disturbing = [threading.Thread(target=disturb, args=(serving, name, over, count, seed)) for name in FAULTS]
    if kill_seconds:
        disturbing.append(threading.Thread(target=kill, args=(serving, over, count, seed, kill_seconds)))
    shares = [range(first, documents, STREAMS) for first in range(STREAMS)]
    sending = [threading.Thread(target=send, args=(serving, pages, share, count)) for share in shares]
    began = time.perf_counter()
    for thread in (*disturbing, *sending):
        thread.start()
    memory = watch(serving, documents, sending, count)
    seconds = time.perf_counter() - began
    over.set()
    for thread in disturbing:
        thread.join()
    lost = documents - count.answered
    rate = count.answered / seconds
    told = ", ".join(f"{times} {name}" for name, times in sorted(count.faults.items()))
    print(f"{count.answered} documents in {seconds:.0f} s, {rate:.0f}/s; wrong {count.wrong}, lost {lost}")
    print(f"among {told}; {count.kills} kills")
    for line in count.broken:
        print(f"NOT RIGHT: {line}")
    held = not (count.wrong or lost or count.broken)
    for pid, points in () if kill_seconds else memory.items():
        held = is_flat(pid, points) and held
    return held


def send(serving: Serving, pages: Pages, numbers: range, count: Count) -> None:
    """Send the documents of these numbers through a client of its own, and compare the answers."""
    try:
        with Client(serving.target, retries=4) as client:
            answers = client.clean_many((pages.document(number) for number in numbers), timeout_s=600 + numbers.stop)
            for number, answer in zip(numbers, answers, strict=False):
                right = pages.is_right(number, answer)
                with count.lock:
                    count.answered += 1
                    count.wrong += not right
                    if not right and count.wrong <= 5:
                        count.broken.append(f"page {number}: {answer!r:.300}")
    except DehuskError as error:
        with count.lock:
            count.broken.append(f"a stream ended: {error}")


def disturb(serving: Serving, name: str, over: threading.Event, count: Count, seed: int) -> None:
    """Be one sort of fault again and again, at random moments, until it is over."""
    chance = random.Random(f"{seed} {name}")  # noqa: S311 - chance of a test
    while not over.wait(0.5 + 2 * chance.random()):
        try:
            FAULTS[name](serving.target, chance)
        except OSError:
            continue  # its worker was killed while it connected
        except RuntimeError as error:
            with count.lock:
                count.broken.append(f"{name}: {error}")
        with count.lock:
            count.faults[name] += 1


def kill(serving: Serving, over: threading.Event, count: Count, seed: int, seconds: float) -> None:
    """Kill a worker now and then."""
    chance = random.Random(seed)  # noqa: S311 - as above
    while not over.wait(seconds):
        os.kill(chance.choice(serving.pids[1:]), signal.SIGKILL)
        count.kills += 1


def watch(
    serving: Serving, documents: int, sending: list[threading.Thread], count: Count
) -> dict[int, list[tuple[float, float]]]:
    """Sample the memory of each worker until all is sent, and say how far it is; returns the samples by process."""
    memory: dict[int, list[tuple[float, float]]] = {}
    sampled = told = 0
    began = time.perf_counter()
    while any(thread.is_alive() for thread in sending):
        time.sleep(0.05)
        done = count.answered
        if done >= sampled + max(1, documents // 400):
            sampled = done
            for pid, size in megabytes(serving).items():
                memory.setdefault(pid, []).append((done, size))
        if done >= told + max(1, documents // 20):
            told = done
            sizes = " ".join(f"{size:.0f}" for size in megabytes(serving).values())
            rate = done / (time.perf_counter() - began)
            print(f"  {done} documents, {rate:.0f}/s, wrong {count.wrong}, memory of workers {sizes} MB", flush=True)
    return memory


def megabytes(serving: Serving) -> dict[int, float]:
    """Return the resident memory of each worker."""
    found = {}
    for pid in serving.pids[1:]:
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        except OSError:
            continue  # it has just ended
        found[pid] = pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
    return found


def is_flat(pid: int, points: list[tuple[float, float]]) -> bool:
    """Say how the memory of one worker grew, and whether it is flat: nothing that matters, for all that is known."""
    kept = points[int(len(points) * WARM_UP) :]
    if len(kept) < 30:
        print(f"worker {pid}: {len(kept)} samples after the warm-up, too few to say how its memory grows")
        return True
    documents = kept[-1][0] - kept[0][0]
    found = slope(kept)
    low, high = kept[0][1], kept[-1][1]
    print(
        f"worker {pid}: {low:.1f} MB after the warm-up, {high:.1f} MB at the end; {found.middle * 1e5:+.2f} MB for "
        f"100,000 documents (95 % confidence: {found.low * 1e5:+.2f} to {found.high * 1e5:+.2f})"
    )
    return documents < LEAST_FLAT or found.low * documents <= FLAT * low


if __name__ == "__main__":
    sys.exit(main())
