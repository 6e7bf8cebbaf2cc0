"""Which of the titles that a page states is its headline, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

_SEPARATOR: Final = re.compile(r"\s+(?:[|–—»«·•:/\\-]|::|\|\|)\s+|(?<=\w):\s+|\s*[|»«]\s*")
_SHORTEST: Final = 5
"""Letters and digits of a heading that a longer title may go on from."""


def choose_title(
    headline: str, stated: Sequence[str], headings: Sequence[str], document_title: str, site_names: Collection[str]
) -> str:
    """Choose the headline.

    Args:
        headline: What JSON-LD calls the article; empty where it does not.
        stated: Titles from other marks for machines, the most trusted first; empty ones count for nothing.
        headings: Texts of the page's first headings (``h1``).
        document_title: Text of ``title``.
        site_names: What the site is called, as far as known.

    Returns:
        A title that a heading repeats; else a heading that a title goes on from, as where a slogan is hung on it; else
        the headline; else the page's only heading, where it shares its words with the title; else the first title.
        Parts that are the name of the site are taken off.

    """
    names = {_bare(name) for name in site_names} - {""}
    written = [_without_site(title, names) for title in (headline, *stated, document_title)]
    titles = [title for title in written if title and _bare(title) not in names]
    seen = {_bare(heading): heading for heading in headings if _bare(heading) not in names}
    for title in titles:
        if _bare(title) in seen:
            return title
    first = titles[0] if titles else ""
    for title in titles:
        words = _words(title)
        for bare, heading in seen.items():
            if len(bare) >= _SHORTEST and words[: len(_words(heading))] == _words(heading):
                return heading
    if len(seen) == 1 and len(headings) == 1 and (not headline or not first):
        known, own = {*_words(first), *_words(document_title)}, set(_words(headings[0]))
        if not first or len(own & known) * 2 >= len(own):
            return headings[0]
    return first or next(iter(seen.values()), "") or next(filter(None, written), "")


def _without_site(title: str, names: Collection[str]) -> str:
    """Take parts off both ends of a title that are names of the site."""
    for separator in reversed(list(_SEPARATOR.finditer(title))):
        if _bare(title[separator.end() :]) in names:
            title = title[: separator.start()]
            break
    for separator in _SEPARATOR.finditer(title):
        if _bare(title[: separator.start()]) in names:
            return title[separator.end() :]
    return title


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
