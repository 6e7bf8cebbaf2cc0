"""The README and the pages in docs/ hold: their commands run, their code runs, their example is possible."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dehusk import Kind
from dehusk_server.config import Settings
from dehusk_server.local import LocalClient
from dehusk_server.serving.app import BackgroundServer

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "docs/rules.md", "docs/looking.md", "CONTRIBUTING.md", "docs/house.md")]
ADDRESS = "127.0.0.1:50051"
"""Where the pages say that a server listens; the tests put a real one in its place."""

INSTEAD = {
    "make demo": "make --dry-run demo",
    "make test": "make --dry-run test",
    **{
        f"make {target}": f"make --dry-run {target}"
        for target in ("image", "image-test", "manifests", "audit", "client-test", "load", "soak")
    },
    "docker run --rm -p 50051:50051 dehusk:0.1.0": "dehusk serve --help",
    f"dehusk serve --address {ADDRESS}": "dehusk serve --help",
}
"""Commands that would run this suite, need a container engine, or never end: what is run instead."""


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


COMMANDS = [
    pytest.param(command, id=f"{page.name}: {command}")
    for page in PAGES
    for block in blocks(page, "sh")
    for command in block.splitlines()
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a real server."""
    with BackgroundServer(Settings(port=0, notice_seconds=0)) as running:
        yield running.target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the pages name."""
    sample = (ROOT / "demo" / "sample-page.txt").read_text(encoding="utf-8")
    (tmp_path / "page.txt").write_text(sample, encoding="utf-8")
    (tmp_path / "page.html").write_text("<p>The council met on Tuesday.</p>", encoding="utf-8")
    lines = [json.dumps({"id": str(number), "text": sample}) for number in range(3)]
    (tmp_path / "pages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_every_page_is_looked_at() -> None:
    """The README shows commands and code; if its form changes, this test must learn it."""
    assert len(blocks(ROOT / "README.md", "sh")) >= 3
    assert len(blocks(ROOT / "README.md", "python")) >= 3
    assert COMMANDS


def test_no_fence_is_without_a_language() -> None:
    """A block that says no language would be run by no test."""
    fences = [
        line for page in PAGES for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("```")
    ]

    assert {fence for fence in fences[::2] if fence[3:] not in {"sh", "python", "json", "text"}} == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str, folder: Path, server: str) -> None:
    """Each command of the pages ends well, in a folder with the files that it names."""
    if "rules explain" in command or command.startswith("dehusk rules show"):
        _skip_without_learned_rules()
    instead = INSTEAD.get(command, command).replace(ADDRESS, server)
    surroundings = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    place = ROOT if instead.startswith("make") else folder

    ended = subprocess.run(
        instead, shell=True, cwd=place, env=surroundings, capture_output=True, text=True, check=False, timeout=120
    )

    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("number", range(len(blocks(ROOT / "README.md", "python"))))
def test_code_runs(number: int, folder: Path, server: str) -> None:
    """Each block of Python runs by itself, against a real server where it names one."""
    code = blocks(ROOT / "README.md", "python")[number].replace(ADDRESS, server)
    if "class DehuskPipeline" in code:
        code += USE_PIPELINE

    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )

    assert ended.returncode == 0, ended.stderr


USE_PIPELINE = """

class Spider:
    settings = {}


pipeline = DehuskPipeline()
pipeline.open_spider(Spider)
item = pipeline.process_item({"text": "A page.", "url": "https://example.org/"}, Spider)
pipeline.close_spider(Spider)
assert item["body"], item
"""


@pytest.fixture
def example() -> tuple[str, dict[str, Any]]:
    """The page that the README shows first, and its answer."""
    page = blocks(ROOT / "README.md", "text")[0]
    return page, json.loads(blocks(ROOT / "README.md", "json")[0])


def test_the_example_keeps_the_laws(example: tuple[str, dict[str, Any]]) -> None:
    """Its spans cut out of its page what they say, in order, and what is left is its body."""
    page, answer = example
    kept, end = [], 0
    for span in answer["removed"]:
        assert page[span["start"] : span["end"]] == span["text"]
        assert Kind(span["kind"]) is not Kind.BODY
        assert span["start"] >= end
        kept.append(page[end : span["start"]])
        end = span["end"]

    assert "".join([*kept, page[end:]]).strip() == answer["body"]


def test_the_example_is_what_the_shipped_rules_answer(example: tuple[str, dict[str, Any]]) -> None:
    """Spans, kinds, body and fields are those of the engine; confidences and rules may move with the rule set."""
    page, answer = example
    with LocalClient() as client:
        found = client.clean(page)

    assert [(one.start, one.end, one.kind) for one in found.removed] == [
        (span["start"], span["end"], span["kind"]) for span in answer["removed"]
    ]
    assert found.body == answer["body"]
    fields = {name: answer[name] for name in ("title", "byline", "published", "status")}
    assert {name: str(getattr(found, name)) for name in fields} == fields


def test_the_table_of_kinds_is_whole() -> None:
    """Each kind has its row, in the order of the contract."""
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert [row for row in rows if row in set(Kind)] == [*list(Kind)]


def test_links_inside_the_repository_lead_somewhere() -> None:
    """A page links to no file that is not there."""
    broken = [
        f"{page.name}: {target}"
        for page in [*PAGES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
        for target in re.findall(r"\]\(([^)#]+)", re.sub(r"`[^`\n]+`", "", page.read_text(encoding="utf-8")))
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []


def _skip_without_learned_rules() -> None:
    from dehusk_server.rules.ruleset import load_rules  # noqa: PLC0415 - only these commands need it

    if not load_rules().rules:
        pytest.skip("no learned rule set is shipped yet")
