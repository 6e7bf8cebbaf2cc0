"""The page of the HTTP door, in a real browser: paste, clean, see body and coloured spans."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from dehusk_server.serving.app import BackgroundServer
from roundtrip.conftest import SETTINGS
from roundtrip.fakes import MarkEngine
from service.browser import Browser, browser

HTTP = dataclasses.replace(SETTINGS, http=True, http_port=0)
HOSTILE = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"


def paste(page: Browser, text: str, shows: str) -> None:
    """Paste a page, clean it, and wait until something shows."""
    page.run(f"document.getElementById('content').value = {json.dumps(text)}; 0")
    page.run("document.querySelector('button').click()")
    page.run(f"new Promise((done) => {{ const look = () => ({shows}) ? done(true) : setTimeout(look, 20); look(); }})")


@pytest.mark.slow
def test_a_pasted_page_is_shown_cleaned(tmp_path: Path) -> None:
    """Body and coloured spans are shown; what a page holds is never run, and nothing is fetched from elsewhere."""
    with BackgroundServer(HTTP, MarkEngine()) as server, browser(tmp_path) as page:
        page.open(server.addresses[1] + "/")

        paste(page, f"Prose 😀.\n[SHARE] on 𝕏\n{HOSTILE}\n[TAGS] a\n", "!document.getElementById('answer').hidden")

        assert page.run("document.getElementById('body').textContent") == f"Prose 😀.\n{HOSTILE}"
        marks: Any = page.run(
            "[...document.querySelectorAll('#source mark')].map((m) => [m.dataset.kind, m.textContent])"
        )
        assert marks == [["SHARE", "[SHARE] on 𝕏\n"], ["TAGS", "[TAGS] a\n"]]
        colours = page.run(
            "[...document.querySelectorAll('#source mark')].map((m) => getComputedStyle(m).backgroundColor)"
        )
        assert len(set(colours)) == 2
        assert "mark-share" in page.run("document.querySelector('#source mark').title")
        assert page.run("document.getElementById('kinds').textContent").count("spans") == 2
        assert page.run("window.hit") is None
        assert page.run("document.querySelectorAll('#source img, #body img, #answer script').length") == 0

        paste(page, "!boom secret", "document.getElementById('status').className === 'failed'")
        assert "ERROR_CODE_INTERNAL" in page.run("document.getElementById('status').textContent")
        assert page.run("document.getElementById('answer').hidden")

        asked = [
            event["params"]["request"]["url"] for event in page.events if event["method"] == "Network.requestWillBeSent"
        ]
        assert asked
        assert all(url.startswith(server.addresses[1]) for url in asked)
        assert not [event for event in page.events if event["method"] == "Runtime.exceptionThrown"]
        told = [event["params"]["entry"]["text"] for event in page.events if event["method"] == "Log.entryAdded"]
        assert not [text for text in told if "Content Security Policy" in text]
