"""Reading anew while serving: rule set, certificates, tokens; all or nothing, by signal and by call."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from dehusk import TLS, AccessError, Client, DehuskError, ServerError, UnavailableError
from dehusk.v1 import rules_pb2, rules_pb2_grpc
from dehusk_server.config import Settings
from dehusk_server.engine import Engine
from dehusk_server.rules.ruleset import Header, load_rules, render_rules
from dehusk_server.serving.app import BackgroundServer
from dehusk_server.serving.faults import ReloadRefusedError
from dehusk_server.serving.reload import Tokens, load
from roundtrip.certificates import certificate
from service.running import eventually

QUICK = Settings(port=0, notice_seconds=0.0, grace_seconds=5.0, reload_call=True)
TOKEN = "a-token-of-the-test"


def write_rules(path: Path, name: str) -> str:
    """Write a rule set without rules, and return its version."""
    path.write_bytes(render_rules(Header(name, "2026-01-31", {}, {}), ()))
    return load_rules(path).version


def reload(client: Client) -> rules_pb2.ReloadRulesResponse:
    """Call ReloadRules."""
    assert client._channel is not None
    stub = rules_pb2_grpc.RuleServiceStub(client._channel)
    answer: rules_pb2.ReloadRulesResponse = client._call(stub.ReloadRules, rules_pb2.ReloadRulesRequest(), 20.0, ())
    return answer


def health(target: str, service: str) -> int:
    """Ask for the health of a service."""
    with grpc.insecure_channel(target) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        return int(stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=10).status)


SERVING, NOT_SERVING = (health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING)


@contextmanager
def served(rules: Path, *flags: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run ``dehusk serve`` on a rule set; yields the process and its addresses."""
    command = [sys.executable, "-m", "dehusk_server", "serve", "--port", "0", "--notice-seconds", "0"]
    command += ["--rules", str(rules), "--http", "--http-port", "0", "--log-level", "warning", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, [process.stdout.readline().split()[-1] for _ in range(2)]
        finally:
            process.kill()


def test_a_signal_has_every_worker_take_the_new_rules(tmp_path: Path) -> None:
    """After SIGHUP all workers answer by the new set; a call under way is not dropped; a broken set changes nothing."""
    path = tmp_path / "rules.jsonl"
    first = write_rules(path, "first")
    with served(path, "--workers", "2") as (process, (target, http)), ThreadPoolExecutor(2) as pool:

        def versions() -> set[str]:
            found = set()
            for _ in range(8):  # each a connection of its own, spread over the workers
                with Client(target) as client:
                    found.add(client.clean("Prose.").rules_version)
            return found

        def clean_all() -> int:
            with Client(target, retries=0) as client:
                return sum(answer.ok for answer in client.clean_many(["Prose."] * 3_000))

        assert versions() == {first}
        under_way = pool.submit(clean_all)
        second = write_rules(path, "second")
        process.send_signal(signal.SIGHUP)
        assert eventually(lambda: versions() == {second})
        assert under_way.result(60) == 3_000

        path.write_text('{"dehusk_rules": 2, "broken', encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        assert eventually(lambda: health(target, "dehusk.v1.RuleService.ReloadRules") == NOT_SERVING)
        assert health(target, "") == SERVING
        assert versions() == {second}
        numbers = urllib.request.urlopen(f"{http}/metrics", timeout=10).read().decode()
        assert 'dehusk_reloads_total{outcome="refused"} 1.0' in numbers
        assert "dehusk_reload_refused 1.0" in numbers

        os.kill(int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]), signal.SIGKILL)
        assert eventually(lambda: _answers(target))
        assert versions() == {second}

        third = write_rules(path, "third")
        process.send_signal(signal.SIGHUP)
        assert eventually(lambda: versions() == {third})
        assert eventually(lambda: health(target, "dehusk.v1.RuleService.ReloadRules") == SERVING)


def test_a_call_reloads_all_workers(tmp_path: Path) -> None:
    """ReloadRules answers with what decides now, or with why it was refused; the other workers follow."""
    path = tmp_path / "rules.jsonl"
    first = write_rules(path, "first")
    with served(path, "--workers", "2", "--reload-call") as (_, (target, _)), Client(target) as client:
        assert (client.rule_set().version, reload(client).changed) == (first, False)

        second = write_rules(path, "second")
        answer = reload(client)

        assert (answer.rule_set.version, answer.changed) == (second, True)
        path.unlink()
        with pytest.raises(ServerError, match="cannot be read") as caught:
            reload(client)
        assert caught.value.code == "FAILED_PRECONDITION"
        assert client.rule_set().version == second


def test_reloading_by_call_is_off_unless_it_is_allowed() -> None:
    """Who may clean may not for that have the server read its files anew."""
    settings = dataclasses.replace(QUICK, reload_call=False)
    with (
        BackgroundServer(settings, Engine()) as server,
        Client(server.target) as client,
        pytest.raises(AccessError) as caught,
    ):
        reload(client)

    assert caught.value.code == "PERMISSION_DENIED"


def test_without_a_supervisor_reloading_is_the_same(tmp_path: Path) -> None:
    """One process alone takes a new set and refuses a broken one."""
    path = tmp_path / "rules.jsonl"
    write_rules(path, "first")
    settings = dataclasses.replace(QUICK, rules=path)
    with BackgroundServer(settings, Engine(load_rules(path))) as server, Client(server.target) as client:
        second = write_rules(path, "second")
        assert reload(client).rule_set.version == second
        path.write_text("nothing", encoding="utf-8")
        with pytest.raises(ServerError):
            reload(client)
        assert health(server.target, "dehusk.v1.RuleService.ReloadRules") == NOT_SERVING
        assert client.clean("Prose.").rules_version == second


def test_new_certificates_are_shown_to_new_connections(tmp_path: Path) -> None:
    """After a reload new connections see the new certificate, and one that is open goes on; a bad one is refused."""
    key, chain = certificate(tmp_path)
    settings = dataclasses.replace(QUICK, certificate_chain=chain, private_key=key)
    old = TLS(chain.read_bytes(), server_name="localhost")
    with BackgroundServer(settings, Engine()) as server, Client(server.target, tls=old, retries=0) as before:
        assert before.clean("Prose.").ok
        certificate(tmp_path)
        new = TLS(chain.read_bytes(), server_name="localhost")

        reload(before)

        assert before.clean("Prose.").ok
        with Client(server.target, tls=new, retries=0) as client:
            assert client.clean("Prose.", timeout_s=10).ok
        with Client(server.target, tls=old, retries=0) as client, pytest.raises(UnavailableError):
            client.clean("Prose.", timeout_s=10)

        key.write_text("no key", encoding="ascii")
        with pytest.raises(ServerError, match="certificates cannot be used"):
            reload(before)
        with Client(server.target, tls=new, retries=0) as client:
            assert client.clean("Prose.", timeout_s=10).ok


def test_a_token_is_asked_for_at_every_call(tmp_path: Path) -> None:
    """Without a token that is known no call is answered, over gRPC or HTTP; health is; tokens change by reloading."""
    path = tmp_path / "tokens"
    path.write_text(f"# of the test\n{TOKEN}\n\n", encoding="utf-8")
    settings = dataclasses.replace(QUICK, token_file=path, http=True, http_port=0)

    def client(token: str) -> Client:
        return Client(server.target, metadata=[("Authorization", f"Bearer {token}")])

    with BackgroundServer(settings, Engine()) as server:
        with Client(server.target) as none, client(TOKEN + "x") as wrong, client(TOKEN) as right:
            for stranger in (none, wrong):
                with pytest.raises(AccessError) as caught:
                    stranger.clean("Prose.")
                assert caught.value.code == "UNAUTHENTICATED"
                with pytest.raises(AccessError):
                    list(stranger.clean_many(["Prose."]))
                with pytest.raises(AccessError):
                    stranger.info()
            assert right.clean("Prose.").ok
            assert next(iter(right.clean_many(["Prose."]))).ok
            assert health(server.target, "") == SERVING

            path.write_text("another-token-of-the-test\n", encoding="utf-8")
            reload(right)
            with pytest.raises(AccessError):
                right.clean("Prose.")
        with client("another-token-of-the-test") as right:
            assert right.clean("Prose.").ok
        for address, status in (("/healthz", 200), ("/metrics", 401)):
            assert _status(server.addresses[1] + address) == status
        assert _status(server.addresses[1] + "/v1/clean", {"text": "a"}) == 401
        assert _status(server.addresses[1] + "/v1/clean", {"text": "a"}, "another-token-of-the-test") == 200


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (f"Bearer {TOKEN}", True),
        (f"bearer  {TOKEN} ", True),
        (f"Basic {TOKEN}", False),
        (TOKEN, False),
        ("Bearer", False),
        ("", False),
        (f"Bearer {TOKEN}é", False),
    ],
)
def test_a_header_shows_a_token_or_not(header: str, known: bool) -> None:
    """The scheme is Bearer, in any case; the token is all of what follows."""
    assert Tokens([TOKEN, "another-one-of-the-test"]).know(header) is known


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "holds no token"), ("# none\n", "holds no token"), ("short\n", "fewer than"), (None, "read")],
)
def test_a_file_without_good_tokens_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    """A service that was told to ask for tokens never runs without them."""
    path = tmp_path / "tokens"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    with pytest.raises(ReloadRefusedError, match=said):
        load(Settings(token_file=path))


def test_a_check_says_what_holds_and_what_does_not(tmp_path: Path) -> None:
    """`dehusk serve --check` tries everything and opens nothing; its output is an environment."""
    path = tmp_path / "rules.jsonl"
    version = write_rules(path, "first")

    def check(*flags: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dehusk_server", "serve", "--check", *flags]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    good = check("--rules", str(path), "--port", "7")
    assert (good.returncode, f"rule set {version}" in good.stdout) == (0, True)
    assert {"DEHUSK_PORT=7", f"DEHUSK_RULES={path}", "DEHUSK_TOKEN_FILE="} <= set(good.stdout.splitlines())
    for flags, said in [
        (("--rules", str(tmp_path / "none")), "cannot be read"),
        (("--threads", "0"), "threads is 0"),
        (("--traces", "nowhere"), "no exporter of traces is called 'nowhere'"),
        (("--certificate-chain", str(path), "--private-key", str(path)), "certificates cannot be used"),
        (("--token-file", str(tmp_path / "none")), "tokens cannot be read"),
    ]:
        bad = check(*flags)
        assert (bad.returncode, said in bad.stderr) == (2, True), bad.stderr


def test_shipped_rules_are_not_read_twice() -> None:
    """What has not changed is not built anew: the engine stays the one that all workers share."""
    engine = Engine()

    assert load(Settings(), engine).engine is engine


def _answers(target: str) -> bool:
    try:
        with Client(target) as client:
            return bool(client.clean("Prose.").body)
    except DehuskError:
        return False


def _status(address: str, body: object = None, token: str = "") -> int:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    try:
        return int(urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=10).status)
    except urllib.error.HTTPError as fault:
        with fault:
            return fault.code
