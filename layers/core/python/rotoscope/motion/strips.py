"""Pictures drawn strip by strip: what is needed on the way to a pixel is many times the picture, and would not fit.

How a picture is cut does not change a pixel: every row is enlarged for itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.motion.flow import Field
from rotoscope.ports import RGB

PIXELS = 2**17
"""To a strip: a plane of numbers fits a processor's own memory."""

Planes = npt.NDArray[np.float32]
"""(n, rows, columns)."""


@dataclass(frozen=True)
class Strip:
    """The rows from `first` to before `end` of a picture of that size."""

    first: int
    end: int
    width: int
    height: int

    @property
    def rows(self) -> slice:
        return slice(self.first, self.end)

    def planes(self, picture: RGB) -> list[Field]:
        """These rows of it, channel by channel."""
        return [np.asarray(plane, np.float32) for plane in cv2.split(picture[self.rows])]

    def enlarged(self, planes: Planes) -> list[Field]:
        """These rows of coarse planes made as large as the picture, linearly."""
        rows = planes.shape[1]
        place = (np.arange(self.first, self.end) + 0.5) * (rows / self.height) - 0.5
        above = np.clip(np.floor(place).astype(int), 0, rows - 1)
        below = np.minimum(above + 1, rows - 1)
        share = np.clip(place - above, 0, 1).astype(np.float32)[:, np.newaxis]
        lines = planes[:, above]
        lines += (planes[:, below] - lines) * share
        size = (self.width, self.end - self.first)
        return [cast(Field, cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR)) for plane in lines]

    def looked_up(self, picture: RGB, there: Planes, interpolation: int = cv2.INTER_LINEAR) -> RGB:
        """These rows of `flow.warp` along a flow, given as `of_picture` and coarse."""
        x, y = self.enlarged(there)
        x += np.arange(self.width, dtype=np.float32)
        y += np.arange(self.first, self.end, dtype=np.float32)[:, np.newaxis]
        return cast(RGB, cv2.remap(picture, x, y, interpolation, borderMode=cv2.BORDER_REPLICATE))


def strips(picture: npt.NDArray[Any]) -> Iterator[Strip]:
    """All of a picture, from top to bottom."""
    height, width = picture.shape[:2]
    rows = max(1, PIXELS // width)
    return (Strip(first, min(first + rows, height), width, height) for first in range(0, height, rows))


def of_picture(there: npt.NDArray[np.float32], picture: RGB) -> Planes:
    """A coarse flow in the pixels of a picture, x and y apart."""
    height, width = picture.shape[:2]
    x, y = cv2.split(there)
    return np.stack([x * np.float32(width / there.shape[1]), y * np.float32(height / there.shape[0])])
