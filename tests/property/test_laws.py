"""The engine keeps the laws of the product on any text whatever."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import laws
from dehusk_server.engine import Engine
from dehusk_server.errors import InvalidInputError
from dehusk_server.model import HUSK_KINDS, Document, Kind, Options, Whitespace
from strategies import HUSK, MENUS, PAGES, PROSE, surrogate_text, texts, texts_with_phrase

settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")

named_page = pytest.mark.parametrize("name", sorted(PAGES))
ROOT = Path(__file__).parents[2]
DIGEST = """
import hashlib, json, sys
from dehusk_server.engine import Engine
from dehusk_server.model import Document
engine = Engine()
answers = [engine.clean(Document(**page)) for page in json.load(sys.stdin.buffer)]
print(hashlib.sha256(repr(answers).encode()).hexdigest())
"""


@functools.cache
def engine() -> Engine:
    """The engine with the shipped rules, built once."""
    return Engine()


def await_rules() -> None:
    """Skip what has no meaning before the first rule set is shipped."""
    if not engine().rules.rules:
        pytest.skip("no rule set is shipped yet: the engine keeps everything")


@given(texts)
def test_pieces_tile_any_text(text: str) -> None:
    """Law 1: ordered, no gap, no overlap; joined they are the source."""
    laws.partition(engine(), text)


@named_page
def test_pieces_tile_the_extremes(name: str) -> None:
    """Law 1 on the empty line, one giant line, blanks alone, no husk, nothing but husk, and so on."""
    laws.partition(engine(), PAGES[name])


@given(texts)
def test_the_body_is_kept_text(text: str) -> None:
    """Law 2: only white space changes; verbatim, nothing does; no word is altered, reordered or made."""
    laws.body(engine(), text)


@named_page
def test_the_body_is_kept_text_of_the_extremes(name: str) -> None:
    """Law 2 on the extremes."""
    laws.body(engine(), PAGES[name])


@given(texts)
def test_white_space_is_tidied_by_the_stated_rule(text: str) -> None:
    """Law 2: what TIDY promises of line ends, blanks and blank lines."""
    await_rules()
    laws.tidiness(engine(), text)


@given(texts)
def test_every_removal_gives_its_reason(text: str) -> None:
    """Law 3: kind, confidence, and rules that can be looked up."""
    laws.reason(engine(), text)


@named_page
def test_every_removal_from_the_extremes_gives_its_reason(name: str) -> None:
    """Law 3 on the extremes."""
    laws.reason(engine(), PAGES[name])


def test_something_is_removed() -> None:
    """The laws are about removals: a page that is mostly husk must show some, or they hold idly."""
    await_rules()
    answer = engine().clean(Document(PAGES["husk around prose"]))

    assert any(answer.partition.removed())
    assert PROSE[0] in answer.body


@settings(max_examples=20)
@given(st.lists(texts, min_size=1, max_size=4))
def test_the_same_text_has_one_answer(batch: list[str]) -> None:
    """Law 4: whichever instance, thread and order."""
    laws.same_answers(Engine if len(batch) == 1 else _shared_pair(), batch)


def test_the_extremes_have_one_answer() -> None:
    """Law 4 on all the extremes in one batch, by two fresh engines."""
    laws.same_answers(Engine, sorted(PAGES.values()))


def _digest(python: str, **environment: str) -> bytes:
    """Return the digest of all answers on the extremes and the pages of the cases, in a fresh process."""
    cases = ROOT / "tests" / "cases"
    pages = [{"text": text} for text in PAGES.values()]
    pages += [{"text": path.read_bytes().decode()} for path in sorted(cases.glob("*/*/input.txt"))]
    pages += [{"html": path.read_bytes().decode("utf-8", "replace")} for path in sorted(cases.glob("*/*/page.html"))]
    paths = [str(ROOT / "server"), str(ROOT / "client"), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [python, "-c", DIGEST],
        input=json.dumps(pages).encode(),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))} | environment,
        capture_output=True,
        check=True,
    )
    assert len(done.stdout.strip()) == 2 * hashlib.sha256().digest_size
    return done.stdout


@pytest.mark.slow
def test_the_same_text_has_one_answer_in_every_process() -> None:
    """Law 4: neither the seed of Python's own hashing nor the kernels that fit a processor change anything."""
    digests = {_digest(sys.executable, PYTHONHASHSEED=seed) for seed in ("0", "12345")}
    for kernels in ("PRESCOTT", "HASWELL"):  # OpenBLAS passes over names that the processor cannot run
        digests.add(_digest(sys.executable, OPENBLAS_CORETYPE=kernels, NPY_DISABLE_CPU_FEATURES="AVX512F AVX2 FMA3"))

    assert len(digests) == 1


@pytest.mark.slow
def test_the_same_text_has_one_answer_in_every_python() -> None:
    """Law 4: each Python beside this one that has what the server needs gives the same answers."""
    others = [
        python
        for name in (
            "python3.11",
            "python3.12",
            "python3.13",
            "python3.14",
            *os.environ.get("DEHUSK_PYTHONS", "").split(),
        )
        if (python := shutil.which(name)) is not None and _can_run(python)
    ]
    if not others:
        pytest.skip("no other Python with the server's packages; name some in DEHUSK_PYTHONS")

    assert {_digest(python) for python in others} == {_digest(sys.executable)}


def _can_run(python: str) -> bool:
    needs = "import numpy, regex, threadpoolctl, sys; sys.exit(sys.version_info < (3, 11))"
    other = os.path.realpath(python) != os.path.realpath(sys.executable)
    return other and subprocess.run([python, "-c", needs], capture_output=True, check=False).returncode == 0


@given(texts_with_phrase)
@example((PAGES["nothing but husk"], "Most read"))
@example((PAGES["husk glued to prose"], "difference.The council"))
@example((PAGES["the same line again and again"], "u\nM"))
@example((PAGES["windows line ends"], "\r\n"))
def test_an_allowed_phrase_survives_every_rule(text_and_phrase: tuple[str, str]) -> None:
    """Law 7: each place where it stands is kept, whole."""
    laws.allow_list(engine(), *text_and_phrase)


@pytest.mark.parametrize("phrase", [*MENUS, *HUSK])
def test_allowed_husk_survives(phrase: str) -> None:
    """Law 7 where it bites: each line of husk, allowed, stays among husk."""
    laws.allow_list(engine(), PAGES["husk around prose"], phrase)


@given(texts, st.frozensets(st.sampled_from(HUSK_KINDS)))
def test_kept_kinds_stay(text: str, kinds: frozenset[Kind]) -> None:
    """Kinds that the caller keeps are never removed."""
    laws.kept_kinds(engine(), text, kinds)


@named_page
def test_keeping_all_kinds_removes_nothing(name: str) -> None:
    """With every kind kept, the verbatim body is the text."""
    options = Options(keep_kinds=frozenset(HUSK_KINDS), whitespace=Whitespace.VERBATIM)

    assert engine().clean(Document(PAGES[name]), options).body == PAGES[name]


@given(texts, st.tuples(st.floats(0, 1), st.floats(0, 1)))
@example(PAGES["husk around prose"], (0.5, 1.0))
@example(PAGES["nothing but husk"], (0.0, 0.5))
def test_a_higher_threshold_removes_no_more(text: str, thresholds: tuple[float, float]) -> None:
    """Asking for more confidence keeps more text."""
    laws.threshold(engine(), text, min(thresholds), max(thresholds))


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("\n".join((*MENUS, *PROSE, *HUSK, "")), id="pages"),
        pytest.param("Read more ", id="one line of husk"),
        pytest.param("a", id="one word"),
        pytest.param("\n", id="blank lines"),
        pytest.param(" ", id="blanks"),
        pytest.param("((((", id="brackets"),
        pytest.param("e\u0301\u0323", id="combining marks"),
        pytest.param("[](", id="broken markdown"),
        pytest.param("Read more\nIt rained.\n", id="husk and prose in turn"),
    ],
)
def test_twice_the_text_is_about_twice_the_work(unit: str) -> None:
    """Law 5: steps and memory grow with the text and no faster, hostile shapes included."""
    laws.linear_work(engine(), unit * (20_000 // len(unit)))


@given(surrogate_text)
def test_lone_surrogates_are_cleaned_lawfully_or_refused(text: str) -> None:
    """A string that no UTF-8 can carry gives a lawful answer or an error that says so, and nothing else."""
    with contextlib.suppress(InvalidInputError):
        laws.partition(engine(), text)
        laws.reason(engine(), text)


def test_an_empty_text_is_refused() -> None:
    """There is nothing to answer, and the error names the field."""
    await_rules()
    with pytest.raises(InvalidInputError) as caught:
        engine().clean(Document(""))

    assert caught.value.field


def _shared_pair() -> type[Engine] | functools.partial[Engine]:
    """Make instances over one rule set: loading it for each example would take the time that examples need."""
    return functools.partial(Engine, engine().rules)
