"""The numbers of all processes in the text that Prometheus reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from dehusk_server.serving import series
from dehusk_server.serving.counters import Counters, Kind, Series

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
RULE_SET: Final = "dehusk_rule_set_info"


class Exposition:
    """Renders the numbers of a table.

    Args:
        counters: the table.
        rule_set: tells version and hash of the rule set that cleans now.
    """

    def __init__(self, counters: Counters, rule_set: Callable[[], Mapping[str, str]]) -> None:
        self._counters = counters
        self._rule_set = rule_set
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def render(self) -> bytes:
        """Return all numbers as they are now, in Prometheus's text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """Yield all series; `CollectorRegistry` asks for them."""
        for each in series.ALL:
            yield self._family(each)
        told = self._rule_set()
        rules = GaugeMetricFamily(RULE_SET, "rule set of the process that answers; always 1", labels=tuple(told))
        rules.add_metric(tuple(told.values()), 1.0)
        yield rules

    def _family(self, each: Series) -> Metric:
        """Return a series; what never happened is left out where it has labels: a table of all pairs would be long."""
        labels = tuple(name for name, _ in each.labels)
        sums = self._counters.sums(each)
        if each.kind is Kind.HISTOGRAM:
            histogram = HistogramMetricFamily(each.name, each.reads, labels=labels)
            bounds = (*map(str, each.bounds), "+Inf")
            for values, cells in sums.items():
                below, buckets = 0.0, []
                for bound, cell in zip(bounds, cells[:-1], strict=True):
                    below += cell
                    buckets.append((bound, below))
                if below or not labels:
                    histogram.add_metric(values, buckets, sum_value=cells[-1])
            return histogram
        kind = CounterMetricFamily if each.kind is Kind.COUNTER else GaugeMetricFamily
        family = kind(each.name, each.reads, labels=labels)
        for values, (cell,) in sums.items():
            if cell or not labels or each.kind is Kind.GAUGE:
                family.add_metric(values, cell)
        return family
