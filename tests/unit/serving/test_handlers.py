"""The calls as functions: what comes back for what is asked."""

from __future__ import annotations

import math
import time

import pytest

from dehusk.v1 import cleaning_pb2, kinds_pb2, rules_pb2
from dehusk_server.config import Settings
from dehusk_server.errors import DeadlineError, InvalidInputError
from dehusk_server.serving.handlers import Handlers
from roundtrip.fakes import MarkEngine

TEXT = "Körper.\n[SHARE] Teilen\n[SHARE] Nochmals\n[TAGS] Äpfel\n"


@pytest.fixture
def handlers() -> Handlers:
    """Handlers over the test's engine."""
    return Handlers(MarkEngine(), Settings())


def clean(handlers: Handlers, **options: object) -> cleaning_pb2.CleanResponse:
    """Clean the text of this module."""
    wanted = cleaning_pb2.CleanOptions(**options)  # type: ignore[arg-type]
    return handlers.clean(cleaning_pb2.CleanRequest(id="a", text=TEXT, language="de", options=wanted))


def test_the_answer_holds_everything_but_the_source(handlers: Handlers) -> None:
    """By default texts, evidence and kept spans come back; the caller has the source."""
    answer = clean(handlers)

    assert [span.text for span in answer.removed] == ["[SHARE] Teilen\n", "[SHARE] Nochmals\n", "[TAGS] Äpfel\n"]
    assert [span.evidence[0].matched_text for span in answer.removed] == ["SHARE", "SHARE", "TAGS"]
    assert [(span.start, span.end) for span in answer.kept] == [(0, 8)]
    assert (
        answer.id,
        answer.language,
        answer.rules_version,
        answer.rules_sha256,
        answer.source_text,
    ) == ("a", "de", "7", "ab" * 32, "")
    assert (answer.title, answer.byline, answer.published) == ("A title", "By A. Writer", "31 January 2025")


def test_what_is_not_wanted_is_left_out(handlers: Handlers) -> None:
    """Each flag takes out its part and no other."""
    assert not any(
        span.text or span.evidence[0].matched_text for span in clean(handlers, return_removed_text=False).removed
    )
    assert not any(span.evidence for span in clean(handlers, return_evidence=False).removed)
    assert len(clean(handlers, return_evidence=False).removed) == 3
    assert not clean(handlers, return_kept=False).kept
    assert clean(handlers, return_source_text=True).source_text == TEXT


@pytest.mark.parametrize("unit", [0, 1, 2, 3])
def test_counts_are_code_points_in_any_unit(handlers: Handlers, unit: int) -> None:
    """Sizes do not follow the offset unit."""
    counts = clean(handlers, offset_unit=unit).counts

    assert (len(TEXT), len("Körper."), len(TEXT) - 8) == (counts.source_chars, counts.body_chars, counts.removed_chars)
    assert [(count.kind, count.spans, count.chars) for count in counts.removed_by_kind] == [
        (kinds_pb2.KIND_TAGS, 1, 13),
        (kinds_pb2.KIND_SHARE, 2, 32),
    ]


def test_keeping_the_body_changes_nothing(handlers: Handlers) -> None:
    """BODY among the kinds to keep is harmless."""
    assert clean(handlers) == clean(handlers, keep_kinds=[kinds_pb2.KIND_BODY])


def test_a_passed_deadline_never_reaches_the_engine(handlers: Handlers) -> None:
    """A document whose time ran out while it waited is not begun."""
    request = cleaning_pb2.CleanRequest(text="!boom")

    with pytest.raises(DeadlineError):
        handlers.clean(request, deadline_s=time.monotonic() - 1)


def test_explain_gives_every_kind_its_say(handlers: Handlers) -> None:
    """All kinds are there, the most probable first, margins against BODY, offsets in the unit asked."""
    request = cleaning_pb2.CleanRequest(text=TEXT, options=cleaning_pb2.CleanOptions(offset_unit=2))  # type: ignore[arg-type]

    answer = handlers.explain(cleaning_pb2.ExplainRequest(request=request, offset=10))

    assert (answer.start, answer.end, answer.kind, answer.removed) == (9, 24, kinds_pb2.KIND_SHARE, True)
    assert len(answer.arguments) == 18
    assert answer.arguments[0].kind == kinds_pb2.KIND_SHARE
    margins = {argument.kind: argument.margin for argument in answer.arguments}
    assert margins[kinds_pb2.KIND_BODY] == 0.0
    assert margins[kinds_pb2.KIND_SHARE] == pytest.approx(math.log(0.66 / 0.02))
    assert answer.evidence[0].matched_text == "SHARE"


def test_explaining_has_the_ceiling_of_one_document() -> None:
    """However patient its caller, an explanation ends where cleaning would."""
    brief = Handlers(MarkEngine(), Settings(max_document_seconds=0.01))

    with pytest.raises(DeadlineError):
        brief.explain(cleaning_pb2.ExplainRequest(request=cleaning_pb2.CleanRequest(text="!slow")))


def test_info_says_what_the_server_is(handlers: Handlers) -> None:
    """Limits, kinds and the rule set are published."""
    info = handlers.info(cleaning_pb2.InfoRequest())

    assert (info.contract, list(info.contents), info.rule_set.version) == (
        "dehusk.v1",
        ["text", "html", "html_bytes"],
        "7",
    )
    assert list(range(1, 19)) == list(info.kinds)
    assert all(getattr(info.limits, field.name) > 0 for field in info.limits.DESCRIPTOR.fields)
    assert 17 == info.rule_set.rule_count == sum(count.rules for count in info.rule_set.rules_by_kind)


def test_rules_are_found_in_the_order_asked(handlers: Handlers) -> None:
    """Rules come back as asked for, repeats too, with all that is known of them."""
    answer = handlers.get_rules(rules_pb2.GetRulesRequest(ids=["mark-tags", "mark-share", "mark-tags"]))

    assert [rule.id for rule in answer.rules] == ["mark-tags", "mark-share", "mark-tags"]
    rule = answer.rules[1]
    assert {int(weight.kind): weight.weight for weight in rule.weights} == {1: -1.0, 12: 2.5}
    assert (
        rule.strongest,
        rule.support.documents,
        rule.support.sites,
        rule.support.precision,
    ) == (kinds_pb2.KIND_SHARE, 12, 3, 0.875)


@pytest.mark.parametrize("size", [1, 5, 17, 1_000])
def test_pages_of_rules_hold_every_rule_once(handlers: Handlers, size: int) -> None:
    """Whatever the page size, the pages together are the rule set in its order."""
    found, token = [], ""
    for _ in range(20):
        page = handlers.list_rules(rules_pb2.ListRulesRequest(page_size=size, page_token=token))
        found += [rule.id for rule in page.rules]
        assert len(page.rules) <= size
        assert page.total_size == 17
        token = page.next_page_token
        if not token:
            break

    assert [rule.id for rule in MarkEngine().rules.rules] == found


def test_rules_can_be_narrowed_to_a_kind(handlers: Handlers) -> None:
    """Only the rules that speak most for the kind come back."""
    page = handlers.list_rules(rules_pb2.ListRulesRequest(kind=kinds_pb2.KIND_LEGAL))

    assert ([rule.id for rule in page.rules], page.total_size, page.next_page_token) == (["mark-legal"], 1, "")


def test_a_token_holds_for_its_list_alone(handlers: Handlers) -> None:
    """A token of another kind's list is refused, rather than giving a page of the wrong list."""
    token = handlers.list_rules(rules_pb2.ListRulesRequest(page_size=1)).next_page_token

    with pytest.raises(InvalidInputError):
        handlers.list_rules(rules_pb2.ListRulesRequest(page_token=token, kind=kinds_pb2.KIND_LEGAL))
