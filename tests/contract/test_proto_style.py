"""The contract reads as buf's STANDARD rules ask, every part of it has a comment, and the checks can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    EnumValueDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    MethodDescriptorProto,
    ServiceDescriptorProto,
)

from contract.proto_style import faults, shared_types, uncommented
from dehusk.v1 import cleaning_pb2, errors_pb2, kinds_pb2, rules_pb2

PROTO = Path(__file__).resolve().parents[2] / "proto"
SOURCES = sorted(PROTO.rglob("*.proto"))


def descriptors() -> list[FileDescriptorProto]:
    """Return the descriptors of the contract, as the checked-in code holds them."""
    found = []
    for module in (cleaning_pb2, errors_pb2, kinds_pb2, rules_pb2):
        file = FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb)
        file.syntax = "proto3"
        found.append(file)
    return found


def test_every_source_has_its_descriptor() -> None:
    """No file of the contract escapes the checks."""
    assert [path.relative_to(PROTO).as_posix() for path in SOURCES] == sorted(file.name for file in descriptors())


@pytest.mark.parametrize("file", descriptors(), ids=lambda file: file.name)
def test_names_and_shapes_are_standard(file: FileDescriptorProto) -> None:
    """No file breaks a rule of naming or shape."""
    assert faults(file) == []


def test_no_two_calls_share_a_message() -> None:
    """Each call has its own request and response, so that each can grow alone."""
    assert shared_types(descriptors()) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_everything_is_commented(source: Path) -> None:
    """Each message, field, enum, value, oneof, service and call has a comment above it."""
    text = source.read_text(encoding="utf-8")

    assert uncommented(text) == []
    assert text.startswith("//")


def test_comments_are_missed() -> None:
    """The comment check finds each sort of declaration that has none."""
    bare = "message A {\n  string a = 1;\n  repeated B b = 2;\n  map<string, B> c = 3;\n  oneof d {\n"
    bare += "enum E {\n  E_UNSPECIFIED = 0;\nservice S {\n  rpc M(A) returns (A);\n  optional double t = 4;\n"

    assert len(uncommented(bare)) == len(bare.splitlines())
    assert uncommented("// Said.\nmessage A {\n  // Said.\n  string a = 1;\n}\n") == []


BROKEN = {
    "PACKAGE_VERSION_SUFFIX": FileDescriptorProto(name="dehusk/a.proto", package="dehusk"),
    "PACKAGE_DIRECTORY_MATCH": FileDescriptorProto(name="a/v1/a.proto", package="b.v1"),
    "PACKAGE_LOWER_SNAKE_CASE": FileDescriptorProto(name="aB/v1/a.proto", package="aB.v1"),
    "FILE_LOWER_SNAKE_CASE": FileDescriptorProto(name="a/v1/aB.proto", package="a.v1"),
    "SYNTAX_SPECIFIED": FileDescriptorProto(name="a/v1/a.proto", package="a.v1", syntax="proto2"),
    "MESSAGE_PASCAL_CASE": FileDescriptorProto(message_type=[DescriptorProto(name="a_b")]),
    "FIELD_LOWER_SNAKE_CASE": FileDescriptorProto(
        message_type=[DescriptorProto(name="A", field=[FieldDescriptorProto(name="fieldName")])]
    ),
    "ENUM_VALUE_PREFIX": FileDescriptorProto(
        enum_type=[
            EnumDescriptorProto(name="TwoWords", value=[EnumValueDescriptorProto(name="A_UNSPECIFIED", number=0)])
        ]
    ),
    "ENUM_ZERO_VALUE_SUFFIX": FileDescriptorProto(
        enum_type=[EnumDescriptorProto(name="E", value=[EnumValueDescriptorProto(name="E_NONE", number=0)])]
    ),
    "ENUM_FIRST_VALUE_ZERO": FileDescriptorProto(
        enum_type=[EnumDescriptorProto(name="E", value=[EnumValueDescriptorProto(name="E_UNSPECIFIED", number=1)])]
    ),
    "SERVICE_SUFFIX": FileDescriptorProto(service=[ServiceDescriptorProto(name="Cleaning")]),
    "RPC_REQUEST_STANDARD_NAME": FileDescriptorProto(
        service=[
            ServiceDescriptorProto(
                name="AService", method=[MethodDescriptorProto(name="M", input_type=".a.N", output_type=".a.MResponse")]
            )
        ]
    ),
    "RPC_RESPONSE_STANDARD_NAME": FileDescriptorProto(
        service=[
            ServiceDescriptorProto(
                name="AService", method=[MethodDescriptorProto(name="M", input_type=".a.MRequest", output_type=".a.N")]
            )
        ]
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_can_fail(rule: str) -> None:
    """A file made to break a rule is caught by that rule."""
    assert rule in {fault.partition(":")[0] for fault in faults(BROKEN[rule])}


def test_sharing_is_caught() -> None:
    """A message that two calls use is named."""
    methods = [MethodDescriptorProto(name=name, input_type=".a.MRequest", output_type=f".a.{name}") for name in "MN"]
    file = FileDescriptorProto(service=[ServiceDescriptorProto(name="AService", method=methods)])

    assert shared_types([file]) == [".a.MRequest"]
