"""Results to try the client's types on."""

from __future__ import annotations

from dehusk import Counts, Evidence, Kept, Kind, OffsetUnit, Removed, Result, Status


def result(*parts: tuple[str, Kind | None], unit: OffsetUnit = OffsetUnit.CODE_POINTS, **fields: object) -> Result:
    """Return a result made of parts: text and the kind that it was removed as, or ``None`` for body."""
    source = "".join(text for text, _ in parts)
    removed, kept, at = [], [], 0
    for text, kind in parts:
        end = at + length(text, unit)
        if kind is None:
            kept.append(Kept(at, end, Kind.BODY, 0.75))
        else:
            rule = f"rule-{kind.value.lower()}"
            removed.append(Removed(at, end, kind, 0.9, text, (Evidence(rule, 2.0, text, at, end),)))
        at = end
    values: dict[str, object] = {
        "id": "page-1",
        "body": "".join(text for text, kind in parts if kind is None),
        "removed": tuple(removed),
        "kept": tuple(kept),
        "status": Status.OK,
        "reasons": (),
        "title": "",
        "byline": "",
        "published": "",
        "language": "",
        "source": source,
        "offset_unit": unit,
        "counts": Counts(len(source), 0, 0),
        "rules_version": "7",
        "rules_sha256": "",
    }
    return Result(**{**values, **fields})  # type: ignore[arg-type]


def length(text: str, unit: OffsetUnit) -> int:
    """Return how long a text is in a unit, by the plainest means there are."""
    if unit is OffsetUnit.UTF8_BYTES:
        return len(text.encode("utf-8"))
    if unit is OffsetUnit.UTF16_UNITS:
        return sum(2 if ord(character) > 0xFFFF else 1 for character in text)
    return len(text)
