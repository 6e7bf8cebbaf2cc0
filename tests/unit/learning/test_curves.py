"""Curves: what a threshold trades, what a confidence means, what the brake catches; on pages of known answers."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from dehusk_server.engine import Engine
from dehusk_server.learning import curves
from dehusk_server.learning.corpora import read_corpus
from dehusk_server.learning.crossvalidate import FOLDS, fold_of
from dehusk_server.learning.curves import Reference, calm, main, references, reliability, safety_brake, threshold_curve
from dehusk_server.model import Kind
from unit.engine.tiny import kept_unless, marker, marker_rules, rule, rule_file, rule_set
from unit.learning.tiny_corpus import PROSE, write_corpus

SHARE = marker(Kind.SHARE)
BODY = "\n".join(PROSE)
RULES = kept_unless(
    {f"phrase:{SHARE}": {Kind.SHARE: 14.0}, "phrase:maybe": {Kind.SHARE: 6.5}, "phrase:home": {Kind.NAVIGATION: 7.5}}
)


def engine(**settings: float) -> Engine:
    """Return an engine that takes marked lines, and in doubt lines with a word."""
    return Engine(rule_set(RULES, settings))


def article(text: str, body: str = BODY, group: str = "articles") -> Reference:
    """Return a page with its reference body."""
    return Reference(group, 0, text, body)


def test_the_threshold_curve_gives_means_of_each_group() -> None:
    """A row for each threshold and group; a higher threshold loses less and lets more husk stay."""
    pages = [
        article(f"{BODY}\n{SHARE}\n{SHARE} maybe"),
        article(f"{BODY}\nmaybe this is the one that goes for little"),
        article(f"{PROSE[0]}\nmaybe so", f"{PROSE[0]}\nmaybe so", "other pages"),
    ]

    rows = threshold_curve({0: engine()}, pages)

    assert [(row["threshold"], row["pages"], row["number"]) for row in rows] == [
        (threshold, group, number)
        for threshold in curves.THRESHOLDS
        for group, number in (("articles", 2), ("other pages", 1))
    ]
    articles = [row for row in rows if row["pages"] == "articles"]
    others = [row for row in rows if row["pages"] == "other pages"]
    assert articles[0]["f1"] == pytest.approx(1.0)
    assert articles[-1]["precision"] < articles[0]["precision"]
    assert others[0]["recall"] < others[-1]["recall"] == 1.0
    assert all(earlier["recall"] <= later["recall"] for earlier, later in itertools.pairwise(others))


def test_reliability_counts_characters_of_husk_by_confidence(tmp_path: Path) -> None:
    """Of what was removed with a confidence, the share that is husk stands beside the mean confidence."""
    root = write_corpus(tmp_path / "corpus", ["spans"])
    held = engine()

    rows = reliability(dict.fromkeys(range(FOLDS), held), root)

    assert sum(row["characters"] for row in rows) == 10 * len("Home")
    assert [row["husk"] for row in rows] == [1.0] * len(rows)
    assert all(row["from"] <= row["confidence"] <= row["to"] for row in rows)
    everything = Engine(rule_set({"shape:blank-above=0": {Kind.SHARE: 9.0}}))
    wrong = reliability(dict.fromkeys(range(FOLDS), everything), root)
    assert 0 < wrong[-1]["husk"] < 0.3
    assert wrong[-1]["confidence"] > 0.98


def test_reliability_passes_over_pages_of_no_fold(tmp_path: Path) -> None:
    """A page is cleaned by the rules of its fold alone; without those it is left out."""
    root = write_corpus(tmp_path / "corpus", ["spans"])
    folds = {fold_of(page, 0) for page in read_corpus(root)}

    one = reliability({min(folds): engine()}, root)

    assert 0 < sum(row["characters"] for row in one) < 10 * len("Home")


def test_the_brake_counts_what_it_catches_and_what_it_cries_at() -> None:
    """Catastrophic answers with and without a warning, good ones with; what caution gives back on the doubted."""
    lost = "\n".join(f"maybe {line[0].lower()}{line[1:]}" for line in PROSE)
    pages = [
        article(f"{BODY}\n{SHARE}"),
        article(f"{lost}\nand so on for a while", lost),
        article("Menu\n" * 60, "Menu\n" * 60, "other pages"),
    ]

    articles, others = safety_brake({0: engine()}, pages)

    assert (articles["number"], articles["catastrophic"], articles["caught"], articles["false_alarms"]) == (2, 1, 1, 0)
    assert articles["recall_of_doubted"] < 0.1
    assert articles["recall_of_doubted_when_cautious"] == 1.0
    assert (others["catastrophic"], others["false_alarms"]) == (0, 1)
    [calm_group] = safety_brake({0: engine()}, pages[:1])
    assert calm_group["recall_of_doubted"] is None


def test_what_cleaning_takes_from_clean_bodies(tmp_path: Path) -> None:
    """The loss of words of a clean body, and the share of bodies that lose almost none."""
    root = write_corpus(tmp_path / "corpus", ["flat", "spans"])
    greedy = Engine(rule_set(kept_unless({"phrase:engineers": {Kind.SHARE: 14.0}})))

    kept = calm(dict.fromkeys(range(FOLDS), engine()), root)
    found = calm(dict.fromkeys(range(FOLDS), greedy), root)

    assert kept == {"bodies": 12, "mean_loss": 0.0, "losing_under_5_percent": 1.0}
    assert found["mean_loss"] > 0
    assert found["losing_under_5_percent"] < 1


def test_pages_with_a_reference_body_are_taken(tmp_path: Path) -> None:
    """Aligned pages by their type, news in both flattenings; hand-marked pages have no body of reference."""
    found = list(references(write_corpus(tmp_path / "corpus")))

    groups = [page.group for page in found]
    assert (groups.count("articles"), groups.count("news"), len(groups)) == (12, 6, 18)
    assert all(page.text and page.body and 0 <= page.fold < FOLDS for page in found)


def test_the_command_writes_what_it_measured(tmp_path: Path) -> None:
    """Only folds whose rules are there are measured; the file says which."""
    root = write_corpus(tmp_path / "corpus")
    fold = fold_of(next(read_corpus(root / "flat")), 0)
    rules = [rule(*one) for one in marker_rules().items()]
    (tmp_path / f"fold-{fold}.jsonl").write_bytes(rule_file(rules))

    main([str(root), str(tmp_path)])

    found = json.loads((tmp_path / "curves.json").read_text("utf-8"))
    assert found["folds"] == [fold]
    assert set(found) == {"folds", "calm", "reliability", "safety_brake", "thresholds"}
    assert len(found["thresholds"]) % len(curves.THRESHOLDS) == 0
