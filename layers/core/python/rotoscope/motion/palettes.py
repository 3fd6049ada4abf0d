"""What a look does to colours, seen on thumbnails: one affine map for all of a picture, and what goes beyond that."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.ports import RGB

Numbers = npt.NDArray[np.float64]

THUMBNAIL_PX = 96
"""Longer side of the pictures that colours are compared on."""
STEPS = 6
"""Per channel: 216 kinds of colour."""
RIDGE = 60.0
"""Levels squared: how strongly a colour map tends to half the source's contrast where the colours do not decide."""


@dataclass(frozen=True)
class Palette:
    """By kind of source colour: its share of the picture, and the mean of what was drawn there."""

    shares: Numbers
    drawn: Numbers

    @classmethod
    def of(cls, source: Numbers, drawn: Numbers) -> "Palette":
        """Of matching pixels, (pixels, 3) each."""
        red, green, blue = np.minimum(source * (STEPS / 256), STEPS - 1).astype(int).T
        kinds = (red * STEPS + green) * STEPS + blue
        count = np.bincount(kinds, minlength=STEPS**3)
        sums = [np.bincount(kinds, channel, STEPS**3) for channel in drawn.T]
        return cls(count / len(source), np.stack(sums, axis=1) / np.maximum(count, 1)[:, np.newaxis])


@dataclass(frozen=True)
class Manner:
    """How a key's picture follows its source's colours: by a `colour_map`, and what was `drawn` beyond it."""

    colour_map: Numbers
    beyond: Palette

    @classmethod
    def of(cls, source: RGB, picture: RGB) -> "Manner":
        """Of pictures of one size."""
        before, after = colours(source), colours(picture)
        found = _colour_map(before, after)
        return cls(found, Palette.of(before, after - mapped(before, found)))


def colours(picture: RGB) -> Numbers:
    """(pixels, 3), of a thumbnail of it."""
    height, width = picture.shape[:2]
    scale = min(1.0, THUMBNAIL_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float64)


def _colour_map(source: Numbers, picture: Numbers) -> Numbers:
    """(3, 4): picture = source @ map[:, :3].T + map[:, 3], least squares with outliers held down (Huber)."""
    weights = np.ones(len(source))
    for _ in range(3):
        shares = weights / weights.sum()
        middle, target = shares @ source, shares @ picture
        spread = (source - middle) * shares[:, np.newaxis]
        ridge = RIDGE * np.eye(3)
        matrix = np.linalg.solve(spread.T @ (source - middle) + ridge, spread.T @ (picture - target) + ridge / 2).T
        found = np.column_stack([matrix, target - matrix @ middle])
        missed = np.linalg.norm(mapped(source, found) - picture, axis=1)
        weights = np.minimum(1, (2 * np.median(missed) + 1) / np.maximum(missed, 1e-3))
    return found


def mapped(given: Numbers, colour_map: Numbers) -> Numbers:
    """Colours through a map."""
    return given @ colour_map[:, :3].T + colour_map[:, 3]
