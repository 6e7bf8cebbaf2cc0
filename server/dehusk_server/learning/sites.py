"""Which site a page belongs to, and which fold a site belongs to: pages of one site never straddle a split."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "govt", "ne", "net", "or", "org"})
"""Labels that under a two-letter country domain are part of the suffix (``example.co.uk``), not a name."""


def site_of(address: str) -> str:
    """Return the site of a host name or URL: its registrable domain, guessed without a list of suffixes.

    The last two labels, or three where the last is a country's and the one before is in `SECOND_LEVEL`. Pages of one
    hosting platform (``a.example.io``, ``b.example.io``) thereby share a site, and with it their common template.
    """
    host = (urlsplit(address).hostname or "") if "//" in address else address.partition("/")[0]
    labels = host.lower().strip(".").removeprefix("www.").split(".")
    country_suffix = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3:] if country_suffix else labels[-2:])


def site_name(site: str) -> str:
    """Return the first label of a site's registrable domain: ``example`` of ``www.example.co.uk``."""
    return site_of(site).partition(".")[0]


def held_out(site: str, seed: int, folds: int) -> int:
    """Assign a site to a fold in 0..folds-1; the same on every machine and for every corpus that knows the site.

    Sites of one name go together (``example.com``, ``example.co.uk``, and a corpus that says only ``example``).

    Raises:
        ValueError: fewer than two folds.
    """
    if folds < 2:
        raise ValueError(f"{folds} folds cannot hold anything out; take 2 or more")
    digest = hashlib.sha256(f"{seed}:{site_name(site)}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % folds
