"""No connection is ever opened to the outside: the service runs where there is no outside."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import subprocess, sys
from dehusk import Client
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
assert subprocess.run(["ip", "route"], check=True, capture_output=True).stdout == b"", "there is a route"
command = [sys.executable, "-m", "dehusk_server", "serve", "--port", "0", "--http", "--http-port", "0"]
command += ["--notice-seconds", "0", "--log-level", "warning"]
with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
    with Client(process.stdout.readline().split()[-1]) as client:
        print(client.clean("Prose. See https://example.org/ and https://example.com/a.png").body)
    process.terminate()
    print(process.wait(30))
"""


def _command() -> list[str]:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("unshare or ip is not installed")
    command = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system does not let us make a network namespace")
    return command


def test_a_network_without_routes_is_enough() -> None:
    """In a namespace with nothing but a loopback the service starts, cleans a page with links, and ends in order."""
    command = [*_command(), sys.executable, "-c", PROGRAM]

    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    assert ended.stdout.endswith("https://example.com/a.png\n0\n"), ended.stderr


def test_neither_package_knows_how_to_fetch() -> None:
    """No module of ours imports what fetches over a network, but for gRPC and the server of the HTTP door."""
    root = Path(__file__).resolve().parents[2]
    fetching = ("urllib.request", "http.client", "import requests", "import httpx", "aiohttp", "ftplib", "smtplib")

    found = [
        f"{path}: {name}"
        for package in ("client/dehusk", "server/dehusk_server")
        for path in sorted((root / package).rglob("*.py"))
        for name in fetching
        if name in path.read_text(encoding="utf-8")
    ]

    assert found == []
