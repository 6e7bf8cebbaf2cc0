"""Raw messages: what a parser would hide (two contents, text that is not UTF-8) is seen here, and answered kindly.

gRPC answers INTERNAL when a deserializer raises. These never raise: they return the message, or the error to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message

from dehusk.v1 import cleaning_pb2
from dehusk_server.errors import InvalidInputError

_M = TypeVar("_M", bound=Message)
MAX_FIELDS: Final = 10_000
"""Fields of one message that are looked at: far above any honest one, and a bound on what a hostile one costs."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_CONTENTS = {
    field.number: field.name for field in cleaning_pb2.CleanRequest.DESCRIPTOR.oneofs_by_name["content"].fields
}


@dataclass(frozen=True, slots=True)
class Broken:
    """A message that cannot be answered: the error to answer, and the document's id where one could be read."""

    fault: InvalidInputError
    id: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a raw message, as it stands on the wire."""

    number: int
    wire_type: int
    value: memoryview
    """The bytes of a length-delimited field; empty for the others."""


class _MalformedError(Exception):
    pass


def parser(message: type[_M], seen: Callable[[int], object] = bool) -> Callable[[bytes], _M | Broken]:
    """Return a deserializer for messages of one type that never raises.

    Args:
        message: the type.
        seen: told the size of every message, in bytes.
    """
    nested = _request_field(message.DESCRIPTOR)

    def parse(raw: bytes) -> _M | Broken:
        seen(len(raw))
        request_id = ""
        try:
            requests = [memoryview(raw)] if message is cleaning_pb2.CleanRequest else []
            if nested is not None:
                requests = [field.value for field in fields(memoryview(raw)) if field.number == nested]
            request_id = _id(requests)
            _check_contents(requests)
            return message.FromString(raw)
        except InvalidInputError as fault:
            return Broken(fault, request_id)
        except (DecodeError, _MalformedError):
            return Broken(_malformed(memoryview(raw), message.DESCRIPTOR), request_id)

    return parse


def fields(raw: memoryview) -> Iterator[Field]:
    """Yield the fields of a raw message, without looking into them.

    Raises:
        _MalformedError: the bytes are no message.
        InvalidInputError: more than `MAX_FIELDS` of them.
    """
    at, count = 0, 0
    while at < len(raw):
        count += 1
        if count > MAX_FIELDS:
            raise InvalidInputError("", "the message holds too many fields", limit=f"{MAX_FIELDS} fields")
        tag, at = _varint(raw, at)
        number, wire_type = tag >> 3, tag & 7
        start = at
        if wire_type == _VARINT:
            _, at = _varint(raw, at)
            start = at
        elif wire_type == _BYTES:
            size, start = _varint(raw, at)
            at = start + size
        elif wire_type in (_FIXED64, _FIXED32):
            at = start = at + (8 if wire_type == _FIXED64 else 4)
        else:
            raise _MalformedError
        if at > len(raw):
            raise _MalformedError
        yield Field(number, wire_type, raw[start:at])


def _varint(raw: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for index in range(at, min(at + 10, len(raw))):
        value |= (raw[index] & 0x7F) << 7 * (index - at)
        if raw[index] < 0x80:
            return value, index + 1
    raise _MalformedError


def _request_field(descriptor: Descriptor) -> int | None:
    """Return the number of the field that holds a CleanRequest, where there is one."""
    for field in descriptor.fields:
        if field.message_type is cleaning_pb2.CleanRequest.DESCRIPTOR:
            number: int = field.number
            return number
    return None


def _check_contents(requests: list[memoryview]) -> None:
    # A parser keeps the last of two contents and forgets the first: the caller would get an answer to half of what
    # they sent. Two messages for one field are merged by the parser, so they count together.
    found = [_CONTENTS[field.number] for raw in requests for field in fields(raw) if field.number in _CONTENTS]
    if len(found) > 1:
        message = f"the request holds {len(found)} contents ({', '.join(found[:3])}); send exactly one"
        raise InvalidInputError("content", message, limit="one content")


def _id(requests: list[memoryview]) -> str:
    number = cleaning_pb2.CleanRequest.DESCRIPTOR.fields_by_name["id"].number
    last = ""
    for raw in requests:
        for field in fields(raw):
            if field.number == number and field.wire_type == _BYTES:
                last = bytes(field.value).decode("utf-8", "replace")
    return last[:1_024]


def _malformed(raw: memoryview, descriptor: Descriptor) -> InvalidInputError:
    """Return the best word for bytes that the parser refused: which text is not UTF-8, or that nothing fits."""
    found = _bad_text(raw, descriptor)
    if found is None:
        return InvalidInputError("", f"the bytes are no {descriptor.full_name} message")
    path, at = found
    return InvalidInputError(path, f"not UTF-8: the byte at {at} fits no character", limit="UTF-8")


def _bad_text(raw: memoryview, descriptor: Descriptor) -> tuple[str, int] | None:
    try:
        for found in fields(raw):
            field = descriptor.fields_by_number.get(found.number)
            if field is None or found.wire_type != _BYTES:
                continue
            if field.type == FieldDescriptor.TYPE_STRING:
                try:
                    str(found.value, "utf-8")
                except UnicodeDecodeError as fault:
                    return field.name, fault.start
            elif field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type is not None:
                inner = _bad_text(found.value, field.message_type)
                if inner is not None:
                    return f"{field.name}.{inner[0]}", inner[1]
    except (_MalformedError, InvalidInputError):
        return None
    return None
