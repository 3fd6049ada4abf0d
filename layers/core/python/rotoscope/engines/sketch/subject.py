"""What a look is asked to draw."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .canvas import RGB, Size, size_of, size_unit
from .memory import ShotMemory


@dataclass(frozen=True)
class Subject:
    """One frame, the memory of its shot and its number, for grain that lives."""

    image: RGB
    memory: ShotMemory
    frame_index: int

    @property
    def size(self) -> Size:
        """Height and width in pixels."""
        return size_of(self.image)

    @cached_property
    def unit(self) -> float:
        """Pixels per pixel of a 1024x576 frame."""
        return size_unit(self.image)


Look = Callable[[Subject], npt.NDArray[np.uint8] | npt.NDArray[np.float32]]
"""Draws a subject: the picture in levels, (height, width, 3), not yet clipped."""
