"""The calls of the contract, thin: take a message, have it answered, give the answer back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, TypeVar

import grpc

from dehusk.v1 import cleaning_pb2, rules_pb2
from dehusk_server.errors import DehuskError
from dehusk_server.serving import log, status
from dehusk_server.serving.admission import Door
from dehusk_server.serving.handlers import Handlers
from dehusk_server.serving.interceptors import Context
from dehusk_server.serving.raw import Broken, parser

CLEANING = "dehusk.v1.CleaningService"
RULES = "dehusk.v1.RuleService"
_STREAM = f"/{CLEANING}/CleanStream"
_R = TypeVar("_R")


class Services:
    """Both services over one set of handlers; work runs in threads, so that the event loop stays free."""

    def __init__(self, handlers: Handlers, door: Door, pool: Executor) -> None:
        self._handlers = handlers
        self._door = door
        self._pool = pool

    async def clean(self, request: cleaning_pb2.CleanRequest | Broken, context: Context) -> cleaning_pb2.CleanResponse:
        """Clean one document."""
        return await self._work(partial(self._handlers.clean, request, deadline_s=_deadline(context)))

    async def explain(
        self, request: cleaning_pb2.ExplainRequest | Broken, context: Context
    ) -> cleaning_pb2.ExplainResponse:
        """Explain one place of one document."""
        return await self._work(partial(self._handlers.explain, request, deadline_s=_deadline(context)))

    async def clean_stream(
        self, requests: AsyncIterator[cleaning_pb2.CleanStreamRequest | Broken], context: Context
    ) -> AsyncIterator[cleaning_pb2.CleanStreamResponse]:
        """Clean documents one after the other; a fault of one is its own answer."""
        with self._door.stream():
            async for message in requests:
                self._door.check_stream()
                yield await self._answer(message, _deadline(context))

    async def info(self, request: cleaning_pb2.InfoRequest | Broken, _: Context) -> cleaning_pb2.InfoResponse:
        """Say what this server is; answered at capacity too."""
        return self._handlers.info(request)

    async def get_rule_set(
        self, request: rules_pb2.GetRuleSetRequest | Broken, _: Context
    ) -> rules_pb2.GetRuleSetResponse:
        """Describe the rule set."""
        return self._handlers.get_rule_set(request)

    async def get_rules(self, request: rules_pb2.GetRulesRequest | Broken, _: Context) -> rules_pb2.GetRulesResponse:
        """Look up rules."""
        return self._handlers.get_rules(request)

    async def list_rules(self, request: rules_pb2.ListRulesRequest | Broken, _: Context) -> rules_pb2.ListRulesResponse:
        """List rules."""
        return self._handlers.list_rules(request)

    async def _answer(
        self, message: cleaning_pb2.CleanStreamRequest | Broken, deadline_s: float | None
    ) -> cleaning_pb2.CleanStreamResponse:
        request, name = _unwrapped(message)
        work = partial(self._handlers.clean, request, deadline_s=deadline_s)
        try:
            response = await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except DehuskError as fault:
            return cleaning_pb2.CleanStreamResponse(id=name, error=status.wire_error(fault))
        except Exception as fault:  # noqa: BLE001 - whatever one page does to us, the next is served
            log.failed(_STREAM, fault)
            return cleaning_pb2.CleanStreamResponse(id=name, error=status.internal_error(log.request_id.get()))
        return cleaning_pb2.CleanStreamResponse(id=name, response=response)

    async def _work(self, work: Callable[[], _R]) -> _R:
        """Run one call in a thread; its place is free when the thread is, even if the caller has left."""
        self._door.enter(self._door.documents)
        try:
            future = self._pool.submit(work)
        except BaseException:
            self._door.documents.leave()
            raise
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[Any]) -> None:
        self._door.documents.leave()


def generic_handlers(services: Services) -> tuple[grpc.GenericRpcHandler, ...]:
    """Return what a server registers: the generated registration, but with parsers that never raise."""
    cleaning = {
        "Clean": _unary(services.clean, cleaning_pb2.CleanRequest),
        "Explain": _unary(services.explain, cleaning_pb2.ExplainRequest),
        "Info": _unary(services.info, cleaning_pb2.InfoRequest),
        "CleanStream": grpc.stream_stream_rpc_method_handler(
            services.clean_stream, parser(cleaning_pb2.CleanStreamRequest), _bytes
        ),
    }
    rules = {
        "GetRuleSet": _unary(services.get_rule_set, rules_pb2.GetRuleSetRequest),
        "GetRules": _unary(services.get_rules, rules_pb2.GetRulesRequest),
        "ListRules": _unary(services.list_rules, rules_pb2.ListRulesRequest),
    }
    return (
        grpc.method_handlers_generic_handler(CLEANING, cleaning),
        grpc.method_handlers_generic_handler(RULES, rules),
    )


def _unary(behaviour: Any, message: type[Any]) -> grpc.RpcMethodHandler[Any, Any]:
    return grpc.unary_unary_rpc_method_handler(behaviour, parser(message), _bytes)


def _bytes(message: Any) -> bytes:
    serialized: bytes = message.SerializeToString()
    return serialized


def _deadline(context: Context) -> float | None:
    """Return the caller's deadline on our own clock."""
    remaining: Any = context.time_remaining()  # None where there is no deadline; the stubs do not say so
    return None if remaining is None else time.monotonic() + remaining


def _unwrapped(message: cleaning_pb2.CleanStreamRequest | Broken) -> tuple[cleaning_pb2.CleanRequest | Broken, str]:
    """Return the document of a stream's message, and its id; fields at fault are named as CleanRequest names them."""
    if isinstance(message, Broken):
        message.fault.field = message.fault.field.removeprefix("request.")
        return message, message.id
    return message.request, message.request.id
