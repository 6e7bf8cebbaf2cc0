"""Imports go one way. Every module stands in a room, every room on a floor; this reads the source of all of them."""

from __future__ import annotations

import ast
import graphlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Room:
    """Modules that belong together. They import each other without a circle, and anything on lower floors."""

    floor: int
    modules: tuple[str, ...]
    """Names of modules; one that ends in a dot stands for all below it."""
    packages: frozenset[str] = field(default_factory=frozenset)
    """Third-party packages that it may import."""

    def holds(self, module: str) -> bool:
        """Say whether a module belongs here."""
        return any(
            module == name.rstrip(".") or (name.endswith(".") and module.startswith(name)) for name in self.modules
        )


def _room(floor: int, modules: str, packages: str = "") -> Room:
    return Room(floor, tuple(modules.split()), frozenset(packages.split()))


CLIENT = (
    _room(0, "dehusk.v1.", "grpc google"),
    _room(1, "dehusk.types dehusk.errors dehusk.report dehusk.options dehusk.colours", "grpc"),
    _room(2, "dehusk.render_ansi dehusk.render_html."),
    _room(
        3,
        "dehusk._convert dehusk._requests dehusk._fit dehusk._call dehusk._lookups dehusk._stream dehusk._lasting "
        "dehusk._window",
        "grpc google",
    ),
    _room(4, "dehusk.client dehusk.aio", "grpc"),
    _room(5, "dehusk"),
)
SERVER = (
    _room(0, "dehusk_server dehusk_server.model dehusk_server.errors dehusk_server.config"),
    _room(1, "dehusk_server.text.", "numpy"),
    _room(2, "dehusk_server.markup.", "numpy selectolax webencodings"),
    _room(3, "dehusk_server.rules.", "numpy regex"),
    _room(4, "dehusk_server.decide. dehusk_server.single_thread", "numpy threadpoolctl"),
    _room(
        5,
        "dehusk_server.engine dehusk_server.render dehusk_server.metadata dehusk_server.doubt dehusk_server.explain "
        "dehusk_server.counterexamples dehusk_server.reading",
        "numpy regex selectolax",
    ),
    _room(6, "dehusk_server.learning.", "numpy scipy tqdm selectolax"),
    _room(
        8,
        "dehusk_server.serving.",
        "grpc google grpc_health grpc_reflection grpc_status starlette uvicorn prometheus_client opentelemetry",
    ),
    _room(10, "dehusk_server.local", "grpc google"),
    _room(11, "dehusk_server.cli.", "grpc tqdm"),
    _room(12, "dehusk_server.__main__"),
)

FEW_USERS = {
    "selectolax": ("dehusk_server.markup.", "dehusk_server.reading", "dehusk_server.learning."),
    "webencodings": ("dehusk_server.markup.labels",),
    "opentelemetry": ("dehusk_server.serving.tracing",),
    "starlette": ("dehusk_server.serving.http.routes",),
    "uvicorn": ("dehusk_server.serving.http.door",),
    "prometheus_client": ("dehusk_server.serving.http.exposition",),
    "regex": ("dehusk_server.rules.match", "dehusk_server.metadata"),
}
"""Packages that few places use, with a reason for each: markup is parsed, labels are looked up, patterns are matched,
and nowhere else."""

UPWARD = {
    ("dehusk.types", "dehusk.render_ansi"): "a result renders itself; the import waits until it is asked to",
    ("dehusk.types", "dehusk.render_html"): "as above",
}
"""The imports that climb, each with its reason."""


@dataclass(frozen=True)
class Import:
    """One import of one module by another."""

    importer: str
    imported: str
    line: int
    for_types: bool
    """Whether it stands under ``if TYPE_CHECKING``."""

    def __str__(self) -> str:
        """Say who imports what, and where."""
        return f"{self.importer} (line {self.line}) imports {self.imported}"


def modules() -> dict[str, Path]:
    """Return all modules of both packages by dotted name."""
    found = {}
    for base, package in ((ROOT / "client", "dehusk"), (ROOT / "server", "dehusk_server")):
        for path in sorted((base / package).rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(module: str, source: str) -> Iterator[Import]:
    """Yield every import of a module, those inside functions too."""
    tree = ast.parse(source)
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno, id(node) in for_types)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}, line {node.lineno}: imports are written out, not relative"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield Import(
                    module, inner if inner in MODULES else node.module or "", node.lineno, id(node) in for_types
                )


ALL_IMPORTS = [found for name, path in MODULES.items() for found in imports(name, path.read_text(encoding="utf-8"))]
OURS = [found for found in ALL_IMPORTS if found.imported in MODULES]


def room_of(module: str) -> Room:
    """Return the room of a module."""
    rooms = [room for room in (*CLIENT, *SERVER) if room.holds(module)]
    assert len(rooms) == 1, f"{module} stands in {len(rooms)} rooms; give it one in tests/contract/test_imports.py"
    return rooms[0]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_room(module: str) -> None:
    """A new module is given its floor before it is taken."""
    assert room_of(module).holds(module)


def test_imports_climb_no_floor() -> None:
    """A module imports from its own room and from lower floors only."""
    climbing = [
        str(found)
        for found in OURS
        if found.importer.partition(".")[0] == found.imported.partition(".")[0]
        and room_of(found.imported) is not room_of(found.importer)
        and room_of(found.imported).floor >= room_of(found.importer).floor
        and (found.importer, found.imported) not in UPWARD
    ]

    assert climbing == []


def test_no_imports_run_in_a_circle() -> None:
    """Modules can be put in one order in which each imports only what stands before it."""
    graph: dict[str, set[str]] = {name: set() for name in MODULES}
    for found in OURS:
        if not found.for_types and (found.importer, found.imported) not in UPWARD:
            graph[found.importer].add(found.imported)

    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(MODULES)


def test_the_client_never_imports_the_server() -> None:
    """`pip install dehusk` is whole without the server's packages."""
    assert [str(found) for found in ALL_IMPORTS if _is(found, "dehusk", "dehusk_server")] == []


def test_the_server_reads_only_the_contract_of_the_client() -> None:
    """Below the in-process client and the command line, the server knows ``dehusk.v1`` and no more of the client."""
    outside = [
        str(found)
        for found in ALL_IMPORTS
        if _is(found, "dehusk_server", "dehusk")
        and not found.importer.startswith(("dehusk_server.cli", "dehusk_server.local"))
        and not (found.importer.startswith("dehusk_server.serving") and found.imported.startswith("dehusk.v1"))
    ]

    assert outside == []


def test_third_party_packages_stay_in_their_rooms() -> None:
    """The engine imports no gRPC, learning's packages are not needed to serve, the client needs grpcio and protobuf."""
    astray = [
        str(found)
        for found in ALL_IMPORTS
        if (top := found.imported.partition(".")[0]) not in {"dehusk", "dehusk_server", "__future__"}
        and top not in sys.stdlib_module_names
        and top not in room_of(found.importer).packages
    ]

    assert astray == []


@pytest.mark.parametrize("package", FEW_USERS)
def test_a_wrapped_package_has_few_users(package: str) -> None:
    """Where a module wraps a package, no other goes around it."""
    users = {found.importer for found in ALL_IMPORTS if found.imported.partition(".")[0] == package}

    assert {user for user in users if not user.startswith(FEW_USERS[package])} == set()


def test_the_awaited_client_does_not_lean_on_the_blocking_one() -> None:
    """The twins share what lies below them, not each other."""
    assert [str(found) for found in OURS if {found.importer, found.imported} == {"dehusk.client", "dehusk.aio"}] == []


def test_exceptions_to_the_floors_are_needed() -> None:
    """An exception that nobody uses any more is taken off the list."""
    assert set(UPWARD) <= {(found.importer, found.imported) for found in OURS}


def test_the_reader_sees_every_way_to_import() -> None:
    """Plain, from, inside a function, for types only: each is read."""
    source = (
        "import grpc.aio\nfrom dehusk.types import Kind\nfrom typing import TYPE_CHECKING\n"
        "def later():\n    from dehusk import client\nif TYPE_CHECKING:\n    import regex\n"
    )

    found = {(each.imported, each.for_types) for each in imports("x", source)}

    assert found == {
        ("grpc.aio", False),
        ("dehusk.types", False),
        ("typing", False),
        ("dehusk.client", False),
        ("regex", True),
    }


def _is(found: Import, importer: str, imported: str) -> bool:
    return found.importer.partition(".")[0] == importer and found.imported.partition(".")[0] == imported
