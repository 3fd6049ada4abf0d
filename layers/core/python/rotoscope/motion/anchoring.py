"""Colours that one key lends to other frames: takes out a picture's global cast, recolours a source, keeps chroma."""

from functools import reduce
from typing import cast

import cv2
import numpy as np

from rotoscope.motion.flow import grey
from rotoscope.motion.palettes import Manner, Numbers, Palette, colours, mapped
from rotoscope.motion.strips import strips
from rotoscope.ports import RGB

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


def anchored(picture: RGB, source: RGB, anchor: Manner) -> RGB:
    """The restyled picture without the cast that it has against what the anchor's colours say of its source.

    Only colours that both sources have are compared, so that new content does not pass for a cast.
    """
    now, drawn = colours(source), colours(picture)
    expected = mapped(now, anchor.colour_map)
    found = Palette.of(now, drawn - expected)
    common = np.minimum(anchor.beyond.shares, found.shares)
    common[common < RARE] = 0
    strength = HALF_WAY * float(np.clip((common.sum() - UNKNOWN) / (KNOWN - UNKNOWN), 0, 1))
    if strength == 0:
        return picture
    weights = common / common.sum()
    wanted = Palette.of(now, expected).drawn + anchor.beyond.drawn
    return _moved(picture, wanted, Palette.of(now, drawn).drawn, weights, strength)


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


def recoloured(source: RGB, look: Manner) -> RGB:
    """A frame in the colours of another shot's key: one affine map for all of it."""
    return cast(RGB, cv2.transform(source, look.colour_map))


def with_chroma_of(source: RGB, picture: RGB) -> RGB:
    """The picture's luma with the source's colour differences, which shrink where they would leave the gamut."""
    done = np.empty_like(picture)
    for strip in strips(picture):
        done[strip.rows] = _with_chroma_of(source[strip.rows], picture[strip.rows])
    return done


def _with_chroma_of(source: RGB, picture: RGB) -> RGB:
    luma = grey(picture)
    chroma = cv2.split(cv2.subtract(source, cv2.merge([grey(source)] * 3), dtype=cv2.CV_16S))
    above = cv2.divide(255 - luma, np.maximum(reduce(np.maximum, chroma), 1), dtype=cv2.CV_32F)
    below = cv2.divide(luma, np.maximum(-reduce(np.minimum, chroma), 1), dtype=cv2.CV_32F)
    share = np.minimum(np.minimum(above, below), 1)
    planes = [cv2.add(luma, cv2.multiply(plane, share, dtype=cv2.CV_32F), dtype=cv2.CV_8U) for plane in chroma]
    return cast(RGB, cv2.merge(planes))
