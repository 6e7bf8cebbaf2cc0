"""Dehusk's client: scraped pages in; the article's body, and every span that was removed, out.

```
with dehusk.Client("localhost:50051") as client:
    print(client.clean(text).body)
```
"""

from dehusk._call import TLS, UNSET
from dehusk.aio import AsyncClient
from dehusk.client import Client
from dehusk.errors import (
    AccessError,
    CallCancelledError,
    DeadlineError,
    DehuskError,
    InvalidRequestError,
    NotFoundError,
    NotServedError,
    OverloadedError,
    ServerError,
    UnavailableError,
)
from dehusk.options import CleanOptions
from dehusk.report import Argument, Explanation, Info, Limits, Rule, RuleSetInfo
from dehusk.types import (
    Counts,
    Document,
    Evidence,
    Failure,
    Kept,
    Kind,
    OffsetUnit,
    Removed,
    Result,
    Status,
    Whitespace,
)

__all__ = [
    "TLS",
    "UNSET",
    "AccessError",
    "Argument",
    "AsyncClient",
    "CallCancelledError",
    "CleanOptions",
    "Client",
    "Counts",
    "DeadlineError",
    "DehuskError",
    "Document",
    "Evidence",
    "Explanation",
    "Failure",
    "Info",
    "InvalidRequestError",
    "Kept",
    "Kind",
    "Limits",
    "NotFoundError",
    "NotServedError",
    "OffsetUnit",
    "OverloadedError",
    "Removed",
    "Result",
    "Rule",
    "RuleSetInfo",
    "ServerError",
    "Status",
    "UnavailableError",
    "Whitespace",
]
