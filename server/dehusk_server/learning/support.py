"""Where each rule was seen, and how often it was right there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix

from dehusk_server.model import Kind
from dehusk_server.rules.rule import Support
from dehusk_server.text.page import IntArray

_TAUGHT_BY: Final = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """Firings of every feature, by unit."""

    firing: csc_matrix
    label: IntArray
    """Label of each unit as `vocabulary.labels` gives it: 0 body, above husk, -1 unknown."""
    document: IntArray
    """Number of the document of each unit."""
    names: Sequence[str]
    sites: Sequence[str]

    def support(self, feature: int, weights: Mapping[Kind, float]) -> Support:
        """Count one feature's support for what its weights speak for: husk, or body."""
        units = self.firing.indices[self.firing.indptr[feature] : self.firing.indptr[feature + 1]]
        label = self.label[units]
        right = label > 0 if max(weights.values()) > 0 else label == 0
        known = label >= 0
        documents = np.unique(self.document[units])
        teachers = np.unique(self.document[units[right & known]])
        names = sorted({self.names[number] for number in teachers.tolist()})[:_TAUGHT_BY]
        precision = float((right & known).sum() / known.sum()) if known.any() else 0.0
        return Support(
            len({self.names[number] for number in documents.tolist()}),
            len({self.sites[number] for number in documents.tolist()}),
            round(precision, 3),
            tuple(names),
        )


def count_support(
    matrix: csr_matrix, label: IntArray, document: IntArray, names: Sequence[str], sites: Sequence[str]
) -> Counts:
    """Prepare the counting of all features of a matrix of shape (units, features)."""
    return Counts(csc_matrix(matrix), label, document, names, sites)
