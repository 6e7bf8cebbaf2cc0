"""Floors that were reached stay reached: the held-out figures in ``docs/figures`` against ``floors.json``.

``make cross-validate`` measures the figures; they must belong to the recipe and the corpora of the shipped rules, or
they would vouch for something else. A floor is lowered by hand in ``floors.json``, with the reason in the changelog.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dehusk_server.rules.ruleset import load_rules

ROOT = Path(__file__).parents[2]
FLOORS: dict[str, dict[str, list[Any]]] = json.loads((Path(__file__).parent / "floors.json").read_text())
FIGURES: dict[str, dict[str, Any]] = json.loads((ROOT / "docs" / "figures" / "held-out.json").read_text())

pytestmark = pytest.mark.quality


@pytest.mark.parametrize(("group", "name"), [(group, name) for group, names in FLOORS.items() for name in names])
def test_a_floor_that_was_reached_holds(group: str, name: str) -> None:
    """Each pinned figure, measured on sites that the rules did not learn from, is on the right side of its floor."""
    sense, floor = FLOORS[group][name]
    value = FIGURES[group][name]["value"]

    assert value >= floor if sense == "at least" else value <= floor, f"{group} {name}: {value}, floor {floor}"


def test_every_floor_says_its_sense() -> None:
    """A floor is «at least» or «at most» a number."""
    assert {sense for names in FLOORS.values() for sense, _ in names.values()} <= {"at least", "at most"}


def test_the_figures_belong_to_the_shipped_rules() -> None:
    """Recipe and corpora of the figures are those that the shipped set was learned with."""
    shipped = dict(load_rules().provenance)
    measured = FIGURES["provenance"]

    assert measured == {name: value for name, value in shipped.items() if name in measured}
    assert "recipe" in measured
    assert any(name.startswith("flat/") for name in measured)
