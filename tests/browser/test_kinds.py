"""The legend switches the colours of kinds on and off."""

from __future__ import annotations

import pytest

from browser.conftest import Show
from browser.devtools import Tab
from browser.samples import every_kind, sample, with_kept
from dehusk import Kind

CLEAR = "rgba(0, 0, 0, 0)"


def colours(tab: Tab) -> dict[str, bool]:
    """Return which kinds have a colour in the text."""
    script = (
        "Object.fromEntries(Array.from(document.querySelectorAll('.source mark'), mark =>"
        " [mark.dataset.kind, [getComputedStyle(mark).backgroundColor, getComputedStyle(mark).borderBottomColor]]))"
    )
    return {kind: found != [CLEAR, CLEAR] for kind, found in tab.evaluate(script).items()}


def test_every_kind_has_a_colour_of_its_own(show: Show) -> None:
    """No two kinds look the same, and none looks like the text around it."""
    tab = show(every_kind().as_html())

    fills = tab.evaluate(
        "Array.from(document.querySelectorAll('mark'), each => getComputedStyle(each).backgroundColor)"
    )

    assert len(set(fills) - {CLEAR}) == len(Kind) - 1


def test_a_kind_that_is_switched_off_loses_its_colour(show: Show) -> None:
    """One click takes the colour of that kind and of no other, the next gives it back."""
    tab = show(sample().as_html())

    tab.click("#show-kind-share")
    assert colours(tab) == {"NAVIGATION": True, "RELATED": True, "SHARE": False}

    tab.click("#show-kind-share")
    assert colours(tab) == {"NAVIGATION": True, "RELATED": True, "SHARE": True}


def test_all_and_none(show: Show) -> None:
    """Two buttons switch every kind at once."""
    tab = show(sample().as_html())

    tab.click("#none")
    assert set(colours(tab).values()) == {False}

    tab.click("#all")
    assert set(colours(tab).values()) == {True}


def test_switching_moves_no_text(show: Show) -> None:
    """A kind without its colour takes the same room, so that the reader's place stays."""
    tab = show(every_kind().as_html())
    height = "document.querySelector('.source').getBoundingClientRect().height"
    before = tab.evaluate(height)

    tab.click("#none")

    assert tab.evaluate(height) == before


def test_kinds_are_switched_by_the_keyboard(show: Show) -> None:
    """A switch is a check box: it takes the focus and the space bar."""
    tab = show(sample().as_html())

    tab.evaluate("document.getElementById('show-kind-related').focus()")
    tab.press(" ")

    assert colours(tab)["RELATED"] is False


@pytest.mark.parametrize(("kind", "said"), [("share", "2 spans 29 characters"), ("related", "1 span 25 characters")])
def test_a_switch_says_how_much_there_is(show: Show, kind: str, said: str) -> None:
    """Beside each kind stand its spans and characters, as part of the switch's own label."""
    tab = show(sample().as_html())

    label = tab.evaluate(f"document.getElementById('show-kind-{kind}').labels[0].innerText")

    assert " ".join(label.split()) == f"{kind.upper()} {said}"


def test_kept_husk_is_switched_with_its_kind(show: Show) -> None:
    """What was found and kept bears the line of its kind without its fill, and loses it too."""
    tab = show(with_kept().as_html())
    assert tab.style(".kept", "backgroundColor") == CLEAR
    assert tab.style(".kept", "borderBottomColor") != CLEAR

    tab.click("#show-kind-caption")

    assert tab.style(".kept", "borderBottomColor") == CLEAR


def test_without_scripts_colours_titles_and_switches_stay(show: Show, tab: Tab) -> None:
    """Where scripts are off the page is coloured, says its reasons in titles, and its switches work."""
    tab.scripts(wanted=False)
    show(sample().as_html())

    assert set(colours(tab).values()) == {True}
    assert tab.evaluate("document.querySelector('mark').title") == "NAVIGATION 0.90: rule-navigation"
    assert "Scripts are off" in tab.text("noscript")
    tab.click("#show-kind-share")
    assert colours(tab) == {"NAVIGATION": True, "RELATED": True, "SHARE": False}
    hidden = ("#all", "#none", "#next", "#previous", "#keys", "#reasons")
    assert [tab.evaluate(f"document.querySelector('{each}').checkVisibility()") for each in hidden] == [False] * 6
