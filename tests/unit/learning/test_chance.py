"""Chance: drawn from names, the same everywhere, another for other names."""

from __future__ import annotations

from dehusk_server.learning.chance import chance_of


def test_the_same_names_draw_the_same() -> None:
    """Nothing but the names decides; the numbers are part of every rule set and must not change."""
    assert (
        chance_of(0, "page").integers(1000, size=3).tolist() == chance_of("0", "page").integers(1000, size=3).tolist()
    )
    assert chance_of(0, "page").integers(1000, size=5).tolist() != chance_of(1, "page").integers(1000, size=5).tolist()
    assert chance_of(0, "page").integers(1000, size=5).tolist() != chance_of(0, "other").integers(1000, size=5).tolist()
