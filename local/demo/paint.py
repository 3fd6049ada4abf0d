"""Paint and paper: shapes drawn large and shrunk to sprites, and sprites laid over pictures."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy import typing as npt

Picture = npt.NDArray[np.float32]
"""(height, width, 3), R'G'B' 0 .. 1."""

Sprite = npt.NDArray[np.float32]
"""(2 height, 2 width, 4): colour multiplied with coverage, and coverage. Twice as fine as the picture it is laid on, so
that it stays sharp where it lies between pixels."""

Colour = tuple[float, float, float]
Points = Sequence[tuple[float, float]]

SPRITE = 2
FINENESS = 3 * SPRITE


class Sheet:
    """Draws in sprite coordinates, several times finer than the sprite."""

    def __init__(self, width: int, height: int) -> None:
        self._size = width * SPRITE, height * SPRITE
        self._paper = np.zeros((height * FINENESS, width * FINENESS, 4), np.float32)

    def shape(self, points: Points, colour: Colour, fade_to: Colour | None = None, *, across: bool = True) -> None:
        """A filled polygon; `fade_to` is its colour at the right end, or at the lower end where not `across`."""
        corners = self._fine(points)
        mask = np.zeros(self._paper.shape[:2], np.uint8)
        cv2.fillPoly(mask, [corners], 255)
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0) + 1
        window = np.s_[max(top, 0) : bottom, max(left, 0) : right]
        chosen = mask[window] > 0
        paint = _ramp(chosen.shape, colour, fade_to or colour, across=across)
        self._paper[window][chosen] = paint[chosen]

    def box(
        self, left: float, top: float, width: float, height: float, colour: Colour, fade_to: Colour | None = None
    ) -> None:
        """An upright rectangle."""
        right, bottom = left + width, top + height
        self.shape([(left, top), (right, top), (right, bottom), (left, bottom)], colour, fade_to)

    def line(self, points: Points, colour: Colour, width: float = 0.5) -> None:
        """A stroke."""
        thickness = max(1, round(width * FINENESS))
        cv2.polylines(self._paper, [self._fine(points)], False, (*colour, 1.0), thickness)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""
        cv2.circle(self._paper, tuple(self._fine([(x, y)])[0].tolist()), round(radius * FINENESS), (*colour, 1.0), -1)

    def sprite(self) -> Sprite:
        """What was drawn, with soft edges."""
        return np.asarray(cv2.resize(self._paper, self._size, interpolation=cv2.INTER_AREA), np.float32)

    def _fine(self, points: Points) -> npt.NDArray[np.int32]:
        return np.round(np.asarray(points) * FINENESS).astype(np.int32)


def _ramp(shape: tuple[int, ...], start: Colour, end: Colour, *, across: bool) -> npt.NDArray[np.float32]:
    height, width = shape
    along = np.linspace(0, 1, width)[None, :, None] if across else np.linspace(0, 1, height)[:, None, None]
    colours = (1 - along) * np.array((*start, 1.0)) + along * np.array((*end, 1.0))
    return np.broadcast_to(colours, (height, width, 4)).astype(np.float32)


def lay(picture: Picture, sprite: Sprite, x: float, y: float, *, turn: float = 0) -> None:
    """Lays a sprite over the picture, its upper left corner at (x, y), turned by `turn` degrees about its foot."""
    foot = sprite.shape[1] / 2, sprite.shape[0]
    matrix = np.asarray(cv2.getRotationMatrix2D(foot, turn, 1 / SPRITE), np.float64)
    matrix[:, 2] += x - foot[0] * (1 - 1 / SPRITE), y - foot[1] * (1 - 1 / SPRITE)
    left, top, right, bottom = _extent(sprite, matrix, picture)
    if left >= right or top >= bottom:
        return
    matrix[:, 2] -= left, top
    laid = cv2.warpAffine(sprite, matrix, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    window = picture[top:bottom, left:right]
    window *= 1 - laid[..., 3:]
    window += laid[..., :3]


def _extent(sprite: Sprite, matrix: npt.NDArray[np.float64], picture: Picture) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what a sprite covers of the picture."""
    height, width = sprite.shape[:2]
    corners = matrix @ np.array(((0, width, 0, width), (0, 0, height, height), (1, 1, 1, 1)))
    left, top = np.maximum(np.floor(corners.min(axis=1)).astype(int) - 1, 0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=1)).astype(int) + 1, picture.shape[1::-1])
    return int(left), int(top), int(right), int(bottom)


def noise(height: int, width: int, *, seed: int, octaves: int = 5, stretch: float = 1) -> npt.NDArray[np.float32]:
    """Cloudy noise 0 .. 1 that repeats at its edges; `stretch` makes it longer than high."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        rows = 2 ** (octave + 2)
        columns = max(2, round(rows / stretch * width / height))
        grid = np.pad(random.random((rows, columns)), 2, mode="wrap").astype(np.float32)
        large = cv2.resize(grid, None, fx=width / columns, fy=height / rows, interpolation=cv2.INTER_CUBIC)
        top, left = round(2 * height / rows), round(2 * width / columns)
        total += large[top : top + height, left : left + width] / 2**octave
    return np.asarray((total - total.min()) / np.ptp(total), np.float32)


def blend(below: Picture, above: Picture | Colour, weight: npt.NDArray[np.float32] | float) -> Picture:
    """`above` where `weight` is 1, `below` where it is 0."""
    share = weight[..., None] if isinstance(weight, np.ndarray) else weight
    return np.asarray(below * (1 - share) + np.asarray(above, np.float32) * share, np.float32)
