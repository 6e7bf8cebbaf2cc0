"""The pages of a soak: good ones that take turns, new ones, and bad ones by the clock; each with its right answer."""

from __future__ import annotations

import random

from dehusk import Document, Failure, Result
from dehusk_server.local import LocalClient

LINE = "A line of prose with several words in it, much as pages have them, number"
HUSK = ("Share on Facebook", "Read more", "Subscribe to our newsletter", "Comments (3)", "Home / News", "Advertisement")
DIFFERENT = 200
"""Good pages that take turns."""
BAD = (
    *("", " \n" * 50, "\x00\x01\x02\u202e" * 20, "x" * 300_000, "\n" * 5_000, "a b " * 40_000, "\U0001f600" * 3),
    *(b"<div>" * 20_000, b"<p>\xff\xfe\x80 caf\xe9", b"<!--" * 1_000, b"<p>Prose of a page that ends in the middle of"),
)
"""Pages that are empty, without a word or an end, nested too deep, in no encoding; each has its right answer."""
EVERY = 13
"""One page in so many is a bad one."""


class Pages:
    """The pages of a run by number, and the right answer to each."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._local = LocalClient()
        good = [page(random.Random(seed + number)) for number in range(DIFFERENT)]  # noqa: S311 - pages
        self._good = [(text, self._right(Document(text))) for text in good]
        bad = [Document(each) if isinstance(each, str) else Document(html=each) for each in BAD]
        self._bad = [(document, self._right(document)) for document in bad]

    def document(self, number: int) -> Document:
        """Return one page; its id is its number."""
        if number % EVERY == 0:
            bad, _ = self._bad[number // EVERY % len(self._bad)]
            return Document(bad.text, str(number), html=bad.html)
        if number % 10 == 1:
            return Document(page(random.Random(f"new {self._seed} {number}")), str(number))  # noqa: S311 - as above
        return Document(self._good[number % DIFFERENT][0], str(number))

    def is_right(self, number: int, answer: Result | Failure) -> bool:
        """Say whether an answer is the right one to a page."""
        if number % EVERY == 0:
            wanted = self._bad[number // EVERY % len(self._bad)][1]
        elif number % 10 == 1:
            wanted = self._right(self.document(number))
        else:
            wanted = self._good[number % DIFFERENT][1]
        return answer.id == str(number) and seen(answer) == wanted

    def _right(self, document: Document) -> object:
        return seen(next(iter(self._local.clean_many([document]))))


def page(chance: random.Random) -> str:
    """Make one page: prose with husk between."""
    lines = [f"{LINE} {chance.randrange(10_000)}." for _ in range(chance.randrange(3, 60))]
    for husk in chance.sample(HUSK, 4):
        lines.insert(chance.randrange(len(lines)), husk)
    return "\n".join(lines)


def seen(answer: Result | Failure) -> object:
    """Return what must be equal between two answers to one page."""
    if isinstance(answer, Failure):
        return answer.error.code
    return (answer.body, answer.removed, answer.status)
