"""``dehusk learn``: labelled corpora to a rule set."""

from __future__ import annotations

import argparse

from dehusk_server.cli.exits import FAILED, OK, say
from dehusk_server.errors import DehuskError


def run(arguments: argparse.Namespace) -> int:
    """Learn; what was learned from what is said by the learner."""
    from dehusk_server.learning.learn import main_learn

    try:
        main_learn(arguments.corpora, arguments.output, seed=arguments.seed)
    except (DehuskError, OSError) as error:
        say(f"nothing learned: {error}")
        return FAILED
    return OK
