"""Transparent pictures. They are decoded and drawn on a white ground, and leave it again when they are drawn."""

from typing import Any

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.ports import RGB, Alpha

Floats = npt.NDArray[np.float32]

OPAQUE = 250
"""From here on (8 bit) a pixel has its own colour."""
NEAR = 72
"""A soft edge is as many times narrower than the picture is high, or wide."""
SURE = 8.0
"""An edge is one for certain where this share of what is near (one in so many) is opaque, and as much is clear."""
WHITE = 200.0, 240.0
"""Level up to which the ground is no longer white after drawing, and from which it is."""


def lifted(picture: RGB, alpha: Alpha) -> RGB:
    """The picture's colours without the ground that shines through its half transparent pixels; `alpha` is its opacity.

    A look draws edges in its own way, so there the colours are those of the opaque pixels beside them. Elsewhere, as in
    a picture that fades as a whole, the white is taken out again, unless the look did not leave it white.
    """
    part = (alpha > 0) & (alpha < 255)
    if not part.any():
        return picture
    colours, opacity = picture[part].astype(np.float32), alpha[part] / np.float32(255)
    bare = np.maximum(0, 255 - (255 - colours) / opacity[:, None])
    colours += _whiteness(picture, alpha) * (bare - colours)
    beside, certainty = _beside_edges(picture, alpha, part)
    certainty *= np.minimum(1, 2 - 2 * opacity)  # what is nearly opaque keeps its own: an outline ends there
    colours += certainty[:, None] * (beside - colours)
    done = picture.copy()
    done[part] = (colours + 0.5).astype(np.uint8)
    return done


def _whiteness(picture: RGB, alpha: Alpha) -> float:
    """From 0 to 1: how white the ground still is where nothing lies on it; 1 where something lies everywhere."""
    clear = (alpha == 0).astype(np.uint8)
    darkest = min(cv2.mean(picture, clear)[:3]) if clear.any() else 255.0
    return float(np.clip((darkest - WHITE[0]) / (WHITE[1] - WHITE[0]), 0, 1))


def _beside_edges(picture: RGB, alpha: Alpha, part: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Colours of the opaque pixels near each of `part`, and how far it belongs to an edge (0..1)."""
    opaque = (alpha >= OPAQUE).astype(np.uint8)
    solid, clear = _near(opaque)[part], _near((alpha == 0).astype(np.uint8))[part]
    colours: Floats = _near(cv2.bitwise_and(picture, picture, mask=opaque))[part]
    colours /= np.maximum(solid, np.float32(1e-3))[:, None]
    certainty: Floats = np.minimum(1, SURE * np.minimum(solid, clear))
    return colours, certainty


def _near(picture: npt.NDArray[Any]) -> Floats:
    """Means around every pixel."""
    reach = 2 * max(2, min(picture.shape[:2]) // NEAR) + 1
    return cv2.boxFilter(picture, cv2.CV_32F, (reach, reach))  # type: ignore[return-value]


def laid_over(colour: RGB, picture: RGB, alpha: Alpha) -> RGB:
    """A lifted picture on a ground of one colour, given as an array of three levels."""
    ground = np.ascontiguousarray(np.broadcast_to(colour, picture.shape))
    opacity = alpha / np.float32(255)
    return cv2.blendLinear(picture, ground, opacity, 1 - opacity)  # type: ignore[return-value]


def levels(colour: str) -> RGB:
    """The levels of a colour such as #ff8800."""
    return np.frombuffer(bytes.fromhex(colour.removeprefix("#")), np.uint8)
