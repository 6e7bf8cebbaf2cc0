"""Style and script of the page, and the policy that lets a browser run these and nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from dehusk.colours import COLOURS
from dehusk.render_html.marks import kind_class


@cache
def page_style() -> str:
    """Return the style of a whole page, colours of the kinds and their switches included."""
    rules = [_text("page.css")]
    for kind, (red, green, blue) in COLOURS.items():
        name = kind_class(kind)
        rules.append(f".{name} {{ --kind: rgb({red}, {green}, {blue}); }}\n")
        rules.append(f"body:has(#show-{name}:not(:checked)) .{name} {{ --fill: transparent; --line: transparent; }}\n")
    return "".join(rules)


@cache
def page_script() -> str:
    """Return the script of a whole page."""
    return _text("page.js")


@cache
def policy() -> str:
    """Return the page's Content-Security-Policy: this style and this script by their hashes, an empty icon, no more."""
    # https://www.w3.org/TR/CSP3/: everything that is not named falls back to default-src.
    return (
        f"default-src 'none'; script-src '{_digest(page_script())}'; style-src '{_digest(page_style())}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def fragment_style() -> str:
    """Return the style of a notebook's fragment; each of its selectors begins with the fragment's own class."""
    rules = [_text("fragment.css")]
    for kind, (red, green, blue) in COLOURS.items():
        # Clear colours, for the notebook's own background, light or dark, is not known here.
        fill, line = f"rgba({red}, {green}, {blue}, .22)", f"rgb({red}, {green}, {blue})"
        rules.append(f".dehusk .{kind_class(kind)} {{ background: {fill}; border-bottom-color: {line}; }}\n")
    return "".join(rules)


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _text(name: str) -> str:
    return resources.files("dehusk.render_html").joinpath(name).read_text(encoding="utf-8")
