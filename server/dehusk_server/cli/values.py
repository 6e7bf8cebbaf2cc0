"""Values of arguments: each reads a text, or says in words why it cannot. Standard library only."""

from __future__ import annotations

import argparse
import math

from dehusk_server.model import Kind

_TRUTHS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def kind(name: str) -> Kind:
    """Read the name of a kind, in any case, with - or _."""
    try:
        return Kind(name.upper().replace("-", "_"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{name!r} is no kind; the kinds are {', '.join(Kind)}") from None


def husk_kind(name: str) -> Kind:
    """Read a kind that can be removed."""
    found = kind(name)
    if found is Kind.BODY:
        raise argparse.ArgumentTypeError("BODY is always kept; name a kind of husk")
    return found


def probability(text: str) -> float:
    """Read a number in [0, 1]."""
    value = number(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text} is outside 0..1")
    return value


def tolerance(text: str) -> float:
    """Read a number from 0."""
    value = number(text)
    if not value >= 0:
        raise argparse.ArgumentTypeError(f"{text} is no tolerance; give a number from 0")
    return value


def seconds(text: str) -> float:
    """Read a time above 0."""
    value = number(text)
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"{text} is no time; give seconds above 0")
    return value


def count(text: str) -> int:
    """Read a whole number from 1."""
    value = number(text)
    if not value.is_integer() or value < 1:
        raise argparse.ArgumentTypeError(f"{text} is no count; give a whole number from 1")
    return int(value)


def truth(text: str) -> bool:
    """Read yes or no."""
    try:
        return _TRUTHS[text.lower()]
    except KeyError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither yes nor no; write 1 or 0") from None


def number(text: str) -> float:
    """Read a number."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
