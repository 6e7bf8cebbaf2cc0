"""Doubt: each status has its reason, in a sentence, and a good answer has none."""

from __future__ import annotations

import pytest

from dehusk_server.doubt import judge
from dehusk_server.engine import Engine
from dehusk_server.model import Document, Kind, Status
from unit.engine.tiny import kept_unless, marker, rule_set, verdict_of

SHARE = marker(Kind.SHARE)
PROSE = "The council met on Tuesday to talk about the bridge, which has been shut since the flood in March.\n"
RULES = rule_set(kept_unless({f"phrase:{SHARE}": {Kind.SHARE: 14.0}, "phrase:perhaps": {Kind.SHARE: 6.0}}))


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        (PROSE * 4, Status.OK, ""),
        (PROSE * 4 + f"{SHARE}\n" * 20, Status.OK, ""),
        ("A short note", Status.OK, ""),
        (f"{SHARE}\n{SHARE}", Status.NO_ARTICLE, "every line was taken for husk"),
        ("perhaps a\nperhaps b", Status.NO_ARTICLE, "every line looks like husk; what is not beyond doubt was kept"),
        ("Menu of things\n" * 20, Status.NO_ARTICLE, "no line that was kept reads like prose"),
        ("— —\n!", Status.NO_ARTICLE, "the text holds no word"),
        ("https://a.example/b", Status.NO_ARTICLE, "the text holds no word"),
        (PROSE + f"{SHARE} of a page of many other words\n" * 30, Status.SUSPECT, "the body has 19 of the page's"),
        (PROSE * 2 + "perhaps not\n" * 20, Status.SUSPECT, "are close to the border between body and husk"),
    ],
)
def test_status_and_reason(text: str, status: Status, reason: str) -> None:
    """What makes an answer doubtful is said; an answer without doubt gives no reason."""
    found, reasons = judge(verdict_of(text, RULES))

    assert found is status
    assert [reason in one for one in reasons] == ([True] if reason else [])


def test_a_blank_page_is_no_article() -> None:
    """Where nothing is visible there is nothing to decide, and the answer says so."""
    answer = Engine(RULES).clean(Document(" \n\t"))

    assert (answer.status, answer.reasons) == (Status.NO_ARTICLE, ("the text holds no visible character",))
    assert (answer.body, answer.partition.source) == ("", " \n\t")
