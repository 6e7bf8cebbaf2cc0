"""`pip install dehusk` gives a client that works; the server's packages may all be absent."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import textwrap
import venv
from pathlib import Path

import pytest

from dehusk_server.config import Settings
from dehusk_server.serving.app import BackgroundServer

BLOCK = textwrap.dedent(
    """
    import sys

    ALLOWED = {"dehusk", "dehusk_server", "grpc", "google"}

    class Block:
        def find_spec(self, name, path=None, target=None):
            top = name.partition(".")[0]
            if top in ALLOWED or top in sys.stdlib_module_names or top == "typing_extensions":
                return None
            raise ModuleNotFoundError(f"No module named {top!r} (blocked)", name=name)

    sys.meta_path.insert(0, Block())
    """
)
"""Blocks all imports but grpcio (with its typing-extensions), protobuf, the standard library and our own packages."""


ROOT = Path(__file__).resolve().parents[2]


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in an interpreter where only the client's packages can be imported."""
    command = [sys.executable, "-c", BLOCK + textwrap.dedent(code), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_block_blocks() -> None:
    """The test's own fence holds."""
    assert "blocked" in run("import numpy").stderr


def test_the_client_imports_without_the_servers_packages() -> None:
    """Everything that the client offers is there with grpcio and protobuf alone."""
    ended = run(
        """
        import dehusk
        for name in dehusk.__all__:
            getattr(dehusk, name)
        dehusk.Client("localhost:1").close()
        print(len(dehusk.__all__))
        """
    )

    assert (ended.returncode, int(ended.stdout) > 10) == (0, True), ended.stderr


def test_help_needs_no_package_at_all() -> None:
    """`dehusk --help` and the help of every command import neither gRPC nor anything of the server's."""
    ended = run(
        """
        ALLOWED -= {"grpc", "google", "dehusk"}
        from dehusk_server.cli import main
        commands = ["", "clean", "serve", "health", "learn", "evaluate", "rules"]
        commands += ["rules show", "rules diff", "rules explain"]
        print([main([*command.split(), "--help"]) for command in commands])
        """
    )

    assert ended.stdout.endswith("[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n"), ended.stderr


def test_clean_through_a_server_needs_the_client_alone() -> None:
    """`dehusk clean --server` reaches the network without the server's packages; here nobody answers."""
    ended = run(
        """
        import io
        from dehusk_server.cli import main
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"A page.")))
        sys.exit(main(["clean", "--server", "127.0.0.1:1"]))
        """
    )

    assert (ended.returncode, "UNAVAILABLE" in ended.stderr) == (1, True), ended.stderr


def test_a_missing_package_is_named_with_its_extra() -> None:
    """A command that needs a package of an extra is refused with the command that installs it."""
    ended = run(
        """
        from dehusk_server.cli import clean, main

        def needs(*_):
            import numpy

        clean._connect = needs
        sys.exit(main(["clean", "page.txt"]))
        """
    )

    assert (ended.returncode, "pip install 'dehusk[server]'" in ended.stderr) == (2, True), ended.stderr


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """The interpreter of an environment that holds what is installed here of grpcio and protobuf, and the client."""
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False)
    inside = next(environment.glob("lib/python3*/site-packages"))
    for package in ("grpcio", "protobuf", "typing-extensions"):
        installed = importlib.metadata.distribution(package)
        # Of google/ only what is protobuf's: others put packages of theirs there too.
        depths = [
            (file, 2 if file.parts[0] == "google" else 1) for file in installed.files or () if ".." not in file.parts
        ]
        for part in {Path(*file.parts[:depth]) for file, depth in depths}:
            (inside / part).parent.mkdir(exist_ok=True)
            (inside / part).symlink_to(str(installed.locate_file(part)))
    for package, base in (("dehusk", ROOT / "client"), ("dehusk_server", ROOT / "server")):
        (inside / package).symlink_to(base / package)
    told = inside / f"dehusk-{importlib.metadata.version('dehusk')}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Name: dehusk\nVersion: {importlib.metadata.version('dehusk')}\n", encoding="utf-8")
    return environment / "bin" / "python"


def test_the_client_works_in_an_empty_environment(empty: Path) -> None:
    """Every call is answered where nothing but grpcio and protobuf is installed; `make client-test` tries versions."""
    with BackgroundServer(Settings(port=0, notice_seconds=0)) as server:
        command = [str(empty), "-I", str(ROOT / "scripts" / "client_program.py"), server.target]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    assert (ended.returncode, "grpcio" in ended.stdout) == (0, True), ended.stderr
