"""Patterns that cover the frame: half-tone dots, hatching, dither, mosaic tiles and isometric cubes."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .canvas import RGB, Floats, Size, as_floats, blur, size_of
from .memory import ShotMemory

Labels = npt.NDArray[np.int32]
"""The number of the cell that each pixel belongs to, (height, width)."""


@dataclass(frozen=True)
class Cells:
    """A partition of the frame: each pixel's cell number and each cell's centre (count, 2) as x, y."""

    labels: Labels
    centres: Floats

    def colours(self, image: RGB, cell: float) -> Floats:
        """One colour per cell (count, 3): the image around the cell's centre, averaged over about `cell` pixels."""
        height, width = size_of(image)
        x = np.clip(np.rint(self.centres[:, 0]), 0, width - 1).astype(np.int32)
        y = np.clip(np.rint(self.centres[:, 1]), 0, height - 1).astype(np.int32)
        return as_floats(blur(image, 0.32 * cell)[y, x])


def _axes(size: Size) -> tuple[Floats, Floats]:
    """x as a row and y as a column, to be broadcast."""
    height, width = size
    return np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]


def stripes(size: Size, degrees: float, period: float) -> Floats:
    """A cosine wave across the frame, -1..1."""
    x, y = _axes(size)
    angle = math.radians(degrees)
    return as_floats(np.cos((x * math.cos(angle) + y * math.sin(angle)) * (2 * math.pi / period)))


def halftone(size: Size, period: float) -> Floats:
    """A screen of round dots turned by 45 degrees, 0..1; above a threshold it shows dots of a size to match."""
    return as_floats((stripes(size, 45, period) + stripes(size, -45, period)) / 4 + 0.5)


def bayer(size: Size) -> Floats:
    """Ordered dither of 64 steps, -0.5..0.5."""
    matrix = np.zeros((1, 1))
    for _ in range(3):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    height, width = size
    return as_floats(np.tile(matrix / 64 - 0.5, (height // 8 + 1, width // 8 + 1))[:height, :width])


@dataclass(frozen=True)
class Mosaic(Cells):
    """Tiles of uneven shape; `joint` is how many pixels nearer the own centre is than the next."""

    joint: Floats


def mosaic(size: Size, cell: float, chance: np.random.Generator) -> Mosaic:
    """Voronoi cells around jittered grid points, in a metric between round and square."""
    height, width = size
    rows, columns = int(height / cell) + 3, int(width / cell) + 3
    jitter = chance.uniform(0.22, 0.78, (2, rows, columns)).astype(np.float32)
    centre_x = (np.arange(columns)[None, :] - 1 + jitter[0]) * np.float32(cell)
    centre_y = (np.arange(rows)[:, None] - 1 + jitter[1]) * np.float32(cell)
    x, y = _axes(size)
    own = next_best = np.full(size, np.inf, np.float32)
    labels = np.zeros(size, np.int32)
    for step in np.ndindex(3, 3):
        row, column = (y // cell).astype(np.int32) + step[0], (x // cell).astype(np.int32) + step[1]
        across, down = np.abs(x - centre_x[row, column]), np.abs(y - centre_y[row, column])
        distance = 0.5 * np.maximum(across, down) + 0.5 * np.hypot(across, down)
        nearer = distance < own
        next_best = np.where(nearer, own, np.minimum(next_best, distance))
        labels = np.where(nearer, row * columns + column, labels).astype(np.int32)
        own = np.minimum(own, distance)
    centres = np.stack([centre_x.ravel(), centre_y.ravel()], axis=-1)
    return Mosaic(labels, as_floats(centres), as_floats(next_best - own))


@dataclass(frozen=True)
class Cubes(Cells):
    """Hexagons that look like cubes from above; `labels` reaches `lift * storeys` rows below the frame."""

    side: float
    lift: int
    storeys: int

    def skyline(self, storey: Labels, size: Size) -> tuple[Labels, npt.NDArray[np.int8]]:
        """Which column of cubes each pixel shows when each is raised by its `storey`, and which face: top, left, right.

        A column covers its hexagon and everything up to `storey * lift` pixels above; the nearest column wins.
        """
        height = size[0]
        shown = self.labels[:height]
        for step in range(1, self.storeys + 1):
            nearer = self.labels[step * self.lift : step * self.lift + height]
            shown = np.where(storey[nearer] >= step, nearer, shown)
        x, y = _axes(size)
        right = x - self.centres[shown, 0]
        below = y - (self.centres[:, 1] - storey * self.lift).astype(np.float32)[shown]
        face = np.where(below < -np.abs(right) / math.sqrt(3), 0, np.where(right < 0, 1, 2))
        return shown, face.astype(np.int8)


def cubes(size: Size, side: float, storeys: int) -> Cubes:
    """Regular hexagons with edges of `side` pixels, standing on a corner, numbered row by row."""
    height, width = size
    lift = max(1, int(side / 2))
    x, y = _axes((height + storeys * lift, width))
    per_row = int(width / (math.sqrt(3) * side)) + 3
    labels, distance = _row_of_hexagons(x, y, side, per_row, 0)
    odd_labels, odd_distance = _row_of_hexagons(x, y, side, per_row, 1)
    labels = np.where(odd_distance < distance, odd_labels, labels).astype(np.int32)
    number = np.arange(labels.max() + 1)
    row, column = number // per_row, number % per_row
    centres = np.stack([(column + 0.5 * (row % 2)) * (math.sqrt(3) * side), row * (1.5 * side)], axis=-1)
    return Cubes(labels, as_floats(centres), side, lift, storeys)


def _row_of_hexagons(x: Floats, y: Floats, side: float, per_row: int, parity: int) -> tuple[Labels, Floats]:
    """Number of the nearest hexagon among the even or the odd rows, and the squared distance to its centre."""
    pitch = math.sqrt(3) * side
    row = np.maximum(np.rint((y / (1.5 * side) - parity) / 2), 0) * 2 + parity
    column = np.maximum(np.rint(x / pitch - 0.5 * parity), 0)
    distance = (x - (column + 0.5 * parity) * pitch) ** 2 + (y - row * (1.5 * side)) ** 2
    return (row * per_row + column).astype(np.int32), as_floats(distance)


def cell_shade(memory: ShotMemory, purpose: str, count: int) -> Floats:
    """A random brightness offset for each cell, (count, 1), -0.5..0.5."""
    return memory.recall((purpose, "shade", count), lambda: as_floats(memory.chance(purpose).random((count, 1)) - 0.5))
