"""What the service writes to its log: never a word of a page."""

from __future__ import annotations

import logging
import traceback
from contextvars import ContextVar

logger = logging.getLogger("dehusk.server")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the call under way; the caller's own where it sent a sane one."""


def call_ended(method: str, code: str, seconds: float) -> None:
    """Write one line for a call."""
    logger.info("call method=%s code=%s ms=%.1f request_id=%s", method, code, seconds * 1000, request_id.get())


def failed(method: str, error: BaseException) -> None:
    """Write down a fault of our own: class and place, not its message, which may quote a page."""
    place = "".join(traceback.format_tb(error.__traceback__))
    name = type(error).__name__
    logger.error("fault method=%s error=%s request_id=%s\n%s", method, name, request_id.get(), place)
