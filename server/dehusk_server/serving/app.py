"""The server: put together, started, and shut down in order."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import SERVICE_NAME as HEALTH
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha import reflection

from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.serving.admission import Door
from dehusk_server.serving.desk import Desk
from dehusk_server.serving.handlers import Handlers
from dehusk_server.serving.interceptors import CallInterceptor
from dehusk_server.serving.log import logger
from dehusk_server.serving.meters import Meters
from dehusk_server.serving.opening import open_port, options
from dehusk_server.serving.ports import local_target
from dehusk_server.serving.services import CLEANING, RULES, Services, generic_handlers

_LAST_PART = 0.8
"""Part of the grace after which streams are told to go elsewhere, so that they hear it from us and not from a cut."""


class Server:
    """One server on one port; lives on the event loop that starts it.

    Args:
        settings: how it runs.
        engine: what cleans; by default one with the shipped rule set.
        meters: what counts; by default meters of its own.
        shared: whether other workers of this service listen on the same port.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine | None = None,
        *,
        meters: Meters | None = None,
        shared: bool = False,
    ) -> None:
        self.settings = settings
        self.port = 0
        """The port that it listens on, once started."""
        self._engine = Engine(max_chars=settings.max_document_chars) if engine is None else engine
        self._meters = Meters.alone() if meters is None else meters
        self._shared = shared
        self._door = Door(settings, self._meters)
        self._health = health_aio.HealthServicer()
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="dehusk-clean")
        self._grpc: grpc.aio.Server | None = None

    @property
    def target(self) -> str:
        """Where a client on the same machine finds it."""
        if self.settings.unix_socket is not None:
            return self.settings.address
        return local_target(self.settings.host, self.port)

    async def start(self) -> None:
        """Open the port and serve.

        Raises:
            RuntimeError: the port cannot be opened; another server may hold it.
            OSError: a certificate or key cannot be read.
        """
        server = grpc.aio.server(
            interceptors=(CallInterceptor(self._meters),), options=options(self.settings, shared=self._shared)
        )
        handlers = Handlers(self._engine, self.settings)
        services = Services(handlers, self._door, Desk(handlers, self._door, self._pool, self._meters))
        server.add_generic_rpc_handlers(generic_handlers(services, self._meters))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        if self.settings.reflection:
            names = (CLEANING, RULES, HEALTH, reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, server)
        self.port = open_port(server, self.settings)
        await server.start()
        for name in ("", CLEANING, RULES):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._grpc = server
        rules = self._engine.rules
        logger.info("serving target=%s rules=%s sha256=%s", self.target, rules.version, rules.sha256)

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
        logger.info("shutting down grace_s=%.1f", grace)
        self._door.close()
        await self._health.enter_graceful_shutdown()
        if grace > 0:
            await asyncio.sleep(self.settings.notice_seconds)
        await self._close(server, grace)
        logger.info("shut down")

    async def leave(self, grace_seconds: float) -> None:
        """Go, while another worker takes what is new: connections are told to move, what is under way may finish.

        Args:
            grace_seconds: time for what is under way.
        """
        if self._grpc is not None:
            logger.info("leaving grace_s=%.1f", grace_seconds)
            await self._close(self._grpc, grace_seconds)

    async def _close(self, server: grpc.aio.Server, grace_seconds: float) -> None:
        last_part = asyncio.get_running_loop().call_later(grace_seconds * _LAST_PART, self._door.end_streams)
        try:
            await server.stop(grace_seconds)
        finally:
            last_part.cancel()
            self._grpc = None
            self._pool.shutdown(wait=False, cancel_futures=True)


def serve(settings: Settings, engine: Engine | None = None, *, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then shut down in order; a second signal shuts down at once.

    Args:
        settings: how the server runs.
        engine: what cleans; by default one with the shipped rule set.
        ready: called with ``HOST:PORT`` once the server answers.

    Raises:
        RuntimeError: the port cannot be opened.
    """
    asyncio.run(_serve(settings, engine, ready))


async def _serve(settings: Settings, engine: Engine | None, ready: Callable[[str], None] | None) -> None:
    server = Server(settings, engine)
    asked = asyncio.Queue[int]()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.put_nowait, number)
    await server.start()
    if ready is not None:
        ready(server.target)
    await asked.get()
    stopping = asyncio.create_task(server.stop())
    again = asyncio.create_task(asked.get())
    await asyncio.wait((stopping, again), return_when=asyncio.FIRST_COMPLETED)
    if not stopping.done():
        await server.stop(0)
    again.cancel()
    await stopping


class BackgroundServer:
    """A server in a thread of this process, for tests, notebooks and the demo.

    ```
    with BackgroundServer(Settings(port=0)) as server, dehusk.Client(server.target) as client:
        ...
    ```

    Raises:
        RuntimeError: the port cannot be opened.
    """

    def __init__(self, settings: Settings, engine: Engine | None = None) -> None:
        self._server = Server(settings, engine)
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(ignore_poller_noise)
        self._thread = threading.Thread(target=self._loop.run_forever, name="dehusk-server", daemon=True)

    @property
    def target(self) -> str:
        """Where a client finds it, ``HOST:PORT``."""
        return self._server.target

    def __enter__(self) -> Self:
        """Start it, and wait until it answers."""
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Shut it down and wait for it."""
        self.stop()
        self._end()

    def stop(self, grace_seconds: float | None = None) -> None:
        """Shut down in order; see `Server.stop`. Stopping twice does no harm."""
        asyncio.run_coroutine_threadsafe(self._server.stop(grace_seconds), self._loop).result()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def ignore_poller_noise(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handle what an event loop could not, as an exception handler of it.

    Where two event loops of one process use gRPC, both are woken for one event and the later finds nothing to read;
    gRPC reports that as an error, though it is none.
    """
    of_the_poller = "PollerCompletionQueue" in str(context.get("message"))
    if not (of_the_poller and isinstance(context.get("exception"), BlockingIOError)):
        loop.default_exception_handler(context)
