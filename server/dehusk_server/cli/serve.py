"""``dehusk serve``: run the gRPC service until it is told to stop."""

from __future__ import annotations

import argparse


def run(arguments: argparse.Namespace) -> int:
    """Serve; returns when the service has drained."""
    del arguments
    raise NotImplementedError
