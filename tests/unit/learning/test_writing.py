"""Groups of languages: reports stand by them."""

from __future__ import annotations

import pytest
from hypothesis import given

from dehusk_server.learning.writing import writing
from strategies import texts
from unit.learning.tiny_corpus import PROSE

GROUPS = {"English", "Latin script", "Cyrillic or Greek", "no case", "no spaces"}


@pytest.mark.parametrize(
    ("text", "group"),
    [
        (" ".join(PROSE), "English"),
        ("Der Rat tagte am Dienstag über die Brücke, die seit der Flut im März gesperrt ist.", "Latin script"),
        ("The bridge", "English"),
        ("Bridge shut", "Latin script"),
        ("Совет собрался во вторник.", "Cyrillic or Greek"),
        ("Το συμβούλιο συνεδρίασε την Τρίτη.", "Cyrillic or Greek"),
        ("اجتمع المجلس يوم الثلاثاء لمناقشة الجسر", "no case"),
        ("המועצה נפגשה ביום שלישי", "no case"),
        ("議会は火曜日に橋について話し合った", "no spaces"),
        ("สภาประชุมเมื่อวันอังคาร", "no spaces"),
        ("議会 the council and the bridge of the town in the hills", "English"),
        ("12:30 — !", "Latin script"),
        (" \n", "Latin script"),
    ],
)
def test_a_text_belongs_to_the_group_of_most_of_its_letters(text: str, group: str) -> None:
    """Script first; among Latin letters, English is told by five words that no English text goes without."""
    assert writing(text) == group


@given(texts)
def test_every_text_belongs_to_one_group(text: str) -> None:
    """Whatever it holds, and however its blanks stand."""
    assert writing(text) in GROUPS
    assert writing(text) == writing(f" {text}\n")
