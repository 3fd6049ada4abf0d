"""What the stand-ins answer with: the frame drawn again, in the look that the request asks for."""

import math
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from local.models.pictures import Pixels, resized

Histogram = NDArray[np.float32]
SHOTS_REMEMBERED = 24
# Shares of colour that differ, measured on real clips: neighbours within a shot up to 0.14, unlike clips from 0.48 on,
# and a hand-held pan up to 0.44 from where it began.
SAME_SHOT = 0.3
NEXT_FRAME = 0.15
PANNED_AWAY = 0.6
LARGEST_SEED = 4_294_967_294


class Drawer(Protocol):
    """The drawing behind all models: RGB uint8 arrays; strength 0 gives the frame back; `memory` keeps a shot alike."""

    def memory(self, anchor: Pixels, seed: int) -> Any:
        """What the frames of the shot that begins with `anchor` share."""

    def draw(self, image: Pixels, preset: str, memory: Any, *, strength: float) -> Pixels:
        """The picture in one of the 17 presets' looks."""

    def draw_like(self, image: Pixels, style_image: Pixels, memory: Any, *, strength: float) -> Pixels:
        """The picture in the look of another one."""

    def suggest_preset(self, prompt: str) -> str:
        """The preset that the prompt's words ask for."""


@dataclass(frozen=True)
class Order:
    """One picture to be made: `denoise` 0 keeps the source .. 1 ignores it, `size` is the answer's (width, height)."""

    model: str
    prompt: str
    image: Pixels
    size: tuple[int, int]
    denoise: float
    seed: int
    preset: str | None = None
    style_image: Pixels | None = None


@dataclass
class _Shot:
    key: tuple[object, ...]
    anchor: Histogram
    latest: Histogram
    memory: Any

    def distance(self, colours: Histogram) -> float:
        """How far a frame is from the anchor; infinite where it belongs to another shot."""
        away = _distance(self.anchor, colours)
        follows = away < PANNED_AWAY and _distance(self.latest, colours) < NEXT_FRAME
        return away if away < SAME_SHOT or follows else math.inf


class Artist:
    """Fills orders from many threads; frames that resemble each other share one memory, a cut starts a new one."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer
        self._lock = threading.Lock()
        self._shots: list[_Shot] = []  # the least recently used first

    def draw(self, order: Order) -> Pixels:
        """The answer's picture; work is done at the smaller of the source's and the answer's size."""
        image = _no_larger(order.image, order.size)
        memory = self._memory(order, image)
        strength = _visible(order.denoise)
        if order.style_image is not None:
            drawn = self._drawer.draw_like(image, order.style_image, memory, strength=strength)
        else:
            preset = order.preset or self._drawer.suggest_preset(order.prompt)
            drawn = self._drawer.draw(image, preset, memory, strength=strength)
        return resized(drawn, order.size)

    def _memory(self, order: Order, image: Pixels) -> Any:
        key = (order.model, order.prompt, order.preset, order.seed, image.shape)
        colours = _colours(image)
        with self._lock:
            near = [shot for shot in self._shots if shot.key == key and shot.distance(colours) < math.inf]
            shot = min(near, key=lambda shot: shot.distance(colours), default=None)
            if shot is None:
                shot = _Shot(key, colours, colours, self._drawer.memory(image, order.seed))
            shot.latest = colours
            others = [other for other in self._shots if other is not shot]
            self._shots = [*others[1 - SHOTS_REMEMBERED :], shot]
            return shot.memory


def settled(seed: int, draw_seed: Callable[[], int]) -> int:
    """The seed that is used: 0 asks the service for a random one."""
    return seed or draw_seed()


def random_seed() -> int:
    """A seed for those who leave the choice to the service."""
    return random.randint(1, LARGEST_SEED)


def canvas(prompt: str, seed: int, size: tuple[int, int]) -> Pixels:
    """Soft fields of colour that only the prompt and the seed decide: what text-to-image draws upon."""
    generator = np.random.default_rng([seed, *prompt.encode()])
    fields = generator.integers(0, 256, (5, 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(fields, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def blurred(pixels: Pixels) -> Pixels:
    """The picture as SDXL's content filter hands it over."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), pixels.shape[1] / 40), np.uint8)


def _visible(denoise: float) -> float:
    """Drawing strength that looks like this much denoising: diffusion changes the look long before the shapes."""
    return 1.0 - (1.0 - denoise) ** 3


def _no_larger(image: Pixels, size: tuple[int, int]) -> Pixels:
    height, width = image.shape[:2]
    return resized(image, size) if size[0] * size[1] < width * height else image


def _colours(image: Pixels) -> Histogram:
    small = cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA)
    counts = cv2.calcHist([small], [0, 1, 2], None, [4, 4, 4], [0, 256, 0, 256, 0, 256])
    return np.asarray(counts.ravel() / small[..., 0].size, np.float32)


def _distance(one: Histogram, other: Histogram) -> float:
    """0 for the same colours .. 1 for no colour in common."""
    return float(np.abs(one - other).sum() / 2)
