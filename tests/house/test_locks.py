"""The lock files: whole, hashed, in step with pyproject.toml, and silent about where packages come from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CORE: list[str] = PYPROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PYPROJECT["dependency-groups"]

ASKED = {
    "build": GROUPS["build"],
    "generate": GROUPS["generate"],
    "lock": GROUPS["lock"],
    "deploy": GROUPS["deploy"],
    "audit": GROUPS["audit"],
    "server": CORE + EXTRAS["server"] + EXTRAS["http"],
    "dev": CORE + EXTRAS["server"] + EXTRAS["http"] + EXTRAS["traces"] + EXTRAS["learn"] + GROUPS["dev"],
    "bench": CORE
    + EXTRAS["server"]
    + EXTRAS["http"]
    + EXTRAS["traces"]
    + EXTRAS["learn"]
    + GROUPS["dev"]
    + GROUPS["bench"],
    "plots": CORE
    + EXTRAS["server"]
    + EXTRAS["http"]
    + EXTRAS["traces"]
    + EXTRAS["learn"]
    + GROUPS["dev"]
    + GROUPS["plots"],
}
"""What each lock file must answer."""


def entries(lock: Path) -> dict[str, str]:
    """Return the entries of a lock file by canonical name: the requirement with its hashes."""
    text = re.sub(r"\\\n", " ", lock.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {canonicalize_name(re.split(r"[ =;]", line, maxsplit=1)[0]): line for line in lines}


def version(entry: str) -> str:
    """Return the version that an entry pins."""
    found = re.match(r"[\w.-]+==([^\s;]+)", entry)
    assert found is not None, entry
    return found[1]


def test_every_group_has_its_lock_file() -> None:
    """Nothing is installed that is not locked, and no lock file stands about unused."""
    assert set(ASKED) == {lock.stem for lock in LOCKS}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks_name_no_host(lock: Path) -> None:
    """A lock file says what is installed, never from where: no address, no index option."""
    text = lock.read_text(encoding="utf-8")

    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url|--find-links|--trusted-host|\bfile:", text) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_entry_is_pinned_and_hashed(lock: Path) -> None:
    """Each entry has one version and at least one SHA-256."""
    bad = [name for name, entry in entries(lock).items() if not re.search(r"==.*--hash=sha256:[0-9a-f]{64}", entry)]

    assert bad == []


@pytest.mark.parametrize("name", ASKED)
def test_locks_answer_pyproject(name: str) -> None:
    """Every requirement of pyproject.toml is locked at a version that it allows: `make lock` was run."""
    locked = entries(ROOT / "requirements" / f"{name}.txt")
    asked = [Requirement(text) for text in ASKED[name] if not text.startswith("dehusk")]

    unmet = [
        str(each)
        for each in asked
        if canonicalize_name(each.name) not in locked
        or not each.specifier.contains(version(locked[canonicalize_name(each.name)]))
    ]

    assert unmet == []


def test_locks_agree_with_each_other() -> None:
    """What stands in one environment has one version, whichever lock file brought it."""
    layers = [entries(ROOT / "requirements" / f"{name}.txt") for name in ("build", "server", "dev", "bench")]

    torn = [
        name
        for below, above in ((a, b) for index, a in enumerate(layers) for b in layers[index + 1 :])
        for name in below.keys() & above.keys()
        if version(below[name]) != version(above[name])
    ]

    assert torn == []


def test_the_generator_is_the_floor_of_the_client() -> None:
    """Generated code refuses to import on a grpcio older than its generator, so that version is the client's floor."""
    pins = {Requirement(text).name: Requirement(text).specifier for text in GROUPS["generate"]}
    floors = {Requirement(text).name: Requirement(text).specifier for text in CORE}
    pinned = str(pins["grpcio-tools"]).removeprefix("==")

    assert floors["grpcio"].contains(pinned)
    assert str(floors["grpcio"]) == f">={pinned.removesuffix('.0')}"


def test_every_dependency_gives_its_reason() -> None:
    """Beside each requirement in pyproject.toml stands a comment: what for, and under which licence."""
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    requirements = {text for texts in (CORE, *EXTRAS.values(), *GROUPS.values()) for text in texts}

    silent = [
        text
        for text in requirements
        if not any(f'"{text}"' in line and "# " in line.partition(text)[2] for line in lines)
    ]

    assert silent == []
