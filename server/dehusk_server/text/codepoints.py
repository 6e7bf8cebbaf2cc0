"""What class each code point belongs to, and its lower case.

The tables are of one fixed Unicode version, so that answers never change with the interpreter.
"""

from __future__ import annotations

import functools
from enum import IntEnum
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

CODE_POINTS: Final = 0x110000


class CharClass(IntEnum):
    """Classes that matter for the shape of a line; the numbers are those of ``codepoints.txt``."""

    OTHER = 0
    SPACE = 1
    NEWLINE = 2
    LOWER = 3
    UPPER = 4
    CASELESS = 5
    """Letters of alphabets without case (Arabic, Hebrew, Devanagari …)."""
    UNSPACED = 6
    """Letters of scripts written without spaces (Han, Kana, Thai …): each counts as a word."""
    MARK = 7
    DIGIT = 8
    STOP = 9
    COMMA = 10
    QUOTE = 11
    BRACKET = 12
    DASH = 13
    BAR = 14
    MARKUP = 15
    CURRENCY = 16
    SYMBOL = 17
    PUNCTUATION = 18


CLASS_COUNT: Final = len(CharClass)


@functools.cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    classes = np.zeros(CODE_POINTS, dtype=np.uint8)
    lower = np.arange(CODE_POINTS, dtype=np.uint32)
    text = files(__package__).joinpath("codepoints.txt").read_text("ascii")
    for row in text.splitlines():
        word, *numbers = row.split()
        if word == "class":
            first, last, found = int(numbers[0], 16), int(numbers[1], 16), int(numbers[2])
            classes[first : last + 1] = found
        elif word == "lower":
            first, last, step, distance = int(numbers[0], 16), int(numbers[1], 16), int(numbers[2]), int(numbers[3])
            # Only slices, never single writes: the table is built at each start of a worker.
            lower[first : last + 1 : step] = np.arange(first + distance, last + distance + 1, step, dtype=np.uint32)
    return classes, lower


def class_table() -> NDArray[np.uint8]:
    """Return the class of every code point; shape (0x110000,)."""
    return _tables()[0]


def lower_table() -> NDArray[np.uint32]:
    """Return the simple lower case of every code point; shape (0x110000,)."""
    return _tables()[1]


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text; lone surrogates pass as they are. Shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32, copy=False)
