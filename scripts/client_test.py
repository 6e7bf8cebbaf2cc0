"""Try the client in empty environments: grpcio and protobuf alone, at the lowest versions promised and at the newest.

    python scripts/client_test.py                     every Python from 3.11 that the PATH has
    python scripts/client_test.py python3.12          these alone

Builds the wheel, installs it into fresh environments from the registry that pip knows, and runs `client_program.py`
there against a service of this environment. Prints a line for each environment; the exit status is 0 if all went well.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "scripts" / "client_program.py"
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")
PYTHONS = tuple(f"python3.{minor}" for minor in range(11, 15))


def main() -> int:
    """Try each interpreter with the lowest and the newest versions."""
    parser = argparse.ArgumentParser(description="Try the client with grpcio and protobuf alone.")
    parser.add_argument("pythons", nargs="*", metavar="PYTHON", help="interpreters (default: those on the PATH)")
    pythons = parser.parse_args().pythons or [name for name in PYTHONS if works(name)]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, service() as target:
        wheel = build(Path(folder))
        for python in pythons:
            for name, versions in (("lowest", floors()), ("newest", ())):
                environment = Path(folder) / f"{Path(python).name}-{name}"
                said = tried(python, environment, wheel, versions, target)
                failed += not said.startswith("well")
                print(f"{python} {name}: {said}", flush=True)
    print(f"{failed} environments failed" if failed else "the client works in all of them")
    return int(bool(failed))


def floors() -> tuple[str, ...]:
    """Return the lowest versions that pyproject.toml promises, as pip takes them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [re.fullmatch(r"([a-z]+)>=([\d.]+)", each) for each in project["dependencies"]]
    return tuple(f"{each[1]}=={each[2]}.0" for each in found if each is not None)


def works(python: str) -> bool:
    """Say whether an interpreter is there; a name on the PATH may stand for none."""
    if shutil.which(python) is None:
        return False
    return subprocess.run([python, "-c", "import ensurepip, venv"], check=False, capture_output=True).returncode == 0


def build(folder: Path) -> Path:
    """Build the wheel with the locked backend of this environment."""
    command = [sys.executable, *PIP, "wheel", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir"]
    subprocess.run([*command, str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


def tried(python: str, environment: Path, wheel: Path, versions: tuple[str, ...], target: str) -> str:
    """Make an environment, install the wheel with these versions, run the program; returns what came of it."""
    subprocess.run([python, "-m", "venv", str(environment)], check=True)
    inside = str(environment / "bin" / "python")
    install = [inside, *PIP, "install", "--only-binary", ":all:", str(wheel), *versions]
    said = ""
    for step in (install, [inside, *PIP, "check"], [inside, "-I", str(PROGRAM), target, *versions]):
        ended = subprocess.run(step, check=False, capture_output=True, text=True)
        if ended.returncode:
            return f"FAILED: {(ended.stderr or ended.stdout).strip()}"
        said = ended.stdout.strip()
    return f"well, with {said}"


@contextmanager
def service() -> Iterator[str]:
    """Run the service of this environment; yields where it listens."""
    command = [sys.executable, "-m", "dehusk_server", "serve", "--port", "0", "--log-level", "error"]
    with subprocess.Popen([*command, "--notice-seconds", "0"], stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the server has no output to say its port on")
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
