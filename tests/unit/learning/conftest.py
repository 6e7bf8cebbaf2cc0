"""What all tests of learning share."""

from __future__ import annotations

import pytest

from dehusk_server.learning import line_rules
from dehusk_server.learning.written import written_blocks

FEW = 8


@pytest.fixture(autouse=True)
def few_written_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the few pages that tests learn from, two thousand written blocks would teach everything."""
    monkeypatch.setattr(line_rules, "written_blocks", lambda: written_blocks()[:FEW])
