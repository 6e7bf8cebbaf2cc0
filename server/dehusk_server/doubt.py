"""Whether an answer deserves doubt, and why: said in the status of each response."""

from __future__ import annotations

from typing import Final

import numpy as np

from dehusk_server.decide.verdict import Verdict
from dehusk_server.model import Status

LITTLE_BODY_WORDS: Final = 40.0
"""A body of fewer words on a page of more than four times as many is doubtful."""
UNSURE_SHARE: Final = 0.25
"""Share of the page's words in lines decided with a probability between 0.25 and 0.75 that makes an answer doubtful."""


def judge(verdict: Verdict) -> tuple[Status, tuple[str, ...]]:
    """Return the status of an answer and a sentence for each reason."""
    lines, measures = verdict.lines, verdict.features.measures
    words = measures.words
    kept = ~lines.removed
    total, body = float(words.sum()), float(words[kept].sum())
    prose = float(measures.prose[kept].sum())
    reasons = []
    if not total:
        return Status.NO_ARTICLE, ("the text holds no word",)
    if not body:
        return Status.NO_ARTICLE, ("every line was taken for husk",)
    if lines.all_husk:
        reason = "every line looks like husk; what is not beyond doubt was kept"
        return Status.SUSPECT if prose else Status.NO_ARTICLE, (reason,)
    if not prose and total > LITTLE_BODY_WORDS:
        return Status.NO_ARTICLE, ("no line that was kept reads like prose",)
    if body < LITTLE_BODY_WORDS and total > 4 * LITTLE_BODY_WORDS:
        reasons.append(f"the body has {body:.0f} of the page's {total:.0f} words")
    husk = lines.husk
    unsure = float(words[np.abs(husk - 0.5) < 0.25].sum()) / max(total, 1.0)
    if unsure > UNSURE_SHARE:
        reasons.append(f"lines with {unsure:.0%} of the words are close to the border between body and husk")
    return (Status.SUSPECT, tuple(reasons)) if reasons else (Status.OK, ())
