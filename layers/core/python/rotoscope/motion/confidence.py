"""How far a picture that was looked up along the flow can be trusted, pixel for pixel."""

from typing import cast

import cv2
import numpy as np

from rotoscope.motion.flow import GRID, Field, Flow, inside, round_trip
from rotoscope.ports import RGB

LOOK_ALIKE = 10.0
"""Levels of difference between the picture and what was looked up that leave 1/e of the trust."""
ASTRAY_PX = 2.0
"""Pixels of the full-size picture that a round trip may end astray, leaving 1/e of the trust."""
PATTERNED = 4.0
"""Levels of local contrast (mean deviation) from which on it matters in full where a spot went: flat ground is the same
all over, and its motion is anybody's guess."""


def confidence(target: RGB, looked_up: RGB, there: Flow, back: Flow) -> Field:
    """0 to 1, on the flows' grid: 0 where nothing of the other picture shows this spot.

    Both pictures are `flow.coarse`, of the flows' own size; `looked_up` is `warp(other, there)`, so it looks like
    `target`. `there` starts at `target`, `back` at the other picture.
    """
    difference = cv2.absdiff(target, looked_up).mean(axis=2, dtype=np.float32)
    unlike = cv2.GaussianBlur(difference, (3, 3), 1.5 / GRID)
    astray = round_trip(there, back) * np.float32(GRID)
    doubt = np.square(unlike / LOOK_ALIKE) + np.square(astray / ASTRAY_PX) * _patterned(target)
    trust = np.exp(-doubt) * inside(there)
    return cast(Field, cv2.GaussianBlur(trust, (3, 3), 1.0 / GRID))


def _patterned(picture: RGB) -> Field:
    luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    contrast = cv2.blur(cv2.absdiff(luma, cv2.blur(luma, (5, 5))).astype(np.float32), (5, 5))
    return cast(Field, np.minimum(contrast / PATTERNED, 1))
