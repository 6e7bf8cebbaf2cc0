"""What may be asked of a server about itself: what it is, whether it fits, its rules. Both clients have these calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from dehusk import _convert, _fit, _requests
from dehusk._call import UNSET, Metadata, Timeout
from dehusk.report import Info, Rule, RuleSetInfo
from dehusk.types import Kind
from dehusk.v1 import cleaning_pb2, rules_pb2


class Lookups:
    """The blocking calls, of a client that says how a call is made."""

    _cleaning: Any
    _rules: Any

    def _call(self, method: Any, request: Any, timeout_s: Timeout, metadata: Metadata) -> Any:
        raise NotImplementedError

    def info(self, *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> Info:
        """Return what the server is: versions, limits, kinds.

        Raises:
            DehuskError: the server did not answer.
        """
        return _convert.info(self._call(self._cleaning.Info, cleaning_pb2.InfoRequest(), timeout_s, metadata))

    def check(self, *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> Info:
        """See whether this client and the server fit, and return what the server is. Ask once, when a job begins.

        Raises:
            NotServedError: the server speaks another contract, is too old, or a major version ahead; the message says
                what to update.
            DehuskError: the server did not answer.
        """
        return _fit.checked(self.info(timeout_s=timeout_s, metadata=metadata), _fit.own_version())

    def rule_set(self, *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> RuleSetInfo:
        """Return the loaded rule set, described.

        Raises:
            DehuskError: the server did not answer.
        """
        response: rules_pb2.GetRuleSetResponse = self._call(
            self._rules.GetRuleSet, rules_pb2.GetRuleSetRequest(), timeout_s, metadata
        )
        return _convert.rule_set(response.rule_set)

    def rules(self, ids: Iterable[str], *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> tuple[Rule, ...]:
        """Look up rules by id, in the order of the ids.

        Raises:
            NotFoundError: the loaded set does not hold some; ``values`` lists them.
            DehuskError: the server did not answer.
        """
        response: rules_pb2.GetRulesResponse = self._call(
            self._rules.GetRules, _requests.rules_request(ids), timeout_s, metadata
        )
        return tuple(_convert.rule(rule) for rule in response.rules)

    def list_rules(
        self,
        kind: Kind | str | None = None,
        *,
        page_size: int = 100,
        timeout_s: Timeout = UNSET,
        metadata: Metadata = (),
    ) -> Iterator[Rule]:
        """Yield the rules of the loaded set, or those that speak most for one kind, fetched as they are needed.

        Args:
            kind: only rules that speak most for this kind; ``None`` for all.
            page_size: rules fetched at once.
            timeout_s: as for `clean`, for each page.
            metadata: as for `clean`, sent for each page.

        Raises:
            DehuskError: the server did not answer.
        """
        token = ""
        while True:
            page: rules_pb2.ListRulesResponse = self._call(
                self._rules.ListRules, _requests.list_request(kind, page_size, token), timeout_s, metadata
            )
            yield from (_convert.rule(rule) for rule in page.rules)
            token = page.next_page_token
            if not token:
                return


class AsyncLookups:
    """The awaited twin of `Lookups`."""

    _cleaning: Any
    _rules: Any

    async def _call(self, method: Any, request: Any, timeout_s: Timeout, metadata: Metadata) -> Any:
        raise NotImplementedError

    async def info(self, *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> Info:
        """Return what the server is: versions, limits, kinds."""
        response: cleaning_pb2.InfoResponse = await self._call(
            self._cleaning.Info, cleaning_pb2.InfoRequest(), timeout_s, metadata
        )
        return _convert.info(response)

    async def check(self, *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> Info:
        """See whether this client and the server fit; see `dehusk.Client.check`."""
        return _fit.checked(await self.info(timeout_s=timeout_s, metadata=metadata), _fit.own_version())

    async def rule_set(self, *, timeout_s: Timeout = UNSET, metadata: Metadata = ()) -> RuleSetInfo:
        """Return the loaded rule set, described."""
        response: rules_pb2.GetRuleSetResponse = await self._call(
            self._rules.GetRuleSet, rules_pb2.GetRuleSetRequest(), timeout_s, metadata
        )
        return _convert.rule_set(response.rule_set)

    async def rules(
        self, ids: Iterable[str], *, timeout_s: Timeout = UNSET, metadata: Metadata = ()
    ) -> tuple[Rule, ...]:
        """Look up rules by id, in the order of the ids; see `dehusk.Client.rules`."""
        response: rules_pb2.GetRulesResponse = await self._call(
            self._rules.GetRules, _requests.rules_request(ids), timeout_s, metadata
        )
        return tuple(_convert.rule(rule) for rule in response.rules)

    async def list_rules(
        self,
        kind: Kind | str | None = None,
        *,
        page_size: int = 100,
        timeout_s: Timeout = UNSET,
        metadata: Metadata = (),
    ) -> AsyncIterator[Rule]:
        """Yield the rules of the loaded set; see `dehusk.Client.list_rules`."""
        token = ""
        while True:
            page: rules_pb2.ListRulesResponse = await self._call(
                self._rules.ListRules, _requests.list_request(kind, page_size, token), timeout_s, metadata
            )
            for rule in page.rules:
                yield _convert.rule(rule)
            token = page.next_page_token
            if not token:
                return
