"""Films of known contents, drawn frame by frame: scenes that move, and what editing does to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

import cv2
import numpy as np

from rotoscope.contracts import SourceVideo
from rotoscope.motion.looking import Look
from rotoscope.motion.steps import Steps
from rotoscope.ports import RGB
from tests.builders import a_source
from tests.worlds import FakeReader

SIZE = WIDTH, HEIGHT = 192, 108


@cache
def wallpaper(seed: int, width: int = 900, height: int = 400) -> RGB:
    """A picture with structure at every scale and colours of its own; the same for the same seed."""
    random = np.random.default_rng(seed)
    grains = [random.standard_normal((height // step + 1, width // step + 1)) for step in (64, 24, 8, 3)]
    layers = [cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC) for grain in grains]
    relief = np.clip(sum(layer / (1 + number) for number, layer in enumerate(layers)) / 4 + 0.5, 0, 1)[..., None]
    dark, light = random.uniform(10, 110, 3), random.uniform(110, 245, 3)
    return cast(RGB, (dark + relief * (light - dark)).astype(np.uint8))


@cache
def rainbow(seed: int, width: int = 900, height: int = 400) -> RGB:
    """The same, with other colours everywhere along its width."""
    colours = np.random.default_rng(seed).integers(30, 255, (1, width // 60, 3)).astype(np.float32)
    relief = wallpaper(seed, width, height).mean(axis=2, keepdims=True) / 255
    return lit(cv2.resize(colours, (width, height), interpolation=cv2.INTER_LINEAR) * (0.5 + relief), 1)


def pan(seed: int, frames: int, speed: float = 2.0, start: float = 20) -> list[RGB]:
    """The camera moves over one wallpaper, to the right, by `speed` pixels per frame."""
    return [window(wallpaper(seed), start + speed * number, 40) for number in range(frames)]


def window(picture: RGB, x: float, y: float) -> RGB:
    """What the camera sees at that place, between pixels too."""
    shift = np.array([[1, 0, -x], [0, 1, -y]], float)
    return cast(RGB, cv2.warpAffine(picture, shift, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))


def dissolved(before: Sequence[RGB], after: Sequence[RGB]) -> list[RGB]:
    """One scene becomes the other."""
    shares = np.linspace(0, 1, len(before) + 2)[1:-1]
    return [lit(first, 1 - share) + lit(then, share) for first, then, share in zip(before, after, shares, strict=True)]


def faded(frames: Sequence[RGB], begin: float, end: float) -> list[RGB]:
    """From one brightness to another; 0 is black."""
    return [lit(frame, level) for frame, level in zip(frames, np.linspace(begin, end, len(frames)), strict=True)]


def lit(frame: RGB, gain: float, lift: float = 0) -> RGB:
    """The frame in another light."""
    return np.clip(frame * gain + lift, 0, 255).astype(np.uint8)


def noisy(frame: RGB, levels: float, seed: int) -> RGB:
    """The frame as a sensor sees it."""
    return np.clip(frame + np.random.default_rng(seed).normal(0, levels, frame.shape), 0, 255).astype(np.uint8)


def boxed(frame: RGB, top: int = 0, bottom: int = 0, left: int = 0, right: int = 0) -> RGB:
    """The frame in black borders that lie around it."""
    return np.pad(frame, ((top, bottom), (left, right), (0, 0)))


def steps(film: Sequence[RGB], followed: bool = True) -> Steps:
    """What analysis notes of a whole film."""
    looks, found = [Look(number, frame) for number, frame in enumerate(film)], Steps(followed)
    for number in range(len(looks)):
        found.add(looks[number : number + 4])
    return found


@dataclass
class Screening(FakeReader):
    """Shows a film: frame n stands at n * TICKS."""

    film: Sequence[RGB] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)

    def picture(self, index: int, width: int, height: int) -> RGB:
        self.shown.append(index)
        return cast(RGB, cv2.resize(self.film[index], (width, height), interpolation=cv2.INTER_AREA))


def source_of(film: Sequence[RGB]) -> SourceVideo:
    """What probing would find."""
    height, width, _ = film[0].shape
    return a_source(len(film), width, height)
