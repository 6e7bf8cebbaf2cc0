"""Write the table of code point classes and lower-case pairs that the engine ships.

Run with one fixed Python, so that every later Python sees the same characters: the answer to a page must not change
with the interpreter's Unicode version.  Usage:
python scripts/generate_codepoints.py > server/dehusk_server/text/codepoints.txt
"""

from __future__ import annotations

import sys
import unicodedata

STOPS = ".!?…。！？｡؟۔।॥։።၊။‼⁇⁈⁉"
COMMAS = ",;:、，；：､،؛"
QUOTES = "\"'“”‘’„‚«»‹›「」『』《》〈〉"
BARS = "|•·‣◦▪▫●○■□▶►▸◀◄⟨⟩<>/\\→←↑↓⇒»›‹«⋅∙・｜¦"
MARKUP = "#*_`~=+^"
NEWLINES = "\n\r\v\f\x85\u2028\u2029"
# Scripts that write no space between words: each character counts as a word of its own.
UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3031, 0x3035), (0x3041, 0x30FF),
    (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x1B000, 0x1B16F),
    (0x20000, 0x3134F),
)  # fmt: skip
(OTHER, SPACE, NEWLINE, LOWER, UPPER, CASELESS, UNSPACED_LETTER, MARK, DIGIT, STOP, COMMA, QUOTE, BRACKET, DASH, BAR,
 MARKUP_SIGN, CURRENCY, SYMBOL, PUNCTUATION) = range(19)  # fmt: skip


def code_point_class(code: int) -> int:
    """Return the class of one code point."""
    character = chr(code)
    category = unicodedata.category(character)
    for characters, found in (
        (NEWLINES, NEWLINE),
        (STOPS, STOP),
        (COMMAS, COMMA),
        (BARS, BAR),
        (QUOTES, QUOTE),
        (MARKUP, MARKUP_SIGN),
    ):
        if character in characters:
            return found
    if character == "\t" or category == "Zs" or code in (0x200B, 0xFEFF):
        return SPACE
    if category[0] in "LM" and any(low <= code <= high for low, high in UNSPACED):
        return UNSPACED_LETTER
    whole = {"Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Nd": DIGIT, "Pd": DASH, "Sc": CURRENCY}
    by_major = {"L": CASELESS, "M": MARK, "N": DIGIT, "P": PUNCTUATION, "S": SYMBOL}
    if category in ("Ps", "Pe"):
        return BRACKET
    if code in (0x200C, 0x200D):
        return MARK
    return whole.get(category, by_major.get(category[0], OTHER))


def main() -> None:
    """Write runs of equal class, then runs of equal distance to the lower case, in hexadecimal."""
    out = sys.stdout
    out.write(f"# Unicode {unicodedata.unidata_version}; written by scripts/generate_codepoints.py\n")
    out.write("# class FIRST LAST CLASS; lower FIRST LAST STEP DISTANCE\n")
    start, current = 0, code_point_class(0)
    for code in range(1, 0x110001):
        found = code_point_class(code) if code < 0x110000 else -1
        if found != current:
            if current:
                out.write(f"class {start:x} {code - 1:x} {current}\n")
            start, current = code, found
    pairs = [
        (code, ord(low) - code) for code in range(0x110000) if len(low := chr(code).lower()) == 1 and ord(low) != code
    ]
    index = 0
    while index < len(pairs):
        first, distance = pairs[index]
        last, step = first, 1
        following = index + 1
        if following < len(pairs) and pairs[following][1] == distance and pairs[following][0] - first in (1, 2):
            step = pairs[following][0] - first
            while following < len(pairs) and pairs[following] == (last + step, distance):
                last += step
                following += 1
        out.write(f"lower {first:x} {last:x} {step} {distance}\n")
        index = following


if __name__ == "__main__":
    main()
