"""Looks made of brush and colour: digital painting, fantasy painting."""

import numpy as np

from .canvas import Floats, as_bytes, as_floats, blur, luma, spread
from .lines import LONG_STROKE, smooth_along, tangent_field
from .painting import kuwahara
from .subject import Subject
from .tones import curve, glow, saturated, sharpened, split_toned, vibrant, vignetted


def digital_art(subject: Subject) -> Floats:
    """Soft painted planes, clean edges, rich colours, violet shadows and glowing lights."""
    painted = as_bytes(vibrant(kuwahara(subject.image, 3.8), 0.5))
    contrast = curve(painted, (0, 6), (64, 54), (128, 132), (196, 210), (255, 255))
    toned = sharpened(split_toned(contrast, (20, 2, 46), (14, 8, -4), 0.75), 1.6 * subject.unit, 0.7)
    return toned + 0.26 * glow(contrast, 185, 18, (1, 1, 1.1))


def fantasy_art(subject: Subject) -> Floats:
    """Oil strokes that follow the forms, violet shadows, golden light, dark corners."""
    field = tangent_field(luma(subject.image), 4 * subject.unit)
    strides = tuple(stride * 1.4 * subject.unit for stride in LONG_STROKE)
    painted = smooth_along(kuwahara(subject.image, 6), field, strides)
    rich = curve(as_bytes(saturated(as_floats(painted), 1.3)), (0, 8), (60, 44), (128, 128), (200, 216), (255, 255))
    toned = split_toned(rich, (36, -6, 62), (46, 22, -36), 0.95)
    bristles = smooth_along(subject.memory.noise("bristles", subject.size, 2 * subject.unit), field, strides)
    stroked = toned + spread(as_floats(13 * bristles))
    haze = 0.38 * blur(as_floats(np.clip(stroked, 0, 255)), 16 * subject.unit)
    return vignetted(as_floats(255 - (255 - stroked) * (255 - haze) / 255), subject.memory, 0.55, 1.8)
