"""One hostile page through the engine, in a process with limits of its own: answer or error, time, memory."""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Final

from dehusk_server.engine import Engine
from dehusk_server.errors import InvalidInputError
from dehusk_server.markup.encoding import decode
from dehusk_server.model import Document
from hostile.pages import FULL, PAGES

MOST_SECONDS: Final = 120
MOST_GIGABYTES: Final = 4


def outcome(engine: Engine, page: str | bytes) -> str:
    """Return the status of the answer to a page, or the error."""
    try:
        html = page if isinstance(page, str) else decode(page).text
        answer = engine.clean(Document(html=html))
    except InvalidInputError as error:
        return f"refused: {error} (limit: {error.limit})"
    if not answer.body and not answer.reasons:
        return "an empty answer without a word"
    return f"{answer.status}, {len(answer.partition.source):,} characters, {len(answer.partition.pieces):,} pieces"


def main() -> None:
    """Measure the page that is named, at so many times its full size; the outcome goes to standard output as JSON."""
    name, times = sys.argv[1], float(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (MOST_GIGABYTES << 30, MOST_GIGABYTES << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    engine = Engine()
    engine.clean(Document(html="<p>Warm.</p>"))
    page = PAGES[name](int(FULL * times))
    before, began = _megabytes(), time.process_time()
    said = outcome(engine, page)
    seconds = time.process_time() - began
    told = {"name": name, "size": len(page), "seconds": seconds, "megabytes": _megabytes() - before, "outcome": said}
    sys.stdout.write(json.dumps(told) + "\n")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
