"""The pages that are measured: flattened pages of the corpus, or made-up ones where it is absent."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from html import escape
from pathlib import Path

from dehusk_server.learning.corpora import flat_pages, html_pages

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

_WORDS = [
    "bridge",
    "council",
    "flood",
    "river",
    "market",
    "baker",
    "winter",
    "school",
    "train",
    "harvest",
    "letter",
    "garden",
    "window",
    "minister",
    "report",
    "station",
    "evening",
    "paper",
    "village",
    "doctor",
    "music",
    "summer",
    "bread",
    "engine",
    "harbour",
    "lantern",
    "pupil",
    "question",
    "answer",
    "road",
]
_LINKS = ("the", "a", "of", "and", "to", "in", "was", "that", "for", "on", "with", "had", "it", "is", "at", "by")
_HUSK = (
    "Home | News | Sport | Culture",
    "Skip to content",
    "Subscribe to our newsletter",
    "Share on Facebook",
    "Advertisement",
    "Most read",
    "Read more",
    "Leave a comment",
    "We use cookies to improve your experience.",
    "All rights reserved.",
    "Log in",
    "Photo: The Example",
)


def texts(count: int, corpus: Path | None = None, seed: int = 1) -> tuple[str, list[str]]:
    """Return where the pages come from, and up to ``count`` of them, spread evenly over the corpus."""
    root = CORPUS if corpus is None else corpus
    if corpus is None and not (root / "flat").is_dir():
        return f"made up, seed {seed}", made_up(count, seed)
    pages = [page.text for page in flat_pages(root)]
    step = max(1, len(pages) // count)
    return f"{len(pages)} flattened pages of the corpus, every {step}th", list(itertools.islice(pages, 0, None, step))[
        :count
    ]


def html(count: int, corpus: Path | None = None, seed: int = 1, *, made_up: bool = False) -> tuple[str, list[str]]:
    """Return where the pages come from, and up to ``count`` pages of HTML, spread evenly over the corpus."""
    root = CORPUS if corpus is None else corpus
    if made_up or (corpus is None and not (root / "html").is_dir()):
        lines = (page.splitlines() for page in _pages(count, seed))
        pages = ["<body>" + "".join(f"<p>{escape(line)}</p>\n" for line in page) for page in lines]
        return f"made up, seed {seed}", pages
    pages = [page.html for page in html_pages(root)]
    step = max(1, len(pages) // count)
    return f"{len(pages)} HTML pages of the corpus, every {step}th", pages[::step][:count]


def made_up(count: int, seed: int) -> list[str]:
    """Make pages of menus, prose and footers; the same for the same seed."""
    return _pages(count, seed)


def _pages(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - sample text, not a secret
    return [_page(chance) for _ in range(count)]


def _page(chance: random.Random) -> str:
    head = [chance.choice(_HUSK) for _ in range(chance.randrange(5, 80))]
    body = [_paragraph(chance) for _ in range(chance.randrange(3, 40))]
    foot = [chance.choice((*_HUSK, _sentence(chance, 6))) for _ in range(chance.randrange(10, 120))]
    return "\n".join((*head, *body, *foot))


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance, chance.randrange(6, 24)) for _ in range(chance.randrange(1, 6)))


def _sentence(chance: random.Random, words: int) -> str:
    shelves: Sequence[Sequence[str]] = (_LINKS, _WORDS)
    return " ".join(chance.choice(shelves[place % 2]) for place in range(words)).capitalize() + "."
