"""``dehusk evaluate``: score a rule set on labelled corpora."""

from __future__ import annotations

import argparse

from dehusk_server.cli.rulesets import rules_path


def run(arguments: argparse.Namespace) -> int:
    """Print the scores; the exit status is the evaluation's own."""
    from dehusk_server.learning.evaluate import run_evaluate

    return run_evaluate(rules_path(arguments.rules), arguments.corpora, output=arguments.output)
