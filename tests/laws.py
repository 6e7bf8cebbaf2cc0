"""The laws of the product, as checks on any cleaner: each raises `AssertionError` where it is broken.

The checks trust nothing that the cleaner built: a `Partition` made past its constructor is looked at like any other.
"""

from __future__ import annotations

import math
import re
import sys
import tracemalloc
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Protocol

from dehusk_server.model import HUSK_KINDS, Cleaning, Document, Kind, Options, Piece, Whitespace
from dehusk_server.rules.ruleset import RuleSet

VERBATIM = Options(whitespace=Whitespace.VERBATIM)
DOUBLING_LIMIT = 3.0
"""How many times the work twice the input may cost."""


class Cleaner(Protocol):
    """What the laws are about; `Engine` is one."""

    @property
    def rules(self) -> RuleSet:
        """The rules that decide."""

    def clean(self, document: Document, options: Options | None = None) -> Cleaning:
        """Clean one document."""


def partition(cleaner: Cleaner, text: str) -> None:
    """Law 1: pieces tile the source, ordered, without gap or overlap, and joined they are the source."""
    found = cleaner.clean(Document(text)).partition
    offset = 0
    for piece in found.pieces:
        assert piece.start == offset, f"piece starts at {piece.start}, the one before ended at {offset}"
        assert piece.end > piece.start, f"piece at {piece.start} is empty"
        offset = piece.end
    assert offset == len(text), f"pieces end at {offset}, the text at {len(text)}"
    assert found.source == text, "the partition is of another text"
    assert "".join(found.text(piece) for piece in found.pieces) == text


def body(cleaner: Cleaner, text: str) -> None:
    """Law 2: the body is the kept text in order, only white space changed, and no word made by joining two."""
    tidy, verbatim = cleaner.clean(Document(text)), cleaner.clean(Document(text), VERBATIM)
    kept = "".join(text[piece.start : piece.end] for piece in tidy.partition.pieces if not piece.removed)
    assert tidy.partition == verbatim.partition, "white space options changed what is removed"
    assert verbatim.body == kept, "the verbatim body is not the kept spans joined"
    assert _printed(tidy.body) == _printed(kept), "more than white space was changed"
    _no_word_is_made(tidy)


def tidiness(cleaner: Cleaner, text: str) -> None:
    """Law 2, the stated rule: lines end in LF without blanks before it, no two blank lines, no blanks at the ends."""
    found = cleaner.clean(Document(text)).body
    assert found == found.strip(), "blanks at the ends"
    assert not re.search(r"[\r\v\f\x1c-\x1e\x85\u2028\u2029]", found), "a line end other than LF"
    assert not re.search(r"[^\S\n]\n", found), "blanks at the end of a line"
    assert "\n\n\n" not in found, "a run of blank lines"


def reason(cleaner: Cleaner, text: str) -> None:
    """Law 3: each removal has a kind, a confidence and evidence whose rules can be looked up."""
    for piece in cleaner.clean(Document(text)).partition.pieces:
        assert 0 <= piece.confidence <= 1, f"confidence {piece.confidence}"
        if piece.removed:
            assert piece.kind in HUSK_KINDS, f"removed as {piece.kind}"
            assert piece.evidence, f"no evidence for the removal at {piece.start}"
        _evidence_holds(cleaner.rules, piece, len(text))


def same_answers(make: Callable[[], Cleaner], texts: Sequence[str]) -> None:
    """Law 4: two instances, threads, and any order of documents give the same answers."""
    documents = [Document(text) for text in texts]
    one, other = make(), make()
    answers = [one.clean(document) for document in documents]
    assert answers == [one.clean(document) for document in documents], "asking again changed the answer"
    backwards = [other.clean(document) for document in reversed(documents)]
    assert answers == backwards[::-1], "another instance, or another order, changed the answer"
    with ThreadPoolExecutor(4) as threads:
        assert answers * 3 == list(threads.map(one.clean, documents * 3)), "threads changed the answer"


def allow_list(cleaner: Cleaner, text: str, phrase: str) -> None:
    """Law 7: a caller's phrase beats every rule; each place where it stands is kept."""
    options = Options(allow_phrases=(phrase,), whitespace=Whitespace.VERBATIM)
    answer = cleaner.clean(Document(text), options)
    removed = [(piece.start, piece.end) for piece in answer.partition.pieces if piece.removed]
    for place in _places(phrase, text):
        hit = [span for span in removed if span[0] < place + len(phrase) and place < span[1]]
        assert not hit, f"{phrase!r} at {place} is cut by the removal of {hit}"
    assert phrase in answer.body or phrase not in text


def kept_kinds(cleaner: Cleaner, text: str, kinds: frozenset[Kind]) -> None:
    """Kinds that the caller keeps are never removed, and keeping all kinds removes nothing."""
    answer = cleaner.clean(Document(text), Options(keep_kinds=kinds))
    gone = {piece.kind for piece in answer.partition.pieces if piece.removed}
    assert not gone & kinds, f"removed {gone & kinds}"


def threshold(cleaner: Cleaner, text: str, low: float, high: float) -> None:
    """A higher threshold removes no more characters than a lower one."""
    assert low <= high
    more, fewer = (_removed_chars(cleaner.clean(Document(text), Options(threshold=t))) for t in (low, high))
    assert fewer <= more, f"{fewer} characters go at threshold {high}, {more} at {low}"


def linear_work(cleaner: Cleaner, text: str) -> None:
    """Law 5: twice the text costs at most about thrice the Python work and memory, counted and not timed.

    Work inside compiled code is not seen by this count; the scaling table of the benchmark times it.
    """
    cleaner.clean(Document(text + text))  # what is built on first use counts for neither
    once, twice = cost(cleaner, text), cost(cleaner, text + text)
    assert twice.steps <= DOUBLING_LIMIT * once.steps + 500, f"{once.steps} steps became {twice.steps}"
    slack = 64 * 1024
    assert twice.peak_bytes <= DOUBLING_LIMIT * once.peak_bytes + slack, (
        f"{once.peak_bytes} B became {twice.peak_bytes}"
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What one cleaning took, in units that do not depend on the machine's mood."""

    steps: int
    """Python lines run, and calls made from them."""
    peak_bytes: int


def cost(cleaner: Cleaner, text: str) -> Cost:
    """Count what one cleaning takes."""
    document = Document(text)
    with _counted() as counter:
        cleaner.clean(document)
    tracemalloc.start()
    try:
        cleaner.clean(document)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Cost(counter[0], peak)


@contextmanager
def _counted() -> Generator[list[int], None, None]:
    counter = [0]

    def step(_frame: FrameType, _event: str, _argument: object) -> Any:
        counter[0] += 1
        return step

    def call(_frame: FrameType, event: str, _argument: object) -> None:
        counter[0] += event == "c_call"

    tracer, profiler = sys.gettrace(), sys.getprofile()
    sys.settrace(step)
    sys.setprofile(call)
    try:
        yield counter
    finally:
        sys.setprofile(profiler)
        sys.settrace(tracer)


def _printed(text: str) -> str:
    return "".join(text.split())


def _no_word_is_made(answer: Cleaning) -> None:
    """Assert that where word characters meet across a removal, the body parts them by white space."""
    parted, printed = set[int](), 0  # how many printed characters stand before each blank of the body
    for character in answer.body:
        if character.isspace():
            parted.add(printed)
        else:
            printed += 1
    before, printed, cut = "", 0, False
    for piece in answer.partition.pieces:
        text = answer.partition.text(piece)
        if piece.removed or not text:
            cut = True
            continue
        if cut and re.match(r"\w\w", before[-1:] + text[0]):
            assert printed in parted, f"{before[-9:]!r} and {text[:9]!r} were run together"
        before, printed, cut = text, printed + len(_printed(text)), False


def _evidence_holds(rules: RuleSet, piece: Piece, length: int) -> None:
    for evidence in piece.evidence:
        assert evidence.rule_id in rules.by_id, f"rule {evidence.rule_id!r} cannot be looked up"
        assert 0 <= evidence.start <= evidence.end <= length, (
            f"evidence {evidence.start}..{evidence.end} is off the text"
        )
        assert math.isfinite(evidence.weight), f"weight {evidence.weight}"


def _places(phrase: str, text: str) -> Iterator[int]:
    place = text.find(phrase)
    while place >= 0:
        yield place
        place = text.find(phrase, place + 1)


def _removed_chars(answer: Cleaning) -> int:
    return sum(piece.end - piece.start for piece in answer.partition.pieces if piece.removed)
