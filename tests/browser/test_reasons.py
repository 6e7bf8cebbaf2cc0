"""Why a span was removed is shown on hover, on keyboard focus, on a tap."""

from __future__ import annotations

import pytest

from browser.conftest import Show
from browser.devtools import Tab
from browser.samples import large, sample, with_kept, with_path

NAVIGATION, RELATED = "mark.kind-navigation", "mark.kind-related"


def said(tab: Tab) -> str:
    """Return what the panel says, if it is there to be seen."""
    seen = tab.evaluate("document.getElementById('reasons').checkVisibility()")
    return " ".join(tab.text("#reasons").split()) if seen else ""


def by_pointing(tab: Tab) -> None:
    """Move the mouse onto the removed navigation."""
    tab.point(NAVIGATION)


def by_focus(tab: Tab) -> None:
    """Go to the first removed span with the Tab key."""
    tab.evaluate("document.querySelector('main').focus()")
    tab.press("Tab")


def by_tap(tab: Tab) -> None:
    """Tap the removed navigation."""
    tab.screen(400, 800, touch=True)
    tab.tap(NAVIGATION)


@pytest.mark.parametrize("way", [by_pointing, by_focus, by_tap])
def test_reasons_are_shown(show: Show, way: type) -> None:
    """However a reader comes to a span: its kind, confidence, rules, their weights, and what they matched."""
    tab = show(sample().as_html())
    assert "rule-navigation" not in said(tab)

    way(tab)

    assert said(tab) == (
        "Close NAVIGATION confidence 0.9000 Offsets 0 to 10 Rule Weight Matched rule-navigation +2.00 Home News"
    )


def test_signs_of_weights_and_the_elements_path(show: Show) -> None:
    """A rule that spoke against is shown with its sign; HTML sources name the element."""
    tab = show(with_path("body > nav.share").as_html())

    tab.point("mark")

    assert said(tab) == (
        "Close SHARE confidence 0.9375 Offsets 0 to 10 Element body > nav.share "
        "Rule Weight Matched phrase:share +1.25 Share shape:short -0.50 Share this"
    )


def test_pointing_elsewhere_changes_the_reasons(show: Show) -> None:
    """The span under the mouse is the one that speaks, and the one that is outlined."""
    tab = show(sample().as_html())

    tab.point(NAVIGATION)
    tab.point(RELATED)

    assert said(tab).startswith("Close RELATED ")
    assert tab.evaluate("Array.from(document.querySelectorAll('.shown'), each => each.dataset.kind)") == ["RELATED"]


def test_a_click_holds_the_reasons(show: Show) -> None:
    """After a click the mouse may cross other spans on its way to the panel; a click beside the marks lets go."""
    tab = show(sample().as_html())

    tab.click(NAVIGATION)
    tab.point(RELATED)
    assert said(tab).startswith("Close NAVIGATION ")

    tab.click("h1")
    tab.point(RELATED)
    assert said(tab).startswith("Close NAVIGATION ")

    tab.evaluate("document.querySelector('.source').click()")
    tab.point(NAVIGATION)
    tab.point(RELATED)
    assert said(tab).startswith("Close RELATED ")


def test_keys_and_mouse_take_turns(show: Show) -> None:
    """After a jump by key, pointing at another span shows that one: nothing is held that was not clicked."""
    tab = show(sample().as_html())

    tab.press("n")
    tab.point(RELATED)

    assert said(tab).startswith("Close RELATED ")


def test_scrolling_under_a_resting_mouse_points_at_nothing(show: Show) -> None:
    """A jump moves the page below the mouse; the reasons stay those of the span that was gone to."""
    tab = show(large(300).as_html())
    tab.point("mark")

    for _ in range(3):
        tab.press("p")
        shown = tab.evaluate("document.querySelector('.shown') === document.activeElement")
        assert shown is True


@pytest.mark.parametrize("way", ["Escape", "Close"])
def test_reasons_can_be_dismissed(show: Show, way: str) -> None:
    """Escape and a button take the panel away; on a narrow screen it covers nothing then."""
    tab = show(sample().as_html())
    tab.screen(400, 800)
    tab.click(NAVIGATION)
    assert said(tab)

    if way == "Escape":
        tab.press("Escape")
    else:
        tab.click("#close")

    assert said(tab) == ""


def test_the_title_does_not_double_the_panel(show: Show) -> None:
    """Once the panel speaks of a span, the browser's own small box stays away."""
    tab = show(sample().as_html())
    assert tab.evaluate(f"document.querySelector('{NAVIGATION}').title")

    tab.point(NAVIGATION)

    assert tab.evaluate(f"document.querySelector('{NAVIGATION}').title") == ""


def test_the_focused_span_is_described_by_the_panel(show: Show) -> None:
    """Who listens instead of looking hears the reasons after the text of the span, and of no other."""
    tab = show(sample().as_html())

    by_focus(tab)

    node = tab.command("DOM.getDocument")["root"]["nodeId"]
    mark = tab.command("DOM.querySelector", nodeId=node, selector=NAVIGATION)["nodeId"]
    (heard,) = tab.command("Accessibility.getPartialAXTree", nodeId=mark, fetchRelatives=False)["nodes"]
    assert "rule-navigation" in heard["description"]["value"]
    tab.press("n")
    described = "Array.from(document.querySelectorAll('[aria-describedby]'), each => each.dataset.kind)"
    assert tab.evaluate(described) == ["RELATED"]


def test_kept_husk_says_that_it_was_kept(show: Show) -> None:
    """What was found and kept speaks too."""
    tab = show(with_kept().as_html())

    tab.point(".kept")

    assert said(tab) == "Close CAPTION confidence 0.5000 Offsets 0 to 10 Found, and kept in the body."
