"""A styler that cannot repeat itself: the sketch engine, and on every call another colour, texture and outline.

Stands for an image model in measurements: colours drift by 6 levels from place to place and by 4 as a whole, brush-like
texture of 9 levels, outlines up to 0.6 pixels astray (standard deviations). Without them it is the ground truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.engines import sketch
from rotoscope.engines.contract import Redrawn, Style
from rotoscope.ports import RGB

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Noise:
    """Standard deviations, in levels of 255; `jitter_px` in pixels."""

    drift: float = 6.0
    cast: float = 4.0
    texture: float = 9.0
    jitter_px: float = 0.6


MEDIUM = Noise()


def clean(frame: RGB, preset: str) -> RGB:
    """What the styler would draw if it always drew the same: looks here keep nothing from frame to frame."""
    return sketch.draw(frame, preset, sketch.ShotMemory.of(frame, seed=1))


def spoiled(picture: RGB, call: Sequence[int], noise: Noise = MEDIUM) -> RGB:
    """The picture as one call brings it; the same numbers always bring the same."""
    chance = np.random.default_rng(call)
    height, width = picture.shape[:2]
    jitter = clouds(chance, height, width, 10, 2) * np.float32(noise.jitter_px)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bent = cv2.remap(picture, x + jitter[..., 0], y + jitter[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    tinted = bent + noise.drift * clouds(chance, height, width, 3, 3) + noise.cast * chance.standard_normal(3)
    shades = 1 + 0.35 * clouds(chance, height, width, 24, 3)
    return np.clip(tinted + noise.texture * bristles(chance, height, width)[..., None] * shades, 0, 255).astype(
        np.uint8
    )


def clouds(chance: np.random.Generator, height: int, width: int, cells: int, channels: int) -> Floats:
    """Smooth noise with about `cells` independent places from top to bottom."""
    coarse = chance.standard_normal((cells + 2, int(cells * width / height) + 2, channels), dtype=np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def bristles(chance: np.random.Generator, height: int, width: int) -> Floats:
    """Band-pass noise of the width of a brush's hair, standard deviation 1."""
    white = chance.standard_normal((height, width), dtype=np.float32)
    band = cv2.GaussianBlur(white, (0, 0), 1.2) - cv2.GaussianBlur(white, (0, 0), 3.5)
    return np.asarray(band / band.std(), np.float32)


@dataclass
class NoisyStyler:
    """The Engine. It draws a frame once, whichever variant asks, and remembers the pictures by frame index."""

    preset: str
    seed: int
    noise: Noise = MEDIUM
    paid: dict[int, RGB] = field(default_factory=dict)

    def redraw(self, frame: RGB, style: Style) -> Redrawn:
        if style.frame_index not in self.paid:
            call = (self.seed, style.frame_index)
            self.paid[style.frame_index] = spoiled(clean(frame, self.preset), call, self.noise)
        return Redrawn(self.paid[style.frame_index])
