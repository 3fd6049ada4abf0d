"""A few colours per shot, and tables that send every colour to the nearest of them."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from .canvas import RGB, Floats, Gray, as_bytes, as_floats, shrink, size_of
from .memory import ShotMemory

SAMPLE_SIDE = 96
LATTICE_BITS = 5
LAB_WEIGHTS = np.array([0.7, 1.3, 1.3], np.float32)


@dataclass(frozen=True)
class Palette:
    """At most 256 colours (count, 3), and for each colour of a 32x32x32 lattice the number of the nearest."""

    colours: RGB
    nearest: Gray

    def labels(self, image: RGB) -> Gray:
        """For each pixel the number of its palette colour."""
        cells = (image >> (8 - LATTICE_BITS)).astype(np.uint16)
        index = (cells[..., 0] << 2 * LATTICE_BITS) | (cells[..., 1] << LATTICE_BITS) | cells[..., 2]
        return np.asarray(self.nearest[index], np.uint8)

    def painted(self, labels: Gray) -> RGB:
        """The image that these numbers stand for."""
        table = np.zeros((256, 1, 3), np.uint8)
        table[: len(self.colours), 0] = self.colours
        return np.asarray(cv2.LUT(cv2.merge([labels, labels, labels]), table), np.uint8)

    def __call__(self, image: RGB) -> RGB:
        """The image in palette colours."""
        return self.painted(self.labels(image))


def palette_of(
    memory: ShotMemory, purpose: str, count: int, prepare: Callable[[RGB], RGB], finish: Callable[[RGB], RGB]
) -> Palette:
    """The shot's palette: the `count` main colours of the prepared anchor frame, shown as `finish` turns them."""

    def fit() -> Palette:
        sample = shrink(prepare(memory.anchor), max(1.0, max(size_of(memory.anchor)) / SAMPLE_SIDE))
        centres = main_colours(_lab(sample).reshape(-1, 3), count, memory.chance(purpose))
        colours = np.asarray(cv2.cvtColor(as_bytes(centres)[None], cv2.COLOR_LAB2RGB), np.uint8)
        return Palette(finish(colours)[0], _nearest_on_lattice(centres))

    return memory.recall(("palette", purpose, count), fit)


def main_colours(samples: Floats, count: int, chance: np.random.Generator, rounds: int = 20) -> Floats:
    """Cluster centres by k-means with spread-out starts (k-means++); fewer than `count` if there are fewer colours."""
    centres = samples[chance.integers(len(samples), size=1)]
    while len(centres) < count:
        distance = _distances(samples, centres).min(axis=1)
        if distance.max() < 1:
            break
        chosen = chance.choice(len(samples), p=distance / distance.sum())
        centres = np.concatenate([centres, samples[[chosen]]])
    for _ in range(rounds):
        owner = _distances(samples, centres).argmin(axis=1)
        centres = np.stack([_mean_or(samples[owner == i], centre) for i, centre in enumerate(centres)])
    return centres


def _mean_or(members: Floats, otherwise: Floats) -> Floats:
    return as_floats(members.mean(axis=0)) if len(members) else otherwise


def _distances(samples: Floats, centres: Floats) -> npt.NDArray[np.float64]:
    """Squared distances (samples, centres), lightness counting less than colour."""
    difference = (samples[:, None] - centres[None]).astype(np.float64)
    return np.asarray((difference * difference) @ LAB_WEIGHTS.astype(np.float64))


def _lab(image: RGB) -> Floats:
    return as_floats(cv2.cvtColor(image, cv2.COLOR_RGB2LAB))


def _nearest_on_lattice(centres: Floats) -> Gray:
    side = 1 << LATTICE_BITS
    levels = ((np.arange(side) + 0.5) * (256 / side)).astype(np.uint8)
    lattice = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(1, -1, 3)
    return np.asarray(_distances(_lab(lattice)[0], centres).argmin(axis=1), np.uint8)
