"""From one removed span to the next, by keys and by buttons."""

from __future__ import annotations

from browser.conftest import Show
from browser.devtools import Tab
from browser.samples import large, sample, with_kept


def place(tab: Tab) -> tuple[str, str]:
    """Return the kind of the focused span, and what the page says of its place."""
    return tab.evaluate("document.activeElement.dataset.kind || ''"), tab.text("#place")


def test_n_and_p_go_forth_and_back(show: Show) -> None:
    """Each press focuses the next or the previous removed span and says the how-manieth it is."""
    tab = show(sample().as_html())

    gone = []
    for key in "nnnpp":
        tab.press(key)
        gone.append(place(tab))

    assert gone == [
        ("NAVIGATION", "1 of 4"),
        ("RELATED", "2 of 4"),
        ("SHARE", "3 of 4"),
        ("RELATED", "2 of 4"),
        ("NAVIGATION", "1 of 4"),
    ]


def test_the_way_leads_round(show: Show) -> None:
    """After the last comes the first, before the first the last."""
    tab = show(sample().as_html())

    tab.press("p")
    assert place(tab) == ("SHARE", "4 of 4")

    tab.press("n")
    assert place(tab) == ("NAVIGATION", "1 of 4")


def test_a_jump_shows_the_reasons_and_brings_the_span_into_view(show: Show) -> None:
    """The span stands on the screen, its reasons beside it."""
    tab = show(large(300).as_html())

    tab.press("p")

    box = tab.evaluate("(b => [b.top, b.bottom, innerHeight])(document.activeElement.getBoundingClientRect())")
    assert 0 <= box[0] < box[1] <= box[2]
    assert tab.evaluate("document.activeElement.dataset.kind") in tab.text("#reasons")


def test_kinds_that_are_off_are_passed_over(show: Show) -> None:
    """Jumps go through the kinds that are switched on; where none is, there is nowhere to go."""
    tab = show(sample().as_html())
    tab.click("#show-kind-related")
    tab.press("n")
    tab.press("n")
    assert place(tab) == ("SHARE", "2 of 3")

    tab.click("#none")
    assert tab.text("#place") == "0 removed"
    assert tab.evaluate("document.getElementById('next').disabled") is True


def test_husk_that_was_kept_is_no_goal(show: Show) -> None:
    """Jumps lead to what was removed; what was kept is passed over."""
    tab = show(with_kept().as_html())

    tab.press("n")

    assert tab.evaluate("document.activeElement.localName") == "mark"
    assert tab.text("#place") == "1 of 1"


def test_a_jump_starts_where_the_reader_clicked(show: Show) -> None:
    """A click on a span is a place to go on from."""
    tab = show(sample().as_html())

    tab.click("mark.kind-related")
    tab.press("n")

    assert place(tab) == ("SHARE", "3 of 4")


def test_buttons_go_too_and_keep_the_focus(show: Show) -> None:
    """A button can be pressed again and again: it shows the next span and stays focused."""
    tab = show(sample().as_html())

    tab.click("#next")
    tab.click("#next")

    assert tab.text("#place") == "2 of 4"
    assert "RELATED" in tab.text("#reasons")
    assert tab.evaluate("document.activeElement.id") == "next"


def test_the_keys_can_be_switched_off(show: Show) -> None:
    """Who speaks to the machine or types by switch can turn single letters off (WCAG 2.1.4)."""
    tab = show(sample().as_html())

    tab.click("#keys")
    tab.press("n")

    assert place(tab) == ("", "4 removed")


def test_letters_with_control_are_left_to_the_browser(show: Show) -> None:
    """Control and N open a window; the page does not jump."""
    tab = show(sample().as_html())

    tab.command("Input.dispatchKeyEvent", type="rawKeyDown", key="n", windowsVirtualKeyCode=78, modifiers=2)

    assert place(tab) == ("", "4 removed")


def test_tab_stops_at_one_span(show: Show) -> None:
    """Ten thousand spans are one stop on the way through the page, the one that the reader was at last."""
    tab = show(sample().as_html())
    tab.press("n")
    tab.press("n")

    stops = "Array.from(document.querySelectorAll('.source [tabindex]'), each => each.dataset.kind)"

    assert tab.evaluate(stops) == ["RELATED"]
