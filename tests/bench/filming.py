"""Draws layered scenes whose motion is known: every pixel's true flow, and whether its spot stays visible.

A layer's place is an affine map from its texture to the picture; a ripple bends it further. Both can be turned round,
so that the flow follows from the same formulas as the picture.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import cos, sin
from typing import Any

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.ports import RGB

Numbers = npt.NDArray[np.floating[Any]]
Flow = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.uint8]
WIDTH, HEIGHT = 640, 360
RATE = 25


@dataclass(frozen=True)
class Layer:
    """`matte` is 1 where the texture covers. `place(t)` is (2, 3), texture to picture; `ripple` is in pixels."""

    texture: Numbers
    matte: Numbers
    place: Callable[[float], Numbers]
    ripple: float = 0.0

    def texels(self, points: Numbers, time: float) -> Numbers:
        """Which spot of the texture is seen at these points (..., 2)."""
        return moved(points + self.bend(points, time), inverse(self.place(time)))

    def points(self, texels: Numbers, time: float) -> Numbers:
        """Where spots of the texture are seen: `texels` turned round, by fixed-point iteration."""
        straight = moved(texels, self.place(time))
        bent = straight
        for _ in range(8 if self.ripple else 0):
            bent = straight - self.bend(bent, time)
        return bent

    def bend(self, points: Numbers, time: float) -> Numbers:
        x, y = points[..., 0], points[..., 1]
        return self.ripple * np.stack([np.sin(y / 23 + 0.35 * time), np.cos(x / 31 + 0.28 * time)], -1)


Scene = Sequence[Layer]
"""From the farthest to the nearest."""


@dataclass(frozen=True)
class Known:
    """Pictures, and for every step to the next one its flow and which pixels stay visible; None across a cut."""

    frames: list[RGB] = field(default_factory=list)
    flows: list[Flow | None] = field(default_factory=list)
    visible: list[Mask | None] = field(default_factory=list)


def moved(points: Numbers, place: Numbers) -> Numbers:
    x, y = points[..., 0], points[..., 1]
    return np.stack(
        [place[0, 0] * x + place[0, 1] * y + place[0, 2], place[1, 0] * x + place[1, 1] * y + place[1, 2]], -1
    )


def inverse(place: Numbers) -> Numbers:
    turned = np.linalg.inv(place[:, :2])
    return np.column_stack([turned, -turned @ place[:, 2]])


def placed(centre: Numbers, at: Numbers, angle: float = 0.0, scale: float = 1.0) -> Numbers:
    """The map that puts a texture's `centre` at a point of the picture, turned and enlarged."""
    turn = scale * np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    return np.column_stack([turn, at - turn @ centre])


# --- filming --------------------------------------------------------------------------------------------------------


def filmed(takes: Sequence[tuple[Scene, float]], grain: float = 0.0) -> Known:
    """One frame per (scene, time); `grain` is the sensor noise's standard deviation in levels."""
    known = Known()
    drawings = [drawn(scene, time) for scene, time in takes]
    for number, (picture, _) in enumerate(drawings):
        noise = np.random.default_rng(1000 + number).normal(0, grain, picture.shape) if grain else 0.0
        known.frames.append(np.clip(picture + noise + 0.5, 0, 255).astype(np.uint8))
    for (scene, time), (then, later), (_, shown), (_, shown_next) in zip(
        takes, takes[1:], drawings, drawings[1:], strict=False
    ):
        flow = stepped(scene, time, later, shown) if scene is then else None
        known.flows.append(flow)
        known.visible.append(None if flow is None else still_seen(flow, shown, shown_next))
    return known


@cache
def grid() -> Numbers:
    return np.stack(np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32)), -1)


def drawn(scene: Scene, time: float) -> tuple[Numbers, Labels]:
    """The picture (float, not clipped), and which layer each pixel shows."""
    picture, shown = np.zeros((HEIGHT, WIDTH, 3), np.float32), np.zeros((HEIGHT, WIDTH), np.uint8)
    for number, layer in enumerate(scene):
        x, y = np.moveaxis(layer.texels(grid(), time).astype(np.float32), -1, 0)
        cover = cv2.remap(layer.matte, x, y, cv2.INTER_LINEAR)
        colour = cv2.remap(layer.texture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        picture += cover[..., None] * (colour - picture)
        shown[cover > 0.5] = number
    return picture, shown


def stepped(scene: Scene, time: float, later: float, shown: Labels) -> Flow:
    """The true flow of what each pixel shows."""
    flow = np.zeros_like(grid())
    for number, layer in enumerate(scene):
        start = grid()[shown == number].astype(float)
        flow[shown == number] = layer.points(layer.texels(start, time), later) - start
    return flow


def still_seen(flow: Flow, shown: Labels, shown_next: Labels) -> Mask:
    """The pixels whose spot is neither hidden nor out of the picture where it went."""
    x, y = np.moveaxis(grid() + flow, -1, 0)
    found = cv2.remap(shown_next, x, y, cv2.INTER_NEAREST, borderValue=255)
    return np.asarray(found == shown)
