"""Settings of `dehusk serve`: flags before the environment, the environment before the defaults."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest

from dehusk_server.cli.exits import UsageError
from dehusk_server.cli.parser import build_parser
from dehusk_server.cli.settings import HELP, read_settings
from dehusk_server.config import SETTING_NAMES, Settings


def parsed(*flags: str) -> argparse.Namespace:
    """Return the arguments of ``dehusk serve``."""
    return build_parser().parse_args(["serve", *flags])


def read(*flags: str, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that flags and an environment give."""
    return read_settings(parsed(*flags), environment or {})


def test_every_setting_has_its_words() -> None:
    """A setting that is added gets a flag, and the flag its help."""
    assert set(HELP) == set(SETTING_NAMES)


def test_without_anything_the_defaults_hold() -> None:
    """No flag and no variable: the defaults of `Settings`."""
    assert read() == Settings()


def test_every_setting_can_be_given_by_flag_and_by_environment() -> None:
    """Each setting arrives, with its own type, by either way; TLS files come together."""
    defaults = {field.name: field.default for field in dataclasses.fields(Settings)}
    values = {name: _other(default) for name, default in defaults.items()}
    values |= {"workers": "1", "log_level": "error", "log_format": "json"}
    switches = [name for name, default in defaults.items() if isinstance(default, bool)]
    flags = [f"--{'no-' * bool(defaults[name])}{name.replace('_', '-')}" for name in switches]
    flags += [f"--{name.replace('_', '-')}={value}" for name, value in values.items() if name not in switches]

    by_flag = read(*flags)
    by_environment = read(environment={f"DEHUSK_{name.upper()}": value for name, value in values.items()})

    assert by_flag == by_environment
    assert [name for name in SETTING_NAMES if getattr(by_flag, name) == getattr(Settings(), name)] == ["workers"]
    assert (by_flag.threads, by_flag.host, by_flag.private_key, by_flag.reflection) == (7, "7", Path("cert.pem"), False)


def test_an_address_may_stand_in_the_environment() -> None:
    """DEHUSK_ADDRESS is the twin of --address; a port given by itself counts before it."""
    assert (read(environment={"DEHUSK_ADDRESS": "[::]:7"}).host, read("--address", "unix:/run/d").unix_socket) == (
        "[::]",
        Path("/run/d"),
    )
    assert read("--port", "9", environment={"DEHUSK_ADDRESS": "[::]:7"}) == Settings(port=9)


def test_a_flag_counts_before_the_environment() -> None:
    """Both given: the flag."""
    assert read("--threads", "3", environment={"DEHUSK_THREADS": "5"}).threads == 3


def _other(default: object) -> str:
    """Return a value that is not the default, where its type alone says what may be one."""
    if isinstance(default, bool):
        return "0" if default else "1"
    return "cert.pem" if default is None else "7"


@pytest.mark.parametrize(
    ("text", "host", "port"), [("0.0.0.0:0", "0.0.0.0", 0), ("[::]:50051", "[::]", 50051), ("a.b:1", "a.b", 1)]
)
def test_an_address_is_host_and_port(text: str, host: str, port: int) -> None:
    """--address says both at once, IPv6 in brackets."""
    settings = read("--address", text)

    assert (settings.host, settings.port) == (host, port)


@pytest.mark.parametrize("text", ["localhost", ":50051", "localhost:", "localhost:http"])
def test_half_an_address_is_refused(text: str) -> None:
    """Host or port missing: said, with what to write."""
    with pytest.raises(UsageError, match="write HOST:PORT"):
        read("--address", text)


@pytest.mark.parametrize(
    ("name", "value"), [("DEHUSK_THREADS", "many"), ("DEHUSK_THREADS", "0"), ("DEHUSK_REFLECTION", "perhaps")]
)
def test_a_bad_variable_is_named(name: str, value: str) -> None:
    """A value that is none, or out of range, stops the service before it starts."""
    with pytest.raises(UsageError, match=r"(?i)threads|reflection"):
        read(environment={name: value})
