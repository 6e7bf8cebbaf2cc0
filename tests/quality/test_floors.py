"""Floors that were reached stay reached: the held-out figures in ``docs/figures`` against ``floors.json``.

``make cross-validate`` measures the figures; they must belong to the recipe and the corpora of the shipped rules, or
they would vouch for something else. ``pin_floor.py``, beside this file, moves a floor; lowering one takes a flag and a
reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dehusk_server.rules.ruleset import load_rules
from quality.pin_floor import AT_LEAST, AT_MOST, FloorError, main, moved

ROOT = Path(__file__).parents[2]
FLOORS: dict[str, dict[str, dict[str, Any]]] = json.loads((Path(__file__).parent / "floors.json").read_text())
FIGURES: dict[str, dict[str, Any]] = json.loads((ROOT / "docs" / "figures" / "held-out.json").read_text())

pytestmark = pytest.mark.quality


@pytest.mark.parametrize(("group", "name"), [(group, name) for group, names in FLOORS.items() for name in names])
def test_a_floor_that_was_reached_holds(group: str, name: str) -> None:
    """Each pinned figure, measured on sites that the rules did not learn from, is on the right side of its floor."""
    floor = FLOORS[group][name]["floor"]
    value = FIGURES[group][name]["value"]

    at_least = FLOORS[group][name]["sense"] == AT_LEAST
    assert value >= floor if at_least else value <= floor, f"{group} {name}: {value}, floor {floor}"


@pytest.mark.parametrize(("group", "name"), [(group, name) for group, names in FLOORS.items() for name in names])
def test_a_floor_is_the_best_that_it_was_or_says_why_not(group: str, name: str) -> None:
    """It is what moving it there again would pin."""
    pinned = FLOORS[group][name]

    assert pinned["sense"] in (AT_LEAST, AT_MOST)
    assert moved(pinned, pinned["floor"], pinned.get("lowered")) == pinned


@pytest.mark.parametrize(("sense", "stricter", "laxer"), [(AT_LEAST, 0.95, 0.93), (AT_MOST, 0.93, 0.95)])
def test_a_floor_is_raised_freely_and_lowered_with_a_reason(
    sense: str, stricter: float, laxer: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without one it stays where it is; with one it keeps the best that it was."""
    path = tmp_path / "floors.json"
    first = {"sense": sense, "floor": 0.94, "best": 0.94}
    path.write_text(json.dumps({"pages": {"f1": first}}), encoding="utf-8")

    assert main(["pages", "f1", str(laxer)], path) == 1
    assert "--lower REASON" in capsys.readouterr().err
    assert json.loads(path.read_text("utf-8")) == {"pages": {"f1": first}}

    assert main(["pages", "f1", str(stricter)], path) == 0
    assert json.loads(path.read_text("utf-8")) == {"pages": {"f1": first | {"floor": stricter, "best": stricter}}}

    assert main(["pages", "f1", str(laxer), "--lower", "a corpus was mended"], path) == 0
    lowered = {"sense": sense, "floor": laxer, "best": stricter, "lowered": "a corpus was mended"}
    assert json.loads(path.read_text("utf-8")) == {"pages": {"f1": lowered}}


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_says_something(reason: str) -> None:
    """An empty one is none."""
    with pytest.raises(FloorError, match="say why"):
        moved({"sense": AT_LEAST, "floor": 0.9, "best": 0.9}, 0.8, reason)


def test_a_new_figure_is_pinned_as_it_is_named(tmp_path: Path) -> None:
    """With its sense."""
    path = tmp_path / "floors.json"
    path.write_text("{}", encoding="utf-8")

    assert main(["pages", "lost", "0.04", "--sense", AT_MOST], path) == 0
    assert json.loads(path.read_text("utf-8")) == {"pages": {"lost": {"sense": AT_MOST, "floor": 0.04, "best": 0.04}}}


def test_the_figures_belong_to_the_shipped_rules() -> None:
    """Recipe and corpora of the figures are those that the shipped set was learned with."""
    shipped = dict(load_rules().provenance)
    measured = FIGURES["provenance"]

    assert measured == {name: value for name, value in shipped.items() if name in measured}
    assert "recipe" in measured
    assert any(name.startswith("flat/") for name in measured)
