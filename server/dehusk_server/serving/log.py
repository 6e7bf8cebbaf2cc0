"""What the service writes to its log: never a word of a page."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any

logger = logging.getLogger("dehusk.server")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the call under way; the caller's own where it sent a sane one."""


def configure(level: str, form: str) -> None:
    """Have everything logged to standard error.

    Args:
        level: what is logged, and what is graver.
        form: ``text`` for a line that a person reads, ``json`` for an object a line.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else Lines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # It says of each start and stop what we say ourselves.
    logging.getLogger("uvicorn").setLevel(max(logging.WARNING, logging.getLogger().level))


def call_ended(method: str, code: str, seconds: float) -> None:
    """Write one line for a call."""
    event("call", method=method, code=code, ms=round(seconds * 1000, 1), request_id=request_id.get())


def event(message: str, /, *, level: int = logging.INFO, **fields: object) -> None:
    """Write down what happened, with its fields: behind the message in text, as members of the object in JSON."""
    if logger.isEnabledFor(level):
        told = " ".join((message, *(f"{name}={value}" for name, value in fields.items())))
        logger.log(level, "%s", told, extra={"event": message, "fields": fields})


def failed(method: str, error: BaseException) -> None:
    """Write down a fault of our own: class and place, not its message, which may quote a page."""
    place = _place(error.__traceback__)
    fields = {"method": method, "error": type(error).__name__, "request_id": request_id.get()}
    told = " ".join(f"{name}={value}" for name, value in fields.items())
    logger.error("fault %s\n%s", told, place, extra={"event": "fault", "fields": fields | {"place": place}})


class Lines(logging.Formatter):
    """A line for a person. Of an exception its class and its place, not its message, which may quote a page."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(process)d %(name)s %(message)s")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """Return class and place of an exception."""
        return f"{ei[0].__name__}\n{_place(ei[2])}"


class JsonLines(logging.Formatter):
    """One JSON object a line (RFC 8259): time (RFC 3339, UTC), level, logger, process, message, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": getattr(record, "event", None) or record.getMessage(),
        }
        told = getattr(record, "fields", {}) | told
        if record.exc_info and record.exc_info[0] is not None:
            told |= {"error": record.exc_info[0].__name__, "place": _place(record.exc_info[2])}
        return json.dumps(told, default=str)


def _place(trace: TracebackType | None) -> str:
    return "".join(traceback.format_tb(trace))
