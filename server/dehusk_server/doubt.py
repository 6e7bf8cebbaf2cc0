"""Whether an answer deserves doubt, and why: said in the status of each response."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehusk_server.decide.verdict import Verdict
from dehusk_server.model import Status
from dehusk_server.rules.context import FloatArray

LITTLE_BODY_WORDS: Final = 40.0
"""A body of fewer words on a page of more than four times as many is doubtful."""
DOUBTFUL_F1: Final = 0.85
"""Expected word F1 below which an answer is doubtful, where the rule set names no other (setting ``doubtful_f1``)."""


def expected_f1(words: FloatArray, husk: FloatArray, kept: FloatArray) -> float:
    """Return the word F1 that an answer has if its own probabilities are right.

    Args:
        words: words of each line; shape (lines,).
        husk: probability of being husk of each line.
        kept: 1 for each line that was kept, else 0.

    Returns:
        Twice the expected body words among those kept, over the words kept and the expected body words; 0 to 1.
    """
    body = words * (1.0 - husk)
    both = float((words * kept).sum() + body.sum())
    return 2.0 * float((body * kept).sum()) / both if both else 0.0


def judge(verdict: Verdict, doubtful_f1: float = DOUBTFUL_F1) -> tuple[Status, tuple[str, ...]]:
    """Return the status of an answer and a sentence for each reason.

    Args:
        verdict: what was decided.
        doubtful_f1: expected word F1 below which the answer is doubtful.
    """
    lines, measures = verdict.lines, verdict.features.measures
    words = measures.words
    kept = ~lines.removed
    total, body = float(words.sum()), float(words[kept].sum())
    prose = float(measures.prose[kept].sum())
    if not total:
        return Status.NO_ARTICLE, ("the text holds no word",)
    if not body:
        return Status.NO_ARTICLE, ("every line was taken for husk",)
    if not words[kept & ~_gone_in_parts(verdict)].any():
        return Status.NO_ARTICLE, ("every part of every line was taken for husk",)
    if lines.all_husk:
        reason = "every line looks like husk; what is not beyond doubt was kept"
        return Status.SUSPECT if prose else Status.NO_ARTICLE, (reason,)
    if not prose and total > LITTLE_BODY_WORDS:
        return Status.NO_ARTICLE, ("no line that was kept reads like prose",)
    reasons = []
    if body < LITTLE_BODY_WORDS and total > 4 * LITTLE_BODY_WORDS:
        reasons.append(f"the body has {body:.0f} of the page's {total:.0f} words")
    expected = expected_f1(words, lines.husk, np.where(kept, 1.0, 0.0))
    if expected < doubtful_f1:
        reasons.append(
            f"many lines are close to the border between body and husk: by their own probabilities the body's word F1 "
            f"would be {expected:.2f}"
        )
    return (Status.SUSPECT, tuple(reasons)) if reasons else (Status.OK, ())


def _gone_in_parts(verdict: Verdict) -> NDArray[np.bool_]:
    """Say of each line whether it has parts and all of them were removed."""
    count = len(verdict.lines.removed)
    if verdict.parts is None:
        return np.zeros(count, dtype=np.bool_)
    line = verdict.parts.segments.line
    stay = np.bincount(line[~verdict.parts.decisions.removed], minlength=count) > 0
    return (np.bincount(line, minlength=count) > 0) & ~stay
