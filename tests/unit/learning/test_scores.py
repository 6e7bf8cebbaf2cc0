"""The scores are those of the measuring scripts, and say what they should on cases small enough to count by hand."""

from __future__ import annotations

import importlib.util
import itertools
import random
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pytest

from dehusk_server.learning.corpora import FlatPage, SpanPage, flat_pages, seed_pages, span_pages
from dehusk_server.learning.pages import Span
from dehusk_server.learning.scores import score_body, score_spans
from dehusk_server.learning.summaries import summarise_bodies, summarise_spans
from dehusk_server.model import HUSK_KINDS, Kind

SHARED = Path(__file__).parents[4] / "shared"
WORDS = ("Alpha", "beta", "gamma's", "Δέλτα", "日本語", "x2", "—", "read", "more", "e\u0301t")
PageT = TypeVar("PageT", SpanPage, FlatPage)
STEP = 5e-5  # two figures rounded to four digits and no further apart than this are the same figure


def measuring(name: str) -> ModuleType:
    """Load a measuring script, or skip: it lies beside the project, not in it."""
    path = SHARED / "measure" / f"{name}.py"
    if not path.is_file():
        pytest.skip(f"no {name}.py in ../shared/measure to compare with")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prose(chance: random.Random, words: int) -> str:
    """Make a text of so many words, with blanks of several sorts between them."""
    return "".join(chance.choice(WORDS) + chance.choice((" ", "\n", "\u00a0", "\u2003", ". ")) for _ in range(words))


def random_spans(chance: random.Random, length: int) -> list[Span]:
    """Make spans that do not overlap."""
    cuts = sorted(chance.sample(range(length + 1), min(length + 1, 2 * chance.randrange(5))))
    return [
        (start, end, chance.choice(HUSK_KINDS)) for start, end in itertools.islice(itertools.pairwise(cuts), 0, None, 2)
    ]


def same(expected: float, actual: float) -> bool:
    """Tell whether a figure rounded to four digits stands for the exact one."""
    return abs(expected - actual) <= STEP + 1e-9


def test_a_perfect_body_scores_one() -> None:
    """Case and white space do not matter to words; the reference itself loses nothing."""
    score = score_body("One two three four five.", "one  TWO three\nfour five", "Menu one two three four five")

    assert (score.precision, score.recall, score.f1, score.catastrophic, score.lost) == (1.0, 1.0, 1.0, False, False)


def test_words_count_as_often_as_they_stand() -> None:
    """Two of three answered words are right, two of four wanted ones are there."""
    score = score_body("a a b c", "a b d")

    assert score.precision == pytest.approx(2 / 3)
    assert score.recall == pytest.approx(2 / 4)
    assert score.f1 == pytest.approx(4 / 7)


def test_shingles_are_runs_of_four_words() -> None:
    """One of two runs is right when the fifth word is wrong; a short text is one run."""
    assert score_body("a b c d e", "a b c d x").shingle_precision == pytest.approx(0.5)
    assert score_body("a b", "a b").shingle_recall == pytest.approx(1.0)


def test_an_empty_answer_asserts_nothing() -> None:
    """It counts in recall and not in shingle precision; against an empty reference it is right."""
    assert score_body("a b", "").shingle_precision is None
    assert score_body("a b", "").f1 == pytest.approx(0.0)
    assert score_body("", "").f1 == pytest.approx(1.0)


def test_loss_counts_what_the_input_had() -> None:
    """Words that the flattening lost are not the cleaner's loss."""
    reference = " ".join("abcdefghij")

    assert score_body(reference, "a b c d e").lost
    assert not score_body(reference, "a b c d e", text="menu a b c d e").lost
    assert not score_body(reference, "a b c d e f g h i").lost


def test_snippets_are_sought_in_any_case() -> None:
    """Wanted and unwanted snippets are literal, letters of either case."""
    score = score_body("x", "The Body here", must_have=["the body", "gone"], must_not=["BODY HERE"])

    assert (score.must_have, score.must_not) == ((True, False), (True,))


def test_span_scores_pass_over_blanks() -> None:
    """White space inside or at the edge of a span never counts."""
    text = "Menu \u2003 item\u3000\n\x1c\x85 Body"

    score = score_spans(text, [(0, 11, Kind.NAVIGATION)], [(0, 15, Kind.NAVIGATION)])
    summary = summarise_spans([score], ["a"], resamples=2)

    assert score.confusion.sum() == len("MenuitemBody")
    assert (summary.removed_f1.value, summary.body_f1.value, summary.kind_accuracy.value) == (1.0, 1.0, 1.0)


def test_the_kind_of_a_removal_counts_apart() -> None:
    """Right removals of the wrong kind cost kind accuracy alone, and are named as mix-ups."""
    score = score_spans("aaaa bbbb body", [(0, 9, Kind.RELATED)], [(0, 4, Kind.RELATED), (5, 9, Kind.MOST_READ)])
    summary = summarise_spans([score], ["a"], resamples=2)

    assert summary.removed_f1.value == pytest.approx(1.0)
    assert summary.kind_accuracy.value == pytest.approx(0.5)
    assert summary.confusion == ((Kind.RELATED, Kind.MOST_READ, 4),)
    assert [(row.kind, row.marked, row.answered) for row in summary.kinds] == [
        (Kind.RELATED, 8, 4),
        (Kind.MOST_READ, 0, 4),
    ]


@pytest.mark.parametrize(
    ("answered", "cut", "gone"),
    [
        ([(12, 21, Kind.RELATED)], 1, 0),
        ([(12, 21, Kind.OTHER)], 1, 0),
        ([(12, 16, Kind.RELATED)], 0, 0),
        ([(0, 21, Kind.RELATED)], 0, 10),
        ([(12, 25, Kind.RELATED)], 1, 3),
        ([], 0, 0),
    ],
)
def test_an_inline_span_is_cut_when_the_prose_around_survives(answered: list[Span], cut: int, gone: int) -> None:
    """Four fifths of it must go, of any kind, and four fifths of the body near it must stay; what went is counted."""
    text = "A sentence. Read more And then one more sentence."
    marked = [(12, 21, Kind.RELATED)]

    score = score_spans(text, marked, answered, inline=marked)

    assert (score.inline_cut, score.inline_all) == (cut, 1)
    assert (score.beside_gone, score.beside_all) == (gone, 33)


def test_no_pages_have_no_summary() -> None:
    """There is no mean of nothing; and each score needs its site."""
    with pytest.raises(ValueError, match="0 scores with 0 sites"):
        summarise_bodies([], [])
    with pytest.raises(ValueError, match="1 scores with 2 sites"):
        summarise_bodies([score_body("a", "a")], ["a", "b"])


def test_intervals_are_reproducible_and_hold_the_figure() -> None:
    """The same seed gives the same interval; it brackets the figure and lies in [0, 1]."""
    scores = [score_body("a b c d", "a b c d"[: n % 8]) for n in range(60)]
    sites = [f"{n % 20}.org" for n in range(60)]

    first, again, other = (summarise_bodies(scores, sites, seed=seed) for seed in (1, 1, 2))

    assert first == again
    assert first != other
    assert 0 <= first.f1.low < first.f1.value < first.f1.high <= 1
    assert first.sites == 20


def test_intervals_know_that_pages_of_a_site_are_alike() -> None:
    """Sixty pages of four sites tell less than sixty pages of sixty sites."""
    scores = [score_body("a b c d", "a b c d" if n % 4 else "x") for n in range(60)]

    few = summarise_bodies(scores, [f"s{n % 4}.org" for n in range(60)]).f1
    many = summarise_bodies(scores, [f"s{n}.org" for n in range(60)]).f1

    assert few.high - few.low > 1.5 * (many.high - many.low)


def test_a_95_percent_interval_holds_the_truth_about_that_often() -> None:
    """Of 100 samples of a fair coin, about 95 intervals hold one half."""
    chance = random.Random(5)
    held = 0
    for trial in range(100):
        scores = [score_body("a", "a" if chance.random() < 0.5 else "x") for _ in range(80)]
        found = summarise_bodies(scores, [f"s{n}" for n in range(80)], seed=trial, resamples=300).f1
        held += found.low <= 0.5 <= found.high

    assert 86 <= held <= 99


def assert_same_bodies(gold: list[dict[str, Any]], bodies: list[str]) -> None:
    """Compare our body summary with that of the measuring script."""
    script = measuring("score_body")
    expected = script.summary(list(itertools.starmap(script.page, zip(gold, bodies, strict=True))))
    scores = [
        score_body(row["body"], body, row.get("text", ""), row.get("must_have", ()), row.get("must_not", ()))
        for row, body in zip(gold, bodies, strict=True)
    ]
    ours = summarise_bodies(scores, [row["id"] for row in gold], resamples=2)

    for theirs, name in BODY_NAMES.items():
        estimate = getattr(ours, name)
        assert (estimate is None) == (theirs not in expected), name
        assert estimate is None or same(expected[theirs], estimate.value), name


BODY_NAMES = {
    "f1": "f1",
    "p": "precision",
    "r": "recall",
    "shingle_f1": "shingle_f1",
    "catastrophic": "catastrophic",
    "lost_over_10pct": "lost",
    "must_have_kept": "must_have",
    "must_not_kept": "must_not",
}


def assert_same_spans(pages: list[SpanPage], answers: list[list[Span]]) -> None:
    """Compare our span summary with that of the measuring script."""
    gold = [asdict(page) for page in pages]
    predicted = {page.id: answer for page, answer in zip(pages, answers, strict=True)}
    expected = measuring("score_spans").score(gold, predicted)
    scores = [score_spans(p.text, p.spans, a, p.inline) for p, a in zip(pages, answers, strict=True)]
    ours = summarise_spans(scores, [page.id for page in pages], resamples=2)

    for name in ("removed_f1", "body_f1", "kind_accuracy"):
        assert same(expected[name], getattr(ours, name).value), name
    assert same(expected["body_p"], ours.body_precision.value)
    assert same(expected["body_r"], ours.body_recall.value)
    assert same(expected["kind_macro_f1"], ours.macro_f1.value)
    micro = (ours.removed_micro_precision, ours.removed_micro_recall, ours.removed_micro_f1)
    assert all(same(theirs, mine.value) for theirs, mine in zip(expected["removed_micro"], micro, strict=True))
    assert expected["lost_over_10pct"] == round(ours.lost.value * len(pages))
    assert expected["inline"] == [ours.inline_cut, ours.inline_all]
    kinds = {row.kind: row for row in ours.kinds}
    assert expected["kinds"].keys() == kinds.keys()
    for kind, row in expected["kinds"].items():
        assert row["gold"] == kinds[kind].marked
        assert row["p"] == pytest.approx(kinds[kind].precision, abs=5.1e-4)
        assert row["r"] is None or row["r"] == pytest.approx(kinds[kind].recall, abs=5.1e-4)
    assert sorted(row[2] for row in expected["confusion"]) == sorted(row[2] for row in ours.confusion)


@pytest.mark.parametrize("seed", range(5))
def test_body_scores_are_the_scripts_on_made_up_pages(seed: int) -> None:
    """Empty answers, empty references, snippets and missing texts included."""
    chance = random.Random(seed)
    gold, bodies = [], []
    for number in range(40):
        body = prose(chance, chance.choice((0, 2, 3, 4, 5, 40)))
        row: dict[str, Any] = {"id": str(number), "body": body}
        if chance.random() < 0.7:
            row["text"] = prose(chance, 5) + body[: chance.randrange(len(body) + 1)]
        if chance.random() < 0.3:
            row |= {"must_have": [prose(chance, 1)], "must_not": [prose(chance, 2), "Menu"]}
        gold.append(row)
        bodies.append(chance.choice((body, "", body[: len(body) // 2], body + prose(chance, 9), prose(chance, 20))))

    assert_same_bodies(gold, bodies)


@pytest.mark.parametrize("seed", range(5))
def test_span_scores_are_the_scripts_on_made_up_pages(seed: int) -> None:
    """Pages without husk, without body and without answers included."""
    chance = random.Random(seed)
    pages, answers = [], []
    for number in range(40):
        text = prose(chance, chance.choice((1, 3, 30)))
        spans = chance.choice((random_spans(chance, len(text)), [(0, len(text), Kind.OTHER)]))
        inline = tuple(span for span in spans if chance.random() < 0.5)
        pages.append(SpanPage(str(number), "", "", "", text, tuple(spans), inline))
        answers.append(chance.choice((list(spans), random_spans(chance, len(text)), [])))

    assert_same_spans(pages, answers)


def sample(pages: Iterator[PageT], every: int) -> list[PageT]:
    """Take every so-many-th page of a corpus, or skip where the corpora are absent."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip("no corpora in ../shared/corpus")
    return list(itertools.islice(pages, 0, None, every))


def test_body_scores_are_the_scripts_on_the_corpus() -> None:
    """Real pages with the halves of their own text as answers."""
    pages: list[FlatPage] = sample(flat_pages(SHARED / "corpus"), 40)
    gold = [{"id": page.id, "body": page.body, "text": page.text} for page in pages]

    assert_same_bodies(gold, [page.text for page in pages])
    assert_same_bodies(gold, [page.text[len(page.text) // 2 :] for page in pages])


def test_span_scores_are_the_scripts_on_the_corpus() -> None:
    """Real pages; the answers are the marks, shifted, thinned out and of wrong kinds."""
    chance = random.Random(1)
    root = SHARED / "corpus"
    pages = sample(itertools.chain(seed_pages(root), span_pages(root)), 6)
    answers = []
    for page in pages:
        moved = [(max(0, s + chance.choice((0, 0, -9, 3))), e, k) for s, e, k in page.spans if chance.random() < 0.8]
        answers.append(
            [(s, e, k if chance.random() < 0.7 else chance.choice(HUSK_KINDS)) for s, e, k in moved if s < e]
        )

    assert_same_spans(pages, answers)
