"""What the frames of one shot share, fitted from the shot's anchor frame so that every worker fits the same."""

import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import cv2
import numpy as np

from .canvas import RGB, Floats, Size, as_floats, blur, resize

Fitted = TypeVar("Fitted")


@dataclass(frozen=True)
class ShotMemory:
    """Palettes, tables, layouts and noise of one shot; a function of its anchor frame and seed alone.

    Threads may share one: two that miss the same entry fit equal values, and the first one stays.
    """

    anchor: RGB
    seed: int
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, anchor: RGB, seed: int) -> "ShotMemory":
        """The memory of the shot that `anchor` stands for; nothing is computed yet."""
        return cls(anchor=anchor.copy(), seed=seed)

    def recall(self, key: Hashable, fit: Callable[[], Fitted]) -> Fitted:
        """The value kept under `key`, fitted at the first asking."""
        if key not in self._kept:
            self._kept.setdefault(key, fit())
        kept: Fitted = self._kept[key]
        return kept

    def chance(self, purpose: str) -> np.random.Generator:
        """Random numbers that depend on the seed and the purpose, not on what was drawn before."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])

    def noise(self, purpose: str, size: Size, grain: float) -> Floats:
        """A field of standard normal noise whose grains are about `grain` pixels wide."""
        return self.recall(("noise", purpose, size, grain), lambda: _noise(self.chance(purpose), size, grain))

    def paper(self, size: Size, unit: float) -> Floats:
        """The uneven grey of a sheet of paper: fibres, cloudiness and stains, about 1 level deep."""
        fibres = self.noise("paper fibres", size, 0.8 * unit)
        clouds = self.noise("paper clouds", size, 2.5 * unit)
        stains = self.noise("paper stains", size, 16 * unit)
        return self.recall(("paper", size), lambda: 0.5 * fibres + 0.35 * clouds + 0.15 * stains)


def _noise(chance: np.random.Generator, size: Size, grain: float) -> Floats:
    """Coarse noise is made small and enlarged: the same look for a fraction of the random numbers."""
    height, width = size
    step = max(1.0, grain)
    small = chance.standard_normal((int(height / step) + 2, int(width / step) + 2), dtype=np.float32)
    field = resize(blur(small, 0.8 * min(grain, 1.0)), size, cv2.INTER_CUBIC)
    return as_floats(field / (field.std() + 1e-6))
