"""The server: put together, started, told what is new, and shut down in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import SERVICE_NAME as HEALTH
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha import reflection

from dehusk_server.config import Settings
from dehusk_server.serving import log
from dehusk_server.serving.access import Access
from dehusk_server.serving.admission import Door
from dehusk_server.serving.desk import Desk
from dehusk_server.serving.faults import ReloadRefusedError
from dehusk_server.serving.handlers import Handlers
from dehusk_server.serving.interceptors import CallInterceptor
from dehusk_server.serving.meters import Meters
from dehusk_server.serving.opening import Credentials, open_port, options
from dehusk_server.serving.ports import local_target
from dehusk_server.serving.reload import Loaded, load
from dehusk_server.serving.services import CLEANING, RULES, Services, generic_handlers

if TYPE_CHECKING:
    from dehusk_server.serving.http.door import HttpServer
    from dehusk_server.serving.tracing import Traces

RELOAD_HEALTH = f"{RULES}.ReloadRules"
"""Name under which health tells whether what was last read anew was taken."""
_LAST_PART = 0.8
"""Part of the grace after which streams are told to go elsewhere, so that they hear it from us and not from a cut."""


class Server:
    """One server on one port; lives on the event loop that starts it.

    Args:
        settings: how it runs.
        loaded: what cleans, and by what callers are known.
        meters: what counts; by default meters of its own.
        shared: whether other workers of this service listen on the same port.
        reload: what the call ReloadRules does, which returns whether the rule set is another one; by default `reload`.
    """

    def __init__(
        self,
        settings: Settings,
        loaded: Loaded,
        *,
        meters: Meters | None = None,
        shared: bool = False,
        reload: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self.settings = settings
        self.port = 0
        """The port that it listens on, once started."""
        self._meters = Meters.alone() if meters is None else meters
        self._shared = shared
        self._handlers = Handlers(loaded.engine, settings)
        self._access = Access(loaded.tokens)
        self._credentials = Credentials(loaded.certificates)
        self._door = Door(settings, self._meters)
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="dehusk-clean")
        self._desk = Desk(self._handlers, self._door, self._pool, self._meters)
        self._reload = self.reload if reload is None else reload
        self._reloading = asyncio.Lock()
        self._health = health_aio.HealthServicer()
        self._serves = False
        self._http: HttpServer | None = None
        self._traces = _traces(settings.traces)
        self._grpc: grpc.aio.Server | None = None

    @property
    def target(self) -> str:
        """Where a client on the same machine finds it."""
        if self.settings.unix_socket is not None:
            return self.settings.address
        return local_target(self.settings.host, self.port)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it is found: for gRPC, and over HTTP where that door is open."""
        return (self.target,) if self._http is None else (self.target, self._http.address)

    async def start(self) -> None:
        """Open the port and serve.

        Raises:
            RuntimeError: the port cannot be opened; another server may hold it.
        """
        server = grpc.aio.server(
            interceptors=(CallInterceptor(self._meters, self._access, self._traces),),
            options=options(self.settings, shared=self._shared),
        )
        services = Services(self._handlers, self._door, self._desk, self._reload)
        server.add_generic_rpc_handlers(generic_handlers(services, self._meters))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        if self.settings.reflection:
            names = (CLEANING, RULES, HEALTH, reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, server)
        self.port = open_port(server, self.settings, self._credentials)
        await server.start()
        if self.settings.http:
            # The packages of the HTTP door are an extra; who does not open it need not have them.
            from dehusk_server.serving.http.door import open_door  # noqa: PLC0415

            serves, told = (lambda: self._serves), self._rule_set
            parts = (self._desk, self._meters, self._access)
            self._http = await open_door(self.settings, *parts, serves=serves, rule_set=told, shared=self._shared)
        self._serves = True
        for name in ("", CLEANING, RULES, RELOAD_HEALTH):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._grpc = server
        log.event("serving", addresses=" ".join(self.addresses), rules=self._handlers.rules.version)

    async def reload(self) -> bool:
        """Read everything anew, and take all of it or nothing.

        Returns:
            Whether the rule set is another one.

        Raises:
            ReloadRefusedError: something does not hold; everything stays as it was.
        """
        async with self._reloading:
            try:
                loaded = await asyncio.to_thread(load, self.settings, self._handlers.engine)
            except ReloadRefusedError as fault:
                self._meters.reloaded(taken=False)
                await self.refuse(str(fault))
                raise
            self._meters.reloaded(taken=True)
            return await self.take(loaded)

    async def take(self, loaded: Loaded) -> bool:
        """Go on with what was read anew; documents begun before end under the old rule set.

        Returns:
            Whether the rule set is another one.
        """
        before, rules = self._handlers.rules, loaded.engine.rules
        self._handlers.engine = loaded.engine
        self._access.tokens = loaded.tokens
        self._credentials.renew(loaded.certificates)
        if self._http is not None:
            self._http.renew_certificates()
        await self._health.set(RELOAD_HEALTH, health_pb2.HealthCheckResponse.SERVING)
        log.event("reloaded", rules=rules.version, sha256=rules.sha256)
        return before.sha256 != rules.sha256

    async def refuse(self, why: str) -> None:
        """Say that what was read anew was refused, in log and health."""
        log.event("reload refused", level=logging.ERROR, why=why)
        await self._health.set(RELOAD_HEALTH, health_pb2.HealthCheckResponse.NOT_SERVING)

    async def stop(self, grace_seconds: float | None = None) -> None:
        """Shut down in order: say NOT_SERVING, take nothing new, let what is under way finish.

        Args:
            grace_seconds: time for what is under way; by default that of the settings; 0 cuts it off. Stopping a
                second time with less cuts the first short.
        """
        server = self._grpc
        if server is None:
            return
        grace = self.settings.grace_seconds if grace_seconds is None else grace_seconds
        log.event("shutting down", grace_s=grace)
        self._door.close()
        self._serves = False
        await self._health.enter_graceful_shutdown()
        if grace > 0:
            await asyncio.sleep(self.settings.notice_seconds)
        await self._close(server, grace)
        log.event("shut down")

    async def leave(self, grace_seconds: float) -> None:
        """Go, while another worker takes what is new: connections are told to move, what is under way may finish.

        Args:
            grace_seconds: time for what is under way.
        """
        if self._grpc is not None:
            log.event("leaving", grace_s=grace_seconds)
            await self._close(self._grpc, grace_seconds)

    def _rule_set(self) -> Mapping[str, str]:
        return {"version": self._handlers.rules.version, "sha256": self._handlers.rules.sha256}

    async def _close(self, server: grpc.aio.Server, grace_seconds: float) -> None:
        last_part = asyncio.get_running_loop().call_later(grace_seconds * _LAST_PART, self._door.end_streams)
        try:
            if self._http is None:
                await server.stop(grace_seconds)
            else:
                await asyncio.gather(server.stop(grace_seconds), self._http.stop(grace_seconds))
        finally:
            last_part.cancel()
            self._grpc = None
            self._pool.shutdown(wait=False, cancel_futures=True)
            if self._traces is not None:
                await asyncio.to_thread(self._traces.close)


def _traces(exporter: str) -> Traces | None:
    if not exporter:
        return None
    # As the packages of the HTTP door.
    from dehusk_server.serving.tracing import Traces  # noqa: PLC0415

    return Traces(exporter)
