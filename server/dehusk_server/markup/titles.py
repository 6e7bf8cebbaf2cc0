"""Which of the titles that a page states is its headline, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

_SEPARATOR: Final = re.compile(r"\s+(?:[|–—»«·•:/\\-]|::|\|\|)\s+|(?<=\w):\s+|\s*[|»«]\s*")


def choose_title(
    stated: Sequence[str], headings: Sequence[str], document_title: str, site_names: Collection[str]
) -> str:
    """Choose the headline.

    Args:
        stated: Titles from marks for machines, the most trusted first; empty ones count for nothing.
        headings: Texts of the page's first headings (``h1``).
        document_title: Text of ``title``.
        site_names: What the site is called, as far as known.

    Returns:
        The first stated title that a heading repeats, else the first stated title, else the heading that the document's
        title begins or ends with, else that title; without a part that is the site's name.

    """
    names = {_bare(name) for name in site_names} - {""}
    titles = [
        title for title in (_without_site(title, names) for title in stated) if title and _bare(title) not in names
    ]
    seen = {_bare(heading) for heading in headings} - {""}
    for title in titles:
        if _bare(title) in seen:
            return title
    if titles:
        return titles[0]
    whole = _bare(document_title)
    for heading in headings:
        bare = _bare(heading)
        if bare and bare not in names and (whole.startswith(bare) or whole.endswith(bare)):
            return heading
    return _without_site(document_title, names) or next(iter(headings), "")


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
