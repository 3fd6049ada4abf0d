"""Tells cuts from motion, fades and flashes."""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np

from rotoscope.motion import flow
from rotoscope.motion.looking import Look
from rotoscope.ports import RGB

OTHER_COLOURS = 0.25
"""Share of the pixels whose colour is not in the other frame's histogram."""
OTHER_PICTURE = 1.5
"""What motion cannot explain, over the picture's own local contrast: above 2.6 at cuts, below 1 within shots."""
OTHER_LEVELS = 10.0
"""Below it, the frames are about equally dark: the first steps of a fade from black."""
FLASH_FRAMES = 2
FLARE_LEVELS = 20.0
"""By how much the mean of a flash is lighter (or darker) than the frames on both sides."""
LIMITS, BLOTTED, FLAT_LEVELS = 20, 0.25, 8.0
"""A flash has this share of its pixels within so many levels of white (or black), or hardly any contrast."""
_CONTRAST, _BRIGHTNESS, _FLATTEST = 45.0, 110.0, 6.0


def jump(here: Look, there: Look) -> bool:
    """Whether the frames are of different shots: other colours, and a picture that no motion makes of the other."""
    if cv2.absdiff(here.coarse, there.coarse).mean() < OTHER_LEVELS:
        return False
    colours = float(np.abs(here.colours - there.colours).sum()) / 2
    return colours > OTHER_COLOURS and _unexplained(here.coarse, there.coarse) > OTHER_PICTURE


def flash(looks: Sequence[Look]) -> int:
    """How many frames flare up after the first, from which the next is a jump, until the picture is back.

    0 when it is not back within FLASH_FRAMES.
    """
    for frames in range(1, FLASH_FRAMES + 1):
        if len(looks) <= frames + 1:
            break
        back = not jump(looks[0], looks[frames + 1]) and jump(looks[frames], looks[frames + 1])
        if back and all(_flares(look, looks[0], looks[frames + 1]) for look in looks[1 : frames + 1]):
            return frames
    return 0


def _flares(look: Look, before: Look, after: Look) -> bool:
    """Whether light or its absence blots the picture out, rather than other content taking its place."""
    luma = flow.grey(look.coarse)
    light = float(luma.mean())
    sides = [float(flow.grey(side.coarse).mean()) for side in (before, after)]
    glare, dark = light - max(sides) > FLARE_LEVELS, min(sides) - light > FLARE_LEVELS
    blotted = luma >= 255 - LIMITS if glare else luma <= LIMITS
    return (glare or dark) and (float(blotted.mean()) > BLOTTED or float(luma.std()) < FLAT_LEVELS)


def _unexplained(here: RGB, there: RGB) -> float:
    here, there = _evenly_exposed(here), _evenly_exposed(there)
    explained = flow.warp(here, flow.flow(flow.grey(there), flow.grey(here)))
    left = cv2.absdiff(explained, there).mean()
    detail = cv2.absdiff(there, cv2.blur(there, (9, 9))).mean() + 4
    return float(left / detail)


def _evenly_exposed(picture: RGB) -> RGB:
    """Brightness and contrast made the same, so that a fade or a change of exposure leaves the picture as it was."""
    gain = _CONTRAST / max(_FLATTEST, float(flow.grey(picture).std()))
    return cast(RGB, np.clip((picture - picture.mean()) * gain + _BRIGHTNESS, 0, 255).astype(np.uint8))
