"""What every call of ours goes through: a request id, a status for whatever is raised, a line in the log."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc
import grpc.aio

from dehusk.v1 import errors_pb2
from dehusk_server.errors import DehuskError
from dehusk_server.serving import log, status
from dehusk_server.serving.access import AUTHORIZATION, Access
from dehusk_server.serving.meters import Meters

if TYPE_CHECKING:
    from dehusk_server.serving.tracing import Traces

REQUEST_ID_KEY = "x-request-id"
SANE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Begin: TypeAlias = Callable[[str, Context], Callable[[str], None]]
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Wraps the calls of ``dehusk.v1``; health and reflection pass untouched."""

    def __init__(self, meters: Meters, access: Access, traces: Traces | None = None) -> None:
        self._meters = meters
        self._access = access
        self._traces = traces

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Return the handler of a call, wrapped; ``None`` where there is no such call."""
        # The stubs know the handlers of synchronous servers alone.
        handler: Any = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or not method.startswith("/dehusk.v1."):
            return handler
        if handler.stream_stream is not None:
            return grpc.stream_stream_rpc_method_handler(
                _stream(method, handler.stream_stream, self._begin, self._access),
                handler.request_deserializer,
                handler.response_serializer,
            )
        return grpc.unary_unary_rpc_method_handler(
            _unary(method, handler.unary_unary, self._begin, self._access),
            handler.request_deserializer,
            handler.response_serializer,
        )

    def _begin(self, method: str, context: Context) -> Callable[[str], None]:
        """Name the call and count it in; returns what counts it out and writes its end to log and trace."""
        began = time.perf_counter()
        counted_out = self._meters.call(method)
        given = _metadata(context, REQUEST_ID_KEY)
        name = given if SANE_ID.fullmatch(given) else uuid.uuid4().hex
        log.request_id.set(name)
        context.set_trailing_metadata(((REQUEST_ID_KEY, name),))
        parent = {key: _metadata(context, key) for key in ("traceparent", "tracestate")} if self._traces else {}
        traced = None if self._traces is None else self._traces.call(method, parent, name)

        def ended(code: str) -> None:
            counted_out(code)
            log.call_ended(method, code, time.perf_counter() - began)
            if traced is not None:
                traced(code)

        return ended


def _unary(
    method: str, answer: Callable[[Any, Context], Awaitable[Any]], begin: Begin, access: Access
) -> Callable[[Any, Context], Awaitable[Any]]:
    async def wrapped(request: Any, context: Context) -> Any:
        ended = begin(method, context)
        try:
            access.check(_metadata(context, AUTHORIZATION))
            response = await answer(request, context)
        except (Exception, asyncio.CancelledError) as error:
            await _fail(method, context, error, ended)
            raise
        ended("OK")
        return response

    return wrapped


def _stream(
    method: str,
    answer: Callable[[AsyncIterator[Any], Context], AsyncGenerator[Any, None]],
    begin: Begin,
    access: Access,
) -> Callable[[AsyncIterator[Any], Context], Awaitable[None]]:
    # Answers are written here, not yielded to gRPC: where the caller leaves while one is sent, gRPC forgets a generator
    # as it stands, and neither its end nor that of its work would be seen.
    async def wrapped(requests: AsyncIterator[Any], context: Context) -> None:
        ended = begin(method, context)
        try:
            access.check(_metadata(context, AUTHORIZATION))
            async with aclosing(answer(requests, context)) as responses:
                async for response in responses:
                    await context.write(response)
        except (Exception, asyncio.CancelledError) as error:
            await _fail(method, context, error, ended)
            raise
        ended("OK")

    return wrapped


def _metadata(context: Context, wanted: str) -> str:
    """Return the first value of a key; empty where there is none, or where it is no text."""
    given = next((value for key, value in context.invocation_metadata() or () if key == wanted), "")
    return given if isinstance(given, str) else ""


async def _fail(method: str, context: Context, error: BaseException, ended: Callable[[str], None]) -> None:
    """End a call with the status of what was raised. Does not return, except for what is no error of ours."""
    if isinstance(error, asyncio.CancelledError):
        ended("CANCELLED")
        return
    if isinstance(error, grpc.aio.AbortError):
        ended("ABORTED")
        return
    if isinstance(error, DehuskError):
        wire = status.wire_error(error)
    else:
        log.failed(method, error)
        wire = status.internal_error(log.request_id.get())
    code = status.grpc_status(wire)
    ended(code.name)
    await context.abort(code, wire.message, trailers(wire))


def trailers(wire: errors_pb2.Error) -> tuple[tuple[str, str | bytes], ...]:
    """Return the trailers of a call that fails."""
    return ((REQUEST_ID_KEY, log.request_id.get()), (status.DETAILS_KEY, status.details(wire)))
