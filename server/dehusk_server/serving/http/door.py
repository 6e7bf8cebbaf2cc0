"""The HTTP door as part of a server: its socket, its server, opened and closed with the gRPC one."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping

import uvicorn

from dehusk_server.config import Settings
from dehusk_server.serving import ports
from dehusk_server.serving.access import Access
from dehusk_server.serving.desk import Desk
from dehusk_server.serving.handlers import package_version
from dehusk_server.serving.http.exposition import Exposition
from dehusk_server.serving.http.routes import Routes
from dehusk_server.serving.meters import Meters

_SPARE_CALLS = 64
"""Connections beyond those that clean: health, metrics, and who is about to be turned away."""


class HttpServer:
    """The HTTP door, on the event loop of whoever opens it.

    Args:
        settings: host, port, TLS and limits.
        routes: what answers.
        shared: whether other workers listen on the same port.
    """

    def __init__(self, settings: Settings, routes: Routes, *, shared: bool) -> None:
        self._settings = settings
        self._shared = shared
        self._server = _Quiet(
            uvicorn.Config(
                routes.application(),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                limit_concurrency=settings.max_concurrent_documents + _SPARE_CALLS,
                ssl_certfile=settings.certificate_chain,
                ssl_keyfile=settings.private_key,
                ssl_ca_certs=None if settings.client_roots is None else str(settings.client_roots),
                ssl_cert_reqs=0 if settings.client_roots is None else 2,
            )
        )
        self._task: asyncio.Task[None] | None = None
        self.port = 0
        """The port that it listens on, once opened."""

    @property
    def address(self) -> str:
        """Where it is found from the same machine."""
        scheme = "http" if self._settings.certificate_chain is None else "https"
        return f"{scheme}://{ports.local_target(self._settings.http_host, self.port)}"

    def renew_certificates(self) -> None:
        """Show the certificates that the files hold now, from the next connection on."""
        context, chain = self._server.config.ssl, self._settings.certificate_chain
        if context is not None and chain is not None:
            context.load_cert_chain(chain, self._settings.private_key)

    async def start(self) -> None:
        """Open the port and serve.

        Raises:
            PortTakenError: the port cannot be had.
        """
        listening = ports.listen(self._settings.http_host, self._settings.http_port, shared=self._shared)
        self.port = listening.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve([listening]))
        opened = asyncio.create_task(self._server.opened.wait())
        await asyncio.wait((self._task, opened), return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            opened.cancel()
            await self._task

    async def stop(self, grace_seconds: float) -> None:
        """Take nothing new, and wait for what is under way, at most so long."""
        if self._task is None:
            return
        self._server.should_exit = True
        await asyncio.wait((self._task,), timeout=grace_seconds)
        if not self._task.done():
            self._server.force_exit = True
        await self._task


async def open_door(
    settings: Settings,
    desk: Desk,
    meters: Meters,
    access: Access,
    *,
    serves: Callable[[], bool],
    rule_set: Callable[[], Mapping[str, str]],
    shared: bool,
) -> HttpServer:
    """Put the door together and open it; arguments as of `Routes`, `Exposition` and `HttpServer`."""
    routes = Routes(
        desk,
        meters,
        access,
        Exposition(meters.counters, rule_set),
        serves,
        max_bytes=settings.max_message_bytes,
        max_seconds=settings.max_document_seconds,
        version=package_version(),
    )
    door = HttpServer(settings, routes, shared=shared)
    await door.start()
    return door


class _Quiet(uvicorn.Server):
    """A server that leaves signals alone: they are for the supervisor and the worker."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.opened = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.opened.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
