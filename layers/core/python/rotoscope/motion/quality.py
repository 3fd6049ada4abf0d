"""How steady and how sharp a result is, measured on every k-th pair of neighbouring frames while they are drawn.

Warping error: Lai et al. 2018, "Learning Blind Video Temporal Consistency", with DIS "medium" in place of FlowNet2, so
figures of other papers are not comparable; occlusion and motion boundaries after Ruder et al. 2016. It alone can be
bought with blur, so flicker and sharpness are measured beside it. Structure: SSIM, Wang et al. 2004.
"""

from typing import Protocol, cast

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.motion.flow import Field, Flow, Picture, flow, grey, inside, warp
from rotoscope.ports import RGB
from rotoscope.segment_contracts import QualitySample, SegmentQuality

WIDTH = 640
"""Pictures are measured at this width at most."""
EVERY = 12
"""Of so many neighbouring frames, one pair is measured: see `marked`."""
FLICKER_SIGMA = 16 / WIDTH
"""Of the picture's longer side: what is coarser counts as flicker, what is finer as texture."""
FLICKER_GRID = COLOUR_GRID = 4
"""Pixels to one of the coarse pictures on which flicker and colour are measured: tells less than 1 in 1000."""
SSIM_C1, SSIM_C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

Mask = npt.NDArray[np.bool_]


class Seen(Protocol):
    """A scene frame as the source shows it and as it was redrawn: in one size, or either in the measured size.

    Neither picture is asked for unless it is measured.
    """

    @property
    def index(self) -> int:
        """Of all the source's frames."""

    @property
    def shot(self) -> int:
        """The index of its shot's first frame."""

    @property
    def source(self) -> RGB:
        """What the source shows."""

    @property
    def picture(self) -> RGB:
        """What the result shows."""


class QualityMeter:
    """Sees the scene frames of a segment in order. Which pairs it measures depends on their indices alone."""

    def __init__(self) -> None:
        self._last: Seen | None = None
        self._samples: list[QualitySample] = []
        self._keys: dict[int, float] = {}

    def see(self, now: Seen) -> None:
        """The next frame, which is kept until the one after it."""
        last = self._last
        if last is not None and last.shot == now.shot and marked(last.index, now.index, now.shot):
            self._samples.append(_sample(last, now))
        self._last = now

    def key(self, index: int, picture: RGB) -> None:
        """A key picture as it came back."""
        self._keys[index] = sharpness(grey(small(picture)))

    def knows(self, key: int) -> bool:
        """Whether that key was measured."""
        return key in self._keys

    def found(self, segment: int) -> SegmentQuality:
        """Everything measured so far."""
        return SegmentQuality(segment=segment, samples=self._samples, key_sharpness=self._keys)


def marked(index: int, following: int, shot: int) -> bool:
    """Whether the step between two frames is measured: the first of every shot, and one in each EVERY frames.

    Which one changes from stretch to stretch, or keys at regular distances would always or never be hit.
    """
    if index == shot:
        return True
    stretches = range(index // EVERY, (following - 1) // EVERY + 1)
    return any(index <= stretch * EVERY + _scattered(stretch) < following for stretch in stretches)


def _scattered(number: int) -> int:
    """0 .. EVERY - 1, without any period that video has (Knuth's multiplicative hash)."""
    return (number * 2654435761 % 2**32) * EVERY >> 32


def small(picture: RGB) -> RGB:
    """The picture at most WIDTH pixels wide."""
    height, width = picture.shape[:2]
    if width <= WIDTH:
        return picture
    return cast(RGB, cv2.resize(picture, measured_size(width, height), interpolation=cv2.INTER_AREA))


def measured_size(width: int, height: int) -> tuple[int, int]:
    """Width and height at which pictures of that size are measured."""
    return (width, height) if width <= WIDTH else (WIDTH, max(1, round(height * WIDTH / width)))


def sharpness(luma: npt.NDArray[np.uint8]) -> float:
    """Mean absolute Laplacian, in levels."""
    return float(np.abs(cv2.Laplacian(luma, cv2.CV_16S, ksize=3)).mean())


def _sample(first: Seen, second: Seen) -> QualitySample:
    sources, results = (small(first.source), small(second.source)), (small(first.picture), small(second.picture))
    luma, drawn = grey(sources[0]), grey(results[0])
    field, seen = visible_motion(luma, grey(sources[1]))
    source_warp, source_flicker = unsteadiness(*sources, field, seen)
    result_warp, result_flicker = unsteadiness(*results, field, seen)
    lightness, green_red, blue_yellow = colour(results[0]) - colour(sources[0])
    return QualitySample(
        index=first.index,
        shot=first.shot,
        source_warp=source_warp,
        result_warp=result_warp,
        source_flicker=source_flicker,
        result_flicker=result_flicker,
        sharpness=sharpness(drawn),
        structure=structure(luma, drawn),
        shift=(float(lightness), float(green_red), float(blue_yellow)),
    )


def visible_motion(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> tuple[Flow, Mask]:
    """The flow between two luma pictures, and where it can be trusted."""
    there, back = flow(first, second, "medium"), flow(second, first, "medium")
    returned = warp(back, there)
    hidden = _squared(there + returned) > 0.01 * (_squared(there) + _squared(returned)) + 0.5
    return there, ~hidden & ~_boundaries(there) & inside(there)


def _boundaries(field: Flow) -> Mask:
    """Where the motion changes from one pixel to the next."""
    across, down = np.zeros_like(field), np.zeros_like(field)
    across[:, :-1], down[:-1] = field[:, :-1] - field[:, 1:], field[:-1] - field[1:]
    return _squared(across) + _squared(down) > 0.01 * _squared(field) + 0.002


def _squared(field: Flow) -> Field:
    return field[..., 0] ** 2 + field[..., 1] ** 2


def unsteadiness(first: RGB, second: RGB, field: Flow, seen: Mask) -> tuple[float, float]:
    """Warping error of a pair (mean square, values 0..1), and its flicker: what is coarse of it, in levels."""
    change = warp(second, field).astype(np.float32) - first
    counted = change[seen] if seen.any() else change
    return float(np.mean(counted**2)) / 255**2, _coarse_change(change, seen)


def _coarse_change(change: npt.NDArray[np.float32], seen: Mask) -> float:
    """Root mean square of the change, blurred over what is seen of it; on a grid that such a blur does not tell."""
    sigma = FLICKER_SIGMA * max(seen.shape)
    weight = seen.astype(np.float32)
    shares, changes = _blurred(weight, sigma), _blurred(change * weight[..., None], sigma)
    counted = shares > 0.2
    return float(np.sqrt(np.mean((changes[counted] / shares[counted][:, None]) ** 2))) if counted.any() else 0.0


def _blurred(picture: Picture, sigma: float) -> Picture:
    height, width = (max(1, round(side / FLICKER_GRID)) for side in picture.shape[:2])
    coarse = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return cast(Picture, cv2.GaussianBlur(coarse, (0, 0), max(sigma / FLICKER_GRID, 0.1)))


def structure(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> float:
    """SSIM of two luma pictures: 1 for the same structure, about 0 for none in common."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    mean_a, mean_b = _window(a), _window(b)
    spread = _window(a * a) - mean_a**2 + _window(b * b) - mean_b**2
    shared = _window(a * b) - mean_a * mean_b
    likeness = (2 * mean_a * mean_b + SSIM_C1) * (2 * shared + SSIM_C2)
    return float(np.mean(likeness / ((mean_a**2 + mean_b**2 + SSIM_C1) * (spread + SSIM_C2))))


def _window(picture: Field) -> Field:
    return cast(Field, cv2.GaussianBlur(picture, (11, 11), 1.5))


def colour(picture: RGB) -> npt.NDArray[np.float32]:
    """The mean colour in CIELAB: lightness 0..100, green to red, blue to yellow."""
    size = (max(1, picture.shape[1] // COLOUR_GRID), max(1, picture.shape[0] // COLOUR_GRID))
    coarse = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(coarse.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return cast("npt.NDArray[np.float32]", lab.mean((0, 1)))
