"""A server that runs: until a signal, or in a thread of a program's own."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.serving.faults import ReloadRefusedError
from dehusk_server.serving.reload import Loaded, read_certificates, read_tokens
from dehusk_server.serving.server import Server


def _loaded(settings: Settings, engine: Engine | None) -> Loaded:
    engine = Engine(max_chars=settings.max_document_chars) if engine is None else engine
    return Loaded(engine, read_certificates(settings), read_tokens(settings))


def serve(settings: Settings, engine: Engine | None = None, *, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then shut down in order; a second signal shuts down at once.

    Args:
        settings: how the server runs.
        engine: what cleans; by default one with the shipped rule set.
        ready: called with each address (``HOST:PORT``, ``http://HOST:PORT``) once the server answers.

    Raises:
        RuntimeError: the port cannot be opened.
        ReloadRefusedError: certificates or tokens cannot be used.
    """
    asyncio.run(_serve(settings, engine, ready))


async def _serve(settings: Settings, engine: Engine | None, ready: Callable[[str], None] | None) -> None:
    server = Server(settings, _loaded(settings, engine))
    asked = asyncio.Queue[int]()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.put_nowait, number)
    await server.start()
    reloading = set[asyncio.Task[bool]]()
    loop.add_signal_handler(signal.SIGHUP, lambda: reloading.add(asyncio.create_task(_reload(server))))
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


async def _reload(server: Server) -> bool:
    try:
        return await server.reload()
    except ReloadRefusedError:
        return False  # the server has logged and counted it


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
        self._server = Server(settings, _loaded(settings, engine))
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
