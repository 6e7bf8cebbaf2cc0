"""The cases in ``cases/``, read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dehusk import CleanOptions, Document

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """One case; see ``cases/README.md``."""

    name: str
    document: Document
    options: CleanOptions
    removed: dict[str, list[list[int]]]
    error: dict[str, str] | None


def load() -> list[Case]:
    """Read all cases, in the order of their names."""
    return [_case(path) for path in sorted(FOLDER.glob("*.json"))]


def _case(path: Path) -> Case:
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    piece, times = raw.get("text_repeat", ("", 0))
    document = Document(raw.get("text", piece * times), raw.get("id", ""), raw.get("url", ""), raw.get("language", ""))
    options: CleanOptions = raw.get("options", {})
    return Case(path.stem, document, options, raw.get("removed", {}), raw.get("error"))
