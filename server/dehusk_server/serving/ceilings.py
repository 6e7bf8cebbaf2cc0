"""When a worker has served long enough: ceilings of memory and of documents, after which it is replaced.

Memory that an interpreter and its libraries gather over millions of pages is given back by ending the process.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Final

from dehusk_server.config import Settings

_MEGABYTE: Final = 1024 * 1024
_STATM: Final = Path("/proc/self/statm")


def reached(settings: Settings, documents: int, megabytes: float) -> str:
    """Return the ceiling that a worker has reached, in words; empty where it may go on.

    Args:
        settings: the ceilings.
        documents: documents that it has answered.
        megabytes: its resident memory.
    """
    if 0 < settings.max_worker_documents <= documents:
        return f"{documents} documents"
    if 0 < settings.max_worker_megabytes <= megabytes:
        return f"{megabytes:.0f} megabytes"
    return ""


def resident_megabytes() -> float:
    """Return the memory of this process that is resident; where the system does not say, the most that it ever was."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / _MEGABYTE if sys.platform == "darwin" else most / 1024
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE
