"""Colour grading: tone curves, saturation, tints, bloom and vignette, all independent of the frame's own statistics."""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from .canvas import RGB, Floats, as_bytes, as_floats, blur, luma, resize, shrink, size_of, size_unit, spread
from .memory import ShotMemory

LUMA_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)
Tint = tuple[float, float, float]
"""Levels (or factors) for red, green and blue."""


@cache
def _curve_table(points: tuple[tuple[float, float], ...]) -> RGB:
    """256 levels along the smooth curve (cubic Hermite) through (level in, level out) points."""
    x, y = np.array(points, np.float64).T
    slope = np.diff(y) / np.diff(x)
    tangent = np.concatenate([slope[:1], (slope[:-1] + slope[1:]) / 2, slope[-1:]])
    level = np.arange(256.0)
    left = np.clip(np.searchsorted(x, level, "right") - 1, 0, len(x) - 2)
    width = (x[left + 1] - x[left]).astype(np.float64)
    t = (level - x[left]) / width
    ends = y[left] + (y[left + 1] - y[left]) * t * t * (3 - 2 * t)
    bends = width * t * (1 - t) * ((1 - t) * tangent[left] - t * tangent[left + 1])
    return as_bytes(ends + bends).ravel()


def curve(image: RGB, *points: tuple[float, float]) -> RGB:
    """Every channel through the tone curve that passes these (level in, level out) points."""
    return np.asarray(cv2.LUT(image, _curve_table(points)), np.uint8)


def saturated(image: Floats, amount: float, gain: float = 1.0) -> Floats:
    """Colours `amount` times as far from grey, everything `gain` times as bright."""
    matrix = gain * (amount * np.eye(3) + (1 - amount) * np.tile(LUMA_WEIGHTS, (3, 1)))
    return as_floats(cv2.transform(image, matrix))


def vibrant(image: RGB, amount: float) -> Floats:
    """More saturation for dull colours, little for those that are strong already."""
    red, green, blue = cv2.split(image)
    chroma = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    boost = 1 + amount * (1 - as_floats(chroma) / 255)
    gray = spread(as_floats(luma(image)))
    return gray + (as_floats(image) - gray) * spread(as_floats(boost))


def split_toned(image: RGB, shadows: Tint, lights: Tint, amount: float) -> Floats:
    """The image with one tint (in levels) added to its shadows and another to its lights."""
    light = (np.arange(256.0) / 255)[:, None]
    tints = amount * ((1 - light) ** 1.5 * np.array(shadows) + light**1.5 * np.array(lights))
    gray = luma(image)
    return as_floats(image) + as_floats(cv2.LUT(cv2.merge([gray, gray, gray]), as_floats(tints[:, None, :])))


def glow(image: RGB, threshold: float, sigma: float, tint: Tint = (1, 1, 1)) -> Floats:
    """The light that what is brighter than `threshold` sheds around itself; sigma in reference pixels."""
    factor = 4.0 if min(size_of(image)) >= 64 else 1.0
    small = shrink(image, factor)
    brightest = as_floats(small.max(axis=-1))
    source = as_floats(small) * np.clip((brightest - threshold) / (255 - threshold), 0, 1)[..., None]
    light = blur(as_floats(source * np.array(tint, np.float32)), sigma * size_unit(image) / factor)
    return resize(light, size_of(image))


def vignetted(picture: Floats, memory: ShotMemory, amount: float, power: float = 2.2) -> Floats:
    """The picture darkened by `amount` towards its corners."""
    height, width = size_of(picture)

    def shade() -> Floats:
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        return spread(as_floats(1 - amount * ((x * x + y * y) / 2) ** (power / 2)))

    return picture * memory.recall(("vignette", height, width, amount, power), shade)


def soft_steps(levels: npt.NDArray[np.uint8], steps: int, hardness: float) -> Floats:
    """Levels gathered on `steps` plateaus with smooth banks between them, so that noise does not flip them."""
    scaled = np.arange(256) * (steps / 255)
    floor = np.floor(scaled)
    bank = 1 / (1 + np.exp((0.5 - (scaled - floor)) * (2 * hardness)))
    return as_floats(cv2.LUT(levels, as_floats((floor + bank) * (255 / steps))))


def sharpened(picture: Floats, sigma: float, amount: float) -> Floats:
    """Unsharp mask."""
    return as_floats(cv2.addWeighted(picture, 1 + amount, blur(picture, sigma), -amount, 0))
