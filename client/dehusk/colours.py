"""One colour for each kind, the same in every rendering and every version."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from dehusk.types import Kind


class Colour(NamedTuple):
    """Red, green and blue, 0 to 255."""

    red: int
    green: int
    blue: int


COLOURS: Mapping[Kind, Colour] = MappingProxyType(
    {
        Kind.HEADLINE: Colour(46, 125, 220),
        Kind.BYLINE: Colour(20, 160, 170),
        Kind.CAPTION: Colour(90, 150, 60),
        Kind.TAGS: Colour(120, 110, 200),
        Kind.NAVIGATION: Colour(130, 130, 140),
        Kind.RELATED: Colour(230, 140, 20),
        Kind.MOST_READ: Colour(200, 110, 60),
        Kind.DONATION: Colour(215, 55, 90),
        Kind.SUBSCRIBE: Colour(190, 70, 190),
        Kind.COMMENTS: Colour(40, 165, 100),
        Kind.SHARE: Colour(70, 100, 235),
        Kind.ADVERT: Colour(225, 65, 45),
        Kind.CONSENT: Colour(165, 130, 50),
        Kind.LEGAL: Colour(105, 120, 150),
        Kind.AUTHOR_BIO: Colour(30, 140, 140),
        Kind.INTERFACE: Colour(150, 90, 120),
        Kind.OTHER: Colour(140, 110, 90),
    }
)
"""Middle tones, all apart: each reads as a mark on white and on black. BODY has none: it is shown plain."""
