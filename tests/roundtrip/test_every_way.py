"""In-process, unary, stream, blocking and awaited: one question has one answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dehusk import AsyncClient, CleanOptions, Client, DehuskError, Document, Failure, OffsetUnit, Result
from dehusk_server.local import LocalClient
from dehusk_server.serving.app import BackgroundServer
from roundtrip.asking import run
from roundtrip.cases import FOLDER, Case, load
from roundtrip.conftest import SETTINGS
from roundtrip.fakes import MarkEngine

Way = Callable[[Document, CleanOptions], Result | Failure]
CASES = load()


@pytest.fixture(scope="module")
def ways() -> Iterator[dict[str, Way]]:
    """Every way to have a page cleaned, all over one engine."""
    engine = MarkEngine()
    with BackgroundServer(SETTINGS, engine) as server, Client(server.target) as client:
        local = LocalClient(engine, settings=SETTINGS)

        async def awaited(page: Document, options: CleanOptions) -> Result:
            async with AsyncClient(server.target) as twin:
                return await twin.clean(page, **options)

        async def awaited_stream(page: Document, options: CleanOptions) -> Result | Failure:
            async with AsyncClient(server.target) as twin:
                return await anext(twin.clean_many([page], **options))

        yield {
            "in process": lambda page, options: _caught(lambda: local.clean(page, **options), page),
            "in process, many": lambda page, options: next(local.clean_many([page], **options)),
            "unary": lambda page, options: _caught(lambda: client.clean(page, **options), page),
            "stream": lambda page, options: next(client.clean_many([page], **options)),
            "awaited unary": lambda page, options: _caught(lambda: run(awaited(page, options)), page),
            "awaited stream": lambda page, options: run(awaited_stream(page, options)),
        }


def _caught(call: Callable[[], Result], page: Document) -> Result | Failure:
    try:
        return call()
    except DehuskError as error:
        return Failure(page.id, error)


def _comparable(answer: Result | Failure) -> object:
    if isinstance(answer, Result):
        return answer
    error = answer.error
    return type(error), error.code, error.message, error.field, error.limit, error.retry_after_s


@pytest.mark.parametrize("unit", list(OffsetUnit))
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_way_gives_the_answer_of_the_case(case: Case, unit: OffsetUnit, ways: dict[str, Way]) -> None:
    """Each way gives the spans that were worked out by hand, or the error named, and all answers are equal."""
    options: CleanOptions = {**case.options, "offset_unit": unit}

    answers = {name: way(case.document, options) for name, way in ways.items()}

    for name, answer in answers.items():
        if case.error is not None:
            assert isinstance(answer, Failure), name
            assert case.error == {key: getattr(answer.error, key) for key in case.error}, name
        else:
            assert isinstance(answer, Result), name
            assert case.removed[unit.value] == [[span.start, span.end] for span in answer.removed], name
            assert case.document.text == answer.restore(), name
    first = _comparable(answers["in process"])
    assert dict.fromkeys(answers, first) == {name: _comparable(answer) for name, answer in answers.items()}


_TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        st.sampled_from(["[SHARE] \U0001f44d", "[TAGS] e\u0301", "\ufeff", "\r", "[LEGAL] \x00\u2028"]),
    ),
    min_size=1,
    max_size=8,
).map("\n".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_TEXTS.filter(lambda text: text and "!" not in text), unit=st.sampled_from(list(OffsetUnit)))
def test_any_text_comes_back_whole_in_any_unit(text: str, unit: OffsetUnit, ways: dict[str, Way]) -> None:
    """Whatever the text and the unit, the spans tile the source, and both ways through the wire agree with none."""
    answers = [ways[name](Document(text), {"offset_unit": unit}) for name in ("in process", "unary", "stream")]

    for answer in answers:
        assert isinstance(answer, Result)
        spans = answer.spans()
        assert [0, *(span.end for span in spans)][:-1] == [span.start for span in spans]
        assert text == answer.restore()
        assert text == "".join(answer.text_of(span) for span in spans)
    assert answers[0] == answers[1] == answers[2]


def test_the_case_folder_holds_cases() -> None:
    """The runner above would pass on an empty folder; it is not empty, and every case says why it is there."""
    assert len(CASES) >= 15
    assert all(json.loads(path.read_text(encoding="utf-8"))["why"] for path in FOLDER.glob("*.json"))
