"""Numbers that processes share."""

from __future__ import annotations

import os

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk.v1 import cleaning_pb2, kinds_pb2, rules_pb2
from dehusk_server.config import Settings
from dehusk_server.serving import ceilings, series
from dehusk_server.serving.counters import Counters, Kind, Series
from dehusk_server.serving.meters import Meters

PLAIN = Series("plain", "of the test")
LABELLED = Series("labelled", "of the test", labels=(("a", ("x", "y")), ("b", ("1", "2", "3"))))
TIMES = Series("times", "of the test", Kind.HISTOGRAM, bounds=(1.0, 2.0))
LEVEL = Series("level", "of the test", Kind.GAUGE)
ALL = (PLAIN, LABELLED, TIMES, LEVEL)


@given(amounts=st.lists(st.tuples(st.integers(0, 3), st.sampled_from("xy"), st.sampled_from("123"), st.integers(0, 9))))
def test_rows_add_up(amounts: list[tuple[int, str, str, int]]) -> None:
    """Whoever counts what, the sums are what was counted, and nothing else is touched."""
    counters = Counters(ALL, 4)
    for row, a, b, amount in amounts:
        counters.row(row).add(LABELLED, amount, a, b)

    for (a, b), (found,) in counters.sums(LABELLED).items():
        assert found == sum(amount for _, x, y, amount in amounts if (x, y) == (a, b))
    assert counters.sums(PLAIN) == {(): (0.0,)}
    assert counters.sums(TIMES) == {(): (0.0, 0.0, 0.0, 0.0)}


@given(values=st.lists(st.floats(0, 5)))
def test_values_fall_into_one_bucket_each(values: list[float]) -> None:
    """A value counts below the first bound that it does not pass; the sum is exact enough."""
    counters = Counters(ALL, 1)
    for value in values:
        counters.row(0).observe(TIMES, value)

    low, middle, high, total = counters.sums(TIMES)[()]
    assert low == sum(value <= 1 for value in values)
    assert middle == sum(1 < value <= 2 for value in values)
    assert high == sum(value > 2 for value in values)
    assert total == pytest.approx(sum(values))


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # the child starts nothing
def test_what_a_killed_process_had_counted_stays() -> None:
    """The table is shared over a fork: the parent sees what the child counted, gauges until they are forgotten."""
    counters = Counters(ALL, 2)
    pid = os.fork()
    if pid == 0:
        row = counters.row(1)
        row.add(PLAIN, 3.0)
        row.set(LEVEL, 7.0)
        os.kill(os.getpid(), 9)
    os.waitpid(pid, 0)

    assert (counters.sums(PLAIN)[()], counters.sums(LEVEL)[()]) == ((3.0,), (7.0,))
    counters.forget_gauges(1)
    assert (counters.sums(PLAIN)[()], counters.sums(LEVEL)[()]) == ((3.0,), (0.0,))


@pytest.mark.parametrize("row", [-1, 2])
def test_a_row_that_is_none_is_refused(row: int) -> None:
    """Nobody writes into another's row by a wrong number."""
    with pytest.raises(IndexError, match="no row"):
        Counters(ALL, 2).row(row)


def test_a_value_that_is_not_listed_is_an_error() -> None:
    """A label never grows by what callers send."""
    with pytest.raises(KeyError):
        Counters(ALL, 1).row(0).add(LABELLED, 1.0, "x", "4")


def test_the_series_know_every_call_and_status() -> None:
    """The lists of labels, written out because the supervisor knows no gRPC, are gRPC's and the contract's own."""
    calls = {
        method.name
        for module in (cleaning_pb2, rules_pb2)
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }

    assert set(series.METHODS) == calls
    assert set(series.CODES) == {code.name for code in grpc.StatusCode}
    assert len({each.name for each in series.ALL}) == len(series.ALL)


def test_a_document_is_counted_with_what_was_removed() -> None:
    """An answer counts by status and trust, its removed characters by kind."""
    meters = Meters.alone()
    answer = cleaning_pb2.CleanResponse(status=cleaning_pb2.CLEANING_STATUS_SUSPECT)
    answer.counts.source_chars = 50
    answer.counts.removed_by_kind.add(kind=kinds_pb2.KIND_SHARE, spans=2, chars=20)

    meters.document("OK", 0.003, answer)
    meters.document("INVALID_ARGUMENT", 0.001)

    sums = meters.counters.sums
    assert (sums(series.CLEANINGS)[("SUSPECT",)], sums(series.REMOVED_CHARS)[("SHARE",)]) == ((1.0,), (20.0,))
    assert (sums(series.SOURCE_CHARS)[()], sums(series.DOCUMENTS)[("INVALID_ARGUMENT",)]) == ((50.0,), (1.0,))
    assert (meters.documents, sum(sums(series.DOCUMENT_SECONDS)[()][:-1])) == (2, 2)


@pytest.mark.parametrize(
    ("documents", "megabytes", "said"),
    [(9, 99.0, ""), (10, 0.0, "10 documents"), (0, 100.0, "100 megabytes"), (10, 100.0, "10 documents")],
)
def test_a_ceiling_is_reached_at_its_number(documents: int, megabytes: float, said: str) -> None:
    """Below both ceilings nothing is said, at one of them which; without ceilings never."""
    settings = Settings(max_worker_documents=10, max_worker_megabytes=100)
    without = Settings(max_worker_documents=0, max_worker_megabytes=0)

    assert ceilings.reached(settings, documents, megabytes) == said
    assert ceilings.reached(without, documents, megabytes) == ""


def test_memory_is_measured() -> None:
    """This process takes some, and more when it holds more."""
    before = ceilings.resident_megabytes()
    held = bytearray(os.urandom(1)) * (64 * 1024 * 1024)

    assert before > 1
    assert ceilings.resident_megabytes() >= before + 32, len(held)
