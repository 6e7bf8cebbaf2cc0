"""What the engine is given: each input is made from a seed and a number alone, so that it can be made again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fuzz.grammar import page
from fuzz.mutate import mutated, mutated_bytes

SEEDS: Final = Path(__file__).parents[1] / "cases" / "html"
"""The pages that are mutated are those of the cases: what once was found wrong is looked around in ever after."""
_ENCODINGS: Final = (
    "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "koi8-r", "windows-1251",
    "shift_jis", "euc-jp", "iso2022_jp", "gb18030", "gbk", "big5", "euc_kr", "iso-8859-8",
)  # fmt: skip
_HINTS: Final = (
    "", "", "", "utf-8", "latin1", "utf-16", "x-user-defined", "shift_jis", "gbk", "klingon", "replacement", "utf-7",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """A page, decoded or as bytes, with what the transport is made to say of it."""

    html: str | bytes
    charset: str = ""


def seed_pages(folder: Path = SEEDS) -> list[str]:
    """Return the pages that are mutated, in one order everywhere."""
    return [path.read_bytes().decode("utf-8", "surrogateescape") for path in sorted(folder.glob("*/page.html"))]


def made(seed: int, number: int, pages: Sequence[str]) -> Input:
    """Make one input."""
    chance = random.Random(f"{seed}:{number}")
    html = page(chance) if chance.random() < 0.5 else mutated(chance, pages)
    html = html or " "
    if chance.random() < 0.6:
        return Input(html)
    content = html.encode(chance.choice(_ENCODINGS), "replace")
    return Input(mutated_bytes(chance, content) or b" ", chance.choice(_HINTS))
