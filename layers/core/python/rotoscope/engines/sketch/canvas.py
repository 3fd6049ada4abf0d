"""What every drawing step stands on: array types, the size unit, resizing, blurring and rounding to bytes."""

import math
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

RGB = npt.NDArray[np.uint8]
"""An image, (height, width, 3), in RGB order."""
Gray = npt.NDArray[np.uint8]
"""One channel, (height, width), levels 0..255."""
Floats = npt.NDArray[np.float32]
"""A plane (height, width) or a picture (height, width, 3), in levels 0..255 unless said otherwise."""
Size = tuple[int, int]
"""(height, width) in pixels."""

Pixels = TypeVar("Pixels", RGB, Floats)

REFERENCE_PIXELS = 1024 * 576
WIDEST_DIRECT_SIGMA = 6.0


def size_of(image: npt.NDArray[np.generic]) -> Size:
    """Height and width, whatever the number of channels."""
    return int(image.shape[0]), int(image.shape[1])


def size_unit(image: npt.NDArray[np.generic]) -> float:
    """How many pixels one pixel of a 1024x576 frame becomes here, so that a look is the same at every size."""
    height, width = size_of(image)
    return float(np.clip(math.sqrt(height * width / REFERENCE_PIXELS), 0.4, 4.0))


def luma(image: RGB) -> Gray:
    """Brightness as the eye weighs it (Rec. 601)."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def as_floats(image: npt.ArrayLike) -> Floats:
    """The same numbers as 32-bit floats."""
    return np.asarray(image, np.float32)


def as_bytes(picture: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Levels rounded and clipped to 0..255."""
    return np.asarray(cv2.convertScaleAbs(np.maximum(picture, 0)), np.uint8)


def resize(image: Pixels, size: Size, interpolation: int = cv2.INTER_LINEAR) -> Pixels:
    """The image at (height, width)."""
    height, width = size
    return np.asarray(cv2.resize(image, (width, height), interpolation=interpolation), image.dtype)


def shrink(image: Pixels, factor: float) -> Pixels:
    """The image at 1/factor of its size, each pixel the mean of what it covers."""
    height, width = size_of(image)
    return resize(image, (max(1, round(height / factor)), max(1, round(width / factor))), cv2.INTER_AREA)


def blur(image: Pixels, sigma: float) -> Pixels:
    """Gaussian blur; a wide one is made at a quarter of the size, where it costs a sixteenth."""
    if sigma < WIDEST_DIRECT_SIGMA or min(size_of(image)) < 4 * WIDEST_DIRECT_SIGMA:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), image.dtype)
    return resize(blur(shrink(image, 4), sigma / 4), size_of(image))


def spread(plane: npt.NDArray[np.floating]) -> Floats:
    """A plane as three equal channels, to weigh a picture with."""
    return as_floats(cv2.merge([as_floats(plane)] * 3))


def mixed(first: Floats, second: Floats, share: float) -> Floats:
    """`share` of the second with the rest of the first."""
    return as_floats(cv2.addWeighted(first, 1 - share, second, share, 0))
