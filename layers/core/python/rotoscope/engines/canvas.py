"""Legal picture sizes: what a model may be sent, and the exact way back. Pictures are padded, never stretched."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2

from rotoscope.ports import RGB

GOOD_SHARE = 0.75
"""Diffusion models draw best near their full size; a legal source of this share of it is not scaled up."""


@dataclass(frozen=True)
class Canvas:
    """A source picture scaled to inner_* and laid on a width x height canvas at (left, top). All in pixels."""

    source_width: int
    source_height: int
    width: int
    height: int
    inner_width: int
    inner_height: int

    @property
    def left(self) -> int:
        """Columns of padding before the picture."""
        return (self.width - self.inner_width) // 2

    @property
    def top(self) -> int:
        """Rows of padding above the picture."""
        return (self.height - self.inner_height) // 2

    @property
    def untouched(self) -> bool:
        """True when the source can be sent as it is."""
        return (self.width, self.height) == (self.source_width, self.source_height)

    def place(self, picture: RGB) -> RGB:
        """The picture on the canvas; the border repeats its edge so that the model sees no frame to draw."""
        inner = resized(picture, self.inner_width, self.inner_height)
        right, bottom = self.width - self.inner_width - self.left, self.height - self.inner_height - self.top
        return cv2.copyMakeBorder(inner, self.top, bottom, self.left, right, cv2.BORDER_REPLICATE)  # type: ignore[return-value]

    def restore(self, answer: RGB) -> RGB:
        """The part of a model's answer, of any size, that shows the source, at the source's size."""
        rows, columns = answer.shape[0] / self.height, answer.shape[1] / self.width
        top, left = round(self.top * rows), round(self.left * columns)
        bottom, right = round((self.top + self.inner_height) * rows), round((self.left + self.inner_width) * columns)
        shown = answer[top : max(bottom, top + 1), left : max(right, left + 1)]
        return resized(shown, self.source_width, self.source_height)


def resized(picture: RGB, width: int, height: int) -> RGB:
    """The picture at another size: area averaging when it shrinks, cubic when it grows."""
    if picture.shape[:2] == (height, width):
        return picture
    shrinks = width * height < picture.shape[0] * picture.shape[1]
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)  # type: ignore[return-value]


def free_canvas(
    width: int, height: int, *, max_pixels: int, min_side: int = 64, max_side: float = math.inf, max_aspect: float
) -> Canvas:
    """For models that take any size within limits: scaled only when it must be, padded only beyond `max_aspect`."""
    scale = max(1.0, min_side / min(width, height))
    outer_width, outer_height = max(width, height / max_aspect), max(height, width / max_aspect)
    scale = min(scale, math.sqrt(max_pixels / (outer_width * outer_height)), max_side / max(outer_width, outer_height))
    inner_width, inner_height = max(1, math.floor(width * scale)), max(1, math.floor(height * scale))
    return Canvas(
        width,
        height,
        max(inner_width, min_side, math.ceil(inner_height / max_aspect)),
        max(inner_height, min_side, math.ceil(inner_width / max_aspect)),
        inner_width,
        inner_height,
    )


def stepped_canvas(width: int, height: int, *, step: int, max_pixels: int, min_side: int) -> Canvas:
    """For models that want multiples of `step`: the source as it is if it is legal and large enough for the model to do
    well, else the canvas that shows it largest, then with least padding."""
    if width % step == height % step == 0 and GOOD_SHARE * max_pixels <= width * height <= max_pixels:
        return _on(width, height, (width, height))
    candidates = (_on(width, height, outer) for outer in _grid(step, max_pixels, min_side))
    return max(candidates, key=lambda canvas: (canvas.inner_width * canvas.inner_height, -canvas.width * canvas.height))


def _grid(step: int, max_pixels: int, min_side: int) -> Iterator[tuple[int, int]]:
    for width in range(min_side, max_pixels // min_side + 1, step):
        height = max_pixels // width // step * step
        yield from ((width, rows) for rows in (height, height - step, height - 2 * step) if rows >= min_side)


def _on(width: int, height: int, outer: tuple[int, int]) -> Canvas:
    scale = min(outer[0] / width, outer[1] / height)
    return Canvas(width, height, *outer, max(1, int(width * scale)), max(1, int(height * scale)))
