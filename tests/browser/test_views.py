"""Two views: the source with its marks, or the body alone."""

from __future__ import annotations

import pytest

from browser.conftest import Show
from browser.devtools import Tab
from browser.samples import BODY, PARTS, sample
from dehusk import Kind
from unit.client.results import result


def test_the_source_is_shown_first(show: Show) -> None:
    """The page opens with the whole source, and without the body below it."""
    tab = show(sample().as_html())

    assert tab.text("main").strip() == "".join(text for text, _ in PARTS).strip()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_body_alone(show: Show, tab: Tab, scripts: bool) -> None:
    """The other view shows the body as it was answered, hides every removed span, and needs no script."""
    tab.scripts(wanted=scripts)
    show(sample().as_html())

    tab.click("#view-body")

    assert tab.text("main").strip() == BODY
    visible = "Array.from(document.querySelectorAll('mark')).filter(mark => mark.checkVisibility()).length"
    assert tab.evaluate(visible) == 0


def test_back_to_the_source(show: Show) -> None:
    """The first view comes back with its marks."""
    tab = show(sample().as_html())

    tab.click("#view-body")
    tab.click("#view-source")

    assert tab.evaluate("document.querySelector('mark').checkVisibility()") is True
    assert tab.evaluate("document.querySelector('.body').checkVisibility()") is False


def test_the_body_offers_no_jumps_and_no_reasons(show: Show) -> None:
    """Where no removed span is shown, none can be gone to, and none speaks."""
    tab = show(sample().as_html())
    tab.point("mark")

    tab.click("#view-body")
    tab.press("n")

    assert tab.evaluate("document.getElementById('reasons').checkVisibility()") is False
    assert tab.evaluate("document.getElementById('next').checkVisibility()") is False
    assert tab.evaluate("document.querySelectorAll('.shown').length") == 0


def test_an_empty_body_is_said_to_be_empty(show: Show) -> None:
    """A page of which nothing was kept shows words, not a blank."""
    tab = show(result(("Share\n", Kind.SHARE)).as_html())
    assert "empty" not in tab.text("main")

    tab.click("#view-body")

    assert tab.text("main").strip() == "The body is empty."
