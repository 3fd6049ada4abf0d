"""Steadies frames that were all restyled: each becomes an average of its neighbours, aligned along the source's flow.

Only the pictures are looked up at full size: flows, confidences and weights live on the grid of `flow.coarse`.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile
from math import exp
from statistics import mean
from typing import cast

import numpy as np

from rotoscope.motion.anchoring import recoloured
from rotoscope.motion.averaging import Aligned, averaged, sharpened
from rotoscope.motion.confidence import confidence
from rotoscope.motion.flow import Flow, coarse, compose, grey, motion, warp
from rotoscope.motion.palettes import Manner
from rotoscope.motion.quality import sharpness
from rotoscope.ports import RGB
from rotoscope.reach import reaches_back, reaches_on

SIGMA_PER_RADIUS = 1 / 1.5
OWN = 1.0
GUESSED = 0.05
"""Weight of a frame's own picture (a sure neighbour's is exp(-distance^2 / 2 sigma^2)), and of one guessed in a gap."""
SHARPNESS_KEPT = 0.88
"""Of the mean sharpness of the pictures that went into an average."""


@dataclass(frozen=True)
class _Frame:
    """`picture` is the source where no restyled one came; `there` and `back`: the flows to the frame before, and home.

    Nothing else is held at full size: a window of 4K frames has to fit a function's memory.
    """

    index: int
    last: int
    picture: RGB
    restyled: bool
    sharpness: float
    small: RGB
    there: Flow | None
    back: Flow | None


def steady(
    frames: Iterable[tuple[int, RGB, RGB | None]], radius: int, lasts: Mapping[int, int] | None = None
) -> Iterator[tuple[int, RGB]]:
    """The steadied pictures of one shot's distinct frames, given as (index, source, restyled picture or None).

    Each depends on the `radius` frames before and after it alone, as far as they are near in time (rotoscope.reach);
    `lasts` names the last repetition of those that are held. A frame without a picture is made of theirs; ValueError
    when none of them has one.
    """
    before: deque[_Frame] = deque(maxlen=radius)
    waiting: deque[_Frame] = deque()
    for frame in _linked(frames, lasts or {}):
        waiting.append(frame)
        if len(waiting) > radius:
            yield _next(before, waiting, radius)
    while waiting:
        yield _next(before, waiting, radius)


def _linked(frames: Iterable[tuple[int, RGB, RGB | None]], lasts: Mapping[int, int]) -> Iterator[_Frame]:
    last: RGB | None = None
    for index, source, picture in frames:
        small = coarse(source)
        there, back = (None, None) if last is None else (motion(small, last), motion(last, small))
        shown = source if picture is None else picture
        yield _Frame(
            index, lasts.get(index, index), shown, picture is not None, sharpness(grey(shown)), small, there, back
        )
        last = small


def _next(before: deque[_Frame], waiting: deque[_Frame], radius: int) -> tuple[int, RGB]:
    frame = waiting.popleft()
    sides = (
        takewhile(lambda other: reaches_on(other.last, frame.last), reversed(before)),
        takewhile(lambda other: reaches_back(other.index, frame.index), waiting),
    )
    around = [seen for side in sides for seen in _chained(frame, side, radius)]
    before.append(frame)
    return frame.index, _steadied(frame, around)


def _chained(frame: _Frame, away: Iterable[_Frame], radius: int) -> Iterator[tuple[_Frame, Aligned]]:
    """The restyled frames on one side, nearest first, and how their pictures lie on this one's."""
    there = back = None
    for distance, (nearer, other) in enumerate(pairwise([frame, *away]), start=1):
        step, home = (nearer.there, nearer.back) if other.index < nearer.index else (other.back, other.there)
        there, back = _onward(there, cast(Flow, step)), _onward_back(cast(Flow, home), back)
        if other.restyled:
            trust = confidence(frame.small, warp(other.small, there), there, back)
            yield other, Aligned(other.picture, there, trust * _fading(distance, radius))


def _onward(chain: Flow | None, step: Flow) -> Flow:
    return step if chain is None else compose(chain, step)


def _onward_back(step: Flow, chain: Flow | None) -> Flow:
    return step if chain is None else compose(step, chain)


def _fading(distance: int, radius: int) -> np.float32:
    return np.float32(exp(-0.5 * (distance / (radius * SIGMA_PER_RADIUS)) ** 2))


def _steadied(frame: _Frame, around: list[tuple[_Frame, Aligned]]) -> RGB:
    if not around:
        if not frame.restyled:
            raise ValueError(f"frame {frame.index} has no restyled picture, and no frame near it lends one")
        return frame.picture
    own, weight = (frame.picture, OWN) if frame.restyled else (_guessed(frame, around), GUESSED)
    paid = mean(part.sharpness for part in (frame, *(other for other, _ in around)) if part.restyled)
    return sharpened(averaged(own, weight, [aligned for _, aligned in around]), SHARPNESS_KEPT * paid)


def _guessed(frame: _Frame, around: list[tuple[_Frame, Aligned]]) -> RGB:
    """The source in the colours of the nearest picture, for spots that no other frame shows."""
    nearest = min((other for other, _ in around), key=lambda other: abs(other.index - frame.index))
    return recoloured(frame.picture, Manner.of(nearest.small, coarse(nearest.picture)))
