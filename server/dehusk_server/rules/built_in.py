"""Rules that are not learned: they say what markdown's own signs are, and count where a caller asks for them."""

from __future__ import annotations

from typing import Final

from dehusk_server.model import Kind
from dehusk_server.rules.rule import Family, Rule, Support

SURE: Final = 9.21
"""Log-odds of these rules, a probability of 0.9999: signs of markdown are what they are."""
_WRITTEN: Final = "2026-11-25"


def _mark(name: str, kind: Kind, reads: str) -> Rule:
    rule_id = f"{Family.MARK}:{name}"
    return Rule(rule_id, Family.MARK, reads, {kind: SURE}, Support(0, 0, 1.0), _WRITTEN)


LINK: Final = _mark("link", Kind.OTHER, "the bracket before the words of a markdown link (option cut_links)")
LINK_TARGET: Final = _mark("link-target", Kind.OTHER, "the target of a markdown link (option cut_links)")
IMAGE: Final = _mark("image", Kind.CAPTION, "a markdown image (option cut_links)")

BUILT_IN: Final = (LINK, LINK_TARGET, IMAGE)
"""All of them; every rule set knows them by id, and neither lists nor counts them."""
