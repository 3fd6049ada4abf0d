"""Averages of pictures that lie on each other along the flow, and the sharpness that averaging costs.

Only pictures are touched at full size: flows and weights live on the grid of `flow.coarse`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import cv2
import numpy as np

from rotoscope.motion.flow import Field, Flow, grey
from rotoscope.motion.quality import sharpness
from rotoscope.ports import RGB

FULL = 255
"""The shares of one pixel add up to this."""
SHARPENING_PX = 0.8
MOST_SHARPENING = 3.0
"""Times what the picture loses in a blur of SHARPENING_PX."""


@dataclass(frozen=True)
class Aligned:
    """A full-size picture, and on the coarse grid: where to look it up, and how much it counts there."""

    picture: RGB
    there: Flow
    weight: Field


def averaged(own: RGB, weight: float, others: Sequence[Aligned]) -> RGB:
    """The weighted mean, where `own` counts `weight` everywhere."""
    height, width = own.shape[:2]
    total = np.float32(weight) + sum(other.weight for other in others)
    left = np.full(own.shape, FULL, np.uint8)
    mixed = np.zeros(own.shape, np.float32)
    for other in others:
        # Rounded down, and `own` takes what is left: so they add up exactly, and the mean keeps its brightness.
        share = (other.weight * np.float32(FULL - len(others)) / total).astype(np.uint8)
        shares = cv2.resize(cv2.merge([share] * 3), (width, height))
        cv2.subtract(left, shares, dst=left)
        cv2.accumulateProduct(_looked_up(other), shares, mixed)
    cv2.accumulateProduct(own, left, mixed)
    return cast(RGB, cv2.convertScaleAbs(mixed, alpha=1 / FULL))


def _looked_up(other: Aligned) -> RGB:
    """`flow.warp` of a full-size picture along a coarse flow."""
    height, width = other.picture.shape[:2]
    scale = np.array([width / other.there.shape[1], height / other.there.shape[0]], np.float32)
    spots = cast(Flow, cv2.resize(other.there * scale, (width, height)))
    spots += _spots(height, width)
    return cast(RGB, cv2.remap(other.picture, spots, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))  # type: ignore[call-overload]


@lru_cache(maxsize=2)
def _spots(height: int, width: int) -> Flow:
    spots = np.empty((height, width, 2), np.float32)
    spots[..., 0] = np.arange(width)
    spots[..., 1] = np.arange(height)[:, np.newaxis]
    spots.flags.writeable = False
    return spots


def sharpened(picture: RGB, aim: float) -> RGB:
    """Unsharp masking, as strong as it takes to come to a sharpness, and none where it is there already."""
    soft = cv2.GaussianBlur(picture, (0, 0), SHARPENING_PX)
    now = sharpness(grey(picture))
    gain = sharpness(grey(cast(RGB, cv2.addWeighted(picture, 2.0, soft, -1.0, 0.0)))) - now
    amount = min(max(aim - now, 0.0) / max(gain, 1e-3), MOST_SHARPENING)
    return cast(RGB, cv2.addWeighted(picture, 1 + amount, soft, -amount, 0.0))
