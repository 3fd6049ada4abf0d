"""Looks with a body: rendered 3-D model, modelling compound."""

import numpy as np

from .canvas import RGB, Floats, as_bytes, as_floats, blur, luma, spread
from .lines import STROKE, edge_strength, smooth_along, tangent_field
from .painting import kuwahara, smooth
from .relief import Direction, lit
from .subject import Subject
from .tones import glow, saturated, sharpened, soft_steps

FROM_ABOVE: Direction = (-0.45, -0.6, 0.66)
SKY = np.array((0.8, 0.95, 1.1), np.float32)


def model_3d(subject: Subject) -> Floats:
    """Smooth plastic shapes: form from their shading, soft shade in the seams, gloss, light from the sky."""
    flat = kuwahara(smooth(subject.image, 2, colour_sigma=34), 2.2)
    unit = subject.unit
    seams = _seams(subject, flat)
    form = blur(as_floats(luma(flat)), 4 * unit) + blur(as_floats(luma(flat)), 12 * unit)
    surface = lit(as_floats(unit * (0.35 * form - 8 * blur(seams, 5 * unit))), 1.0, FROM_ABOVE)
    occlusion = 0.55 * blur(seams, 6 * unit) + 0.25 * blur(seams, 16 * unit)
    base = saturated(as_floats(flat), 1.3, 1.04)
    stepped = 0.65 * base + 0.35 * soft_steps(as_bytes(base), 8, 4)
    receiving = 0.25 + as_floats(luma(flat)) / 255
    gloss = 60 * receiving * surface.highlight(50)
    sky = 45 * receiving * (1 - surface.facing)
    drawn = stepped * spread((0.36 + 0.92 * surface.diffuse) * (1 - occlusion))
    drawn += spread(gloss) + spread(sky) * SKY
    return sharpened(drawn, 1.6 * unit, 0.5) + 0.14 * glow(as_bytes(drawn), 205, 12)


def _seams(subject: Subject, flat: RGB) -> Floats:
    """The edges of the picture, 0..1, joined up along their own direction."""
    gray = luma(flat)
    edges = edge_strength(gray, 1.2 * subject.unit, weak=8 / subject.unit, strong=120 / subject.unit)
    return smooth_along(edges, tangent_field(gray, 3 * subject.unit), STROKE)


def _pillows(subject: Subject, flat: RGB, depth: float) -> Floats:
    """Heights of a surface that sinks towards every seam, over a narrow and a wide bank."""
    seams = _seams(subject, flat)
    narrow, wide = blur(seams, 2.5 * subject.unit), blur(seams, 9 * subject.unit)
    return as_floats(-depth * subject.unit * (0.5 * narrow + wide))


def modeling_compound(subject: Subject) -> Floats:
    """Kneaded clay: simple strong colours, seams pressed in, lumps and thumb marks."""
    flat = kuwahara(smooth(subject.image, 2, colour_sigma=34), 7)
    unit = subject.unit
    lumps = 2.6 * subject.memory.noise("lumps", subject.size, 28 * unit)
    thumbs = 0.9 * subject.memory.noise("thumbs", subject.size, 9 * unit)
    skin = 0.1 * subject.memory.noise("skin", subject.size, 1.2 * unit)
    surface = lit(as_floats(_pillows(subject, flat, 30) + unit * (lumps + thumbs + skin)), 1.15)
    base = saturated(0.6 * soft_steps(flat, 7, 3) + 0.4 * as_floats(flat), 1.5, 1.05)
    return base * spread(0.35 + 1.0 * surface.diffuse) + spread(as_floats(22 * surface.highlight(22)))
