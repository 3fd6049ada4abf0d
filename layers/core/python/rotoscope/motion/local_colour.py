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
from rotoscope.motion.strips import Planes, Strip, strips
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
    cells = _planes(colours[..., :TEXTURE].reshape(*colours.shape[:2], 4, 3) @ _LUMA[0])
    mapped, kept = np.empty((2, *source.shape[:2]), np.float32)
    for strip in strips(source):
        *shares, luma = strip.enlarged(cells)
        for share, plane in zip(shares, strip.planes(source), strict=True):
            cv2.accumulateProduct(plane, share, luma)
        mapped[strip.rows] = luma
        kept[strip.rows] = cv2.transform(picture[strip.rows].astype(np.float32), _LUMA)
    _keep_texture(mapped)
    _keep_texture(kept)
    rows, columns = colours.shape[:2]
    np.multiply(mapped, kept, out=kept)
    np.multiply(mapped, mapped, out=mapped)
    shared, own = _windowed(kept, rows, columns), _windowed(mapped, rows, columns)
    return np.clip((shared + FAINT) / (own + FAINT), 0, 1)


def _keep_texture(luma: Numbers) -> None:
    """Takes out what the coarse grid holds."""
    ground = coarse(luma)[np.newaxis]
    for strip in strips(luma):
        luma[strip.rows] -= strip.enlarged(ground)[0]


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
    """R', G' and B' of a small picture through the map: each (height, width), not limited to 0..255."""
    height, width = picture.shape[:2]
    whole = Strip(0, height, width, height)
    return _through(whole.enlarged(_planes(colours)[:TEXTURE]), whole.planes(picture))


class Textured:
    """A picture through a map, with as much of its fine texture as the look keeps; `small` is `flow.coarse` of it."""

    def __init__(self, colours: ColourMap, source: RGB, small: RGB) -> None:
        self._source, self._cells = source, _planes(colours)
        self._ground = np.stack(applied(colours, small))

    def strip(self, strip: Strip, trust: Field | None = None) -> list[Numbers]:
        """Rows of it. Where `trust` (0..1, of the strip's size) is low the texture stays whole: nothing else will be
        drawn there. As `applied`."""
        *cells, kept = strip.enlarged(self._cells)
        if trust is not None:
            kept = 1 - trust * (1 - kept)
        fine, ground = _through(cells, strip.planes(self._source)), strip.enlarged(self._ground)
        return [cast(Numbers, cv2.blendLinear(a, b, kept, 1 - kept)) for a, b in zip(fine, ground, strict=True)]


def _planes(colours: ColourMap) -> Planes:
    return np.ascontiguousarray(colours.transpose(2, 0, 1))


def _through(cells: Sequence[Numbers], given: Sequence[Numbers]) -> list[Numbers]:
    """What a map, enlarged, makes of a picture's planes; the offsets are summed up in place."""
    summed = list(cells[9:])
    for n, plane in enumerate(given):
        for out in range(3):
            cv2.accumulateProduct(plane, cells[3 * n + out], summed[out])
    return summed
