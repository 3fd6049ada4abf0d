"""Abstraction: taking detail away while edges stay."""

import math

import cv2
import numpy as np

from .canvas import RGB, as_bytes, as_floats, blur, luma, resize, shrink, size_of, size_unit

SECTORS = 8


def smooth(image: RGB, passes: int, *, colour_sigma: float, reach: int = 7) -> RGB:
    """Repeated bilateral filtering at about half size, then once at full size to bring the edges back."""
    small = shrink(image, round(1 + size_unit(image)))
    for _ in range(passes):
        small = np.asarray(cv2.bilateralFilter(small, reach, colour_sigma, reach), np.uint8)
    enlarged = resize(small, size_of(image), cv2.INTER_CUBIC)
    return np.asarray(cv2.bilateralFilter(enlarged, 5, colour_sigma, 3), np.uint8)


def kuwahara(image: RGB, radius: float, sharpness: float = 4.0) -> RGB:
    """Painterly regions: each pixel takes the mean of the calmest of the neighbourhoods around it.

    A generalised Kuwahara filter (Papari, Petkov & Campisi 2007) with Gaussian sectors: their means and
    variances are the same blurred planes seen from eight offsets, so two blurs serve all of them.
    """
    factor = round(1 + size_unit(image))
    small = shrink(image, factor)
    reach = radius * size_unit(image) * 2 / factor
    picture, gray = as_floats(small), as_floats(luma(small))
    mean, mean_gray = blur(picture, 0.38 * reach), blur(gray, 0.38 * reach)
    variance = np.maximum(blur(as_floats(gray * gray), 0.38 * reach) - mean_gray * mean_gray, 0)
    calm = as_floats(1 / (1e-4 + (variance / 30) ** sharpness + 1))
    weighted = as_floats(np.dstack([mean * calm[..., None], calm]))
    gathered = cv2.filter2D(weighted, -1, _ring(0.62 * reach), borderType=cv2.BORDER_REFLECT)
    painted = as_bytes(gathered[..., :3] / np.maximum(gathered[..., 3:], 1e-9))
    return resize(painted, size_of(image), cv2.INTER_CUBIC)


def _ring(radius: float) -> "np.typing.NDArray[np.float32]":
    """A kernel that adds up what lies `radius` pixels away in each sector's direction."""
    half = max(1, math.ceil(radius))
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    for sector in range(SECTORS):
        angle = 2 * math.pi * sector / SECTORS
        kernel[round(half + radius * math.sin(angle)), round(half + radius * math.cos(angle))] += 1
    return kernel
