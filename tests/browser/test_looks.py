"""A page reads in light and dark, on narrow screens, from right to left, on paper."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from browser.conftest import Show
from browser.devtools import Tab
from browser.samples import every_kind, many, sample
from dehusk import Kind, Status
from unit.client.results import result

# https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, over the colours that the browser computed. A canvas turns every way
# to write a colour into red, green and blue.
CONTRASTS = """
(() => {
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (...colours) => {
    brush.clearRect(0, 0, 1, 1);
    for (const colour of colours) { brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1); }
    return Array.from(brush.getImageData(0, 0, 1, 1).data.slice(0, 3));
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [brighter, darker] = [light(a), light(b)].sort((x, y) => y - x);
    return (brighter + 0.05) / (darker + 0.05);
  };
  const ground = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) layers.unshift(getComputedStyle(each).backgroundColor);
    return layers;
  };
  const found = { text: [], line: [] };
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const name = element.outerHTML.slice(0, 80), under = paint(...ground(element));
    const text = Array.from(element.childNodes).some(node => node.nodeType === 3 && node.data.trim());
    if (text && !element.disabled) found.text.push([name, ratio(paint(...ground(element), style.color), under)]);
    if (element.matches("mark, button, .kinds, .sample")) {
      found.line.push([name, ratio(paint(style.borderBottomColor), paint(...ground(element.parentElement)))]);
    }
  }
  return found;
})()
"""


def shown_whole(show: Show, page: str) -> Tab:
    """Show a page with a span's reasons in the panel."""
    tab = show(page)
    tab.point("mark")
    return tab


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "page",
    [every_kind().as_html(), many(), result(("a", Kind.SHARE), status=Status.NO_ARTICLE, reasons=("b",)).as_html()],
)
def test_contrasts_reach_level_aa(show: Show, tab: Tab, scheme: str, page: str) -> None:
    """All text stands 4.5 to 1 against its ground, all lines that carry meaning 3 to 1, light and dark."""
    tab.media(prefers_color_scheme=scheme)
    found: dict[str, list[tuple[str, float]]] = shown_whole(show, page).evaluate(CONTRASTS)

    assert [each for each in found["text"] if each[1] < 4.5] == []
    assert [each for each in found["line"] if each[1] < 3] == []
    assert len(found["text"]) > 10


def test_dark_is_dark_and_light_is_light(show: Show, tab: Tab) -> None:
    """The page follows what the reader's system prefers, and kinds keep different colours in both."""
    grounds = {}
    for scheme in ("light", "dark"):
        tab.media(prefers_color_scheme=scheme)
        show(sample().as_html())
        grounds[scheme] = (tab.style("html", "backgroundColor"), tab.style("mark", "backgroundColor"))

    assert grounds["light"][0] == "rgb(255, 255, 255)"
    assert grounds["dark"][0] == "rgb(21, 23, 26)"
    assert grounds["light"][1] != grounds["dark"][1]


@pytest.mark.parametrize("width", [320, 390, 800, 1000, 1920])
def test_no_width_scrolls_sideways(show: Show, tab: Tab, width: int) -> None:
    """From 320 pixels up (WCAG 1.4.10) everything fits the screen, long words and long rule ids too."""
    word = "W" * 300
    tab.screen(width, 700)
    page = result(
        (f"{word}\n", Kind.MOST_READ), (word, None), title=word, rules_version=word, reasons=(word,)
    ).as_html()
    shown_whole(show, page)

    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_narrow_screens_begin_with_the_text(show: Show, tab: Tab) -> None:
    """On a telephone the list of kinds is folded until it is asked for; on a desk it is open."""
    tab.screen(390, 800, touch=True)
    show(every_kind().as_html())
    assert tab.evaluate("document.querySelector('details').open") is False
    assert tab.evaluate("document.querySelector('.source').getBoundingClientRect().top") < 800

    tab.screen(1280, 800)
    show(every_kind().as_html())
    assert tab.evaluate("document.querySelector('details').open") is True


def test_wide_screens_keep_the_reasons_in_sight(show: Show) -> None:
    """With every kind in the legend the panel still stands on the screen, with room for its table."""
    tab = shown_whole(show, every_kind().as_html())

    box = tab.evaluate("(b => [b.top, b.bottom])(document.getElementById('reasons').getBoundingClientRect())")

    assert box[1] <= 800
    assert box[1] - box[0] >= 150


def test_lines_run_the_way_of_their_script(show: Show) -> None:
    """Each line has the direction of its own first letter: Arabic stands right, English left, on one page."""
    tab = show(result(("اجتمع المجلس يوم الثلاثاء\n", Kind.SHARE), ("The bridge\n", Kind.RELATED)).as_html())
    script = """Array.from(document.querySelectorAll('mark'), mark => {
      const line = mark.getClientRects()[0], all = mark.parentElement.getBoundingClientRect();
      return [Math.abs(line.left - all.left) < 2, Math.abs(line.right - all.right) < 2];
    })"""

    assert tab.evaluate(script) == [[False, True], [True, False]]


def test_nothing_moves_by_itself(show: Show, tab: Tab) -> None:
    """Nothing is animated; smooth scrolling is for readers who did not ask for less motion."""
    for wish, behaviour in (("no-preference", "smooth"), ("reduce", "auto")):
        tab.media(prefers_reduced_motion=wish)
        show(every_kind().as_html())
        assert tab.style("html", "scrollBehavior") == behaviour
        assert tab.evaluate("document.getAnimations().length") == 0
    assert set(
        tab.evaluate("Array.from(document.querySelectorAll('*'), e => getComputedStyle(e).transitionDuration)")
    ) == {"0s"}


def test_paper_shows_kinds_in_words_and_no_controls(show: Show, tab: Tab) -> None:
    """On paper colours may be lost: each mark says its kind; buttons, switches and the panel stay away."""
    shown_whole(show, sample().as_html())
    tab.media("print", prefers_color_scheme="dark")

    assert tab.evaluate("getComputedStyle(document.querySelector('mark'), '::before').content") == '"[NAVIGATION] "'
    visible = "Array.from(document.querySelectorAll('button, input, #reasons')).filter(e => e.checkVisibility()).length"
    assert tab.evaluate(visible) == 0
    assert tab.style("html", "backgroundColor") == "rgb(255, 255, 255)"
    assert "2 spans" in tab.text(".kinds")


def test_a_page_prints(show: Show) -> None:
    """The browser makes a document of more than one sheet of a long page: nothing is cut off at the first."""
    tab = show(result(("The council met.\n" * 200, None)).as_html())

    printed: dict[str, Any] = tab.command("Page.printToPDF")

    assert base64.b64decode(printed["data"]).count(b"/Type /Page\n") > 2


def test_kinds_are_words_where_the_reader_chooses_the_colours(show: Show, tab: Tab) -> None:
    """In a forced palette, where fills are gone, each mark says its kind."""
    tab.media(forced_colors="active")
    show(sample().as_html())

    assert "NAVIGATION" in tab.evaluate("getComputedStyle(document.querySelector('mark'), '::before').content")
