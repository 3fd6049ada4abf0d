"""Water: it mirrors what stands above the horizon, broken by waves that grow towards the eye."""

from typing import Any

import cv2
import numpy as np
from numpy import typing as npt

from local.demo.paint import SPRITE, Picture, Sprite, blend, noise

Waves = npt.NDArray[np.float32]
Field = npt.NDArray[np.floating[Any]]
DEEP = (0.03, 0.17, 0.25)
NEAR = (0.02, 0.27, 0.32)
GLINT = (1.0, 0.86, 0.56)
RIPPLE = 0.9
"""How narrow waves are along the horizon; towards it they are foreshortened."""


class Sea:
    """The rows from `horizon` down; `sun_x` is where the glitter runs."""

    def __init__(self, width: int, height: int, horizon: int, sun_x: float) -> None:
        self._horizon, self._sun_x = horizon, sun_x
        self._waves = noise(512, 512, seed=11, octaves=6) * 2 - 1
        rows = height - horizon
        self._near = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
        self._x, self._y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(rows, dtype=np.float32))
        depth = 1 / (self._near + 0.05)
        self._along = (self._x - width / 2) * depth**0.6 * RIPPLE
        self._away = 700 * np.log(self._near + 0.05) * np.ones_like(self._x)

    def waves(self, time_s: float, pan: float) -> Waves:
        """Steepness of the water from about -1 to 1, per pixel below the horizon."""
        near = self._near
        along = self._along + pan * (near + 0.05) ** -0.6 * RIPPLE
        first = self._drift(along + 22 * time_s, self._away - 40 * time_s)
        second = self._drift(along * 2.3 - 30 * time_s, self._away * 2.1 - 70 * time_s + 90)
        return np.asarray((first * 0.42 + second * 0.58) * (0.25 + 0.75 * near**0.5) * 2.0, np.float32)

    def under(self, above: Picture, waves: Waves) -> Picture:
        """The water under the picture `above` the horizon."""
        near = self._near
        x = self._x + waves * (2 + 10 * near)
        y = self._horizon - 1 - self._y * 0.86 + waves * (5 + 26 * near)
        mirrored = cv2.remap(
            above, x, np.clip(y, 0, self._horizon - 1), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        depth = blend(
            np.broadcast_to(np.array(DEEP, np.float32), mirrored.shape), NEAR, np.repeat(near, x.shape[1], axis=1)
        )
        # Seen at a flat angle water mirrors, seen from above it shows its own colour.
        facing = np.clip(0.20 + 0.42 * near - 0.30 * waves, 0, 0.9)
        return np.asarray(blend(np.asarray(mirrored, np.float32), depth, facing) + self._glitter(waves), np.float32)

    def broken(self, sprite: Sprite, waves: Waves, x: float, y: float) -> Sprite:
        """The mirror image of a sprite that stands at (x, y) on the water, cut up by the waves; as large as the sea."""
        source_x = (self._x - np.float32(x) + waves * 5) * SPRITE
        source_y = sprite.shape[0] - 1 - ((self._y + np.float32(self._horizon - y)) * 1.25 - waves * 7) * SPRITE
        return np.asarray(cv2.remap(sprite, source_x, source_y, cv2.INTER_LINEAR), np.float32)

    def _glitter(self, waves: Waves) -> Picture:
        wide = 12 + 95 * self._near
        path = np.exp(-(((self._x - self._sun_x) / wide) ** 2))
        sparks = np.clip(waves * 2.6 - 0.85, 0, 1)
        return np.asarray((path * (0.06 + 0.9 * sparks))[..., None] * np.array(GLINT, np.float32), np.float32)

    def _drift(self, along: Field, away: Field) -> Waves:
        looked = cv2.remap(
            self._waves,
            (along % 512).astype(np.float32),
            (away % 512).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_WRAP,
        )
        return np.asarray(looked, np.float32)
