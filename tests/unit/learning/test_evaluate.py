"""An evaluation scores what a cleaner does, beside doing nothing, and says what it could not score."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dehusk_server.errors import InvalidInputError
from dehusk_server.learning.evaluate import Tally, evaluate, run_evaluate
from dehusk_server.learning.pages import FlatPage, GoldPage, NewsPage, SpanPage
from dehusk_server.learning.report import Report, render_json, render_text
from dehusk_server.model import Cleaning, Document, Evidence, Kind, Partition, Piece, Status

TEXT = "Menu\nThe first sentence of it.\nRead more"
BODY = "The first sentence of it."
PROSE_START, PROSE_END = 5, 31
FLAT = FlatPage("f1", "bs4", "a.org", "article", TEXT, BODY, ())
GOLD = GoldPage("g1", "", "b.org", "forum", TEXT, BODY, must_have=("first",), must_not=("menu",))
NEWS = NewsPage("n1", "at", "The", "c.org", "", "T", (), "", (), BODY, "<p>The first sentence of it.</p>")
MARKED = SpanPage(
    id="s1",
    style="bs4",
    site="a.org",
    page_type="article",
    text=TEXT,
    spans=((0, 4, Kind.NAVIGATION), (31, 40, Kind.RELATED)),
    inline=(),
)


def keep_prose(page: Document) -> Cleaning:
    """Remove what stands before and after the prose of `TEXT`, all as navigation."""
    text = page.text
    evidence = (Evidence("r1", 1.0, 0, 4),)
    pieces = (
        Piece(0, PROSE_START, Kind.NAVIGATION, removed=True, confidence=0.9, evidence=evidence),
        Piece(PROSE_START, PROSE_END, Kind.BODY, removed=False, confidence=0.9),
        Piece(PROSE_END, len(text), Kind.NAVIGATION, removed=True, confidence=0.9, evidence=evidence),
    )
    return Cleaning(Partition(text, pieces), text[PROSE_START:PROSE_END].strip(), Status.OK)


def keep_all(page: Document) -> Cleaning:
    """Do nothing."""
    text = page.text
    return Cleaning(Partition(text, (Piece(0, len(text), Kind.BODY, removed=False, confidence=0.5),)), text, Status.OK)


def refuse(page: Document) -> Cleaning:
    """Fail as the engine fails."""
    text = page.text
    raise InvalidInputError("text", f"{len(text)} characters are too many")


def test_bodies_are_scored_beside_the_text_as_it_is() -> None:
    """A cleaner that leaves just the body scores one; the text as it is keeps its own score."""
    [group] = evaluate([FLAT], keep_prose, resamples=10).bodies

    assert group.key == "all"
    assert group.cleaned.f1.value == pytest.approx(1.0)
    assert group.as_is.f1.value == pytest.approx(2 * 5 / (5 + 8))


def test_spans_are_scored_with_their_kinds() -> None:
    """Removals are compared with the marks: all found, half of the kinds right by characters."""
    [group] = evaluate([MARKED], keep_prose, resamples=10).spans

    assert group.cleaned.removed_f1.value == pytest.approx(1.0)
    assert group.cleaned.kind_accuracy.value == pytest.approx(4 / 12)
    assert group.as_is.removed_f1.value == pytest.approx(0.0)


def test_doing_nothing_scores_as_the_text_as_it_is() -> None:
    """The do-nothing cleaner equals the baseline in every figure."""
    report = evaluate([FLAT, GOLD, MARKED], keep_all, resamples=10)

    assert all(group.cleaned == group.as_is for group in report.bodies)
    assert all(group.cleaned == group.as_is for group in report.spans)


def test_groups_stand_where_pages_differ() -> None:
    """All pages first, then by corpus, page type and style; a key that tells nothing apart is left out."""
    report = evaluate([FLAT, GOLD, MARKED], keep_prose, resamples=10)

    assert [(group.key, group.name) for group in report.bodies] == [
        ("all", ""),
        ("corpus", "flat"),
        ("corpus", "gold"),
        ("page_type", "article"),
        ("page_type", "forum"),
        ("style", ""),
        ("style", "bs4"),
    ]
    assert [group.key for group in report.spans] == ["all"]


def test_pages_are_grouped_by_their_writing() -> None:
    """Figures stand by groups of languages, told from the text of the page, where there are several."""
    text = "Menu\nСовет собрался во вторник и говорил о мосте."
    other = FlatPage("f2", "bs4", "d.org", "article", text, text.partition("\n")[2], ())

    report = evaluate([FLAT, other, MARKED], keep_all, resamples=10)

    assert [group.name for group in report.bodies if group.key == "writing"] == ["Cyrillic or Greek", "English"]


def test_html_needs_a_flattener() -> None:
    """Without one, news pages are passed over and the report says so; with one they are scored."""
    without = evaluate([NEWS], keep_all, resamples=10)
    flattened = evaluate(
        [NEWS], keep_all, flatten=lambda html: html.replace("<p>", "").replace("</p>", ""), resamples=10
    )

    assert without.passed_over == (("n1", "no way was given to make text of HTML"),)
    assert not without.bodies
    assert "1 pages could not be scored" in render_text(without)
    assert flattened.bodies[0].cleaned.f1.value == pytest.approx(1.0)


def test_a_page_without_text_is_passed_over() -> None:
    """A gold row with a body alone cannot be cleaned, and is in no figure."""
    report = evaluate([GoldPage("g", "", "a.org", "", "", "body")], keep_all, resamples=10)

    assert report.passed_over == (("g", "the page has no text"),)


def test_a_page_that_fails_counts_as_an_empty_answer() -> None:
    """A refusal is a loss in the figures, and is named with its reason."""
    report = evaluate([FLAT, MARKED], refuse, resamples=10)

    assert report.bodies[0].cleaned.lost.value == pytest.approx(1.0)
    assert report.spans[0].cleaned.removed_f1.value == pytest.approx(0.0)
    assert report.faults == (("f1", "40 characters are too many"), ("s1", "40 characters are too many"))


def test_a_tally_takes_a_cleaner_for_each_page() -> None:
    """Cross-validation: every page is cleaned by rules that never saw its site."""
    tally = Tally()
    tally.add(FLAT, keep_prose)
    tally.add(GOLD, keep_all)

    by_corpus = {group.name: group.cleaned.f1.value for group in tally.report(resamples=10).bodies[1:3]}

    assert by_corpus["flat"] == pytest.approx(1.0)
    assert by_corpus["gold"] < 1


def test_a_report_renders_as_json_and_as_text() -> None:
    """Both forms carry the same figures."""
    report = evaluate([FLAT, MARKED], keep_prose, resamples=10)

    rows = json.loads(render_json(report))
    text = render_text(report, "heading")

    assert rows["bodies"][0]["cleaned"]["f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert rows["spans"][0]["cleaned"]["confusion"] == [["RELATED", "NAVIGATION", 8]]
    assert text.startswith("heading\n")
    for shown in ("1.000 [1.000 1.000]", "text as it is", "NAVIGATION", "RELATED       -> NAVIGATION"):
        assert shown in text


def test_an_empty_evaluation_says_so() -> None:
    """No pages, no figures, and no silence."""
    assert render_text(Report((), ())) == "no page was scored"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """One gold page in a file."""
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "g1", "text": TEXT, "body": BODY}) + "\n", encoding="utf-8")
    return path


def test_the_command_prints_a_report(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Scores go to standard output, and on no terminal nothing else is said."""
    status = run_evaluate(None, [corpus])

    shown = capsys.readouterr()
    assert status == 0
    assert "word F1" in shown.out
    assert not shown.err


def test_the_command_prints_json(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object, with the rule set that was judged."""
    run_evaluate(None, [corpus], output="json")

    rows = json.loads(capsys.readouterr().out)
    assert {"rules_version", "rules_sha256", "bodies", "spans"} <= rows.keys()


def test_the_command_fails_on_an_unreadable_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is 2 and the message names the path."""
    status = run_evaluate(None, [tmp_path / "absent"])

    assert status == 2
    assert "absent: no such file or folder" in capsys.readouterr().err
