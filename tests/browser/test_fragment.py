"""What a notebook embeds shows itself and changes nothing around it."""

from __future__ import annotations

from browser.conftest import Show
from browser.samples import every_kind, sample

AROUND = """<p id=before>A <mark>mark</mark> <code>code</code></p>
<pre id=plain>text</pre><ul id=list class=legend><li>item</li></ul>"""
# Sizes and places of boxes may change with what stands below them; nothing else may.
STYLES = """
Array.from(document.querySelectorAll("html, body, #before, #before *, #plain, #list, #list *"), e => {
  const style = getComputedStyle(e);
  const names = Array.from(style).filter(name => !/size$|height$|origin$/.test(name));
  return JSON.stringify(names.map(name => [name, style[name]]));
})
"""


def test_a_fragment_changes_nothing_around_it(show: Show) -> None:
    """Text, marks, lists and ``pre`` of the notebook look as they did without it."""
    tab = show(f"<!DOCTYPE html><meta charset=utf-8><body>{AROUND}")
    before = tab.evaluate(STYLES)

    tab = show(f"<!DOCTYPE html><meta charset=utf-8><body>{AROUND}{every_kind()._repr_html_()}")

    assert tab.evaluate(STYLES) == before


def test_a_fragment_is_coloured_on_any_ground(show: Show) -> None:
    """Its marks are clear colours over the notebook's own ground, in the notebook's own text colour."""
    tab = show(f"<!DOCTYPE html><body style='background: #111; color: #eee'>{sample()._repr_html_()}")

    assert tab.style(".dehusk pre mark", "color") == "rgb(238, 238, 238)"
    assert tab.style(".dehusk pre mark", "backgroundColor").endswith("0.22)")
    assert tab.evaluate("document.querySelector('.dehusk pre mark').title") == "NAVIGATION 0.90: rule-navigation"


def test_a_fragment_lives_without_its_style_and_runs_no_script(show: Show) -> None:
    """Where a notebook takes the style away, marks are still marks; there is no script to take."""
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'

    tab = show(f"<!DOCTYPE html>{policy}{sample()._repr_html_()}")

    assert tab.style(".dehusk pre mark", "backgroundColor") == "rgb(255, 255, 0)"
    assert tab.evaluate("document.scripts.length") == 0
