"""Offsets between code points, which the engine counts, and the unit that a caller asks for. Linear in the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dehusk.v1 import cleaning_pb2
from dehusk_server.errors import InvalidInputError

_WIDTH: Mapping[int, int] = {cleaning_pb2.OFFSET_UNIT_UTF8_BYTES: 1, cleaning_pb2.OFFSET_UNIT_UTF16_UNITS: 2}
_CODEC: Mapping[int, str] = {
    cleaning_pb2.OFFSET_UNIT_UTF8_BYTES: "utf-8",
    cleaning_pb2.OFFSET_UNIT_UTF16_UNITS: "utf-16-le",
}


class Offsets:
    """Turns code point offsets of one text into the unit asked.

    Args:
        text: the text that the offsets point into.
        unit: a number of `cleaning_pb2.OffsetUnit`; unspecified counts code points.
        offsets: every offset that will be asked for, in any order, repeats too.
    """

    def __init__(self, text: str, unit: int, offsets: Iterable[int]) -> None:
        self._table: dict[int, int] | None = None
        # In ASCII all three units are one.
        if unit in _CODEC and not text.isascii():
            self._table = _table(text, unit, offsets)

    def __call__(self, offset: int) -> int:
        """Return one offset in the unit asked."""
        return offset if self._table is None else self._table[offset]


def code_points(text: str, unit: int, offset: int) -> int:
    """Return the code point offset of an offset in a caller's unit.

    Raises:
        InvalidInputError: outside the text, or inside a character.
    """
    if unit not in _CODEC or text.isascii():
        if offset >= len(text):
            raise _outside(len(text))
        return offset
    encoded = text.encode(_CODEC[unit])
    width = _WIDTH[unit]
    if offset * width >= len(encoded):
        raise _outside(len(encoded) // width)
    if _inside_character(encoded, offset * width, unit):
        raise InvalidInputError("offset", f"{offset} stands inside a character; take the offset of its start")
    return len(encoded[: offset * width].decode(_CODEC[unit]))


def _table(text: str, unit: int, offsets: Iterable[int]) -> dict[int, int]:
    codec, width = _CODEC[unit], _WIDTH[unit]
    table: dict[int, int] = {}
    before, units = 0, 0
    for offset in sorted(set(offsets)):
        units += len(text[before:offset].encode(codec)) // width
        table[offset] = units
        before = offset
    return table


def _inside_character(encoded: bytes, at: int, unit: int) -> bool:
    if unit == cleaning_pb2.OFFSET_UNIT_UTF8_BYTES:
        return encoded[at] & 0xC0 == 0x80
    # The second half of a pair: its high byte, little-endian, is 0xDC to 0xDF.
    return encoded[at + 1] & 0xFC == 0xDC


def _outside(length: int) -> InvalidInputError:
    return InvalidInputError("offset", "the offset is outside the text", limit=f"0 to {length - 1}")
