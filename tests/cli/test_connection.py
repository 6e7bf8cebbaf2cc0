"""How commands reach a server: TLS, mutual TLS, tokens; each by flag and by environment, against a real server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from commandline import Run
from dehusk_server.cli.connection import Connection, read_connection
from dehusk_server.cli.exits import UsageError
from dehusk_server.cli.parser import build_parser
from dehusk_server.config import Settings
from dehusk_server.serving.app import BackgroundServer
from roundtrip.certificates import certificate
from roundtrip.fakes import MarkEngine

TOKEN = "a-token-of-the-test"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A server with mutual TLS and a token, under a name that is not its address; yields the flags that reach it."""
    folder = tmp_path_factory.mktemp("guarded")
    key, chain = certificate(folder)
    tokens = folder / "tokens"
    tokens.write_text(f"# of the test\n\n{TOKEN}\nanother-token-of-the-test\n", encoding="utf-8")
    files = {"certificate_chain": chain, "private_key": key, "client_roots": chain, "token_file": tokens}
    with BackgroundServer(Settings(port=0, notice_seconds=0.0, **files), MarkEngine()) as server:  # type: ignore[arg-type]
        shown = {"tls-roots": chain, "tls-certificate": chain, "tls-key": key, "tls-name": "localhost"}
        yield {"server": server.target} | {name: str(value) for name, value in shown.items()}


def token(guarded: Mapping[str, str]) -> str:
    """Return the file of the tokens that a guarded server knows."""
    return str(Path(guarded["tls-key"]).with_name("tokens"))


def flags(values: Mapping[str, str]) -> list[str]:
    """Return values as flags."""
    return [part for name, value in values.items() for part in (f"--{name}", value)]


def surround(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, str]) -> None:
    """Put values into the environment, as twins of flags."""
    for name, value in values.items():
        monkeypatch.setenv(f"DEHUSK_{name.upper().replace('-', '_')}", value)


def test_health_is_asked_over_mutual_tls(
    guarded: Mapping[str, str], dehusk: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that wants certificates is healthy to who shows one, by flag or by environment, and to nobody else."""
    by_flag = dehusk("health", *flags(guarded))
    without = {name: value for name, value in guarded.items() if name not in ("tls-certificate", "tls-key")}
    strangers = [dehusk("health", "--timeout", 2, *flags(without)), dehusk("health", *flags(guarded), "--no-tls")]
    surround(monkeypatch, guarded)
    by_environment = dehusk("health")

    assert (by_flag.status, by_environment.status) == (0, 0), by_flag.err + by_environment.err
    assert [(ended.status, "does not answer" in ended.err) for ended in strangers] == [(1, True)] * 2


def test_pages_are_cleaned_over_mutual_tls_with_a_token(
    guarded: Mapping[str, str], dehusk: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`dehusk clean --server` shows certificate and token, by flag or by environment; without a token it is refused."""
    page = b"Prose.\n[SHARE] Share\n"
    by_flag = dehusk("clean", *flags({**guarded, "token-file": token(guarded)}), stdin=page)
    unknown = dehusk("clean", *flags(guarded), stdin=page)
    surround(monkeypatch, {**guarded, "token-file": token(guarded)})
    by_environment = dehusk("clean", stdin=page)

    assert (by_flag.status, by_flag.out) == (by_environment.status, by_environment.out) == (0, "Prose.\n"), by_flag.err
    assert (unknown.status, "UNAUTHENTICATED" in unknown.err) == (1, True)


def read(command: str, *given: str, environment: Mapping[str, str] | None = None) -> Connection:
    """Return the connection that flags and an environment give."""
    return read_connection(build_parser().parse_args([command, *given]), environment or {}, default="")


def test_every_flag_has_its_twin(tmp_path: Path) -> None:
    """What flags say, the environment says as well; a flag counts before it."""
    path = tmp_path / "file"
    path.write_text("a-token\n", encoding="ascii")
    values = {name: str(path) for name in ("tls-roots", "tls-certificate", "tls-key", "token-file")}
    values |= {"server": "a:1", "tls-name": "b"}
    twins = {f"DEHUSK_{name.upper().replace('-', '_')}": value for name, value in values.items()}

    wanted = Connection("a:1", True, b"a-token\n", b"a-token\n", b"a-token\n", "b", "a-token")
    assert read("health", *flags(values)) == read("clean", environment=twins) == wanted
    assert read("health", "--server", "c:2", environment=twins).server == "c:2"
    assert read("clean", "--server", "", environment=twins) == Connection("")
    assert read("health", environment=twins | {"DEHUSK_TLS": "0"}).tls is False
    assert read("health", environment={"DEHUSK_SERVER": "a:1", "DEHUSK_TLS": "1"}).tls is True


@pytest.mark.parametrize(
    ("given", "environment", "said"),
    [
        (("--tls",), {}, "are for --server"),
        (("--token-file", "t"), {}, "are for --server"),
        (("--server", "a:1", "--tls-key", "k"), {}, "mutual TLS needs both"),
        (("--server", "a:1", "--tls-roots", "/no/such/file"), {}, "/no/such/file cannot be read"),
        (("--server", "a:1", "--token-file", "/dev/null"), {}, "holds no token"),
        (("--server", "a:1"), {"DEHUSK_TLS": "perhaps"}, "DEHUSK_TLS: 'perhaps' is neither yes nor no"),
    ],
)
def test_what_does_not_hold_is_said(given: tuple[str, ...], environment: dict[str, str], said: str) -> None:
    """Half of what TLS needs, a file that is none, and TLS to nowhere are wrong use, each in words."""
    with pytest.raises(UsageError, match=said):
        read("clean", *given, environment=environment)
