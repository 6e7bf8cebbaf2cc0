"""Support: documents, sites and precision of a rule, counted on what it was learned from."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from dehusk_server.learning.support import Counts, count_support
from dehusk_server.model import Kind
from dehusk_server.rules.rule import Support

HUSK, BODY = {Kind.SHARE: 1.0}, {Kind.SHARE: -1.0}


def counts() -> Counts:
    """Return the counts of two features over six lines of four documents, one of them twice on a site.

    The first feature fires on all lines but the last, the second on none.
    """
    firing = csr_matrix(np.array([[1, 0]] * 5 + [[0, 0]], dtype=np.float32))
    label = np.array([3, 18, 0, -1, 5, 7])
    document = np.array([0, 0, 1, 1, 2, 3])
    return count_support(firing, label, document, ["d", "c", "b", "a"], ["s", "s", "t", "u"])


def test_a_rule_for_husk() -> None:
    """Right where it fired on husk of any kind; lines of unknown kind count for neither."""
    assert counts().support(0, HUSK) == Support(documents=3, sites=2, precision=0.75, taught_by=("b", "d"))


def test_a_rule_for_body() -> None:
    """A rule whose weights all speak against husk is right on body."""
    assert counts().support(0, BODY) == Support(documents=3, sites=2, precision=0.25, taught_by=("c",))


def test_a_rule_that_never_fired() -> None:
    """It has no documents, and no share to be right in."""
    assert counts().support(1, HUSK) == Support(0, 0, 0.0)


@pytest.mark.parametrize("number", [1, 3, 9])
def test_three_teachers_are_named_at_most(number: int) -> None:
    """The first by name, whatever their order in the corpus; a document's parts are one document."""
    names = [f"d{(7 * one) % 9}" for one in range(9)]
    firing = csr_matrix(np.ones((number * 2, 1), dtype=np.float32))
    document = np.repeat(np.arange(number), 2)
    found = count_support(firing, np.ones(number * 2, dtype=np.int64), document, names, names).support(0, HUSK)

    assert found.taught_by == tuple(sorted(names[:number])[:3])
    assert found.documents == number
