"""The context network: whole-number arithmetic that gives the same bytes in any order, within checked bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehusk_server.errors import RuleSetError
from dehusk_server.model import HUSK_KINDS, Kind
from dehusk_server.rules.context import LARGEST_SCORE, FloatArray, SingleArray, compile_context
from dehusk_server.rules.network import LARGEST_STATE, STATE_UNITS, STRIDES, TAPS, WEIGHT_UNITS, Network, Table, sizes
from dehusk_server.rules.weights import compile_weights
from unit.engine.tiny import kept_unless, rule_set
from unit.rules.networks import BINS, drawn_network, listening, network_of

REACH = sum(STRIDES) * (TAPS // 2)
"""Lines that a line is heard over, but for what the whole page says."""
SEEDS = st.integers(0, 10**6)
LINES = st.integers(1, 80)


def heard_on(network: Network, lines: int, seed: int) -> tuple[SingleArray, SingleArray]:
    """Return what some lines let the network see, and what their phrases say: whole numbers of any size."""
    chance = np.random.default_rng(seed)
    entering = chance.integers(-3000, 3000, (lines, network.hidden)).astype(np.float32)
    return entering, chance.integers(-2500, 2500, (lines, len(HUSK_KINDS))).astype(np.float32)


def plain(network: Network, entering: SingleArray, scores: SingleArray) -> FloatArray:
    """Run a network the plain way: line by line, number by number as sizes say, in double precision."""
    table = {
        name: np.array(one.values, dtype=np.float64).reshape(one.rows, one.columns) / WEIGHT_UNITS
        for name, one in network.tables.items()
    }
    top = LARGEST_STATE

    def whole(values: FloatArray) -> FloatArray:
        return np.rint(values * STATE_UNITS) / STATE_UNITS

    # Divided last: a hundredth is no binary fraction.
    cut = np.clip(scores.astype(np.float64), -LARGEST_SCORE, LARGEST_SCORE) @ table["scores.hidden"] * WEIGHT_UNITS
    x = np.rint(entering.astype(np.float64) / 4 + cut / 400).clip(0, top * STATE_UNITS) / STATE_UNITS
    for number, stride in enumerate(STRIDES):
        block = f"block-{number}"
        states = x.copy()
        for line in range(len(x)):
            total = table[f"{block}.taps.bias"][0].copy()
            for tap in range(TAPS):
                other = line + (tap - TAPS // 2) * stride
                if 0 <= other < len(x):
                    total += x[other] * table[f"{block}.taps"][tap]
            total = whole(total).clip(-top, top)
            wide = whole(total @ table[f"{block}.wide"] + table[f"{block}.wide.bias"][0]).clip(0, top)
            moved = wide @ table[f"{block}.narrow"] + table[f"{block}.narrow.bias"][0] + x[line]
            states[line] = whole(moved).clip(-top, top)
        x = states
        if number == len(STRIDES) // 2:
            said = np.concatenate([whole(x.mean(axis=0)), x.max(axis=0)])
            page = whole(said @ table["page.hidden"] + table["page.bias"][0]).clip(0, top)
            x = (x + page).clip(-top, top)
    return np.asarray(x.clip(0) @ table["answer.kinds"] + table["answer.bias"][0])


@settings(max_examples=40)
@given(SEEDS, LINES)
def test_the_answer_is_that_of_plain_arithmetic(seed: int, lines: int) -> None:
    """What is laid out as sums over the whole page is, to the last bit, what going line by line gives."""
    network = drawn_network(seed)
    entering, scores = heard_on(network, lines, seed)

    found = compile_context(network).hear(entering.copy(), scores)

    assert found.shape == (lines, len(HUSK_KINDS))
    assert found.tolist() == plain(network, entering, scores).tolist()


def reordered(network: Network, order: list[int]) -> Network:
    """Return the same network with its hidden numbers in another order."""
    both = [*order, *(number + len(order) for number in order)]
    tables = {}
    for name, table in network.tables.items():
        values = np.array(table.values).reshape(table.rows, table.columns)
        if name.endswith(".wide") or name == "answer.kinds":
            values = values[order]
        elif not name.startswith("answer") and not name.endswith(".wide.bias"):
            values = values[:, order]
        values = values[both] if name == "page.hidden" else values
        tables[name] = replace(table, values=tuple(values.ravel().tolist()))
    return Network(tables)


@settings(max_examples=40)
@given(SEEDS, LINES, st.permutations(range(7)))
def test_the_order_of_a_sum_does_not_matter(seed: int, lines: int, order: list[int]) -> None:
    """With its numbers in any order the network gives the same bytes: no sum is ever rounded."""
    network = drawn_network(seed, hidden=7, wide=5)
    entering, scores = heard_on(network, lines, seed)

    one = compile_context(network).hear(entering.copy(), scores)
    other = compile_context(reordered(network, order)).hear(np.ascontiguousarray(entering[:, order]), scores)

    assert one.tobytes() == other.tobytes()


@settings(max_examples=30)
@given(SEEDS, st.integers(0, 2 * REACH))
def test_a_line_is_heard_as_far_as_the_strides_reach(seed: int, at: int) -> None:
    """Without its look at the whole page, the network's answer about a line depends on no line further away."""
    network = drawn_network(seed)
    blank = replace(network.tables["page.hidden"], values=(0,) * len(network.tables["page.hidden"].values))
    context = compile_context(Network(dict(network.tables) | {"page.hidden": blank}))
    entering, scores = heard_on(network, 2 * REACH + 1, seed)
    other = scores.copy()
    other[at] = -other[at]

    changed = (context.hear(entering.copy(), scores) != context.hear(entering.copy(), other)).any(axis=1)

    assert (np.abs(np.flatnonzero(changed) - at) <= REACH).all()


@pytest.mark.parametrize("by", [-2, -1, 0, 1, 2])
def test_the_first_block_hears_two_lines_to_each_side(by: int) -> None:
    """What is said on one line is heard on the line so far away, and nowhere else."""
    scores = np.zeros((9, len(HUSK_KINDS)), dtype=np.float32)
    scores[4, HUSK_KINDS.index(Kind.SHARE)] = 300

    found = compile_context(listening(Kind.SHARE, Kind.LEGAL, 0.5, by)).hear(np.zeros((9, 2), np.float32), scores)

    expected = np.zeros((9, len(HUSK_KINDS)))
    expected[4 - by, HUSK_KINDS.index(Kind.LEGAL)] = 1.5
    assert found.tolist() == expected.tolist()


def test_the_whole_page_is_heard_everywhere() -> None:
    """The mean and the greatest over all lines reach each line, however far."""
    mean, greatest = 0, 2
    entries = {"scores.hidden": {(0, 0): 1.0}, "answer.kinds": {(1, 0): 1.0}}
    scores = np.zeros((400, len(HUSK_KINDS)), dtype=np.float32)
    scores[:100, 0] = 400

    for row, expected in ((mean, 1.0), (greatest, 4.0)):
        context = compile_context(network_of({**entries, "page.hidden": {(row, 1): 1.0}}))
        assert context.hear(np.zeros((400, 2), np.float32), scores)[:, 0].tolist() == [expected] * 400


def test_scores_are_cut_off() -> None:
    """However loudly phrases speak, the network hears twenty at most, either way."""
    context = compile_context(drawn_network(3))
    entering, scores = heard_on(drawn_network(3), 30, 3)

    loud, cut = (context.hear(entering.copy(), np.sign(scores) * size) for size in (90_000, LARGEST_SCORE))

    assert loud.tobytes() == cut.tobytes()
    assert loud.tobytes() != context.hear(entering.copy(), np.sign(scores) * (LARGEST_SCORE - 500)).tobytes()


def loudest(name: str, total: int) -> Network:
    """Return a network of zeros with one table whose first column sums to so many units."""
    rows = dict(sizes(BINS, 2, 2))[name][0]
    share = [total // rows] * (rows - 1)
    weights = [*share, total - sum(share)]
    signs = [1 if row % 2 else -1 for row in range(rows)]
    return network_of({name: {(row, 0): signs[row] * weights[row] / WEIGHT_UNITS for row in range(rows)}}, wide=2)


@pytest.mark.parametrize(
    "name", ["scores.hidden", "block-0.taps", "block-4.wide", "block-2.narrow", "page.hidden", "answer.kinds"]
)
def test_sums_that_could_not_be_exact_are_refused(name: str) -> None:
    """A table whose sums may reach 2**24 is refused by name; one unit less is taken."""
    most = 2**24 // (LARGEST_SCORE if name == "scores.hidden" else LARGEST_STATE * STATE_UNITS)
    most -= name != "scores.hidden"  # 2**24 is a multiple of the largest state, and itself too much.

    compile_context(loudest(name, most))
    with pytest.raises(ValueError, match=f"table '{name}': the weights of one sum add up to .*can be summed exactly"):
        compile_context(loudest(name, most + 1))


def test_the_answer_stays_in_bounds() -> None:
    """The loudest network that may be loaded, on the loudest page, adds a finite weight."""
    entries = {"shape.hidden": {(0, 0): 128.0}, "answer.kinds": {(0, 0): 31.99}, "answer.bias": {(0, 0): 128.0}}
    context = compile_context(network_of(entries))

    found = context.hear(np.full((3, 2), 2**23, dtype=np.float32), np.full((3, len(HUSK_KINDS)), 1e6, np.float32))

    assert found[:, 0].tolist() == [pytest.approx(31.99 * LARGEST_STATE + 128, abs=0.1)] * 3


def test_a_rule_set_says_which_network_it_cannot_use() -> None:
    """A network of another version's axes, or one that cannot be summed exactly, makes no engine; the set is named."""
    strange = {
        name: Table(name, rows, columns, (0,) * (rows * columns)) for name, (rows, columns) in sizes(BINS + 1, 1, 1)
    }
    for network, fault in (
        (Network(strange), f"its network knows {BINS + 1} shapes of a line, this version {BINS}; learn the set anew"),
        (loudest("page.hidden", 9000), "table 'page.hidden': the weights of one sum add up to 35.2"),
    ):
        rules = rule_set(kept_unless({}), network=network)
        with pytest.raises(RuleSetError) as caught:
            compile_weights(rules)
        assert str(caught.value).startswith(f"rule set {rules.version}: {fault}")
