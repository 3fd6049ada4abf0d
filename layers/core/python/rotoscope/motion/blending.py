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
from rotoscope.motion.flow import Field, Flow, coarse, warp
from rotoscope.motion.local_colour import ColourMap, Textured
from rotoscope.motion.strips import Strip, of_picture, strips
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
        """What the look does to colours, from place to place."""
        return local_colour.fitted(self.source, self.picture)

    @cached_property
    def detail(self) -> RGB:
        """What the look adds to that, GREY meaning nothing."""
        explained = Textured(self.colours, self.source, self.small)
        found = np.empty_like(self.picture)
        for strip in strips(found):
            pairs = zip(strip.planes(self.picture), explained.strip(strip), strict=True)
            found[strip.rows] = _joined([cv2.addWeighted(a, 1, b, -1, GREY, dtype=cv2.CV_8U) for a, b in pairs])
        return found


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


def blend(source: RGB, seen: Sequence[Seen]) -> RGB:
    """The frame redrawn, out of one key or two."""
    weights = [(each.trust + HUNCH) * np.float32(each.nearness) for each in seen]
    colours = local_colour.merged([each.colours for each in seen], weights)
    sure = np.minimum(np.maximum.reduce([each.trust for each in seen]) / TRUSTED, 1)
    ground, detail = Textured(colours, source, coarse(source)), _Detail(seen)
    drawn = np.empty_like(source)
    for strip in strips(source):
        (share,) = strip.enlarged(sure[np.newaxis])
        planes = ground.strip(strip, share)
        for plane, moved in zip(planes, cv2.split(detail.strip(strip)), strict=True):
            cv2.accumulateProduct(np.asarray(moved, np.float32), share, plane)
        drawn[strip.rows] = _joined([cv2.addWeighted(plane, 1, share, -GREY, 0, dtype=cv2.CV_8U) for plane in planes])
    return drawn


class _Detail:
    """What the keys' looks have beyond colours, moved to where a frame shows it."""

    def __init__(self, seen: Sequence[Seen]) -> None:
        self._pictures = [each.key.detail for each in seen]
        self._there = [of_picture(each.there, each.key.source) for each in seen]
        shares = [(each.trust + np.float32(1e-4)) * np.float32(each.nearness**STEEPNESS) for each in seen]
        self._first = (shares[0] / sum(shares))[np.newaxis]

    def strip(self, strip: Strip) -> RGB:
        """Rows of it. Cubic: what linear sampling would blur, frame for frame, is the drawing's texture."""
        pairs = zip(self._pictures, self._there, strict=True)
        drawn = [strip.looked_up(picture, there, cv2.INTER_CUBIC) for picture, there in pairs]
        if len(drawn) == 1:
            return drawn[0]
        (first,) = strip.enlarged(self._first)
        return cast(RGB, cv2.blendLinear(drawn[0], drawn[1], first, 1 - first))


def _joined(planes: Sequence[cv2.typing.MatLike]) -> RGB:
    return cast(RGB, cv2.merge(planes))
