"""The way to a browser: found where there is one, and not where there is none that could be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.chromium import chromium


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(path: Path) -> Path:
    """Make a file that could be run."""
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_without_a_browser_there_is_none(path: Path) -> None:
    """A machine with Python alone has no browser to try pages in: the tests of this shelf are skipped."""
    assert chromium() is None


def test_a_browser_on_the_path_is_found(path: Path) -> None:
    """Chromium is found by any of its names."""
    expected = program(path / "google-chrome")

    assert chromium() == str(expected)


def test_a_browser_in_a_snap_is_passed_over(path: Path) -> None:
    """A snap reads no file of a test, so it counts as none."""
    (path / "chromium").symlink_to(program(path / "snap" / "chromium"))

    assert chromium() is None
