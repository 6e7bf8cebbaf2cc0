"""The audit of dependencies: what fails it, and what it says where it cannot know."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).resolve().parents[2] / "scripts" / "audit.py"
SOUND = {"name": "sound", "version": "1", "vulns": []}
SICK = {"name": "sick", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "unknown", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "flags", "status", "said"),
    [
        ([SOUND], [], 0, "1 packages, 1 checked, 0 known vulnerabilities"),
        ([SOUND, SICK], [], 1, "VULNERABLE: sick 2: PYSEC-1, mended in 2.1"),
        ([SOUND, UNKNOWN], [], 0, "NOT CHECKED: unknown: not found"),
        ([SOUND, UNKNOWN], ["--strict"], 1, "2 packages, 1 checked"),
        (None, [], 0, "NOT CHECKED: nothing of lock.txt; the service pypi did not answer: no route"),
        (None, ["--strict"], 1, "NOT CHECKED: nothing"),
    ],
    ids=["sound", "vulnerable", "not known", "not known, strict", "out of reach", "out of reach, strict"],
)
def test_only_what_is_found_fails_unless_it_is_strict(
    packages: list[object] | None, flags: list[str], status: int, said: str, tmp_path: Path
) -> None:
    """A known vulnerability fails; what was not checked is listed, and fails only where that is asked for."""
    answer = (
        "sys.exit('error\\nno route')" if packages is None else f"print({json.dumps({'dependencies': packages})!r})"
    )
    (tmp_path / "pip_audit.py").write_text(f"import sys\n{answer}\n", encoding="utf-8")
    surroundings = os.environ | {"PYTHONPATH": str(tmp_path)}

    command = [sys.executable, str(AUDIT), "lock.txt", *flags]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=surroundings)

    assert (ended.returncode, said in ended.stdout) == (status, True), ended.stdout + ended.stderr
