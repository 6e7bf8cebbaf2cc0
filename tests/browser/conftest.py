"""A browser for the tests of this shelf; without one they are skipped, and say so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from browser.chromium import chromium
from browser.devtools import Browser, Tab

Show = Callable[[str], Tab]
"""Shows a page, given as text, and returns the tab that shows it."""


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for all tests."""
    program = chromium()
    if program is None or os.name != "posix":
        pytest.skip("no Chromium on the PATH (Debian: apt-get install chromium): no page was tried in a browser")
    running = Browser(program, tmp_path_factory.mktemp("profile"))
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(scope="session")
def only_tab(browser: Browser) -> Tab:
    """The one tab of all tests."""
    return browser.tab()


@pytest.fixture
def tab(only_tab: Tab) -> Tab:
    """The tab, as if it were new."""
    return only_tab.reset()


@pytest.fixture
def show(tab: Tab, tmp_path: Path) -> Show:
    """Return a function that saves a page and shows it."""

    def shown(page: str) -> Tab:
        path = tmp_path / "page.html"
        path.write_text(page, encoding="utf-8")
        return tab.open(path.as_uri())

    return shown
