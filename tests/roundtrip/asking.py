"""Asking from asyncio in a test that holds the server in the same process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from dehusk_server.serving.app import ignore_poller_noise

_T = TypeVar("_T")


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run one piece of asyncio, without gRPC's complaints of two event loops in one process."""

    async def quietly() -> _T:
        asyncio.get_running_loop().set_exception_handler(ignore_poller_noise)
        return await work

    return asyncio.run(quietly())
