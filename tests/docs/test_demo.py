"""`make demo`: the sample page and the caller's own through a real server, which is gone afterwards."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

DEMO = Path(__file__).resolve().parents[2] / "demo" / "demo.py"


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    """The demo as a module."""
    spec = importlib.util.spec_from_file_location("demo_script", DEMO)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(pages: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the demo with ``PAGES``."""
    return subprocess.run(
        [sys.executable, str(DEMO)],
        cwd=folder,
        env=os.environ | {"PAGES": pages},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_demo_shows_page_spans_and_body(tmp_path: Path) -> None:
    """The sample page and the pages named come out whole, and the server stops in order."""
    (tmp_path / "my page.txt").write_text("A page of mine.\n", encoding="utf-8")

    ended = run("'my page.txt'", tmp_path)

    assert (ended.returncode, ended.stdout.rstrip().endswith("server stopped")) == (0, True), ended.stderr
    assert "sample-page.txt" in ended.stdout
    assert "A page of mine." in ended.stdout


def test_a_page_that_cannot_be_read_fails_the_demo(tmp_path: Path) -> None:
    """A missing page is said, the others are shown, and the exit status tells."""
    ended = run("absent.txt", tmp_path)

    assert (ended.returncode, "absent.txt" in ended.stderr, "sample-page.txt" in ended.stdout) == (1, True, True)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("", []),
        ("a.txt b.txt", ["a.txt", "b.txt"]),
        ("'two words.txt' a.txt", ["two words.txt", "a.txt"]),
        ("two words.txt a.txt", ["two words.txt", "a.txt"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("it's.txt", ["it's.txt"]),
        ("absent.txt", ["absent.txt"]),
    ],
)
def test_names_of_pages(
    demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, names: list[str]
) -> None:
    """Quotes, globs and forgotten quotes are understood; a name without a file stays, to be complained about."""
    for name in ("a.txt", "b.txt", "two words.txt", "it's.txt"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)

    assert demo.page_names(value) == names
