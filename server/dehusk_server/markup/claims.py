"""What one sort of marks for machines says of a page's article."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claims:
    """What JSON-LD or microdata says; empty where it says nothing."""

    types: tuple[str, ...] = ()
    """Names of schema.org types, in the page's order."""
    headline: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    language: str = ""
    body: str = ""
    description: str = ""
    publisher: str = ""
    """Who published the article, else the name of the web site."""
