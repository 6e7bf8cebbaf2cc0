"""The wheel: both packages whole, with types and data, and nothing that does not ship."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names of the files in a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True)
    (path,) = folder.glob("dehusk-*.whl")
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_the_wheel_holds_every_file_of_both_packages(wheel: list[str]) -> None:
    """Modules, stubs, markers and data alike: what works in the tree works installed."""
    tree = {
        str(path.relative_to(base))
        for base, package in ((ROOT / "client", "dehusk"), (ROOT / "server", "dehusk_server"))
        for path in (base / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert tree - set(wheel) == set()


def test_the_wheel_holds_nothing_else(wheel: list[str]) -> None:
    """Two packages and the metadata, with the licence; no tests, no bench."""
    assert {name.partition("/")[0].partition("-")[0] for name in wheel} == {"dehusk", "dehusk_server"}
    assert [name for name in wheel if name.endswith("LICENSE")]
