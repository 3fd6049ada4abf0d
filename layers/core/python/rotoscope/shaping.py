"""Pictures to the result's size: fitted by padding or cropping, never stretched; and two compared in one."""

from math import pi, sin

import cv2
import numpy as np

from rotoscope.deliverables import GAP
from rotoscope.engines.canvas import resized
from rotoscope.ports import RGB
from rotoscope.sizes import Size

COMPARE_WIDTH = 1920
WIPE_S = 5.0
"""Seconds in which the border of a wipe goes right, left and back to the middle."""
LINE = 400
"""The border is as many times narrower than the picture."""


def fitted(picture: RGB, size: Size, fit: str, ground: int = 0) -> RGB:
    """The picture, or its opacity, scaled into or over `size`; bars of that level or cut edges make up the rest."""
    width, height = size
    if picture.shape[:2] == (height, width):
        return picture
    ratios = width / picture.shape[1], height / picture.shape[0]
    scale = max(ratios) if fit == "crop" else min(ratios)
    inner = resized(picture, max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return _centred(inner, width, height, ground)


def _centred(inner: RGB, width: int, height: int, ground: int) -> RGB:
    top, left = (inner.shape[0] - height) // 2, (inner.shape[1] - width) // 2
    inner = inner[max(0, top) : max(0, top) + height, max(0, left) : max(0, left) + width]
    canvas = np.full((height, width, *inner.shape[2:]), ground, np.uint8)
    top, left = (height - inner.shape[0]) // 2, (width - inner.shape[1]) // 2
    canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return canvas


def mixed(below: RGB, above: RGB, share: float) -> RGB:
    """The second picture laid over the first, as far as `share` (0..1) says."""
    return cv2.addWeighted(below, 1 - share, above, share, 0)  # type: ignore[return-value]


def compare_size(size: Size) -> Size:
    """Width and height of the side-by-side video: both halves whole, no wider than 1920 pixels, even."""
    half = min(size[0], (COMPARE_WIDTH - GAP) // 2)
    height = max(2, round(size[1] * half / size[0]))
    return (2 * half + GAP + 1) // 2 * 2, (height + 1) // 2 * 2


def side_by_side(source: RGB, result: RGB, size: Size) -> RGB:
    """Source left, result right, with a white gap."""
    width, height = size
    half = (width - GAP) // 2
    canvas = np.full((height, width, 3), 255, np.uint8)
    canvas[:, :half] = resized(source, half, height)
    canvas[:, width - half :] = resized(result, half, height)
    return canvas


def wipe_size(size: Size) -> Size:
    """Width and height of a video of one picture that a border wipes over: no longer than 1920 pixels."""
    scale = min(1.0, COMPARE_WIDTH / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def wiped(source: RGB, result: RGB, size: Size, seconds: float) -> RGB:
    """One picture: the source left of a white line, the result right of it; `seconds` say where the line is.

    It starts in the middle and goes right; a sine slows it down before it turns, so that either picture is seen whole.
    """
    width, height = size
    line = round(width * (0.5 + 0.5 * sin(2 * pi * seconds / WIPE_S)))
    thick = max(2, round(width / LINE))
    canvas = resized(result, width, height).copy()
    canvas[:, :line] = resized(source, width, height)[:, :line]
    canvas[:, max(0, line - thick // 2) : line - thick // 2 + thick] = 255
    return canvas
