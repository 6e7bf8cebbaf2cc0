"""How fitted numbers move: Adam (Kingma & Ba 2015) with decoupled decay (Loshchilov & Hutter 2019), and their mean."""

from __future__ import annotations

from typing import Final

import numpy as np

from dehusk_server.learning.network_pass import Parameters

_CLIP: Final = 1.0
"""Longest step, over all numbers together."""


class Mean:
    """The mean of numbers as they change."""

    def __init__(self, parameters: Parameters) -> None:
        self._count = 0
        self._mean = {name: np.zeros(value.shape) for name, value in parameters.items()}

    def add(self, parameters: Parameters) -> None:
        """Take in the numbers as they are now."""
        self._count += 1
        for name, value in parameters.items():
            self._mean[name] += (value - self._mean[name]) / self._count

    def parameters(self) -> Parameters:
        """Return the mean of all that was taken in."""
        return {name: value.astype(np.float32) for name, value in self._mean.items()}


class Adam:
    """Moves every number by its own pace."""

    def __init__(self, parameters: Parameters, decay: float) -> None:
        self.step = 0
        self._decay = decay
        self._first = {name: np.zeros_like(value) for name, value in parameters.items()}
        self._second = {name: np.zeros_like(value) for name, value in parameters.items()}

    def move(self, parameters: Parameters, slopes: Parameters, rate: float) -> None:
        """Move the numbers in place, against their slopes."""
        self.step += 1
        length = np.sqrt(sum(float((slope.astype(np.float64) ** 2).sum()) for slope in slopes.values()))
        scale = np.float32(min(1.0, _CLIP / max(length, 1e-12)))
        for name, held in parameters.items():
            slope = slopes[name] * scale
            first, second = self._first[name], self._second[name]
            first += np.float32(0.1) * (slope - first)
            second += np.float32(0.001) * (slope * slope - second)
            mean = first / np.float32(1 - 0.9**self.step)
            spread = np.sqrt(second / np.float32(1 - 0.999**self.step)) + np.float32(1e-8)
            held[...] = held * np.float32(1 - rate * self._decay) - np.float32(rate) * mean / spread
