"""Averages of pictures that lie on each other along the flow, and the sharpness that averaging costs.

Only pictures are touched at full size: flows and weights live on the grid of `flow.coarse`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from rotoscope.motion.flow import Field, Flow, grey
from rotoscope.motion.quality import sharpness
from rotoscope.motion.strips import of_picture, strips
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
    total = np.float32(weight) + sum(other.weight for other in others)
    shares = np.stack([other.weight * np.float32(FULL - len(others)) / total for other in others])
    there = [of_picture(other.there, other.picture) for other in others]
    mixed = np.empty_like(own)
    for strip in strips(own):
        looked_up = [strip.looked_up(other.picture, way) for other, way in zip(others, there, strict=True)]
        mixed[strip.rows] = _mixed(own[strip.rows], looked_up, strip.enlarged(shares))
    return mixed


def _mixed(own: RGB, others: Sequence[RGB], shares: Sequence[Field]) -> RGB:
    left = np.full(own.shape, FULL, np.uint8)
    summed = np.zeros(own.shape, np.float32)
    for other, share in zip(others, shares, strict=True):
        # Rounded down, and `own` takes what is left: so they add up exactly, and the mean keeps its brightness.
        parts = cv2.merge([share.astype(np.uint8)] * 3)
        cv2.subtract(left, parts, dst=left)
        cv2.accumulateProduct(other, parts, summed)
    cv2.accumulateProduct(own, left, summed)
    return cast(RGB, cv2.convertScaleAbs(summed, alpha=1 / FULL))


def sharpened(picture: RGB, aim: float) -> RGB:
    """Unsharp masking, as strong as it takes to come to a sharpness, and none where it is there already."""
    soft = cv2.GaussianBlur(picture, (0, 0), SHARPENING_PX)
    now = sharpness(grey(picture))
    gain = sharpness(grey(cast(RGB, cv2.addWeighted(picture, 2.0, soft, -1.0, 0.0)))) - now
    amount = min(max(aim - now, 0.0) / max(gain, 1e-3), MOST_SHARPENING)
    return cast(RGB, cv2.addWeighted(picture, 1 + amount, soft, -amount, 0.0))
