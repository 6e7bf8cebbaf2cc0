"""The table of code points: classes, lower case and line ends, the same under every interpreter."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from dehusk_server.text.codepoints import CODE_POINTS, CharClass, class_table, code_points, lower_table

SAMPLES = {
    CharClass.OTHER: "\x00\x07\x1c\u202e\ud800\U0010ffff",
    CharClass.SPACE: " \t\u00a0\u2003\u3000\u200b\ufeff",
    CharClass.NEWLINE: "\n\r\v\f\x85\u2028\u2029",
    CharClass.LOWER: "azßéжω\U0001d51e",
    CharClass.UPPER: "AZÉЖΩǅ",
    CharClass.CASELESS: "אبहªˈ",
    CharClass.UNSPACED: "議かカ々ไ",
    CharClass.MARK: "\u0301\u200d\ufe0f",
    CharClass.DIGIT: "09٣५",
    CharClass.STOP: ".!?…。！？।",
    CharClass.COMMA: ",;:、，：",
    CharClass.QUOTE: "\"'“”‘’„「」《》",
    CharClass.BRACKET: "()[]{}（）【】",
    CharClass.DASH: "-–—",
    CharClass.BAR: "|•·›»/→",
    CharClass.MARKUP: "#*_`~=+^",
    CharClass.CURRENCY: "$€£¥",
    CharClass.SYMBOL: "©™👍",
    CharClass.PUNCTUATION: "@&%§",
}


@pytest.mark.parametrize("char_class", CharClass)
def test_samples_have_their_class(char_class: CharClass) -> None:
    """Each class holds the characters that it is named for."""
    found = {character: CharClass(class_table()[ord(character)]) for character in SAMPLES[char_class]}

    assert found == dict.fromkeys(SAMPLES[char_class], char_class)


def test_every_code_point_has_a_class_that_is_named() -> None:
    """The table covers all of Unicode, and holds no number without a name."""
    assert class_table().shape == (CODE_POINTS,)
    assert set(np.unique(class_table()).tolist()) == set(CharClass)


def test_only_unicodes_line_ends_end_lines() -> None:
    """LF, CR, VT, FF, NEL, LS and PS end a line; the separators that only Python takes for one do not."""
    ends = {chr(code) for code in np.flatnonzero(class_table() == CharClass.NEWLINE)}

    assert ends == {end for end in map(chr, range(0x3000)) if len(f"a{end}b".splitlines()) == 2} - set("\x1c\x1d\x1e")


def test_lower_case_is_pythons_where_it_is_one_character() -> None:
    """The simple lower case equals `str.lower` for every character that the table's Unicode version knows."""
    same_version = unicodedata.unidata_version == "14.0.0"
    known = (code for code in range(CODE_POINTS) if same_version or unicodedata.ucd_3_2_0.category(chr(code)) != "Cn")
    expected = {code: ord(low) for code in known if len(low := chr(code).lower()) == 1}
    codes = np.array(list(expected))

    assert len(codes) > 90_000
    assert np.array_equal(lower_table()[codes], np.array(list(expected.values())))


def test_what_has_no_simple_lower_case_stays() -> None:
    """A capital whose lower case is two characters keeps its place, so that offsets never shift."""
    assert len("İ".lower()) == 2
    assert lower_table()[ord("İ")] == ord("İ")


def test_lower_case_of_lower_case_is_itself() -> None:
    """Lowering twice is lowering once: a phrase that a rule holds can be looked up again."""
    assert np.array_equal(lower_table()[lower_table()], lower_table())


@pytest.mark.parametrize("text", ["", "a", "a\u0301👍\U0010ffff", "\ud83d x \udc4d", "\ufeffa"])
def test_code_points_are_those_of_the_text(text: str) -> None:
    """One number a character, lone surrogates and the byte order mark included."""
    assert code_points(text).tolist() == [ord(character) for character in text]
