"""A colour map that differs from place to place: how a look changed the colours, without its strokes and lines.

For every cell the affine map of R'G'B' that fits its neighbourhood best, after the guided filter (He et al. 2013), with
three channels on both sides.
"""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.motion.flow import Field, Flow, resized, warp
from rotoscope.ports import RGB

Numbers = npt.NDArray[np.float32]
ColourMap = npt.NDArray[np.float32]
"""(rows, columns, 12): per cell a 3 x 3 matrix, a row for what each source colour adds; then an offset."""
CELL_PX = 8
WINDOW = 7
"""Cells on a side of the window that a map is fitted over."""
RIDGE = np.float32(60) * np.eye(3, dtype=np.float32)
"""Squared levels: where the source hardly varies, its contrast comes through by half."""
SURROUNDINGS = (7, 17, 41)
"""Cells on a side of the windows that lend a place their map if it has none; the wider, the less it counts."""


def fitted(source: RGB, picture: RGB) -> ColourMap:
    """The map that makes `source` look like `picture`; both are of one size."""
    before, after = _halved(source), _halved(picture)
    rows, columns = (max(1, round(side / CELL_PX)) for side in source.shape[:2])
    mean_before, mean_after = (_windowed(each, rows, columns) for each in (before, after))
    spread, shared = np.empty((2, rows, columns, 3, 3), np.float32)
    for n in range(3):
        mine, mean = before[..., n : n + 1], mean_before[..., n : n + 1]
        spread[..., n, :] = _windowed(mine * before, rows, columns) - mean * mean_before
        shared[..., n, :] = _windowed(mine * after, rows, columns) - mean * mean_after
    matrix = np.linalg.solve(spread + RIDGE, shared + RIDGE / 2)
    offset = mean_after - (mean_before[..., None, :] @ matrix)[..., 0, :]
    return np.concatenate([matrix.reshape(rows, columns, 9), offset], axis=2)


def _halved(picture: RGB) -> Numbers:
    """A quarter of the work, and the same map."""
    height, width = picture.shape[:2]
    size = ((width + 1) // 2, (height + 1) // 2)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)


def _windowed(values: Numbers, rows: int, columns: int) -> Numbers:
    cells = cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA)
    return cast(Numbers, cv2.blur(cells, (WINDOW, WINDOW)))


def followed(colours: ColourMap, there: Flow) -> ColourMap:
    """The map looked up along a flow, which may live on another grid."""
    rows, columns = colours.shape[:2]
    return warp(colours, resized(there, columns, rows))


def merged(maps: Sequence[ColourMap], trust: Sequence[Field]) -> ColourMap:
    """Their mean by trust (above 0); where there is little in any of them, more of what the surroundings have."""
    rows, columns = maps[0].shape[:2]
    summed = np.zeros((rows, columns, 13), np.float32)
    for colours, each in zip(maps, trust, strict=True):
        weight = cv2.resize(each, (columns, rows), interpolation=cv2.INTER_AREA)[..., None]
        summed += np.concatenate([colours * weight, weight], axis=2)
    filled = summed.copy()
    for cells in SURROUNDINGS:
        filled += cv2.blur(summed, (cells, cells)) * np.float32(1 / cells)
    return filled[..., :12] / filled[..., 12:]


def applied(colours: ColourMap, picture: RGB) -> list[Numbers]:
    """R', G' and B' of the picture through the map: each (height, width), not limited to 0..255."""
    height, width = picture.shape[:2]
    given = [np.asarray(plane, np.float32) for plane in cv2.split(picture)]
    cells = [_enlarged(np.ascontiguousarray(colours[..., n]), width, height) for n in range(12)]
    for n, plane in enumerate(given):
        for out in range(3):
            cv2.accumulateProduct(plane, cells[3 * n + out], cells[9 + out])
    return cells[9:]


def _enlarged(field: Numbers, width: int, height: int) -> Numbers:
    return cast(Numbers, cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR))
