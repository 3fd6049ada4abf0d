"""One frame in the few small sizes that analysis looks at, each made when first asked for."""

from functools import cached_property
from typing import Any, cast

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.motion import flow
from rotoscope.ports import RGB
from rotoscope.signatures import GRID

SEEN, FLOWING, COARSE = 640, 320, 160
"""Longest sides, in pixels: what is decoded, where motion is searched, and where it is followed."""
BLOCK = 8
_BINS, _RANGES = [12, 6, 8], [0, 180, 0, 256, 0, 256]


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """Width and height with the longer side at most `longest`; never enlarged."""
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


EMPTY_LEVELS, FULL_LEVELS = 4.0, 8.0
"""Standard deviation, of the channel that has most and without sensor and coding noise: below the first a picture shows
nothing, above the second it does."""


def fullness(picture: RGB) -> float:
    """From 0, where there is nothing to see (black, white, one colour: a model would invent something), to 1."""
    most = max(float(channel.std()) for channel in cv2.split(flow.coarse(picture)))
    return min(1.0, max(0.0, (most - EMPTY_LEVELS) / (FULL_LEVELS - EMPTY_LEVELS)))


def blank(picture: RGB) -> bool:
    """Whether there is too little in it to redraw it."""
    return fullness(picture) < 0.5


class Look:
    """A frame as decoded for analysis (at most SEEN pixels long), and its presentation time stamp."""

    def __init__(self, stamp: int, picture: RGB) -> None:
        self.stamp = stamp
        self._picture = picture

    @cached_property
    def grey(self) -> flow.Grey:
        """Luma at the decoded size."""
        return flow.grey(self._picture)

    @cached_property
    def tints(self) -> npt.NDArray[np.uint8]:
        """The mean chroma (Cr, Cb) of each block of 8 x 8 pixels."""
        return cast(npt.NDArray[np.uint8], cv2.cvtColor(in_blocks(self._picture), cv2.COLOR_RGB2YCrCb)[..., 1:])

    @cached_property
    def coarse(self) -> RGB:
        """At most COARSE pixels long."""
        return self._shrunk(COARSE)

    @cached_property
    def flowing(self) -> flow.Grey:
        """Luma, at most FLOWING pixels long."""
        return flow.grey(self._shrunk(FLOWING))

    @cached_property
    def colours(self) -> npt.NDArray[np.float32]:
        """HSV histogram of the coarse picture; sums to 1."""
        hsv = cv2.cvtColor(self.coarse, cv2.COLOR_RGB2HSV)
        counts = cv2.calcHist([hsv], [0, 1, 2], None, _BINS, _RANGES)
        return cast(npt.NDArray[np.float32], counts / (hsv.shape[0] * hsv.shape[1]))

    @property
    def signature(self) -> str:
        """See rotoscope.signatures."""
        return self.cells.tobytes().hex()

    @cached_property
    def cells(self) -> RGB:
        """The signature's: means of blocks, for small pictures have less than a block to a cell."""
        return cast(RGB, cv2.resize(in_blocks(self._picture), (GRID, GRID), interpolation=cv2.INTER_AREA))

    def _shrunk(self, longest: int) -> RGB:
        return shrunk(self._picture, longest)


def shrunk(picture: RGB, longest: int) -> RGB:
    """The picture with its longer side at most `longest` pixels long."""
    height, width = picture.shape[:2]
    size = fitted(width, height, longest)
    return picture if size == (width, height) else cast(RGB, cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def in_blocks(picture: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Means of blocks of at most 8 x 8 pixels that cover the whole picture."""
    height, width = picture.shape[:2]
    return cv2.resize(picture, (-(-width // BLOCK), -(-height // BLOCK)), interpolation=cv2.INTER_AREA)
