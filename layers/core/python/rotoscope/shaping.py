"""Pictures to the result's size: fitted by padding or cropping, never stretched; and two side by side."""

import cv2

from rotoscope.deliverables import GAP
from rotoscope.engines.canvas import resized
from rotoscope.ports import RGB

COMPARE_WIDTH = 1920

Size = tuple[int, int]


def fitted(picture: RGB, size: Size, fit: str) -> RGB:
    """The picture scaled into or over `size`; black bars or cut edges make up the difference."""
    width, height = size
    if picture.shape[:2] == (height, width):
        return picture
    ratios = width / picture.shape[1], height / picture.shape[0]
    scale = max(ratios) if fit == "crop" else min(ratios)
    inner = resized(picture, max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return _centred(inner, width, height)


def _centred(inner: RGB, width: int, height: int) -> RGB:
    import numpy as np

    top, left = (inner.shape[0] - height) // 2, (inner.shape[1] - width) // 2
    inner = inner[max(0, top) : max(0, top) + height, max(0, left) : max(0, left) + width]
    canvas = np.zeros((height, width, 3), np.uint8)
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
    import numpy as np

    width, height = size
    half = (width - GAP) // 2
    canvas = np.full((height, width, 3), 255, np.uint8)
    canvas[:, :half] = resized(source, half, height)
    canvas[:, width - half :] = resized(result, half, height)
    return canvas
