"""Measures what each step newly uncovers: the sum over steps tells how much of a frame its key no longer covers."""

from typing import cast

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.motion import flow
from rotoscope.motion.looking import Look
from rotoscope.ports import RGB

PHOTOMETRIC = 14.0
"""Levels that a pixel may differ from where it came from."""
ASTRAY = 1.0
"""Pixels of the coarse picture that there and back may miss by: two at 320."""
REACH = 8
LOST = 0.35
"""How long a chain is measured from one anchor: in frames, and in the share of the picture that it no longer covers."""
EXPOSURE = 4.0
"""Levels that a channel's mean has to change by for the light to be taken into account."""
_MEAN = np.full((1, 3), 1 / 3, np.float32)


STAYS = 0.5
"""Share of the picture that may look otherwise in the next frame before it is asked whether it has only moved."""


def lost(first: Look, second: Look) -> float:
    """What Coverage would say of a step by itself, or 0 where most of the picture is as it was: no motion is searched
    there."""
    still = np.zeros(second.coarse.shape[:2], np.bool_)
    if _share(still, second.coarse, first.coarse) < STAYS:
        return 0.0
    return Coverage(first).step(second)


class Coverage:
    """Follows one shot frame by frame along two chains that start anew by turns: one is fresh when the other is old."""

    def __init__(self, first: Look) -> None:
        self._last = first
        self._chains = _Chain(first, REACH), _Chain(first, REACH // 2)

    def step(self, look: Look) -> float:
        """The share (0..1) of the picture that the step to this frame newly uncovers."""
        height, width = look.coarse.shape[:2]
        here, there = self._last.flowing, look.flowing
        back, onward = (flow.resized(flow.flow(*pair), width, height) for pair in ((there, here), (here, there)))
        self._last = look
        return sum(chain.step(look, back, onward) for chain in self._chains) / len(self._chains)


class _Chain:
    """Motion from an anchor frame to the last one seen, and what of that one the anchor does not explain."""

    def __init__(self, anchor: Look, reach: int) -> None:
        self._again = reach
        self._start(anchor, reach)

    def _start(self, anchor: Look, reach: int) -> None:
        self._anchor, self._left = anchor.coarse, reach
        self._bad = 0.0
        self._back: flow.Flow | None = None
        self._onward: flow.Flow | None = None

    def step(self, look: Look, back: flow.Flow, onward: flow.Flow) -> float:
        self._back = back if self._back is None else flow.compose(back, self._back)
        self._onward = onward if self._onward is None else flow.compose(self._onward, onward)
        before, self._bad = self._bad, self._uncovered(look, self._back, self._onward)
        rise = max(0.0, self._bad - before)
        self._left -= 1
        if self._bad > LOST:
            self._start(look, self._again)
        elif not self._left:
            self._start(look, REACH)
        return rise

    def _uncovered(self, look: Look, back: flow.Flow, onward: flow.Flow) -> float:
        """The share of the frame that is occluded, came from outside, or looks otherwise in any light."""
        carried = flow.warp(self._anchor, back)
        astray = (flow.round_trip(back, onward) > ASTRAY) | ~flow.inside(back)
        exposed = _exposed_as(look.coarse, self._anchor, carried)
        return min(_share(astray, look.coarse, picture) for picture in (carried, exposed) if picture is not None)


def _share(astray: npt.NDArray[np.bool_], shown: RGB, carried: RGB) -> float:
    difference = cv2.transform(cv2.absdiff(shown, carried), _MEAN)
    bad = astray | (cv2.GaussianBlur(difference.astype(np.float32), (0, 0), 0.75) > PHOTOMETRIC)
    return cv2.countNonZero(bad.view(np.uint8)) / bad.size


def _exposed_as(shown: RGB, anchor: RGB, carried: RGB) -> RGB | None:
    """The carried picture in the light of the shown one: a fade uncovers nothing. None where the light is the same."""
    (mean, spread), (wanted, wanted_spread) = cv2.meanStdDev(anchor), cv2.meanStdDev(shown)
    if np.abs(mean - wanted).max() < EXPOSURE:
        return None
    gain = (wanted_spread.mean() + 1) / (spread.mean() + 1)
    return cast(RGB, cv2.transform(carried, np.hstack([np.eye(3) * gain, wanted - gain * mean])))
