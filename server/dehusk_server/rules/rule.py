"""What a rule is: data with an id, weights per kind and the evidence that taught it. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dehusk_server.model import Kind


class Family(StrEnum):
    """What a rule looks at. The id of a rule is its family, a colon and the place in it."""

    SHAPE = "shape"
    """One answer of an axis: of a line by itself or among its neighbours."""
    PHRASE = "phrase"
    """Up to three words in a row, lower-cased; ``^`` and ``$`` stand for the ends of the line, ``#`` for a number."""
    CONTEXT = "context"
    """What the context network adds for one kind: the lines around, and traits that matter only together."""
    DOM = "dom"
    """One answer of an axis of the tree that a line of an HTML page stands in."""
    TOKEN = "token"  # noqa: S105 - a word in a class name
    """A word in the class names or ids of the elements around a line; ``near`` or ``far`` says how close they are."""
    DOM_CONTEXT = "dom-context"
    """As CONTEXT, on HTML pages."""
    PART_SHAPE = "part-shape"
    """One bin of a group of axes of a part of a line."""
    PART_PHRASE = "part-phrase"
    """As PHRASE, in a part of a line."""
    MARK = "mark"
    """A sign of markdown; these rules are built in, not learned."""


CONTEXTS: Final = frozenset({Family.CONTEXT, Family.DOM_CONTEXT})
"""Families whose rules stand for a network: their weight differs from line to line."""


@dataclass(frozen=True, slots=True)
class Support:
    """Where a rule comes from, counted on the corpora that it was learned from."""

    documents: int
    """Documents in which the rule fired."""
    sites: int
    """Sites in which it fired."""
    precision: float
    """Share in [0, 1] of its labelled firings where the text was what the rule speaks for: husk, or body."""
    taught_by: tuple[str, ...] = ()
    """Ids of some corpus documents in which it fired rightly (at most three)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks at, and its log-odds for each kind."""

    id: str
    looks_at: Family
    reads: str
    """What it looks at, in words that a person reads."""
    weights: Mapping[Kind, float]
    """Log-odds per kind; kinds that are absent have weight zero, BODY always. Read to two decimals. A CONTEXT rule
    has none: its weight differs from line to line."""
    support: Support
    learned: str
    """Day it was learned, ISO 8601."""
    counterexamples: tuple[str, ...] = ()
    """Short texts that contain what the rule looks for and must not be removed."""

    @property
    def strongest(self) -> Kind:
        """The kind that this rule speaks for most."""
        if self.looks_at in CONTEXTS:
            return Kind(self.id.partition(":")[2])
        return max(Kind, key=lambda kind: self.weights.get(kind, 0.0))
