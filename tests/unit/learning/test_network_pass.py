"""The pass of training: its slopes are slopes, and no page hears another."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dehusk_server.learning.network_pass import GAP, KINDS, Array, Batch, Parameters, Pass, initial, shifted
from unit.learning.lessons import BINS, PHRASES, batch

HIDDEN, WIDE = 4, 5


def drawn(seed: int = 0) -> Parameters:
    """Return numbers like those that training meets, no bias zero, in double precision."""
    chance = np.random.default_rng(seed)
    start = initial(BINS, PHRASES, HIDDEN, WIDE, np.random.Generator(np.random.PCG64(seed)))
    return {name: (value + chance.normal(0, 0.3, value.shape)).astype(np.float64) for name, value in start.items()}


def on_lines(pages: Batch, seed: int) -> Array:
    """Return a weight for each answer about each line, none for the rows between pages."""
    chance = np.random.default_rng(seed)
    return np.asarray(chance.normal(size=(len(pages.mask), KINDS)) * pages.mask)


@pytest.mark.parametrize("name", sorted(drawn()))
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_the_slope_is_the_slope(name: str, dropout: float) -> None:
    """The way back gives, for every table, what differences of the way there give, left-out numbers and all."""
    pages, parameters = batch(7, 1, 12), drawn()
    logits, rules = on_lines(pages, 1), on_lines(pages, 2)

    def run(moved: Parameters) -> Pass:
        chance = np.random.Generator(np.random.PCG64(5)) if dropout else None
        return Pass(moved, pages, dropout, chance)

    def loss(moved: Parameters) -> float:
        way = run(moved)
        return float((way.logits * logits).sum() + (way.rules * rules).sum())

    slope = run(parameters).back(logits, rules)[name]

    assert slope.shape == parameters[name].shape
    chance = np.random.default_rng(3)
    for _ in range(3):
        direction = chance.normal(size=slope.shape)
        step = 1e-4 / np.linalg.norm(direction)
        ahead, behind = (loss(parameters | {name: parameters[name] + sign * step * direction}) for sign in (1, -1))
        measured = (ahead - behind) / (2 * step)
        size = float(np.linalg.norm(slope) * np.linalg.norm(direction))
        assert measured == pytest.approx(float((slope * direction).sum()), abs=2e-3 * size + 1e-6)
        assert size > 0


def test_every_number_has_a_slope() -> None:
    """Nothing that is learned is left out of the way back."""
    pages, parameters = batch(5), drawn()

    found = Pass(parameters, pages, 0.0, None).back(on_lines(pages, 1), on_lines(pages, 2))

    assert {name: value.shape for name, value in found.items()} == {
        name: value.shape for name, value in parameters.items()
    }


def test_pages_do_not_hear_each_other() -> None:
    """A page's answers are the same alone and between others, and so are the slopes, added up."""
    sizes = (9, 1, 30)
    together, parameters = batch(*sizes), drawn()
    way = Pass(parameters, together, 0.0, None)
    answers, weights = way.logits, on_lines(together, 1)
    slopes = way.back(weights, weights)

    added = {name: np.zeros(value.shape) for name, value in parameters.items()}
    for number, (first, lines) in enumerate(together.pages()):
        alone = batch(sizes[number], seed=number)
        own = Pass(parameters, alone, 0.0, None)
        np.testing.assert_allclose(own.logits[GAP : GAP + lines], answers[first : first + lines], atol=1e-5)
        part = np.zeros_like(on_lines(alone, 1))
        part[GAP : GAP + lines] = weights[first : first + lines]
        for name, value in own.back(part, part).items():
            added[name] += value
    for name, value in slopes.items():
        np.testing.assert_allclose(value, added[name], atol=1e-3, err_msg=name)


def test_without_lines_around_only_the_line_and_its_page_are_heard() -> None:
    """The rules of a line are its own bins and phrases alone, whatever stands around it."""
    one, more = batch(1), batch(1, 20)
    parameters = drawn()

    assert Pass(parameters, one, 0.0, None).rules[GAP].tolist() == pytest.approx(
        Pass(parameters, more, 0.0, None).rules[GAP].tolist()
    )


def test_what_is_left_out_depends_on_the_draw_alone() -> None:
    """The same draw leaves out the same numbers; none leaves out nothing."""
    pages, parameters = batch(20), drawn()

    def answers(seed: int | None, dropout: float = 0.5) -> NDArray[np.float64]:
        chance = None if seed is None else np.random.Generator(np.random.PCG64(seed))
        return np.asarray(Pass(parameters, pages, dropout, chance).logits)

    assert (answers(1) == answers(1)).all()
    assert (answers(1) != answers(2)).any()
    assert (answers(None) == answers(3, 0.0)).all()


@pytest.mark.parametrize("by", range(-4, 5))
def test_rows_are_shifted_and_filled_with_nothing(by: int) -> None:
    """Each row becomes the one so many rows on; where there is none, zero."""
    values = np.array([[1.0], [2.0], [3.0]], dtype=np.float32)

    expected = [values[row + by].tolist() if 0 <= row + by < 3 else [0.0] for row in range(3)]
    assert shifted(values, by).tolist() == expected
