"""Whether client and server fit: one contract, a server that is not too old, and none that is a major version ahead."""

from __future__ import annotations

import importlib.metadata
import re

from dehusk.errors import NotServedError
from dehusk.report import Info

CONTRACT = "dehusk.v1"
"""The contract that this client speaks."""
OLDEST_SERVER = "0.1.0"
"""The oldest server that answers all that this client asks. The contract only gains, so it rises when the client asks
for something new."""


def own_version() -> str:
    """Return the version of this client; ``unknown`` where it runs from a source tree that was not installed."""
    try:
        return importlib.metadata.version("dehusk")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def checked(info: Info, client: str) -> Info:
    """Return what a server is, if it fits. A version that is no number (of a source tree) is let pass.

    Args:
        info: what the server says of itself.
        client: version of this client.

    Raises:
        NotServedError: another contract, a server too old, or one of a later major version; the message says which,
            and what to update.
    """
    theirs, ours = _numbers(info.version), _numbers(client)
    if info.contract != CONTRACT:
        raise _misfit(
            f"the server (version {info.version}) speaks {info.contract!r}, this client {CONTRACT!r}", "older"
        )
    if theirs is not None and theirs < (_numbers(OLDEST_SERVER) or theirs):
        what = f"the server is version {info.version}, this client ({client}) needs {OLDEST_SERVER} or later"
        raise _misfit(what, "server")
    if theirs is not None and ours is not None and theirs[0] > ours[0]:
        what = f"the server is version {info.version}, a major version ahead of this client ({client})"
        raise _misfit(what, "client")
    return info


def _misfit(what: str, update: str) -> NotServedError:
    return NotServedError(f"{what}; update the {update}", code="UNIMPLEMENTED")


def _numbers(version: str) -> tuple[int, ...] | None:
    """Return major, minor and patch; what follows them (``rc1``, ``+local``) makes no difference here."""
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    return None if found is None else tuple(int(part or 0) for part in found.groups())
