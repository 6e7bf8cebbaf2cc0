"""Look locked packages up among known vulnerabilities; say what was found, and what could not be looked up.

    python scripts/audit.py requirements/server.txt
    python scripts/audit.py --strict --service osv requirements/server.txt

Runs pip-audit. The exit status is 1 where a vulnerability is known, with ``--strict`` also where a package was not
checked: a registry of one's own may have no advisories, and an advisory service may be out of reach.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any


def main() -> int:
    """Audit one lock file."""
    parser = argparse.ArgumentParser(description="Look locked packages up among known vulnerabilities.")
    parser.add_argument("lock", help="requirements with hashes")
    parser.add_argument("--service", choices=("pypi", "osv"), default="pypi", help="who is asked (default: pypi)")
    parser.add_argument("--strict", action="store_true", help="fail where a package was not checked, too")
    given = parser.parse_args()
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    command += ["--format", "json", "--vulnerability-service", given.service, "--requirement", given.lock]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    try:
        packages = json.loads(ended.stdout)["dependencies"]
    except (ValueError, KeyError):
        why = ended.stderr.strip().rpartition("\n")[2]
        print(f"NOT CHECKED: nothing of {given.lock}; the service {given.service} did not answer: {why}")
        return int(given.strict)
    found = [line for package in packages for line in vulnerabilities(package)]
    unchecked = [package for package in packages if "skip_reason" in package]
    for line in found:
        print(f"VULNERABLE: {line}")
    for package in unchecked:
        print(f"NOT CHECKED: {package['name']}: {package['skip_reason']}")
    print(f"{len(packages)} packages, {len(packages) - len(unchecked)} checked, {len(found)} known vulnerabilities")
    return int(bool(found) or (given.strict and bool(unchecked)))


def vulnerabilities(package: dict[str, Any]) -> Iterator[str]:
    """Yield what is known of one package, a line each."""
    for each in package.get("vulns", ()):
        mended = ", ".join(each.get("fix_versions", ())) or "no version yet"
        yield f"{package['name']} {package.get('version', '')}: {each['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main())
