"""The server: put together, started, and shut down in order."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import SERVICE_NAME as HEALTH
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha import reflection

from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.serving import log
from dehusk_server.serving.admission import Door
from dehusk_server.serving.desk import Desk
from dehusk_server.serving.handlers import Handlers, package_version
from dehusk_server.serving.interceptors import CallInterceptor
from dehusk_server.serving.meters import Meters
from dehusk_server.serving.opening import open_port, options
from dehusk_server.serving.ports import local_target
from dehusk_server.serving.services import CLEANING, RULES, Services, generic_handlers

if TYPE_CHECKING:
    from dehusk_server.serving.http.door import HttpServer

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
        self._serves = False
        self._http: HttpServer | None = None
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="dehusk-clean")
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
        if self._http is None:
            return (self.target,)
        return (self.target, f"http://{local_target(self.settings.http_host, self._http.port)}")

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
        desk = Desk(handlers, self._door, self._pool, self._meters)
        services = Services(handlers, self._door, desk)
        server.add_generic_rpc_handlers(generic_handlers(services, self._meters))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        if self.settings.reflection:
            names = (CLEANING, RULES, HEALTH, reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, server)
        self.port = open_port(server, self.settings)
        await server.start()
        if self.settings.http:
            self._http = self._http_server(desk)
            await self._http.start()
        self._serves = True
        for name in ("", CLEANING, RULES):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._grpc = server
        rules = self._engine.rules
        log.event("serving", target=self.target, rules=rules.version, sha256=rules.sha256)

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

    def _http_server(self, desk: Desk) -> HttpServer:
        # The packages of the HTTP door are an extra; who does not open it need not have them.
        from dehusk_server.serving.http.door import HttpServer  # noqa: PLC0415
        from dehusk_server.serving.http.exposition import Exposition  # noqa: PLC0415
        from dehusk_server.serving.http.routes import Routes  # noqa: PLC0415

        exposition = Exposition(self._meters.counters, self._rule_set)
        routes = Routes(
            desk,
            self._meters,
            exposition,
            lambda: self._serves,
            max_bytes=self.settings.max_message_bytes,
            max_seconds=self.settings.max_document_seconds,
            version=package_version(),
        )
        return HttpServer(self.settings, routes, shared=self._shared)

    def _rule_set(self) -> Mapping[str, str]:
        return {"version": self._engine.rules.version, "sha256": self._engine.rules.sha256}

    async def _close(self, server: grpc.aio.Server, grace_seconds: float) -> None:
        last_part = asyncio.get_running_loop().call_later(grace_seconds * _LAST_PART, self._door.end_streams)
        try:
            await asyncio.gather(
                server.stop(grace_seconds), *([self._http.stop(grace_seconds)] if self._http is not None else [])
            )
        finally:
            last_part.cancel()
            self._grpc = None
            self._pool.shutdown(wait=False, cancel_futures=True)


def serve(settings: Settings, engine: Engine | None = None, *, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then shut down in order; a second signal shuts down at once.

    Args:
        settings: how the server runs.
        engine: what cleans; by default one with the shipped rule set.
        ready: called with each address (``HOST:PORT``, ``http://HOST:PORT``) once the server answers.

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
        for address in server.addresses:
            ready(address)
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

    @property
    def addresses(self) -> tuple[str, ...]:
        """As `Server.addresses`."""
        return self._server.addresses

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
