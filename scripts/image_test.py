"""Build the container image, start it with a read-only root, clean a page through its port, end it.

    python scripts/image_test.py                             with docker
    python scripts/image_test.py --engine buildah --base B   without a daemon, as root

Further arguments go to the build. With buildah the image's root is mounted read-only in a mount namespace of its own,
and its command runs there as the image's user.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dehusk import Client, DehuskError

ROOT = Path(__file__).resolve().parent.parent
BUILDAH = ("buildah", "--storage-driver", "vfs")
Running = tuple[str, Callable[..., list[str]], int]
"""Where a container listens, what makes of a command one that runs inside, and the port inside."""
USER = "10001:10001"
START_S = 120.0
INSIDE = """
import os, sys
root, *command = sys.argv[1:]
os.chroot(root)
os.chdir("/")
os.setgroups([])
os.setgid(10001)
os.setuid(10001)
os.execve(command[0], command, dict(pair.split("=", 1) for pair in os.environ["INSIDE"].split("\\n")))
"""


def main() -> int:
    """Build, start, clean, look, end; the exit status is 0 only if all of it went well."""
    parser = argparse.ArgumentParser(description="Build the image and try it.")
    parser.add_argument("--engine", choices=("docker", "buildah"), default="docker")
    parser.add_argument("--base", help="base image, pinned by digest where it is released")
    given, flags = parser.parse_known_args()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    tag = f"dehusk:{version}"
    base = ["--build-arg", f"BASE={given.base}"] if given.base else []
    arguments = [*base, "--build-arg", f"VERSION={version}", "--tag", tag, *flags, str(ROOT)]
    buildah = given.engine == "buildah"
    # Docker's format, because OCI's has no health check.
    build = [*BUILDAH, "build", "--isolation", "chroot", "--format", "docker"] if buildah else ["docker", "build"]
    subprocess.run([*build, *arguments], check=True)
    found = image(tag, buildah=buildah)
    check("user", found["User"], USER)
    check("entry point", found["Entrypoint"], ["dehusk"])
    check("version", found["Labels"]["org.opencontainers.image.version"], version)
    check("health check", found["Healthcheck"]["Test"][:3], ["CMD", "dehusk", "health"])
    with (mounted if buildah else docker)(tag, found) as (target, inside, port):
        clean(target)
        health = inside("dehusk", "health", "--server", f"127.0.0.1:{port}")
        check("health, asked inside", subprocess.run(health, check=False).returncode, 0)
        trial = "import os\ntry: open('/opt/dehusk/x', 'w')\nexcept OSError as e: print(os.getuid(), e.errno)"
        told = subprocess.run(inside("python3", "-c", trial), check=True, capture_output=True, text=True)
        uid, fault = map(int, told.stdout.split())
        check("user inside", uid, 10_001)
        check("root is read-only (EROFS)", fault, 30)
    return 0


def check(what: str, found: object, wanted: object) -> None:
    """Print what was found, and stop where it is not what was wanted."""
    print(f"{what}: {found}", flush=True)
    if found != wanted:
        sys.exit(f"image test: {what} is {found!r}; it must be {wanted!r}")


def image(tag: str, *, buildah: bool) -> dict[str, Any]:
    """Return the configuration of an image."""
    command = [*BUILDAH, "inspect", "--type", "image", tag] if buildah else ["docker", "image", "inspect", tag]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    found: dict[str, Any] = told["Docker"]["config"] if buildah else told[0]["Config"]
    return found


def clean(target: str) -> None:
    """Clean a page through the container's port, once it answers."""
    page = (ROOT / "demo" / "sample-page.txt").read_text(encoding="utf-8")
    end = time.monotonic() + START_S
    with Client(target) as client:
        while True:
            try:
                result = client.clean(page)
            except DehuskError as fault:
                if time.monotonic() > end:
                    sys.exit(f"image test: no answer in {START_S:.0f} seconds: {fault}")
                time.sleep(0.2)
            else:
                check("a page is cleaned and whole", bool(result.removed) and result.restore() == page, wanted=True)
                return


@contextmanager
def docker(tag: str, _: dict[str, Any]) -> Iterator[Running]:
    """Run the image with docker."""
    limits = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    run = ["docker", "run", "--detach", "--publish", "127.0.0.1::50051", *limits, tag]
    name = subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()
    try:
        port = subprocess.run(["docker", "port", name, "50051"], check=True, capture_output=True, text=True).stdout
        yield port.split()[-1], lambda *command: ["docker", "exec", name, *command], 50_051
        subprocess.run(["docker", "stop", name], check=True)
        state = subprocess.run(["docker", "inspect", name], check=True, capture_output=True).stdout
        check("exit status after SIGTERM", json.loads(state)[0]["State"]["ExitCode"], 0)
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=False)


@contextmanager
def mounted(tag: str, config: dict[str, Any]) -> Iterator[Running]:
    """Run the image without a daemon, in a namespace of mounts where its root is read-only."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = subprocess.run([*BUILDAH, "from", tag], check=True, capture_output=True, text=True).stdout.strip()
    try:
        root = subprocess.run([*BUILDAH, "mount", name], check=True, capture_output=True, text=True).stdout.strip()
        size = subprocess.run(["du", "--summarize", "--bytes", root], check=True, capture_output=True, text=True)
        print(f"size: {int(size.stdout.split()[0]) / 1e6:.0f} MB with its base")
        environment = "\n".join([*config["Env"], f"DEHUSK_PORT={port}"])
        paths = dict(pair.split("=", 1) for pair in config["Env"])["PATH"].split(":")

        def inside(*command: str) -> list[str]:
            where = next(Path(path) / command[0] for path in paths if Path(root, path[1:], command[0]).is_file())
            shell = f'mount --bind "{root}" "{root}"; mount -o remount,ro,bind "{root}"; exec "$@"'
            runs = [sys.executable, "-c", INSIDE, root, str(where), *command[1:]]
            return ["env", f"INSIDE={environment}", "unshare", "--mount", "sh", "-ec", shell, "sh", *runs]

        with subprocess.Popen(inside(*config["Entrypoint"], *config["Cmd"])) as process:
            try:
                yield f"127.0.0.1:{port}", inside, port
                process.send_signal(signal.SIGTERM)
                check("exit status after SIGTERM", process.wait(60), 0)
            finally:
                if process.poll() is None:
                    os.kill(process.pid, signal.SIGKILL)
    finally:
        subprocess.run([*BUILDAH, "rm", name], check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
