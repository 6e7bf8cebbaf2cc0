"""Learning: corpora to a file, the same bytes in every process, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dehusk_server.learning import learn, readings, written
from dehusk_server.learning.learn import LEARNED, describe, gather_examples, main_learn, wording
from dehusk_server.learning.line_rules import LineRecipe
from dehusk_server.learning.network_fit import Training
from dehusk_server.learning.pages import CorpusError
from dehusk_server.learning.train import Recipe
from dehusk_server.rules.ruleset import load_rules
from unit.learning.tiny_corpus import write_corpus

TESTS = Path(__file__).parents[2]
QUICK = Recipe(seed=5, lines=LineRecipe(min_sites=2, training=Training(hidden=4, wide=4, rounds=2, rate=1.0)))


def quick_learn(root: Path, output: Path) -> None:
    """Learn as ``dehusk learn`` does, with a recipe that takes a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learn, "Recipe", lambda seed: replace(QUICK, seed=seed))
        learn.main_learn([root], output, seed=QUICK.seed)


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    """Two runs with different hash seeds write the same file."""
    root = write_corpus(tmp_path / "corpus")
    program = f"import sys; sys.path.insert(0, {str(TESTS)!r}); from pathlib import Path; "
    program += "from unit.learning import test_learn; test_learn.quick_learn(Path(sys.argv[1]), Path(sys.argv[2]))"
    files = []
    for hash_seed in ("1", "2"):
        output = tmp_path / f"rules-{hash_seed}.jsonl"
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        run = [sys.executable, "-c", program, str(root), str(output)]
        subprocess.run(run, env=environment, check=True, capture_output=True, timeout=250)
        files.append(output.read_bytes())

    assert files[0] == files[1]


@pytest.mark.slow
def test_what_was_learned_from_what_is_in_the_file_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file names corpora by hash, counts and seed, and replaces what stood there; the learner tells as it goes."""
    root, output = write_corpus(tmp_path / "corpus", ["seed", "flat"]), tmp_path / "rules.jsonl"
    output.write_text("old")

    quick_learn(root, output)

    found = load_rules(output)
    assert found.learned == LEARNED
    assert dict(found.provenance) == describe([root], gather_examples([root], 5), QUICK)
    assert set(tmp_path.iterdir()) == {root, output}
    said = capsys.readouterr().err
    assert "pages: 1 seed, 0 spans, 0 read, 12 flat" in said
    assert f"sha256 {found.sha256}" in said


def test_a_corpus_is_described(tmp_path: Path) -> None:
    """Files by hash, pages, sites, lines and recipe, as strings."""
    root = write_corpus(tmp_path / "corpus", ["spans"])
    examples = gather_examples([root], 0)

    assert describe([root], examples, Recipe(seed=7)) == {
        "spans/dev.jsonl.gz": hashlib.sha256((root / "spans" / "dev.jsonl.gz").read_bytes()).hexdigest(),
        "readings": readings.content_digest(),
        "written": written.content_digest(),
        "pages": "10",
        "sites": "10",
        "lines": "60",
        "recipe": wording(Recipe(seed=7)),
    }


def test_a_recipe_is_written_in_one_line() -> None:
    """Every number by its name, those of its parts with a dot."""
    assert wording(Recipe(seed=7)).startswith("seed=7, lines.seed=")
    assert f"parts.penalty.husk={Recipe().parts.penalty.husk}" in wording(Recipe()).split(", ")


@pytest.mark.parametrize("content", [None, "", "{"])
def test_a_broken_corpus_leaves_the_old_rules(tmp_path: Path, content: str | None) -> None:
    """Where nothing can be learned the error says so, and the file is as it was."""
    root, output = tmp_path / "corpus", tmp_path / "rules.jsonl"
    output.write_text("old")
    if content is not None:
        (root / "spans").mkdir(parents=True)
        (root / "spans" / "dev.jsonl").write_text(content)

    with pytest.raises(CorpusError):
        main_learn([root], output)

    assert output.read_text() == "old"
