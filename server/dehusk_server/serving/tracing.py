"""One span for each call, for OpenTelemetry, where it is asked for; a span never holds a word of a page."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

EXPORTERS: Final = "opentelemetry_traces_exporter"
"""Group of entry points in which packages of exporters say their names: ``console`` of the SDK, ``otlp`` and more."""
_OUR_FAULTS: Final = frozenset({"INTERNAL", "UNKNOWN", "DATA_LOSS"})


def find_exporter(name: str) -> EntryPoint:
    """Return where an exporter is, by its name.

    Raises:
        ValueError: no package that is installed has an exporter of that name.
    """
    found = {each.name: each for each in entry_points(group=EXPORTERS)}
    if name not in found:
        raise ValueError(f"no exporter of traces is called {name!r}; installed are: {', '.join(sorted(found))}")
    return found[name]


class Traces:
    """Makes spans and hands them to an exporter, which takes what it needs from the variables ``OTEL_...``.

    Args:
        exporter: name of the exporter.

    Raises:
        ValueError: no package that is installed has an exporter of that name.
    """

    def __init__(self, exporter: str) -> None:
        found = find_exporter(exporter)
        # Resource.create takes OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES before what is given here.
        self._provider = TracerProvider(resource=Resource.create({"service.name": "dehusk"}))
        self._provider.add_span_processor(BatchSpanProcessor(found.load()()))
        self._tracer = self._provider.get_tracer("dehusk_server")

    def call(self, method: str, parent: dict[str, str], request_id: str) -> Callable[[str], None]:
        """Begin the span of a call; returns what ends it, given the name of the call's status.

        Args:
            method: path of the call, ``/package.Service/Method``.
            parent: what the caller says of its own span (W3C Trace Context: ``traceparent``, ``tracestate``).
            request_id: id of the call.
        """
        service, _, name = method.strip("/").partition("/")
        attributes = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": name, "dehusk.request_id": request_id}
        span = self._tracer.start_span(f"{service}/{name}", extract(parent), SpanKind.SERVER, attributes)

        def ended(code: str) -> None:
            span.set_attribute("rpc.grpc.status", code)
            if code in _OUR_FAULTS:
                span.set_status(StatusCode.ERROR, code)
            span.end()

        return ended

    def close(self) -> None:
        """Hand over what is left."""
        self._provider.shutdown()
