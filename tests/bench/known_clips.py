"""The benchmark's own clips: what moves in them, and what stands still, is known."""

from collections.abc import Callable, Sequence
from functools import partial
from math import cos, pi, sin
from typing import Any

import cv2
import numpy as np

from tests.bench.filming import HEIGHT, WIDTH, Known, Layer, Numbers, Scene, filmed, placed

BORDERLESS = 1400
"""Side of a background's texture: larger than any pan reaches."""

EARTH = ((20, 40, 60), (60, 110, 150), (170, 200, 210), (80, 140, 90))
FOREST = ((30, 60, 30), (120, 160, 80), (220, 230, 200), (160, 90, 40))
EMBERS = ((200, 20, 20), (250, 120, 60), (255, 220, 200))
WATER = ((20, 80, 200), (120, 200, 250), (10, 40, 120))
BERRIES = ((160, 20, 180), (220, 160, 250), (60, 10, 90))
REEDS = ((180, 180, 20), (250, 250, 120), (90, 60, 10))
PAPER = ((235, 232, 225), (250, 248, 244), (228, 226, 224))


def painted(chance: np.random.Generator, height: int, width: int, palette: Sequence[Sequence[int]]) -> Numbers:
    """A texture with structure at four scales, in a palette's colours."""
    waves = np.zeros((height, width, 3), np.float32)
    for octave, size in enumerate((64, 24, 8, 3)):
        coarse = chance.standard_normal((height // size + 3, width // size + 3, 3)).astype(np.float32)
        waves += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) / (octave + 1)
    level = cv2.normalize(waves[..., 0], None, 0, len(palette) - 1.001, cv2.NORM_MINMAX)  # type: ignore[call-overload]
    below = level.astype(int)
    share = (level - below)[..., None]
    colours = np.array(palette, float)
    mixed = colours[below] * (1 - share) + colours[below + 1] * share + 10 * waves
    return np.asarray(np.clip(mixed, 0, 255), np.float32)


def backdrop(chance: np.random.Generator, palette: Sequence[Sequence[int]], place: Callable[[float], Numbers]) -> Layer:
    texture = painted(chance, BORDERLESS, BORDERLESS, palette)
    return Layer(texture, np.ones(texture.shape[:2], np.float32), place)


def panned(time: float, drift: tuple[float, float] = (2.1, 0.8), zoom: float = 0.0022, turn: float = 0.0015) -> Numbers:
    """A camera's hand: what lies under the middle of the picture wanders over the background."""
    under = np.array([BORDERLESS / 2, BORDERLESS / 2]) + time * np.array(drift)
    return placed(under, np.array([WIDTH / 2, HEIGHT / 2]), turn * time, 1 + zoom * time)


def cut_out(
    chance: np.random.Generator, side: int, palette: Sequence[Sequence[int]], *, round_: bool
) -> tuple[Any, Any]:
    """A texture and its matte: an ellipse, or a rectangle."""
    x, y = np.meshgrid(np.linspace(-1, 1, side), np.linspace(-1, 1, side))
    inside = (x / 0.92) ** 2 + (y / 0.74) ** 2 < 1 if round_ else (abs(x) < 0.8) & (abs(y) < 0.6)
    return painted(chance, side, side, palette), cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 0.7)


def passer_by(chance: np.random.Generator, palette: Sequence[Sequence[int]], *, round_: bool) -> Layer:
    """Something that crosses the middle of the picture in waves, turning and growing."""
    side = int(chance.integers(110, 190))
    texture, matte = cut_out(chance, side, palette, round_=round_)
    middle = np.array([WIDTH / 2, HEIGHT / 2]) + chance.uniform(-90, 90, 2) * (1, 0.5)
    way, turn = chance.uniform(0, 2 * pi), chance.uniform(-0.03, 0.03)
    speed, growth = chance.uniform(3, 6) * np.array([cos(way), 0.5 * sin(way)]), chance.uniform(-0.004, 0.004)

    def place(time: float) -> Numbers:
        at = middle + speed * (time - 18) + 12 * np.sin(np.array([0.11, 0.07]) * time)
        return placed(np.array([side / 2, side / 2]), at, turn * time, 1 + growth * time)

    return Layer(texture, matte, place)


def crowd(seed: int, ground: Sequence[Sequence[int]], *palettes: Sequence[Sequence[int]]) -> Scene:
    """Four that pass one another before a background that the camera pans and zooms over."""
    chance = np.random.default_rng(seed)
    back = backdrop(chance, ground, panned)
    return [back, *(passer_by(chance, palettes[n % len(palettes)], round_=n % 2 == 1) for n in range(4))]


def dancer(seed: int) -> Scene:
    """A large figure that turns, leans and ripples, and a pillar that it dances behind."""
    chance = np.random.default_rng(seed)
    back = backdrop(chance, EARTH, partial(panned, drift=(0.7, 0.0), zoom=0.0, turn=0.0))
    body, pillar = cut_out(chance, 260, EMBERS, round_=True), cut_out(chance, 200, WATER, round_=False)

    def turning(time: float) -> Numbers:
        at = np.array([320 + 120 * sin(0.07 * time), 180 + 20 * sin(0.19 * time)])
        return placed(np.array([130.0, 130.0]), at, 0.045 * time, 0.9 + 0.12 * sin(0.1 * time))

    def standing(time: float) -> Numbers:
        return placed(np.array([100.0, 100.0]), np.array([470 - 0.7 * time, 250.0]))

    return [back, Layer(*body, turning, ripple=5.0), Layer(*pillar, standing)]


def slide(seed: int) -> Scene:
    """Paper with a few shapes on it, that do not move."""
    chance = np.random.default_rng(seed)
    shapes = [passer_by(chance, palette, round_=bool(seed % 2)) for palette in (WATER, EMBERS, REEDS)]
    return [backdrop(chance, PAPER, partial(panned, drift=(0, 0), zoom=0, turn=0)), *shapes]


def street(seed: int) -> Scene:
    """A view from a window, and somebody small who walks through it."""
    chance = np.random.default_rng(seed)
    texture, matte = cut_out(chance, 60, BERRIES, round_=True)

    def walking(time: float) -> Numbers:
        return placed(np.array([30.0, 30.0]), np.array([60 + 5 * time, 250 + 4 * sin(0.9 * time)]))

    still = backdrop(chance, FOREST, partial(panned, drift=(0, 0), zoom=0, turn=0))
    return [still, Layer(texture, matte, walking)]


# --- clips ----------------------------------------------------------------------------------------------------------


def layers() -> Known:
    """64 frames with a hard cut before frame 40."""
    first, second = crowd(7, EARTH, EMBERS, WATER), crowd(8, FOREST, BERRIES, REEDS)
    return filmed([(first, n) for n in range(40)] + [(second, n) for n in range(24)], grain=1.2)


def turning() -> Known:
    """60 frames of one shot."""
    scene = dancer(21)
    return filmed([(scene, n) for n in range(60)], grain=1.2)


def slides() -> Known:
    """Three slides of 20 frames."""
    return filmed([(scene, 0) for scene in (slide(31), slide(32), slide(33)) for _ in range(20)])


def on_twos() -> Known:
    """60 frames of animation in which each drawing is shown twice."""
    scene = crowd(41, FOREST, REEDS, BERRIES)
    return filmed([(scene, n // 2 * 2) for n in range(60)])


def still_camera() -> Known:
    """60 frames with a small mover who stands still for the middle twenty."""
    scene = street(51)
    times = [*range(20), *[20] * 20, *range(20, 40)]
    return filmed([(scene, time) for time in times], grain=1.2)
