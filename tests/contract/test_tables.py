"""The tables of both sides are complete and agree: statuses, kinds, options, surfaces."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import grpc
import pytest

import dehusk
from dehusk import _convert, _requests, colours, errors, types
from dehusk.options import CleanOptions
from dehusk.report import Limits
from dehusk.v1 import cleaning_pb2, errors_pb2, kinds_pb2
from dehusk_server import errors as engine_errors
from dehusk_server import model
from dehusk_server.local import LocalClient
from dehusk_server.serving import convert, faults, status


def below(base: type[BaseException]) -> Iterator[type[BaseException]]:
    """Yield an exception class and all that derive from it."""
    yield base
    for each in base.__subclasses__():
        yield from below(each)


def test_the_client_knows_every_grpc_status() -> None:
    """Each status but OK has its exception."""
    assert {code.name for code in grpc.StatusCode} - {"OK"} == set(errors.BY_STATUS)


def test_every_client_error_stands_in_the_table() -> None:
    """No exception of the client is out of reach."""
    assert set(below(errors.DehuskError)) - {errors.DehuskError} == set(errors.BY_STATUS.values())


def test_every_server_error_has_a_code() -> None:
    """Each exception of engine and service stands in the status table by itself, not by its base alone."""
    # Errors of learning are met on the command line only; whether they are loaded here depends on the tests before.
    served = [each for each in below(engine_errors.DehuskError) if ".learning." not in each.__module__]
    ours = {each for each in served if each.__module__.startswith("dehusk_server.")}

    assert ours <= set(status.CODES)
    assert {faults.OverCapacityError, engine_errors.DeadlineError} <= ours


def test_error_codes_are_grpc_statuses() -> None:
    """Wire codes have the names and numbers of gRPC, and the client has an exception for each."""
    by_number = {code.value[0]: code.name for code in grpc.StatusCode}

    for name, number in errors_pb2.ErrorCode.items():
        if number:
            assert name == f"ERROR_CODE_{by_number[number]}"
            wire = errors_pb2.Error(code=number, message="m")  # type: ignore[arg-type]
            assert type(_convert.error(wire)) is errors.BY_STATUS[by_number[number]]
            assert status.grpc_status(wire).name == by_number[number]


def test_kinds_agree_on_all_sides() -> None:
    """Contract, engine and client have the same kinds in the same order."""
    on_the_wire = [name.removeprefix("KIND_") for name, _ in kinds_pb2.Kind.items()]

    assert on_the_wire == ["UNSPECIFIED", *(kind.value for kind in model.Kind)]
    assert [kind.value for kind in types.Kind] == [kind.value for kind in model.Kind]
    assert dict(_requests.KIND_NUMBERS) == {types.Kind(kind.value): n for kind, n in convert.KIND_NUMBERS.items()}


@pytest.mark.parametrize(
    ("wire", "prefix", "client", "engine"),
    [
        (cleaning_pb2.CleaningStatus, "CLEANING_STATUS_", types.Status, model.Status),
        (cleaning_pb2.Whitespace, "WHITESPACE_", types.Whitespace, model.Whitespace),
        (cleaning_pb2.OffsetUnit, "OFFSET_UNIT_", types.OffsetUnit, None),
    ],
    ids=["status", "whitespace", "offset unit"],
)
def test_enums_agree_on_all_sides(wire: object, prefix: str, client: type, engine: type | None) -> None:
    """Contract, engine and client have the same names in each enum."""
    names = [name.removeprefix(prefix) for name, _ in wire.items()]  # type: ignore[attr-defined]

    assert names == ["UNSPECIFIED", *(each.value for each in client)]  # type: ignore[attr-defined]
    if engine is not None:
        assert names[1:] == [each.value for each in engine]  # type: ignore[attr-defined]


def test_every_husk_kind_has_a_colour_of_its_own() -> None:
    """Colours are complete and all different; BODY is plain."""
    assert set(colours.COLOURS) == set(types.Kind) - {types.Kind.BODY}
    assert len(set(colours.COLOURS.values())) == len(colours.COLOURS)


def test_limits_are_all_handed_on() -> None:
    """The client's limits are the contract's, name by name."""
    assert [field.name for field in cleaning_pb2.Limits.DESCRIPTOR.fields] == list(Limits.__dataclass_fields__)


def test_every_wire_option_can_be_asked_for() -> None:
    """Each option of the contract has its keyword, but for the flags of texts that the client cuts out itself."""
    wire = {field.name for field in cleaning_pb2.CleanOptions.DESCRIPTOR.fields}
    cut_by_the_client = {"return_removed_text", "return_kept", "return_source_text"}

    assert wire - cut_by_the_client == (set(CleanOptions.__annotations__) - {"evidence"}) | {"return_evidence"}


def _surface(client: type) -> dict[str, list[tuple[str, object, object]]]:
    return {
        name: [(each.name, each.kind, each.default) for each in inspect.signature(member).parameters.values()]
        for name, member in inspect.getmembers(client, inspect.isfunction)
        if not name.startswith("_")
    }


def test_blocking_and_awaited_clients_have_one_surface() -> None:
    """Every public call has the same parameters, kinds and defaults in all three clients; so have the constructors."""
    assert _surface(dehusk.Client) == _surface(dehusk.AsyncClient) == _surface(LocalClient)
    assert len(_surface(dehusk.Client)) >= 8
    made = [list(inspect.signature(each).parameters.values()) for each in (dehusk.Client, dehusk.AsyncClient)]
    assert made[0] == made[1]
