"""Pictures whose motion is known, looks that a model could give them, and what is measured on the result."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from rotoscope.motion.flow import Flow, warp
from rotoscope.ports import RGB


def a_world(width: int, height: int, seed: int = 0) -> RGB:
    """Coloured shapes of many sizes: every spot can be told from its surroundings."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for cell, strength in ((48, 60), (16, 30), (6, 18)):
        knots = random.standard_normal((height // cell + 3, width // cell + 3, 3)).astype(np.float32)
        total += strength * cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + total, 0, 255).astype(np.uint8)


def a_pan(frames: int, speed: float = 3.0, width: int = 160, height: int = 96, seed: int = 0) -> list[RGB]:
    """A camera that moves to the right by `speed` pixels a frame."""
    return pan_over(a_world(width + int(abs(speed) * frames) + 2, height, seed), frames, speed, width)


def pan_over(world: RGB, frames: int, speed: float, width: int) -> list[RGB]:
    """The same, over a given picture; a negative speed starts at its right."""
    start = 0.0 if speed > 0 else -speed * frames
    return [_cut_out(world, start + speed * number, width, len(world)) for number in range(frames)]


def _cut_out(world: RGB, x: float, width: int, height: int) -> RGB:
    move = np.array([[1, 0, x], [0, 1, 0]], np.float32)
    return np.asarray(
        cv2.warpAffine(world, move, (width, height), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP), np.uint8
    )


def duotone(picture: RGB) -> RGB:
    """A look that is a map of colours: the same for every frame."""
    mixture = np.array([[0.6, 0.3, 0.2, 30], [0.1, 0.8, -0.1, -10], [-0.2, 0.1, 0.9, 20]])
    return np.asarray(cv2.transform(picture, mixture), np.uint8)


def moody(picture: RGB, seed: int) -> RGB:
    """The look as a model gives it, call for call: another cast, another texture."""
    random = np.random.default_rng(seed)
    height, width = picture.shape[:2]
    cast = cv2.resize(
        random.standard_normal((3, 4, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    grain = random.standard_normal((height, width)).astype(np.float32)
    strokes = cv2.GaussianBlur(grain, (0, 0), 1.2) - cv2.GaussianBlur(grain, (0, 0), 3.5)
    noise = 7 * cast + 9 * (strokes / strokes.std())[..., None]
    return np.asarray(np.clip(duotone(picture) + noise, 0, 255), np.uint8)


def psnr(picture: RGB, truth: RGB) -> float:
    """Decibels."""
    return float(10 * np.log10(255**2 / np.mean(np.square(picture.astype(np.float32) - truth))))


def sharpness(picture: RGB) -> float:
    """The mean size of the Laplacian of luma."""
    luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float(np.abs(cv2.Laplacian(luma, cv2.CV_32F, ksize=3)).mean())


def warping_error(pictures: Sequence[RGB], forward: Flow, margin: int) -> float:
    """Mean squared difference of neighbours along the motion that all share, from `margin` pixels inwards."""
    errors = []
    for before, after in pairwise(pictures):
        gap = warp(after.astype(np.float32), forward) - before
        errors.append(np.mean(np.square(gap[margin:-margin, margin:-margin])))
    return float(np.mean(errors))
