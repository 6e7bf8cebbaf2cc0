"""What the HTTP door answers: an ASGI application over the same desk, with the same limits."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dehusk.v1 import cleaning_pb2, errors_pb2
from dehusk_server.errors import AbandonedError, DeadlineError, DehuskError, InvalidInputError
from dehusk_server.serving import log, status
from dehusk_server.serving.access import AUTHORIZATION, Access
from dehusk_server.serving.desk import Desk
from dehusk_server.serving.http import openapi, wire
from dehusk_server.serving.http.exposition import CONTENT_TYPE, Exposition
from dehusk_server.serving.interceptors import SANE_ID
from dehusk_server.serving.meters import Meters

_PAGE: Final = files(__package__) / "page"
_KINDS_OF_FILES: Final = {"": ("index.html", "text/html"), "page.js": ("page.js", "text/javascript")}
_KINDS_OF_FILES["page.css"] = ("page.css", "text/css")
_SAFE: Final = {
    # The page shows what strangers wrote: nothing of it may run, and nothing may be fetched from elsewhere.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_CLIENT_GONE: Final = 499
"""What servers write for a caller who left; nobody reads it."""


class Routes:
    """The routes of the HTTP door.

    Args:
        desk: where documents are answered.
        meters: what counts.
        access: who may clean, and see the numbers.
        exposition: what renders the numbers.
        serves: says whether the service serves, and is not about to end.
        max_bytes: of one request's body.
        max_seconds: in which it must have come.
        version: of the service.
    """

    def __init__(
        self,
        desk: Desk,
        meters: Meters,
        access: Access,
        exposition: Exposition,
        serves: Callable[[], bool],
        *,
        max_bytes: int,
        max_seconds: float,
        version: str,
    ) -> None:
        self._desk = desk
        self._meters = meters
        self._access = access
        self._exposition = exposition
        self._serves = serves
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._openapi = openapi.description(version)

    def application(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route("/v1/clean", self._clean, methods=["POST"]),
                Route("/healthz", self._health),
                Route("/metrics", self._metrics),
                Route("/openapi.json", self._description),
                *(Route(f"/{path}", _file(name, kind)) for path, (name, kind) in _KINDS_OF_FILES.items()),
            ]
        )

    async def _clean(self, request: Request) -> Response:
        given = request.headers.get("x-request-id", "")
        name = given if SANE_ID.fullmatch(given) else uuid.uuid4().hex
        log.request_id.set(name)
        began, ended = time.perf_counter(), self._meters.call("Clean")
        response, code = await self._answer(request)
        ended(code)
        log.call_ended("POST /v1/clean", code, time.perf_counter() - began)
        response.headers["x-request-id"] = name
        return response

    async def _answer(self, request: Request) -> tuple[Response, str]:
        try:
            self._access.check(request.headers.get(AUTHORIZATION, ""))
            async with asyncio.timeout(self._max_seconds):
                body = await self._body(request)
            message = await asyncio.to_thread(wire.read_request, body)
            cleaned = await _while_connected(request, self._desk.clean(message, None))
            response = JSONResponse(await asyncio.to_thread(wire.as_json, cleaned))
        except (AbandonedError, ClientDisconnect):
            return Response(status_code=_CLIENT_GONE), "CANCELLED"
        except TimeoutError:
            return _failure(status.wire_error(DeadlineError(f"the body did not come in {self._max_seconds} seconds")))
        except DehuskError as fault:
            return _failure(status.wire_error(fault))
        except Exception as fault:  # noqa: BLE001 - as of a gRPC call: logged, answered, and the next is served
            log.failed("POST /v1/clean", fault)
            return _failure(status.internal_error(log.request_id.get()))
        self._meters.sent(len(response.body))
        return response, "OK"

    async def _body(self, request: Request) -> bytes:
        parts, size = [], 0
        async for part in request.stream():
            size += len(part)
            if size > self._max_bytes:
                raise InvalidInputError("", "the body is too large", limit=f"{self._max_bytes} bytes")
            parts.append(part)
        self._meters.received(size)
        return b"".join(parts)

    async def _health(self, _: Request) -> Response:
        if self._serves():
            return PlainTextResponse("SERVING\n")
        return PlainTextResponse("NOT_SERVING\n", status_code=503)

    async def _metrics(self, request: Request) -> Response:
        try:
            self._access.check(request.headers.get(AUTHORIZATION, ""))
        except DehuskError as fault:
            return _failure(status.wire_error(fault))[0]
        return Response(self._exposition.render(), media_type=CONTENT_TYPE)

    async def _description(self, _: Request) -> Response:
        return JSONResponse(self._openapi)


async def _while_connected(
    request: Request, answer: Awaitable[cleaning_pb2.CleanResponse]
) -> cleaning_pb2.CleanResponse:
    """Await an answer, and give it up when its caller leaves.

    Raises:
        AbandonedError: the caller has left.
    """
    answering = asyncio.ensure_future(answer)
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            return answering.result()
        raise AbandonedError("the caller has left")
    finally:
        leaving.cancel()
        answering.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    """Wait until the caller has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _failure(error: errors_pb2.Error) -> tuple[Response, str]:
    code = errors_pb2.ErrorCode.Name(error.code).removeprefix("ERROR_CODE_")
    headers = {"www-authenticate": "Bearer"} if code == "UNAUTHENTICATED" else {}
    headers |= {"retry-after": str(-(-error.retry_after_ms // 1000))} if error.retry_after_ms else {}
    told = {"error": wire.as_json(error)}
    return JSONResponse(told, status_code=wire.STATUSES[error.code], headers=headers), code


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    content = (_PAGE / name).read_bytes()

    async def answer(_: Request) -> Response:
        return Response(content, media_type=kind, headers=_SAFE)

    return answer
