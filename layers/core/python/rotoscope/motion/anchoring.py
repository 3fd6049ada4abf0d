"""Colours that one key lends to other frames: takes out a picture's global cast, recolours a source, keeps chroma."""

from dataclasses import dataclass
from functools import reduce
from typing import cast

import cv2
import numpy as np
from numpy import typing as npt

from rotoscope.motion.blending import Key
from rotoscope.motion.flow import grey
from rotoscope.ports import RGB

Numbers = npt.NDArray[np.float64]

THUMBNAIL_PX = 96
"""Longer side of the pictures that colours are compared on."""
STEPS = 6
"""Per channel: 216 kinds of colour."""
RARE = 0.002
"""A colour that covers less of either picture does not speak for a cast."""
UNKNOWN, KNOWN = 0.75, 0.92
"""Share of the picture in colours that the anchor has as well: from nothing to full strength between the two.
On five clips and two styles the means of correct pictures then move by at most 0.6 levels, of other scenes by none."""
LIKELY_CAST = 1.5
LIKELY_CONTRAST = 0.05
"""Levels, and share, by which the mean and the contrast of a correct picture are misjudged: less is left alone."""
LARGEST_CAST = 32.0
LARGEST_CONTRAST = 0.25
HALF_WAY = 0.5
"""The anchor's colours are as much a matter of luck as the key's own: between two throws lies the best guess, while all
the way a whole shot would take over the first one's cast (measured on one clip: up to 2.5 dB)."""
RIDGE = 60.0
"""Levels squared: how strongly a colour map tends to half the source's contrast where the colours do not decide."""


@dataclass(frozen=True)
class _Palette:
    """By kind of source colour: its share of the picture, and the mean of what was drawn there."""

    shares: Numbers
    drawn: Numbers

    @classmethod
    def of(cls, source: Numbers, drawn: Numbers) -> "_Palette":
        """Of matching pixels, (pixels, 3) each."""
        red, green, blue = np.minimum(source * (STEPS / 256), STEPS - 1).astype(int).T
        kinds = (red * STEPS + green) * STEPS + blue
        count = np.bincount(kinds, minlength=STEPS**3)
        sums = [np.bincount(kinds, channel, STEPS**3) for channel in drawn.T]
        return cls(count / len(source), np.stack(sums, axis=1) / np.maximum(count, 1)[:, np.newaxis])


def anchored(picture: RGB, source: RGB, anchor: Key) -> RGB:
    """The restyled picture without the cast that it has against what the anchor's colours say of its source.

    Only colours that both sources have are compared, so that new content does not pass for a cast.
    """
    before, now, drawn = _colours(anchor.source), _colours(source), _colours(picture)
    colour_map = _colour_map(before, _colours(anchor.picture))
    expected = _mapped(now, colour_map)
    known = _Palette.of(before, _colours(anchor.picture) - _mapped(before, colour_map))
    found = _Palette.of(now, drawn - expected)
    common = np.minimum(known.shares, found.shares)
    common[common < RARE] = 0
    strength = HALF_WAY * float(np.clip((common.sum() - UNKNOWN) / (KNOWN - UNKNOWN), 0, 1))
    if strength == 0:
        return picture
    weights = common / common.sum()
    wanted = _Palette.of(now, expected).drawn + known.drawn
    return _moved(picture, wanted, _Palette.of(now, drawn).drawn, weights, strength)


def _moved(picture: RGB, wanted: Numbers, drawn: Numbers, weights: Numbers, strength: float) -> RGB:
    """The picture with its means and contrasts, by kind of colour, moved towards the wanted ones."""
    middle, target = weights @ drawn, weights @ wanted
    contrast, wanted_contrast = (np.sqrt(weights @ np.square(each - weights @ each)) + 1 for each in (drawn, wanted))
    shift = strength * _sure(np.clip(target - middle, -LARGEST_CAST, LARGEST_CAST), LIKELY_CAST)
    ratio = np.clip(wanted_contrast / contrast, 1 - LARGEST_CONTRAST, 1 + LARGEST_CONTRAST)
    gain = 1 + strength * _sure(ratio - 1, LIKELY_CONTRAST)
    levels = np.arange(256)[:, np.newaxis]
    curves = np.clip(np.rint((levels - middle) * gain + middle + shift), 0, 255).astype(np.uint8)
    return cast(RGB, cv2.LUT(picture, curves[np.newaxis]))


def _sure(deviation: Numbers, likely: float) -> Numbers:
    """What is left of a deviation when the likely misjudgement is this large: small ones vanish, large ones stay."""
    square = np.square(deviation)
    return deviation * square / (square + likely**2)


def recoloured(source: RGB, look: Key) -> RGB:
    """A frame in the colours of another shot's key: one affine map for all of it, fitted on the key."""
    return cast(RGB, cv2.transform(source, _colour_map(_colours(look.source), _colours(look.picture))))


def with_chroma_of(source: RGB, picture: RGB) -> RGB:
    """The picture's luma with the source's colour differences, which shrink where they would leave the gamut."""
    luma = grey(picture)
    chroma = cv2.split(cv2.subtract(source, cv2.merge([grey(source)] * 3), dtype=cv2.CV_16S))
    above = cv2.divide(255 - luma, np.maximum(reduce(np.maximum, chroma), 1), dtype=cv2.CV_32F)
    below = cv2.divide(luma, np.maximum(-reduce(np.minimum, chroma), 1), dtype=cv2.CV_32F)
    share = np.minimum(np.minimum(above, below), 1)
    planes = [cv2.add(luma, cv2.multiply(plane, share, dtype=cv2.CV_32F), dtype=cv2.CV_8U) for plane in chroma]
    return cast(RGB, cv2.merge(planes))


def _colours(picture: RGB) -> Numbers:
    """(pixels, 3), of a thumbnail."""
    height, width = picture.shape[:2]
    scale = min(1.0, THUMBNAIL_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float64)


def _colour_map(source: Numbers, picture: Numbers) -> Numbers:
    """(3, 4): picture = source @ map[:, :3].T + map[:, 3], least squares with outliers held down (Huber)."""
    weights = np.ones(len(source))
    for _ in range(3):
        shares = weights / weights.sum()
        middle, target = shares @ source, shares @ picture
        spread = (source - middle) * shares[:, np.newaxis]
        ridge = RIDGE * np.eye(3)
        matrix = np.linalg.solve(spread.T @ (source - middle) + ridge, spread.T @ (picture - target) + ridge / 2).T
        found = np.column_stack([matrix, target - matrix @ middle])
        missed = np.linalg.norm(_mapped(source, found) - picture, axis=1)
        weights = np.minimum(1, (2 * np.median(missed) + 1) / np.maximum(missed, 1e-3))
    return found


def _mapped(colours: Numbers, colour_map: Numbers) -> Numbers:
    return colours @ colour_map[:, :3].T + colour_map[:, 3]
