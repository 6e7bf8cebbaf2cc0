"""What buf's STANDARD and COMMENTS rules ask of the contract, checked without buf: by the descriptors and the sources.

`proto/buf.yaml` holds the same choice for those who have buf.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FileDescriptorProto

_PASCAL = re.compile(r"[A-Z][a-zA-Z0-9]*")
_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_UPPER_SNAKE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_DECLARES = re.compile(
    r"\s*(?:message|enum|service|rpc|oneof)\s+\w+"
    r"|\s*(?:repeated\s+|optional\s+)?(?:map<[^>]*>|[\w.]+)\s+\w+\s*=\s*\d+"
    r"|\s*[A-Z0-9_]+\s*=\s*\d+"
)


def faults(file: FileDescriptorProto) -> list[str]:
    """Return what is wrong with the names and shapes of one file, as ``rule: where``."""
    return sorted({*_package(file), *_enums(file), *_messages(file), *_services(file)})


def uncommented(source: str) -> list[str]:
    """Return the declarations of a source that no comment stands above."""
    lines = source.splitlines()
    return [
        line.strip()
        for before, line in zip(["", *lines], lines, strict=False)
        if _DECLARES.match(line) and not line.startswith(("syntax", "package")) and not before.strip().startswith("//")
    ]


def shared_types(files: Iterable[FileDescriptorProto]) -> list[str]:
    """Return request and response types that more than one call uses (RPC_REQUEST_RESPONSE_UNIQUE)."""
    used: list[str] = []
    for file in files:
        for service in file.service:
            for method in service.method:
                used += [method.input_type, method.output_type]
    return sorted({name for name in used if used.count(name) > 1})


def _package(file: FileDescriptorProto) -> Iterator[str]:
    if not re.search(r"\.v[1-9]\d*$", file.package):
        yield f"PACKAGE_VERSION_SUFFIX: {file.package}"
    if not all(_SNAKE.fullmatch(part) for part in file.package.split(".")):
        yield f"PACKAGE_LOWER_SNAKE_CASE: {file.package}"
    if Path(file.name).parent.as_posix() != file.package.replace(".", "/"):
        yield f"PACKAGE_DIRECTORY_MATCH: {file.name}"
    if not _SNAKE.fullmatch(Path(file.name).stem):
        yield f"FILE_LOWER_SNAKE_CASE: {file.name}"
    if file.syntax != "proto3":
        yield f"SYNTAX_SPECIFIED: {file.name}"
    if file.public_dependency:
        yield f"IMPORT_NO_PUBLIC: {file.name}"


def _enums(file: FileDescriptorProto) -> Iterator[str]:
    for enum in [*file.enum_type, *(enum for message in _all(file) for enum in message.enum_type)]:
        yield from _enum(enum)


def _enum(enum: EnumDescriptorProto) -> Iterator[str]:
    if not _PASCAL.fullmatch(enum.name):
        yield f"ENUM_PASCAL_CASE: {enum.name}"
    if enum.options.allow_alias:
        yield f"ENUM_NO_ALLOW_ALIAS: {enum.name}"
    prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enum.name).upper() + "_"
    for value in enum.value:
        if not value.name.startswith(prefix):
            yield f"ENUM_VALUE_PREFIX: {value.name}"
        if not _UPPER_SNAKE.fullmatch(value.name):
            yield f"ENUM_VALUE_UPPER_SNAKE_CASE: {value.name}"
    if enum.value[0].number != 0:
        yield f"ENUM_FIRST_VALUE_ZERO: {enum.name}"
    if not enum.value[0].name.endswith("_UNSPECIFIED"):
        yield f"ENUM_ZERO_VALUE_SUFFIX: {enum.value[0].name}"


def _messages(file: FileDescriptorProto) -> Iterator[str]:
    for message in _all(file):
        if not _PASCAL.fullmatch(message.name):
            yield f"MESSAGE_PASCAL_CASE: {message.name}"
        for field in message.field:
            if not _SNAKE.fullmatch(field.name):
                yield f"FIELD_LOWER_SNAKE_CASE: {message.name}.{field.name}"
            if field.label == field.LABEL_REQUIRED:
                yield f"FIELD_NOT_REQUIRED: {message.name}.{field.name}"
        for oneof in message.oneof_decl:
            if not _SNAKE.fullmatch(oneof.name.removeprefix("_")):
                yield f"ONEOF_LOWER_SNAKE_CASE: {message.name}.{oneof.name}"


def _services(file: FileDescriptorProto) -> Iterator[str]:
    for service in file.service:
        if not _PASCAL.fullmatch(service.name):
            yield f"SERVICE_PASCAL_CASE: {service.name}"
        if not service.name.endswith("Service"):
            yield f"SERVICE_SUFFIX: {service.name}"
        for method in service.method:
            if not _PASCAL.fullmatch(method.name):
                yield f"RPC_PASCAL_CASE: {method.name}"
            for type_, suffix in ((method.input_type, "Request"), (method.output_type, "Response")):
                name = type_.rpartition(".")[2]
                if name not in (f"{method.name}{suffix}", f"{service.name}{method.name}{suffix}"):
                    yield f"RPC_{suffix.upper()}_STANDARD_NAME: {method.name} has {name}"


def _all(file: FileDescriptorProto) -> Iterator[DescriptorProto]:
    waiting = list(file.message_type)
    while waiting:
        message = waiting.pop()
        waiting += message.nested_type
        if not message.options.map_entry:
            yield message
