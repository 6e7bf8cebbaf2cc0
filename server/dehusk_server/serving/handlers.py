"""Each call of the contract as a function: message in, message out, `DehuskError` raised. Knows nothing of gRPC."""

from __future__ import annotations

import base64
import binascii
import importlib.metadata
import time
from collections.abc import Sequence
from typing import TypeVar

from google.protobuf.message import Message

from dehusk.v1 import cleaning_pb2, rules_pb2
from dehusk_server.config import Settings
from dehusk_server.engine import Abandoned, Engine
from dehusk_server.errors import DeadlineError, InvalidInputError
from dehusk_server.model import KINDS, Kind
from dehusk_server.rules.rule import Rule
from dehusk_server.rules.ruleset import RuleSet
from dehusk_server.serving import asked, convert, limits
from dehusk_server.serving.faults import NotAllowedError, UnknownRulesError
from dehusk_server.serving.offsets import code_points
from dehusk_server.serving.raw import Broken

_M = TypeVar("_M", bound=Message)


class Handlers:
    """Answers every call by one engine, which may be replaced. Safe to share between threads; keeps no request.

    Args:
        engine: what cleans; a request begun ends by the engine that it began with.
        settings: the limits.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self._settings = settings

    @property
    def rules(self) -> RuleSet:
        """The rule set that cleans now."""
        return self.engine.rules

    def clean(
        self,
        request: cleaning_pb2.CleanRequest | Broken,
        *,
        deadline_s: float | None = None,
        abandoned: Abandoned | None = None,
    ) -> cleaning_pb2.CleanResponse:
        """Clean one document.

        Args:
            request: the message, or what stands for one that could not be read.
            deadline_s: `time.monotonic` instant by which the caller wants the answer.
            abandoned: says whether the caller has left.

        Raises:
            DehuskError: the document cannot be cleaned; the class says why.
        """
        request = _whole(request)
        page = asked.document(request, self._settings)
        options = asked.options(request.options)
        cleaning = self.engine.clean(page, options, deadline_s=self._deadline(deadline_s), abandoned=abandoned)
        return convert.clean_response(cleaning, page, request.options)

    def explain(
        self,
        request: cleaning_pb2.ExplainRequest | Broken,
        *,
        deadline_s: float | None = None,
        abandoned: Abandoned | None = None,
    ) -> cleaning_pb2.ExplainResponse:
        """Say why the text around one offset was kept or removed.

        Raises:
            DehuskError: as `clean`, or an offset outside the text; fields of the document begin with ``request.``.
        """
        request = _whole(request)
        wire = request.request
        try:
            page = asked.document(wire, self._settings)
            options = asked.options(wire.options)
        except InvalidInputError as fault:
            fault.field = f"request.{fault.field}"
            raise
        until = self._deadline(deadline_s)
        offset = code_points(self.engine.source_text(page), wire.options.offset_unit, request.offset)
        engine = self.engine
        explanation = engine.explain(page, offset, options, deadline_s=until, abandoned=abandoned)
        return convert.explain_response(explanation, page, wire.options, engine.rules.version)

    def info(self, request: cleaning_pb2.InfoRequest | Broken) -> cleaning_pb2.InfoResponse:
        """Say what this server is."""
        _whole(request)
        return cleaning_pb2.InfoResponse(
            version=package_version(),
            contract="dehusk.v1",
            rule_set=convert.rule_set_info(self.rules),
            limits=limits.wire_limits(self._settings),
            kinds=[convert.KIND_NUMBERS[kind] for kind in KINDS],
            contents=["text", "html", "html_bytes"],
        )

    def get_rule_set(self, request: rules_pb2.GetRuleSetRequest | Broken) -> rules_pb2.GetRuleSetResponse:
        """Describe the loaded rule set."""
        _whole(request)
        return rules_pb2.GetRuleSetResponse(rule_set=convert.rule_set_info(self.rules))

    def get_rules(self, request: rules_pb2.GetRulesRequest | Broken) -> rules_pb2.GetRulesResponse:
        """Look up rules by id.

        Raises:
            InvalidInputError: no id, an empty one, or too many.
            UnknownRulesError: the loaded set does not hold some.
        """
        ids = _whole(request).ids
        if not ids:
            raise InvalidInputError("ids", "no id was sent; send at least one")
        if len(ids) > limits.MAX_RULE_IDS:
            raise InvalidInputError("ids", f"{len(ids)} ids were sent", limit=f"{limits.MAX_RULE_IDS} ids")
        if "" in ids:
            raise InvalidInputError("ids", "an id is empty")
        rules = self.rules
        if unknown := [rule_id for rule_id in dict.fromkeys(ids) if rule_id not in rules.by_id]:
            raise UnknownRulesError(unknown, rules.version)
        found = [convert.wire_rule(rules.by_id[rule_id]) for rule_id in ids]
        return rules_pb2.GetRulesResponse(rules=found, rules_version=rules.version)

    def list_rules(self, request: rules_pb2.ListRulesRequest | Broken) -> rules_pb2.ListRulesResponse:
        """List one page of rules.

        Raises:
            InvalidInputError: a kind, page size or token that is none.
        """
        request = _whole(request)
        rules = self.rules
        kind = asked.kind_asked(request.kind)
        size = request.page_size or limits.DEFAULT_RULES_PAGE
        if size > limits.MAX_RULES_PAGE:
            raise InvalidInputError("page_size", f"{size} rules on a page", limit=f"{limits.MAX_RULES_PAGE} rules")
        chosen = _speaking_for(kind, rules)
        start = _start(request.page_token, kind, rules, len(chosen))
        end = start + size
        return rules_pb2.ListRulesResponse(
            rules=[convert.wire_rule(rule) for rule in chosen[start:end]],
            next_page_token=_token(end, kind, rules) if end < len(chosen) else "",
            total_size=len(chosen),
            rules_version=rules.version,
        )

    def check_reload(self, request: rules_pb2.ReloadRulesRequest | Broken) -> None:
        """Say whether a caller may have the rule set read anew.

        Raises:
            NotAllowedError: the operator does not allow it.
        """
        _whole(request)
        if not self._settings.reload_call:
            raise NotAllowedError("this server is not reloaded by callers; its operator may allow it (reload_call)")

    def reloaded(self, *, changed: bool) -> rules_pb2.ReloadRulesResponse:
        """Describe the rule set after it was read anew."""
        return rules_pb2.ReloadRulesResponse(rule_set=convert.rule_set_info(self.rules), changed=changed)

    def _deadline(self, given: float | None) -> float:
        """Return the instant by which the engine must be done.

        Raises:
            DeadlineError: it has passed; the document waited too long for its turn.
        """
        now = time.monotonic()
        ceiling = now + self._settings.max_document_seconds
        if given is not None and given <= now:
            raise DeadlineError("the time given had run out before the document's turn came; give it more")
        return ceiling if given is None else min(given, ceiling)


def _whole(request: _M | Broken) -> _M:
    if isinstance(request, Broken):
        raise request.fault
    return request


def _speaking_for(kind: Kind | None, rules: RuleSet) -> Sequence[Rule]:
    return rules.rules if kind is None else [rule for rule in rules.rules if rule.strongest is kind]


def _token(start: int, kind: Kind | None, rules: RuleSet) -> str:
    return base64.urlsafe_b64encode(f"{_stamp(kind, rules)}{start}".encode()).decode()


def _start(token: str, kind: Kind | None, rules: RuleSet, total: int) -> int:
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    number = text.removeprefix(_stamp(kind, rules))
    if number == text or not number.isascii() or not number.isdigit() or int(number[:10]) > total:
        raise InvalidInputError("page_token", "the token is of no page of this list; begin anew without one")
    return int(number)


def _stamp(kind: Kind | None, rules: RuleSet) -> str:
    """Return what ties a token to its rule set and its kind."""
    return f"{rules.version}/{rules.sha256[:16]}/{kind or ''}/"


def package_version() -> str:
    """Return the version of the service."""
    try:
        return importlib.metadata.version("dehusk")
    except importlib.metadata.PackageNotFoundError:
        # Run from a source tree that was not installed.
        return "unknown"
