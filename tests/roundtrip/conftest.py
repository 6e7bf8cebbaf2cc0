"""A real server on a free port, and every way to ask it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dehusk import Client
from dehusk_server.config import Settings
from dehusk_server.serving.app import BackgroundServer
from roundtrip.fakes import MarkEngine

SETTINGS = Settings(
    port=0,
    max_document_chars=20_000,
    max_document_seconds=0.3,
    max_concurrent_documents=2,
    max_concurrent_streams=2,
    notice_seconds=0.0,
    grace_seconds=5.0,
)


@pytest.fixture
def engine() -> Iterator[MarkEngine]:
    """The engine of one test; whatever still waits in it at the end is let go."""
    engine = MarkEngine()
    yield engine
    engine.release.set()


@pytest.fixture
def server(engine: MarkEngine) -> Iterator[BackgroundServer]:
    """A server over that engine."""
    with BackgroundServer(SETTINGS, engine) as server:
        yield server
        engine.release.set()


@pytest.fixture
def client(server: BackgroundServer) -> Iterator[Client]:
    """A blocking client of that server."""
    with Client(server.target) as client:
        yield client
