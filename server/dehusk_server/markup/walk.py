"""HTML to its visible text, and what the tree knows of each stretch of it: one walk, nothing changed, nothing fetched.

Inline elements never break a sentence, blocks never join two. The walk keeps no stack of its own: hostile pages nest
deeper than anything that recurses.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from dehusk_server.markup.tags import BLOCKS, BOXES, CELLS, HIDDEN, LINE_BREAK, PLACES, ROLES, ROOMY, UNSEEN, VERBATIM

_SPACE, _TAB, _LINE, _BLANK = 1, 2, 3, 4
_BREAKS: Final = ("", " ", "\t", "\n", "\n\n")
_ABOVE: Final = {tag: _BLANK if tag in ROOMY else _LINE for tag in BLOCKS} | dict.fromkeys(CELLS, _TAB)
"""What stands at least before the text of an element and, of a block, after it."""
_SAID: Final = {tag: (PLACES.get(tag, 0), _ABOVE.get(tag, 0)) for tag in {*PLACES, *_ABOVE}}
"""What a tag says of its place, and what stands above its text."""
_NOTHING_SAID: Final = (0, 0)
_ALONE: Final = frozenset({"a", "button"})
"""Inline elements that do not run together: their style sets them apart."""
_SET_APART: Final = ("display:block", "display:flex", "display:grid", "display:table", "display:list-item")
_WIDEST: Final = 1_000
"""White space between two pieces of code that is kept, at most: it is held until the next piece comes."""
_CONCEALED: Final = ("display:none", "visibility:hidden")


@dataclass(frozen=True, slots=True)
class Elements:
    """What the walk keeps of the elements of a page: lists of one entry each, in document order."""

    parent: list[int]
    """Number of the element around it; -1 of the root."""
    tag: list[str]
    place: list[int]
    """Where it stands: bits of `tags`, inherited."""
    block: list[int]
    """Number of the nearest block; its own, if it is one."""
    depth: list[int]
    """Elements around it."""
    start: list[int]
    """Length of the text where it begins …"""
    end: list[int]
    """… and where it ends."""
    names: list[str]
    """Its class, id, role and microdata, as written."""
    identity: dict[int, str]
    """The ``id`` of those that have one."""

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.parent)


@dataclass(frozen=True, slots=True)
class Markup:
    """A page's visible text with the tree behind it."""

    text: str
    elements: Elements
    runs: list[tuple[int, int, int]]
    """Of each text node: where its visible text begins, where it ends, number of the element that holds it."""
    images: list[int]
    """Number of the element around each image."""
    repeated: frozenset[str]
    """Ids that stand more than once, those of elements that show no text counted."""


def flatten(parser: LexborHTMLParser) -> Markup:  # noqa: C901, PLR0912, PLR0915 - the one hot loop; calls would cost half its time
    """Return the visible text of a parsed page; empty where it has none."""
    node = parser.root
    out: list[str] = []
    runs: list[tuple[int, int, int]] = []
    images: list[int] = []
    parents: list[int] = []
    tags: list[str] = []
    places: list[int] = []
    blocks: list[int] = []
    depths: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    all_names: list[str] = []
    identities: dict[int, str] = {}
    length = pending = verbatim = 0
    alone = current = -1
    gap = ""
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content
            if not text or current < 0:
                pass
            elif verbatim:
                separator, put, gap = _verbatim(gap[-_WIDEST:] + text, pending)
                if put:
                    if length:
                        out.append(separator)
                        length += len(separator)
                    out.append(put)
                    runs.append((length, length + len(put), current))
                    length += len(put)
                    pending = 0
            elif words := text.split():
                if not pending and text[0].isspace():
                    pending = _SPACE
                if pending:
                    if length:
                        separator = _BREAKS[pending]
                        out.append(separator)
                        length += len(separator)
                    pending = 0
                put = " ".join(words)
                out.append(put)
                start = length
                length += len(put)
                runs.append((start, length, current))
                if text[-1].isspace():
                    pending = _SPACE
            elif not pending:
                pending = _SPACE
        elif tag not in UNSEEN:
            number = len(parents)
            place, above = _SAID.get(tag, _NOTHING_SAID)
            names = ""
            attributes = node.attributes
            if attributes:
                names = attributes.get("class") or ""
                # Most elements have a class alone, and links their target.
                if len(attributes) > ("class" in attributes) + ("href" in attributes):
                    names, identity, also, apart = _read(attributes, names)
                    place |= also
                    if identity:
                        identities[number] = identity
                    if apart and above < _LINE:
                        above = _LINE
            if current >= 0:
                place |= places[current]
                blocks.append(number if above >= _LINE else blocks[current])
                depths.append(depths[current] + 1)
            else:
                blocks.append(number)
                depths.append(0)
            if above > pending:
                pending = above
            elif not above:
                if tag == LINE_BREAK:
                    pending = _BLANK if pending >= _LINE else _LINE
                elif tag == "img":
                    images.append(max(current, 0))
                elif not pending and alone == length and (tag in _ALONE or "-" in tag):
                    pending = _SPACE
            parents.append(current)
            tags.append(tag)
            places.append(place)
            starts.append(length)
            ends.append(length)
            all_names.append(names)
            child = node.child
            if child is not None:
                node, current = child, number
                if tag in VERBATIM:
                    verbatim += 1
                continue
            if above >= _LINE and above > pending:
                pending = above
        elif not pending and tag in BOXES:
            pending = _SPACE
        following = node.next
        while following is None and current >= 0:
            ends[current] = length
            tag = tags[current]
            if blocks[current] == current:
                above = _ABOVE.get(tag, _LINE)
                pending = max(pending, above)
                if tag in VERBATIM:
                    verbatim -= 1
                    gap = ""
            elif tag in _ALONE or "-" in tag:
                alone = length
            current = parents[current]
            node = node.parent
            if node is None:
                break
            following = node.next
        node = following if current >= 0 else None
    elements = Elements(parents, tags, places, blocks, depths, starts, ends, all_names, identities)
    counts = Counter(node.id or "" for node in parser.css("[id]"))
    repeated = frozenset(identity for identity, count in counts.items() if count > 1)
    return Markup("".join(out), elements, runs, images, repeated)


def _verbatim(text: str, pending: int) -> tuple[str, str, str]:
    """Return what stands before text whose white space is its own, the text, and the white space after it.

    Code is coloured piece by piece: what stands between two pieces, line ends and indentation, is as they have it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    put = text.strip()
    if not put:
        return "", "", text
    start = text.index(put)
    line = text.rfind("\n", 0, start) + 1
    rest = text[start + len(put) :]
    if pending > _SPACE:
        lines = min(text.count("\n", 0, line), 2)
        return _BREAKS[max(pending, _TAB + lines)] if lines else _BREAKS[pending], text[line : start + len(put)], rest
    if line:
        return text[:line], text[line : start + len(put)], rest
    return text[:start] or _BREAKS[pending], put, rest


def _read(attributes: dict[str, str | None], names: str) -> tuple[str, str, int, bool]:
    """Return an element's names, its id, what it says of its place, and whether its style sets it apart."""
    place, apart = 0, False
    identity = attributes.get("id") or ""
    if identity:
        names = f"{names} {identity}"
    role = attributes.get("role")
    if role:
        place = ROLES.get(role.strip().lower(), 0)
        names = f"{names} role={role}"
    stated = attributes.get("itemprop")
    if stated:
        names = f"{names} itemprop={stated}"
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        place |= HIDDEN
    style = attributes.get("style")
    if style:
        style = style.replace(" ", "").lower()
        if any(concealed in style for concealed in _CONCEALED):
            place |= HIDDEN
        apart = any(way in style for way in _SET_APART)
    return names, identity, place, apart
