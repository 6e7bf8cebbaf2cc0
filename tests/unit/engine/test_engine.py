"""The engine: one document in, one answer out; every refusal names field and limit."""

from __future__ import annotations

import time

import pytest

from dehusk_server.engine import DEFAULT_MAX_CHARS, Engine
from dehusk_server.errors import DeadlineError, DocumentTooLargeError, InvalidInputError, RuleSetError
from dehusk_server.model import Document, Kind, Options, Status, Whitespace
from dehusk_server.rules.ruleset import load_rules
from unit.engine.tiny import marker, marker_engine, marker_rules, part_rules, rule_set

SHARE = marker(Kind.SHARE)
PROSE = "The council met on Tuesday to talk about the bridge, which has been shut since the flood in March."
PAGE = f"{marker(Kind.HEADLINE)} of the day\n{marker(Kind.BYLINE)} Jane Doe, 12 May 2024\n\n{PROSE}\n\n{SHARE}\n"


def test_an_answer_holds_all_that_was_found() -> None:
    """Body, metadata, status, and which rules decided."""
    engine = marker_engine()
    answer = engine.clean(Document(PAGE))

    assert answer.body == PROSE
    assert answer.title == f"{marker(Kind.HEADLINE)} of the day"
    assert answer.byline == f"{marker(Kind.BYLINE)} Jane Doe, 12 May 2024"
    assert answer.published == "12 May 2024"
    assert (answer.status, answer.reasons) == (Status.OK, ())
    assert (answer.rules_version, answer.rules_sha256) == (engine.rules.version, engine.rules.sha256)


def test_the_shipped_rules_are_the_default() -> None:
    """An engine without a rule set takes the one that comes with the package."""
    assert Engine().rules.sha256 == load_rules().sha256
    assert Engine().max_chars == DEFAULT_MAX_CHARS


def test_rules_that_cannot_be_read_make_no_engine() -> None:
    """A rule set is refused when the engine is built, not when a page comes."""
    with pytest.raises(RuleSetError, match="no such shape"):
        Engine(rule_set({"shape:nothing=1": {Kind.SHARE: 1.0}}))


def test_without_rules_everything_stays() -> None:
    """An empty rule set gives back the text."""
    answer = Engine(rule_set({})).clean(Document(PAGE), Options(whitespace=Whitespace.VERBATIM))

    assert answer.body == PAGE


def test_url_id_and_language_do_not_change_the_answer() -> None:
    """What the caller knows of a page is not what the page says; nothing is fetched."""
    engine = marker_engine()
    known = Document(PAGE, id="1", url="https://a.example/b", language="en")

    assert engine.clean(known) == engine.clean(Document(PAGE))


@pytest.mark.parametrize(
    ("document", "options", "field", "message"),
    [
        (Document(""), Options(), "text", "the text is empty"),
        (Document("x"), Options(threshold=-0.1), "options.threshold", "threshold -0.1 is not a share"),
        (Document("x"), Options(threshold=1.1), "options.threshold", "threshold 1.1 is not a share"),
        (Document("x"), Options(threshold=float("nan")), "options.threshold", "threshold nan is not a share"),
        (Document("x"), Options(threshold=float("inf")), "options.threshold", "threshold inf is not a share"),
        (Document("x"), Options(allow_phrases=("a", "")), "options.allow_phrases", "an allowed phrase is empty"),
        (Document("x" * 11), Options(), "text", "the text has 11 characters"),
    ],
)
def test_what_cannot_be_answered_is_refused(document: Document, options: Options, field: str, message: str) -> None:
    """Each refusal names the field at fault, what was wrong and which limit holds; `explain` refuses the same."""
    engine = Engine(rule_set({}), max_chars=10)

    for ask in (lambda: engine.clean(document, options), lambda: engine.explain(document, 0, options)):
        with pytest.raises(InvalidInputError, match=message) as caught:
            ask()
        assert (caught.value.field, bool(caught.value.limit)) == (field, True)


def test_the_ceiling_is_in_characters_and_inclusive() -> None:
    """A document as large as may be is cleaned; one more character is too large."""
    engine = Engine(rule_set(marker_rules()), max_chars=4)

    assert engine.clean(Document("👍👍👍👍")).body == "👍👍👍👍"
    with pytest.raises(DocumentTooLargeError) as caught:
        engine.clean(Document("👍👍👍👍👍"))
    assert caught.value.limit == "at most 4 characters"


def test_a_deadline_that_passed_ends_the_work() -> None:
    """Too late is said, whatever the text; in time the answer is the same as without a deadline."""
    engine = marker_engine()

    for text in (PAGE, " "):
        with pytest.raises(DeadlineError, match="ran out"):
            engine.clean(Document(text), deadline_s=time.monotonic() - 1)
        with pytest.raises(DeadlineError, match="ran out"):
            engine.explain(Document(text), 0, deadline_s=time.monotonic() - 1)
    assert engine.clean(Document(PAGE), deadline_s=time.monotonic() + 60) == engine.clean(Document(PAGE))


def test_a_deadline_is_looked_at_during_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deadline that passes while the page is measured ends the work before it is decided."""
    clock = iter([0.0, 2.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))

    with pytest.raises(DeadlineError):
        marker_engine().clean(Document(PAGE), deadline_s=1.0)


def test_the_threshold_is_the_rule_sets_own() -> None:
    """The settings of a rule set decide where the caller says nothing."""
    rules = {**marker_rules(), "phrase:maybe": {Kind.SHARE: 6.0}}

    kept, gone = (
        Engine(rule_set(rules, {"threshold": one})).clean(Document("maybe\nbody\nbody")).body for one in (0.9, 0.3)
    )

    assert (kept, gone) == ("maybe\nbody\nbody", "body\nbody")


DOUBTFUL = {**marker_rules(), "phrase:maybe": {Kind.RELATED: 7.5}}


def test_caution_keeps_what_is_not_beyond_doubt_of_a_doubtful_answer() -> None:
    """Asked for caution, a doubtful answer removes the sure alone, and says so; status and probabilities stay."""
    engine = Engine(rule_set(DOUBTFUL))
    doubtful = "maybe not a word of it\n" * 8
    text = f"{SHARE}\n{doubtful}{PROSE}"

    plain, careful = (engine.clean(Document(text), Options(cautious=asked)) for asked in (False, True))

    assert (plain.body, careful.body) == (PROSE, doubtful + PROSE)
    assert plain.status is careful.status is Status.SUSPECT
    assert careful.reasons == (*plain.reasons, "only what is beyond doubt was removed, as the caller asked")
    assert [piece.kind for piece in careful.partition.removed()] == [Kind.SHARE]


def test_caution_changes_no_answer_that_is_not_doubtful() -> None:
    """An answer with status OK is the same, doubtful lines and all."""
    engine = Engine(rule_set(DOUBTFUL))
    document = Document(f"{PROSE}\n" * 4 + "maybe\n")

    plain, careful = (engine.clean(document, Options(cautious=asked)) for asked in (False, True))

    assert plain.status is Status.OK
    assert [piece.kind for piece in plain.partition.removed()] == [Kind.RELATED]
    assert careful == plain


def test_caution_spares_doubtful_parts_too() -> None:
    """A part that is not beyond doubt stays in its line, as do lines."""
    engine = Engine(rule_set({**part_rules(Kind.SHARE), "part-phrase:maybe": {Kind.SHARE: 8.5}}, {"doubtful_f1": 1.0}))
    document = Document(f"It rained. Maybe {SHARE}.\nIt snowed. Maybe not.")

    plain, careful = (engine.clean(document, Options(cautious=asked)) for asked in (False, True))

    assert plain.body == "It rained.\nIt snowed."
    assert careful.body == "It rained.\nIt snowed. Maybe not."


def test_lines_past_the_ceiling_are_kept_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of more lines than the ceiling is cleaned as far as that; the rest stays, and the status says so."""
    monkeypatch.setattr("dehusk_server.engine.MAX_ROWS", 3)
    text = f"{SHARE}\n" * 8
    first = 3 * (len(SHARE) + 1)

    found = marker_engine().clean(Document(text))

    assert found.status is Status.CUT_SHORT
    assert [(one.start, one.end, one.removed) for one in found.partition.pieces] == [
        (0, first, True),
        (first, len(text), False),
    ]
    assert "3 lines" in found.reasons[0]
