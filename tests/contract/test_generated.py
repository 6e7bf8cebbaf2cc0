"""The checked-in code is what the contract generates, and the service serves every call that the contract names."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from dehusk.v1 import cleaning_pb2, rules_pb2
from dehusk_server.config import Settings
from dehusk_server.serving import services
from dehusk_server.serving.admission import Door
from dehusk_server.serving.desk import Desk
from dehusk_server.serving.handlers import Handlers
from dehusk_server.serving.meters import Meters
from roundtrip.fakes import MarkEngine

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "generate_proto.py"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_proto", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _generator() -> str | None:
    """Return a Python that has the pinned generator: this one, or the one that `make test` sets up beside it."""
    if not _script().wrong_tools():
        return sys.executable
    beside = Path(sys.prefix) / "generator" / "bin" / "python"
    return str(beside) if beside.exists() else None


def test_the_checked_in_code_is_fresh() -> None:
    """Generating anew changes nothing."""
    python = _generator()
    if python is None:
        pytest.skip("the pinned generator is not installed; `make test` sets it up in .venv/generator")

    done = subprocess.run([python, SCRIPT, "--check"], capture_output=True, text=True, check=False)

    assert (done.returncode, re.sub(r"Writing mypy to .*\n", "", done.stderr)) == (0, "")


def test_a_stale_file_is_noticed() -> None:
    """The comparison names files that differ, that are missing and that are left over."""
    differences = _script().differences

    assert differences({"a": b"1", "b": b"1", "c": b"1"}, {"a": b"1", "b": b"2", "d": b"1"}) == ["b", "c", "d"]


def test_the_floors_are_the_generators() -> None:
    """What the generated code demands is what pyproject.toml promises to run on: neither more nor less."""
    grpcio = (ROOT / "client/dehusk/v1/cleaning_pb2_grpc.py").read_text(encoding="utf-8")
    protobuf = (ROOT / "client/dehusk/v1/cleaning_pb2.py").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert _floor(project, "grpcio") == _match(r"GRPC_GENERATED_VERSION = '(\d+\.\d+)\.0'", grpcio)
    assert _floor(project, "protobuf") == _match(r"Protobuf Python Version: (\d+\.\d+)\.0", protobuf)


async def _not_reloaded() -> bool:
    return False


def test_every_call_is_served() -> None:
    """The service registers each call of the contract, by name and by whether it streams."""
    settings = Settings()
    with ThreadPoolExecutor(1) as pool:
        meters = Meters.alone()
        door, answers = Door(settings, meters), Handlers(MarkEngine(), settings)
        made = services.Services(answers, door, Desk(answers, door, pool, meters), _not_reloaded)
        handlers = services.generic_handlers(made, meters)

    for module in (cleaning_pb2, rules_pb2):
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                path = f"/{service.full_name}/{method.name}"
                found = [each for each in (handler.service(_Details(path)) for handler in handlers) if each]
                assert len(found) == 1, path
                assert found[0].request_streaming == found[0].response_streaming == (method.name == "CleanStream")


def test_installed_runtimes_are_supported() -> None:
    """The tests run on versions that the project promises."""
    for package in ("grpcio", "protobuf"):
        floor = _floor((ROOT / "pyproject.toml").read_text(encoding="utf-8"), package)
        installed = importlib.metadata.version(package)
        assert _numbers(installed) >= _numbers(floor)


class _Details:
    """Call details as gRPC hands them to handlers."""

    invocation_metadata: tuple[tuple[str, str | bytes], ...] = ()

    def __init__(self, method: str) -> None:
        self.method = method


def _floor(project: str, package: str) -> str:
    return _match(rf'"{package}>=(\d+\.\d+)[^"]*"', project)


def _match(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, pattern
    return found[1]


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")[:2]]
