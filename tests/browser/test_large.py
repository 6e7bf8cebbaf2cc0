"""A result of ten thousand spans and a megabyte of text stays usable."""

from __future__ import annotations

import pytest

from browser.conftest import Show
from browser.samples import large

SPANS = 10_000


@pytest.mark.slow
def test_large_results_are_shown_switched_and_walked(show: Show) -> None:
    """Every span is there; a switch, a jump, the reasons and the other view answer, and no span has a listener."""
    answer = large(SPANS)
    assert len(answer.source) > 1_000_000
    tab = show(answer.as_html())

    assert tab.evaluate("document.querySelectorAll('mark').length") == SPANS
    tab.press("p")
    assert tab.text("#place") == f"{SPANS} of {SPANS}"
    tab.point("mark:nth-of-type(5000)")
    tab.click("#none")
    assert tab.style("mark", "backgroundColor") == "rgba(0, 0, 0, 0)"
    tab.click("#view-body")
    assert len(tab.text("pre.body")) == pytest.approx(len(answer.body), abs=2)

    mark = tab.command("Runtime.evaluate", expression="document.querySelector('mark')")["result"]["objectId"]
    assert tab.command("DOMDebugger.getEventListeners", objectId=mark)["listeners"] == []
    assert tab.complaints == []
