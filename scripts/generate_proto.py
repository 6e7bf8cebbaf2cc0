"""Generate client/dehusk/v1 from proto/: offline, with pinned tools, the same bytes every time.

    python scripts/generate_proto.py            write client/dehusk/v1
    python scripts/generate_proto.py --check    compare with what is checked in; exit status 1 if it differs

Generated modules refuse to import where protobuf or grpcio is older than their generator, so the generator is the
oldest that the client promises to support; what it writes also imports on the newest.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
PACKAGE = Path("dehusk/v1")
CHECKED_IN = ROOT / "client" / PACKAGE
PINNED = {"grpcio-tools": "1.71.0", "mypy-protobuf": "3.6.0"}
"""Change these only together with the floors in pyproject.toml."""
HAND_KEPT = {"__init__.py"}


def wrong_tools() -> list[str]:
    """Name the tools that are absent or of another version than pinned."""
    wrong = []
    for name, version in PINNED.items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found = "none"
        if found != version:
            wrong.append(f"{name}=={version} is needed, found {found}")
    return wrong


def generate(target: Path) -> None:
    """Write the generated package below ``target``.

    Raises:
        subprocess.CalledProcessError: the compiler refused a file; its message is on standard error.
    """
    sources = sorted(str(path.relative_to(PROTO)) for path in (PROTO / PACKAGE).glob("*.proto"))
    plugin = Path(sysconfig.get_path("scripts")) / "protoc-gen-mypy_grpc"
    command = [sys.executable, "-m", "grpc_tools.protoc", f"--proto_path={PROTO}"]
    command += [f"--{kind}={target}" for kind in ("python_out", "pyi_out", "grpc_python_out", "mypy_grpc_out")]
    subprocess.run([*command, f"--plugin=protoc-gen-mypy_grpc={plugin}", *sources], check=True)
    for path in (target / PACKAGE).glob("*_pb2_grpc.py"):
        # protoc writes an empty stub module for files without a service; nobody imports those.
        if not any(line.startswith("class ") for line in path.read_text(encoding="utf-8").splitlines()):
            path.unlink()
            path.with_suffix(".pyi").unlink(missing_ok=True)
    for path in (target / PACKAGE).glob("*_pb2_grpc.pyi"):
        if not path.with_suffix(".py").exists():
            path.unlink()


def read(package: Path) -> dict[str, bytes]:
    """Return the generated files of a package by name."""
    return {
        path.name: path.read_bytes()
        for path in sorted(package.iterdir())
        if path.suffix in {".py", ".pyi"} and path.name not in HAND_KEPT
    }


def differences(fresh: dict[str, bytes], kept: dict[str, bytes]) -> list[str]:
    """Name the files that are missing, left over or different."""
    return sorted(name for name in fresh.keys() | kept.keys() if fresh.get(name) != kept.get(name))


def main(arguments: list[str] | None = None) -> int:
    """Generate or check; return the exit status."""
    parser = argparse.ArgumentParser(description="Generate client/dehusk/v1 from proto/.")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args(arguments).check
    if wrong := wrong_tools():
        print("\n".join(wrong), file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        fresh = read(Path(folder) / PACKAGE)
    stale = differences(fresh, read(CHECKED_IN))
    if check:
        for name in stale:
            print(f"{PACKAGE / name} is not what proto/ generates: run scripts/generate_proto.py", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        path = CHECKED_IN / name
        if name in fresh:
            path.write_bytes(fresh[name])
        else:
            path.unlink()
        print(f"{'wrote' if name in fresh else 'removed'} {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
