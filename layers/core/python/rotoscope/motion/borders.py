"""Finds black letter-box and pillar-box borders that all frames of an interval have."""

import math

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
        if self._brightest is None or self._brightest.max() <= BLACK:
            return None
        lit = self._brightest > BLACK
        rows, columns = height / lit.shape[0], width / lit.shape[1]
        across, along = lit[:, lit.any(axis=0)], lit[lit.any(axis=1)].T
        sides = [(across, rows), (across[::-1], rows), (along, columns), (along[::-1], columns)]
        if any(_dark(side) > WIDEST * len(side) for side, _ in sides):
            return None  # lights in the dark
        top, bottom, left, right = (_thickness(*side) for side in sides)
        bars = Bars(top=top, bottom=bottom, left=left, right=right)
        return None if bars == Bars() else bars


def _dark(lit: npt.NDArray[np.bool_]) -> int:
    """How many rows come before the first one with any light."""
    return int(np.argmax(lit.any(axis=1)))


def _thickness(lit: npt.NDArray[np.bool_], scale: float) -> int:
    """Of the border before the first row with light, in rows that are `scale` times finer; 0 when it is none."""
    dark = _dark(lit)
    if dark < THINNEST * len(lit) or lit[dark : dark + EDGE].mean(axis=1).max() < 0.5:
        return 0
    return max(0, math.floor(dark * scale) - (math.ceil(scale) - 1))  # the last small row may mix border and picture
