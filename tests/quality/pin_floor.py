"""Pin a held-out figure where it was reached: raise its floor, or, told so and why, lower it.

Usage: python tests/quality/pin_floor.py GROUP NAME FLOOR [--lower REASON]

Floors are in ``tests/quality/floors.json``. Each keeps the best floor that it ever had; one below that says why.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).with_name("floors.json")
AT_LEAST, AT_MOST = "at least", "at most"
_ABOUT = "Pin a held-out figure where it was reached; lower it only with a reason."


class FloorError(ValueError):
    """A floor that may not be set so; the message says what to do."""


def moved(pinned: Mapping[str, Any], floor: float, reason: str | None) -> dict[str, Any]:
    """Return a floor as it is pinned after it was moved.

    Args:
        pinned: as it is: ``sense``, ``floor``, ``best``.
        floor: where it goes.
        reason: why it may be laxer than the best that it was; ``None`` where it may not.

    Raises:
        FloorError: it would be laxer without a reason, or comes with a reason that it does not need.
    """
    best = pinned["best"]
    laxer = floor < best if pinned["sense"] == AT_LEAST else floor > best
    if laxer and not (reason and reason.strip()):
        raise FloorError(f"{floor} is laxer than {best}, which was reached; say why with --lower REASON")
    if not laxer and reason is not None:
        raise FloorError(f"{floor} is not laxer than {best}; leave --lower out")
    new: dict[str, Any] = {"sense": pinned["sense"], "floor": floor, "best": best if laxer else floor}
    return new | {"lowered": str(reason).strip()} if laxer else new


def main(arguments: list[str] | None = None, path: Path = FLOORS) -> int:
    """Move one floor; return the exit status."""
    parser = argparse.ArgumentParser(prog=f"python tests/quality/{Path(__file__).name}", description=_ABOUT)
    parser.add_argument("group", help="pages, such as 'html: article'")
    parser.add_argument("name", help="figure, such as f1")
    parser.add_argument("floor", type=float)
    parser.add_argument("--lower", metavar="REASON", help="let it be laxer than it was, and say why")
    parser.add_argument("--sense", choices=(AT_LEAST, AT_MOST), default=AT_LEAST, help="of a figure that is new")
    options = parser.parse_args(arguments)
    floors = json.loads(path.read_text("utf-8"))
    group = floors.setdefault(options.group, {})
    new = {"sense": options.sense, "floor": options.floor, "best": options.floor}
    try:
        group[options.name] = moved(group.get(options.name, new), options.floor, options.lower)
    except FloorError as refused:
        sys.stderr.write(f"{options.group} {options.name}: {refused}\n")
        return 1
    path.write_text(json.dumps(floors, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
