"""Finds black letter-box and pillar-box borders that all frames of an interval have, and what would contradict them."""

import math
from collections.abc import Sequence

import numpy as np
from numpy import typing as npt

from rotoscope.motion.flow import Grey
from rotoscope.segment_contracts import Bars

BLACK = 24
"""Levels: coding noise rings this far into a black border."""
THINNEST, WIDEST = 0.015, 0.45
EDGE = 3
"""Rows or columns within which a border gives way to the picture; a dark scene gets lighter more slowly."""


class Borders:
    """The brightest that each pixel ever gets: frames that are black altogether add nothing to it."""

    def __init__(self) -> None:
        self._brightest: Grey | None = None

    def add(self, picture: Grey) -> None:
        """All pictures must have one size."""
        if self._brightest is None:
            self._brightest = picture.copy()
        np.maximum(self._brightest, picture, out=self._brightest)

    def found(self, width: int, height: int) -> Bars | None:
        """In rows and columns of the full-size picture, never more than there are. None when there are no borders."""
        sides = self._sides(width, height)
        if not sides or any(_dark(side) > WIDEST * len(side) for side, _ in sides):
            return None  # nothing, or lights in the dark
        bars = _bars([_rows(*side) if _is_border(side[0]) else 0 for side in sides])
        return None if bars == Bars() else bars

    def dark(self, width: int, height: int) -> Bars | None:
        """How far from each side nothing ever lit up: no border is thicker. None when the interval is black."""
        sides = self._sides(width, height)
        return _bars([_rows(*side) for side in sides]) if sides else None

    def _sides(self, width: int, height: int) -> list[tuple[npt.NDArray[np.bool_], float]]:
        """Top, bottom, left, right: which pixels ever lit up, row for row inwards, and how many real rows one is."""
        if self._brightest is None or self._brightest.max() <= BLACK:
            return []
        lit = self._brightest > BLACK
        rows, columns = height / lit.shape[0], width / lit.shape[1]
        across, along = lit[:, lit.any(axis=0)], lit[lit.any(axis=1)].T
        return [(across, rows), (across[::-1], rows), (along, columns), (along[::-1], columns)]


def _bars(sides: Sequence[int]) -> Bars:
    top, bottom, left, right = sides
    return Bars(top=top, bottom=bottom, left=left, right=right)


def _dark(lit: npt.NDArray[np.bool_]) -> int:
    """How many rows come before the first one with any light."""
    return int(np.argmax(lit.any(axis=1)))


def _is_border(lit: npt.NDArray[np.bool_]) -> bool:
    """Whether the dark rows end as a border does: thick enough, and all at once."""
    dark = _dark(lit)
    return bool(dark >= THINNEST * len(lit) and lit[dark : dark + EDGE].mean(axis=1).max() >= 0.5)


def _rows(lit: npt.NDArray[np.bool_], scale: float) -> int:
    """The dark rows before the first one with light, in rows that are `scale` times finer."""
    return max(0, math.floor(_dark(lit) * scale) - (math.ceil(scale) - 1))  # the last may mix border and picture
