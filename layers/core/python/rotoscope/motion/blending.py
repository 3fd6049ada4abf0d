"""One frame out of what its key frames show of it.

Two layers. Colour: the source's own picture through the local colour map that the keys' looks amount to, with as much
of its fine texture as they keep. Detail: what a look has beyond that (strokes, lines, texture), moved along the flow,
as far as the flow can be trusted. So a place that no key shows still gets the look's colours, and changes of light come
from the source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import cv2
import numpy as np

from rotoscope.motion import local_colour
from rotoscope.motion.confidence import confidence
from rotoscope.motion.flow import Field, Flow, coarse, resized, warp
from rotoscope.motion.local_colour import ColourMap
from rotoscope.ports import RGB

GREY = 128
"""The level of a detail picture that stands for no detail."""
TRUSTED = np.float32(0.5)
"""The confidence from which on detail is drawn in full."""
HUNCH = np.float32(0.1)
"""The confidence that a key's colours always have: where no motion was found, they still are the likeliest ones."""
STEEPNESS = 2
"""Colours cross over evenly from key to key. Detail of two drawings that are laid over each other evenly loses
contrast, so the nearer key's prevails: the power of its weight."""


@dataclass(frozen=True, eq=False)
class Key:
    """A key frame: what the source shows and what it was redrawn as, of one size.

    `present`: the frames next to it are given, so its motion can be chained.
    """

    index: int
    source: RGB
    picture: RGB
    present: bool

    @cached_property
    def small(self) -> RGB:
        """The source on the coarse grid."""
        return coarse(self.source)

    @cached_property
    def colours(self) -> ColourMap:
        """What the look does to colours."""
        return local_colour.fitted(self.source, self.picture)

    @cached_property
    def detail(self) -> RGB:
        """What the look adds to that, GREY meaning nothing."""
        explained = local_colour.textured(self.colours, self.source, self.small)
        drawn = [np.asarray(plane, np.float32) for plane in cv2.split(self.picture)]
        return _joined(
            [cv2.addWeighted(a, 1, b, -1, GREY, dtype=cv2.CV_8U) for a, b in zip(drawn, explained, strict=True)]
        )


@dataclass(frozen=True, eq=False)
class Seen:
    """A key as a frame sees it: where each of its pixels lies there, how sure that is, and how near the key is."""

    key: Key
    there: Flow
    trust: Field
    nearness: float

    @classmethod
    def of(cls, key: Key, frame: RGB, nearness: float, there: Flow, back: Flow) -> "Seen":
        """`frame` is coarse, `there` leads from it to the key."""
        return cls(key, there, confidence(frame, warp(key.small, there), there, back), nearness)

    @property
    def colours(self) -> ColourMap:
        return local_colour.followed(self.key.colours, self.there)

    def detail(self, width: int, height: int) -> RGB:
        """In the frame's size. Cubic: what linear sampling would blur, frame for frame, is the drawing's texture."""
        return warp(self.key.detail, resized(self.there, width, height), cv2.INTER_CUBIC)


def blend(source: RGB, seen: Sequence[Seen]) -> RGB:
    """The frame redrawn, out of one key or two."""
    height, width = source.shape[:2]
    weights = [(each.trust + HUNCH) * np.float32(each.nearness) for each in seen]
    colours = local_colour.merged([each.colours for each in seen], weights)
    sure = np.minimum(np.maximum.reduce([each.trust for each in seen]) / TRUSTED, 1)
    share = cv2.resize(sure, (width, height), interpolation=cv2.INTER_LINEAR)
    planes = local_colour.textured(colours, source, coarse(source), share)
    for plane, detail in zip(planes, cv2.split(_detail(seen, width, height)), strict=True):
        cv2.accumulateProduct(np.asarray(detail, np.float32), share, plane)
    return _joined([cv2.addWeighted(plane, 1, share, -GREY, 0, dtype=cv2.CV_8U) for plane in planes])


def _detail(seen: Sequence[Seen], width: int, height: int) -> RGB:
    drawn = [each.detail(width, height) for each in seen]
    if len(drawn) == 1:
        return drawn[0]
    shares = [(each.trust + np.float32(1e-4)) * np.float32(each.nearness**STEEPNESS) for each in seen]
    first = cv2.resize(shares[0] / (shares[0] + shares[1]), (width, height), interpolation=cv2.INTER_LINEAR)
    return cast(RGB, cv2.blendLinear(drawn[0], drawn[1], first, 1 - first))


def _joined(planes: Sequence[cv2.typing.MatLike]) -> RGB:
    return cast(RGB, cv2.merge(planes))
