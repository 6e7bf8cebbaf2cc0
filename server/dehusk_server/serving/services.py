"""The calls of the contract, thin: take a message, have it answered, give the answer back."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import grpc
from google.protobuf.message import Message

from dehusk.v1 import cleaning_pb2, rules_pb2
from dehusk_server.serving.admission import Door
from dehusk_server.serving.desk import Desk
from dehusk_server.serving.handlers import Handlers
from dehusk_server.serving.interceptors import Context
from dehusk_server.serving.meters import Meters
from dehusk_server.serving.raw import Broken, parser
from dehusk_server.serving.stream import in_turn

CLEANING = "dehusk.v1.CleaningService"
RULES = "dehusk.v1.RuleService"


class Services:
    """Both services over one set of handlers: documents go to the desk, what is quick is answered here."""

    def __init__(self, handlers: Handlers, door: Door, desk: Desk, reload: Callable[[], Awaitable[bool]]) -> None:
        self._handlers = handlers
        self._door = door
        self._desk = desk
        self._reload = reload

    async def clean(self, request: cleaning_pb2.CleanRequest | Broken, context: Context) -> cleaning_pb2.CleanResponse:
        """Clean one document."""
        return await self._desk.clean(request, _deadline(context))

    async def explain(
        self, request: cleaning_pb2.ExplainRequest | Broken, context: Context
    ) -> cleaning_pb2.ExplainResponse:
        """Explain one place of one document."""
        return await self._desk.explain(request, _deadline(context))

    async def clean_stream(
        self, requests: AsyncIterator[cleaning_pb2.CleanStreamRequest | Broken], context: Context
    ) -> AsyncGenerator[cleaning_pb2.CleanStreamResponse, None]:
        """Clean documents one after the other; a fault of one is its own answer."""

        async def answer(
            message: cleaning_pb2.CleanStreamRequest | Broken,
        ) -> cleaning_pb2.CleanStreamResponse:
            self._door.check_stream()
            return await self._desk.clean_next(*_unwrapped(message), _deadline(context))

        with self._door.stream():
            async with aclosing(in_turn(requests, answer)) as answers:
                async for response in answers:
                    yield response

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

    async def reload_rules(
        self, request: rules_pb2.ReloadRulesRequest | Broken, _: Context
    ) -> rules_pb2.ReloadRulesResponse:
        """Read the rule set anew."""
        self._handlers.check_reload(request)
        return self._handlers.reloaded(changed=await self._reload())


def generic_handlers(services: Services, meters: Meters) -> tuple[grpc.GenericRpcHandler, ...]:
    """Return what a server registers: the generated registration, but with parsers that never raise, and that count."""

    def unary(behaviour: Any, message: type[Any]) -> grpc.RpcMethodHandler[Any, Any]:
        return grpc.unary_unary_rpc_method_handler(behaviour, parser(message, meters.received), written)

    def written(message: Message) -> bytes:
        serialized = message.SerializeToString()
        meters.sent(len(serialized))
        return serialized

    stream = parser(cleaning_pb2.CleanStreamRequest, meters.received)
    cleaning = {
        "Clean": unary(services.clean, cleaning_pb2.CleanRequest),
        "Explain": unary(services.explain, cleaning_pb2.ExplainRequest),
        "Info": unary(services.info, cleaning_pb2.InfoRequest),
        "CleanStream": grpc.stream_stream_rpc_method_handler(services.clean_stream, stream, written),
    }
    rules = {
        "GetRuleSet": unary(services.get_rule_set, rules_pb2.GetRuleSetRequest),
        "GetRules": unary(services.get_rules, rules_pb2.GetRulesRequest),
        "ListRules": unary(services.list_rules, rules_pb2.ListRulesRequest),
        "ReloadRules": unary(services.reload_rules, rules_pb2.ReloadRulesRequest),
    }
    return (
        grpc.method_handlers_generic_handler(CLEANING, cleaning),
        grpc.method_handlers_generic_handler(RULES, rules),
    )


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
