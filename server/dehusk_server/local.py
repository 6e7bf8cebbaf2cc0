"""Cleaning in this process: the surface and the answers of `dehusk.Client`, by the same handlers and conversions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Self, TypeVar, Unpack

from dehusk import (
    UNSET,
    CleanOptions,
    Document,
    Explanation,
    Failure,
    Info,
    Kind,
    Result,
    Rule,
    RuleSetInfo,
    _convert,
    _fit,
    _requests,
)
from dehusk import DehuskError as ClientError
from dehusk._call import DEFAULT_MAX_MESSAGE_BYTES, DEFAULT_TIMEOUT_S, CallSettings, Metadata, Timeout
from dehusk._window import DEFAULT_MAX_IN_FLIGHT, DEFAULT_MAX_IN_FLIGHT_BYTES, Sent, Window
from dehusk.options import OnError
from dehusk.v1 import cleaning_pb2, rules_pb2
from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.errors import DehuskError
from dehusk_server.serving.handlers import Handlers
from dehusk_server.serving.status import wire_error

_R = TypeVar("_R")


class LocalClient:
    """Cleans pages without a server; safe to share between threads.

    Args:
        engine: what cleans; by default one with the shipped rule set.
        settings: the limits, as a server would have them.
        timeout_s: seconds for each call that is given no time of its own; ``None`` for no limit but the settings'.

    Raises:
        RuleSetError: the shipped rule set cannot be loaded.
    """

    def __init__(
        self,
        engine: Engine | None = None,
        *,
        settings: Settings | None = None,
        timeout_s: float | None = DEFAULT_TIMEOUT_S,
    ) -> None:
        settings = Settings() if settings is None else settings
        engine = Engine(max_chars=settings.max_document_chars) if engine is None else engine
        self._handlers = Handlers(engine, settings)
        # The limits of a message are the server's here: there is no channel with limits of its own.
        size = max(settings.max_message_bytes, DEFAULT_MAX_MESSAGE_BYTES)
        self._settings = CallSettings("local", None, timeout_s, 0, size, 60.0, ())

    def clean(
        self,
        text: str | Document,
        *,
        timeout_s: Timeout = UNSET,
        metadata: Metadata = (),  # noqa: ARG002 - as info
        **options: Unpack[CleanOptions],
    ) -> Result:
        """Clean one page; see `dehusk.Client.clean`."""
        document = _requests.as_document(text)
        request = _requests.clean_request(document, _requests.wire_options(options))
        self._settings.check_size(request.ByteSize())
        deadline_s = self._deadline(self._settings.timeout(timeout_s))
        response = _answered(lambda: self._handlers.clean(request, deadline_s=deadline_s))
        return _convert.result(response, document, _requests.offset_unit(options))

    def clean_many(
        self,
        documents: Iterable[str | Document],
        *,
        on_error: OnError = "yield",
        max_in_flight: int = DEFAULT_MAX_IN_FLIGHT,
        max_in_flight_bytes: int = DEFAULT_MAX_IN_FLIGHT_BYTES,
        timeout_s: float | None = None,
        metadata: Metadata = (),  # noqa: ARG002 - as info
        **options: Unpack[CleanOptions],
    ) -> Iterator[Result | Failure]:
        """Clean pages one by one; see `dehusk.Client.clean_many`. One page at a time is under way here."""
        window = Window(
            self._settings,
            options,
            on_error=on_error,
            max_in_flight=max_in_flight,
            max_in_flight_bytes=max_in_flight_bytes,
        )
        return self._stream(documents, window, timeout_s)

    def explain(
        self,
        text: str | Document,
        offset: int,
        *,
        timeout_s: Timeout = UNSET,
        metadata: Metadata = (),  # noqa: ARG002 - as info
        **options: Unpack[CleanOptions],
    ) -> Explanation:
        """Say why the text around one offset was kept or removed; see `dehusk.Client.explain`."""
        document = _requests.as_document(text)
        request = _requests.clean_request(document, _requests.wire_options(options))
        asked = _requests.explain_request(request, offset)
        self._settings.check_size(asked.ByteSize())
        deadline_s = self._deadline(self._settings.timeout(timeout_s))
        response = _answered(lambda: self._handlers.explain(asked, deadline_s=deadline_s))
        return _convert.explanation(response, document, _requests.offset_unit(options))

    def info(self, *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> Info:  # noqa: ARG002 - the surface of dehusk.Client
        """Return what a server with these settings would be: versions, limits, kinds."""
        return _convert.info(_answered(lambda: self._handlers.info(cleaning_pb2.InfoRequest())))

    def check(self, *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> Info:
        """Return `info`: what runs in one process was installed together."""
        return _fit.checked(self.info(timeout_s=timeout_s, metadata=metadata), _fit.own_version())

    def rule_set(self, *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> RuleSetInfo:  # noqa: ARG002 - as info
        """Return the loaded rule set, described."""
        response = _answered(lambda: self._handlers.get_rule_set(rules_pb2.GetRuleSetRequest()))
        return _convert.rule_set(response.rule_set)

    def rules(self, ids: Iterable[str], *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> tuple[Rule, ...]:  # noqa: ARG002 - as info
        """Look up rules by id, in the order of the ids; see `dehusk.Client.rules`."""
        request = _requests.rules_request(ids)
        return tuple(_convert.rule(rule) for rule in _answered(lambda: self._handlers.get_rules(request)).rules)

    def list_rules(
        self,
        kind: Kind | str | None = None,
        *,
        page_size: int = 100,
        timeout_s: Timeout = UNSET,  # noqa: ARG002 - as info
        metadata: Metadata = (),  # noqa: ARG002 - as info
    ) -> Iterator[Rule]:
        """Yield the rules of the loaded set, or those that speak most for one kind."""
        token = ""
        while True:
            request = _requests.list_request(kind, page_size, token)
            page = self._list(request)
            yield from (_convert.rule(rule) for rule in page.rules)
            token = page.next_page_token
            if not token:
                return

    def close(self) -> None:
        """Do nothing: there is no connection. It stands here so that either client can be closed."""

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _list(self, request: rules_pb2.ListRulesRequest) -> rules_pb2.ListRulesResponse:
        return _answered(lambda: self._handlers.list_rules(request))

    def _stream(
        self, documents: Iterable[str | Document], window: Window, timeout_s: float | None
    ) -> Iterator[Result | Failure]:
        deadline_s = self._deadline(timeout_s)
        for document in documents:
            entry = window.prepare(document)
            window.push(entry)
            yield window.settle(self._answer(entry, deadline_s) if isinstance(entry, Sent) else None)

    def _answer(self, entry: Sent, deadline_s: float | None) -> cleaning_pb2.CleanStreamResponse:
        request = entry.request.request
        try:
            response = self._handlers.clean(request, deadline_s=deadline_s)
        except DehuskError as fault:
            return cleaning_pb2.CleanStreamResponse(id=request.id, error=wire_error(fault))
        return cleaning_pb2.CleanStreamResponse(id=request.id, response=response)

    @staticmethod
    def _deadline(timeout_s: float | None) -> float | None:
        return None if timeout_s is None else time.monotonic() + timeout_s


def _answered(call: Callable[[], _R]) -> _R:
    """Return what a handler answers, and raise what the client would raise for its error.

    Raises:
        dehusk.DehuskError: as through a server.
    """
    try:
        return call()
    except DehuskError as fault:
        error: ClientError = _convert.error(wire_error(fault))
    raise error
