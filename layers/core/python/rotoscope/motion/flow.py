"""Dense optical flow on the CPU: DIS (Kroeger et al. 2016) and what is done with its fields.

A flow is (height, width, 2) float32, x before y, in pixels of its own grid. It belongs to the picture it starts from:
`flow(a, b)[p]` says where a's pixel p lies in b, so `warp(b, flow(a, b))` looks like a.
"""

from functools import lru_cache
from typing import Any, Literal, TypeVar, cast

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.ports import RGB

Flow = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8]
"""(height, width), 8 bit."""
Field = npt.NDArray[np.float32]
"""(height, width), one number per pixel."""
Preset = Literal["fast", "medium"]
Picture = TypeVar("Picture", bound=npt.NDArray[Any])

_PRESETS = {"fast": cv2.DISOPTICAL_FLOW_PRESET_FAST, "medium": cv2.DISOPTICAL_FLOW_PRESET_MEDIUM}
SMALLEST = 48
"""DIS refuses sides under about 12 pixels, or 36 of a long narrow picture: such pictures are enlarged for it."""
GRID = 4
"""Pixels of a picture to one of the grid that flows and confidences live on. DIS "fast" searches no finer than that
anyway: found on the small pictures, its end point error on known flow is the same (0.198 px against 0.198) in two
thirds of the time. A grid of 2 halves the error at five times the time."""


def coarse(picture: Picture) -> Picture:
    """The picture on the grid: each side divided by GRID, at least 1."""
    height, width = (max(1, round(side / GRID)) for side in picture.shape[:2])
    return cast(Picture, cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))


def grey(picture: RGB) -> Grey:
    """Luma."""
    return cast(Grey, cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))


def motion(origin: RGB, target: RGB) -> Flow:
    """The flow between two pictures that are `coarse` already, searched down to their own pixels."""
    return flow(grey(origin), grey(target), finest=0)


def flow(origin: Grey, target: Grey, preset: Preset = "fast", finest: int | None = None) -> Flow:
    """Where each pixel of `origin` lies in `target`. `finest` is the scale (1 / 2**finest) that is searched last."""
    height, width = origin.shape
    if min(height, width) < SMALLEST:
        larger = (max(SMALLEST, width), max(SMALLEST, height))
        return resized(flow(_scaled(origin, larger), _scaled(target, larger), preset, finest), width, height)
    found = _searcher(preset, finest, height, width).calc(origin, target, None)  # type: ignore[call-overload]
    limit = float(height + width)
    return cast(Flow, np.clip(np.nan_to_num(found, copy=False, posinf=limit, neginf=-limit), -limit, limit))


@lru_cache(maxsize=8)
def _searcher(preset: Preset, finest: int | None, height: int, width: int) -> cv2.DISOpticalFlow:
    """One object per picture size: given another size, DIS reads the buffers of the last (OpenCV 4.11 to 5.0)."""
    searcher = cv2.DISOpticalFlow.create(_PRESETS[preset])
    if finest is not None:
        searcher.setFinestScale(finest)
    return searcher


def _scaled(picture: Grey, size: tuple[int, int]) -> Grey:
    return cast(Grey, cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR))


def resized(field: Flow, width: int, height: int) -> Flow:
    """The same motion on another grid."""
    if field.shape[:2] == (height, width):
        return field
    ratio = np.array([width / field.shape[1], height / field.shape[0]], np.float32)
    if width * height < field.shape[0] * field.shape[1]:
        return cast(Flow, cv2.resize(field, (width, height), interpolation=cv2.INTER_AREA) * ratio)
    return cast(Flow, cv2.resize(field * ratio, (width, height), interpolation=cv2.INTER_LINEAR))


@lru_cache(maxsize=4)
def _grid(height: int, width: int) -> tuple[Field, Field]:
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x.flags.writeable = y.flags.writeable = False
    return x, y


def warp(picture: Picture, field: Flow, interpolation: int = cv2.INTER_LINEAR) -> Picture:
    """out(p) = picture(p + field(p)), of the picture's own type; past the border its edge is repeated."""
    x, y = _grid(*field.shape[:2])
    to = x + field[..., 0], y + field[..., 1]
    return cast(Picture, cv2.remap(picture, *to, interpolation, borderMode=cv2.BORDER_REPLICATE))


def compose(first: Flow, then: Flow) -> Flow:
    """The flow a -> c out of a -> b and b -> c."""
    return first + warp(then, first)


def round_trip(there: Flow, back: Flow) -> Field:
    """How far from home each pixel comes out, going there and back: 0 where nothing hides, in pixels."""
    gone = there + warp(back, there)
    return cast(Field, cv2.magnitude(gone[..., 0], gone[..., 1]))


def inside(field: Flow) -> npt.NDArray[np.bool_]:
    """Which pixels are still in the picture where they went."""
    height, width = field.shape[:2]
    x, y = _grid(height, width)
    to_x, to_y = x + field[..., 0], y + field[..., 1]
    stays = (to_x >= 0) & (to_x <= width - 1) & (to_y >= 0) & (to_y <= height - 1)
    return cast(npt.NDArray[np.bool_], stays)
