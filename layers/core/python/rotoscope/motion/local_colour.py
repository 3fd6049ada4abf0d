"""A colour map that differs from place to place: how a look changed the colours, without its strokes and lines.

For every cell the affine map of R'G'B' that fits its neighbourhood best, after the guided filter (He et al. 2013), with
three channels on both sides.
"""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.motion.flow import Field, Flow, coarse, resized, warp
from rotoscope.ports import RGB

Numbers = npt.NDArray[np.float32]
ColourMap = npt.NDArray[np.float32]
"""(rows, columns, 13): per cell a 3 x 3 matrix, a row for what each source colour adds; then an offset; then the share
of the source's fine TEXTURE that the look keeps."""
TEXTURE = 12
CELL_PX = 8
WINDOW = 7
"""Cells on a side of the window that a map is fitted over."""
RIDGE = np.float32(60) * np.eye(3, dtype=np.float32)
"""Squared levels: where the source hardly varies, its contrast comes through by half."""
FAINT = np.float32(0.5)
"""Squared levels of fine texture that are as good as none: nothing is known, and what comes later stays."""
_LUMA = np.array([[0.299, 0.587, 0.114]], np.float32)
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
    colours = np.concatenate([matrix.reshape(rows, columns, 9), offset], axis=2)
    return np.concatenate([colours, _texture_kept(colours, source, picture)[..., None]], axis=2)


def _texture_kept(colours: ColourMap, source: RGB, picture: RGB) -> Numbers:
    """Which share (0..1) of the source's fine texture, as the map would draw it, is still in the picture, per cell.

    Drawn over in full, a flat look would be given back the grass that it had left out.
    """
    drawn = [np.asarray(plane, np.float32) for plane in cv2.split(picture)]
    mapped, kept = _texture(applied(colours, source)), _texture(drawn)
    rows, columns = colours.shape[:2]
    shared, own = _windowed(mapped * kept, rows, columns), _windowed(mapped * mapped, rows, columns)
    return np.clip((shared + FAINT) / (own + FAINT), 0, 1)


def _texture(planes: Sequence[Numbers]) -> Numbers:
    """The luma that the coarse grid does not hold."""
    luma = cast(Numbers, cv2.transform(cv2.merge(planes), _LUMA))
    height, width = luma.shape
    return luma - _enlarged(coarse(luma), width, height)


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
    summed = np.zeros((rows, columns, TEXTURE + 2), np.float32)
    for colours, each in zip(maps, trust, strict=True):
        weight = cv2.resize(each, (columns, rows), interpolation=cv2.INTER_AREA)[..., None]
        summed += np.concatenate([colours * weight, weight], axis=2)
    filled = summed.copy()
    for cells in SURROUNDINGS:
        filled += cv2.blur(summed, (cells, cells)) * np.float32(1 / cells)
    return filled[..., :-1] / filled[..., -1:]


def applied(colours: ColourMap, picture: RGB) -> list[Numbers]:
    """R', G' and B' of the picture through the map: each (height, width), not limited to 0..255."""
    height, width = picture.shape[:2]
    given = [np.asarray(plane, np.float32) for plane in cv2.split(picture)]
    cells = [np.ascontiguousarray(colours[..., n]) for n in range(TEXTURE)]
    summed = [_enlarged(cells[9 + out], width, height) for out in range(3)]
    for n, plane in enumerate(given):  # enlarged one by one: at 4K each is 33 MB
        for out in range(3):
            cv2.accumulateProduct(plane, _enlarged(cells[3 * n + out], width, height), summed[out])
    return summed


def textured(colours: ColourMap, source: RGB, small: RGB, trust: Field | None = None) -> list[Numbers]:
    """The picture through the map, with as much of its fine texture as the look keeps; `small` is `flow.coarse` of it.

    Where `trust` (its size, 0..1) is low the texture stays whole: nothing else will be drawn there. As `applied`.
    """
    height, width = source.shape[:2]
    kept = _enlarged(np.ascontiguousarray(colours[..., TEXTURE]), width, height)
    if trust is not None:
        kept = 1 - trust * (1 - kept)
    fine, ground = applied(colours, source), (_enlarged(plane, width, height) for plane in applied(colours, small))
    return [cast(Numbers, cv2.blendLinear(a, b, kept, 1 - kept)) for a, b in zip(fine, ground, strict=True)]


def _enlarged(field: Numbers, width: int, height: int) -> Numbers:
    return cast(Numbers, cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR))
