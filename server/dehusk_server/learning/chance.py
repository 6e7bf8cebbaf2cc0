"""Chance that depends on names alone: the same page and seed draw the same on every machine and in every order."""

from __future__ import annotations

import hashlib

import numpy as np


def chance_of(*names: object) -> np.random.Generator:
    """Return the generator of what is drawn for these names, such as a seed and the id of a page."""
    digest = hashlib.sha256(":".join(map(str, names)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:8], "big")))
