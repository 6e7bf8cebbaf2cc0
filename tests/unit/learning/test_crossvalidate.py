"""Cross-validation: every page cleaned by rules that were learned without its site."""

from __future__ import annotations

from pathlib import Path

import pytest

from dehusk_server.engine import Engine
from dehusk_server.learning import crossvalidate
from dehusk_server.learning.corpora import read_corpus
from dehusk_server.learning.crossvalidate import FOLDS, fold_of, learn_fold, report_folds
from dehusk_server.learning.learn import gather_examples
from dehusk_server.learning.line_rules import LineRecipe
from dehusk_server.learning.network_fit import Training
from dehusk_server.learning.pages import SpanPage
from dehusk_server.learning.part_rules import PartRecipe
from dehusk_server.learning.train import Recipe
from dehusk_server.model import Cleaning, Document
from dehusk_server.rules.ruleset import load_rules
from unit.engine.tiny import rule_set
from unit.learning.tiny_corpus import write_corpus

QUICK = Recipe(
    lines=LineRecipe(min_sites=2, training=Training(hidden=2, wide=2, rounds=1)),
    parts=PartRecipe(min_sites=2, iterations=3),
)


def test_pages_of_a_site_share_a_fold_on_every_shelf(tmp_path: Path) -> None:
    """An example and the page that it was made of are held out together, and so are all pages of their site."""
    root = write_corpus(tmp_path / "corpus")
    folds: dict[str, set[int]] = {}
    for page in [*read_corpus(root), *gather_examples([root], 0)]:
        folds.setdefault(page.site, set()).add(fold_of(page, 0))

    assert all(len(found) == 1 for found in folds.values())
    assert set.union(*folds.values()) <= set(range(FOLDS))
    assert len(set.union(*folds.values())) > 1


def test_no_rule_of_a_fold_was_taught_by_its_own_sites(tmp_path: Path) -> None:
    """The set of a fold names no page of the fold, and says what was held out; one that is there is kept."""
    root = write_corpus(tmp_path / "corpus", ["spans"])
    fold = fold_of(gather_examples([root], 0)[0], 0)
    held_out = {example.id for example in gather_examples([root], 0) if fold_of(example, 0) == fold}

    path = learn_fold(root, tmp_path, QUICK, fold)

    found = load_rules(path)
    teachers = {name for rule in found.rules for name in rule.support.taught_by}
    assert held_out
    assert teachers
    assert not teachers & held_out
    assert found.provenance["held_out"] == f"fold {fold} of {FOLDS}"
    assert {one.name for one in tmp_path.iterdir()} == {"corpus", path.name}
    path.write_bytes(b"kept")
    assert learn_fold(root, tmp_path, QUICK, fold).read_bytes() == b"kept"


def test_each_page_is_cleaned_by_the_rules_of_its_fold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine that answers for a page is that of its fold."""
    root = write_corpus(tmp_path / "corpus", ["spans", "seed"])
    engine = Engine(rule_set({}))
    asked: list[tuple[Path, str]] = []

    class Watched:
        def __init__(self, rules: Path, *, max_chars: int) -> None:
            self.path = rules

        def clean(self, document: Document) -> Cleaning:
            asked.append((self.path, document.text))
            return engine.clean(document)

    monkeypatch.setattr(crossvalidate, "load_rules", lambda path: path)
    monkeypatch.setattr(crossvalidate, "Engine", Watched)
    pages = [page for page in read_corpus(root) if isinstance(page, SpanPage)]

    report_folds(root, [Path(str(fold)) for fold in range(FOLDS)], 0)

    assert asked == [(Path(str(fold_of(page, 0))), page.text) for page in pages]
    assert len({path for path, _ in asked}) > 1


def test_reports_are_by_shelf(tmp_path: Path) -> None:
    """Seed pages, annotated ones and aligned ones are reported apart."""
    root = write_corpus(tmp_path / "corpus", ["spans", "seed", "flat"])
    path = learn_fold(root, tmp_path, QUICK, 0)

    assert set(report_folds(root, [path] * FOLDS, 0)) == {"seed", "spans", "flat"}
