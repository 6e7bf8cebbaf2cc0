"""What a rule is: data with an id, weights per kind and the evidence that taught it. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dehusk_server.model import Kind


@dataclass(frozen=True, slots=True)
class Support:
    """Where a rule comes from, counted on the corpora that it was learned from."""

    documents: int
    """Documents in which the rule fired."""
    sites: int
    """Sites in which it fired."""
    precision: float
    """Share in [0, 1] of its firings that stood in text of the kind it speaks for most."""
    taught_by: tuple[str, ...] = ()
    """Ids of some corpus documents in which it fired rightly (at most five)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks at, and its log-odds for each kind."""

    id: str
    looks_at: str
    """The family: ``phrase``, ``shape``, ``neighbour``, ``context``, ``transition`` or ``inline``."""
    reads: str
    """What it looks at, in words that a person reads."""
    weights: Mapping[Kind, float]
    """Log-odds per kind, BODY at zero; kinds that are absent have weight zero."""
    support: Support
    learned: str
    """Day it was learned, ISO 8601."""
    counterexamples: tuple[str, ...] = ()
    """Short texts that contain what the rule looks for and must not be removed."""

    @property
    def strongest(self) -> Kind:
        """The kind that this rule speaks for most."""
        return max(self.weights, key=lambda kind: (self.weights[kind], kind), default=Kind.BODY)
