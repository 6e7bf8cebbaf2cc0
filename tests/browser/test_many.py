"""Many results on one page: a list of them, and one legend for all."""

from __future__ import annotations

import pytest

from browser.conftest import Show
from browser.devtools import Tab
from browser.samples import many


def test_the_list_leads_to_each_page(show: Show) -> None:
    """A name in the list brings its page to the top of the screen."""
    tab = show(many())

    tab.click("#pages li:nth-child(3) a")

    assert tab.evaluate("location.hash") == "#page-3"
    top = (
        "new Promise(go => { const look = () => { const at = document.getElementById('page-3').getBoundingClientRect()"
        ".top; at < innerHeight ? go(at) : requestAnimationFrame(look); }; look(); })"
    )
    assert tab.evaluate(top) < 800


def test_a_failure_says_what_went_wrong(show: Show) -> None:
    """What could not be cleaned has its place, with the reason."""
    tab = show(many())

    assert "the file is empty" in tab.evaluate("document.getElementById('page-2').textContent")


@pytest.mark.parametrize("width", [400, 1280])
def test_controls_come_before_the_pages(show: Show, tab: Tab, width: int) -> None:
    """They stand last in the file, which is written as pages come, and first for the reader and the Tab key."""
    tab.screen(width, 800)
    page = many()
    assert page.index("<main") < page.index('id="controls"')

    show(page)

    order = "document.querySelector('main').compareDocumentPosition(document.getElementById('controls'))"
    assert tab.evaluate(order) == 2  # DOCUMENT_POSITION_PRECEDING
    assert tab.evaluate("document.getElementById('controls').getBoundingClientRect().top") < 200


def test_one_switch_holds_for_all_pages(show: Show) -> None:
    """A kind that is switched off loses its colour on every page."""
    tab = show(many())

    tab.click("#show-kind-share")

    fills = (
        "new Set(Array.from(document.querySelectorAll('mark.kind-share'), e => getComputedStyle(e).backgroundColor))"
    )
    assert tab.evaluate(f"Array.from({fills})") == ["rgba(0, 0, 0, 0)"]


def test_jumps_cross_from_page_to_page(show: Show) -> None:
    """After the last removed span of one page comes the first of the next."""
    tab = show(many())

    for _ in range(5):
        tab.press("n")

    assert tab.evaluate("document.activeElement.closest('section').id") == "page-3"
    assert tab.text("#place") == "5 of 21"


def test_the_body_view_shows_every_body(show: Show) -> None:
    """One switch of the view holds for all pages."""
    tab = show(many())

    tab.click("#view-body")

    assert tab.evaluate("Array.from(document.querySelectorAll('pre.body')).every(e => e.checkVisibility())") is True
    assert tab.evaluate("Array.from(document.querySelectorAll('mark')).some(e => e.checkVisibility())") is False
