"""Looks of camera, film stock and darkroom: analog film, cinema, photograph, enhancement."""

import cv2
import numpy as np

from .canvas import RGB, Floats, as_bytes, as_floats, blur, luma, mixed, spread
from .subject import Subject
from .tones import curve, glow, saturated, split_toned, vibrant, vignetted

GRAIN_MARGIN = 64
HALATION = (62, 22, 6)


def analog_film(subject: Subject) -> Floats:
    """Lifted blacks, faded warm lights, red halation round bright things, living grain."""
    soft = blur(subject.image, 0.7 * subject.unit)
    faded = curve(soft, (0, 26), (48, 62), (128, 134), (208, 206), (255, 236))
    toned = split_toned(as_bytes(saturated(as_floats(faded), 0.86)), (-8, 14, 22), (22, 6, -34), 0.85)
    bright = as_floats(np.clip((as_floats(luma(faded)) - 178) / 70, 0, 1))
    printed = toned + spread(blur(bright, 12 * subject.unit)) * np.array(HALATION, np.float32)
    strength = 13 - 9 * np.abs(as_floats(luma(faded)) / 255 - 0.42)
    return vignetted(printed, subject.memory, 0.42, 2.4) + spread(as_floats(0.55 * strength * _grain(subject, 1.3)))


def cinematic(subject: Subject) -> Floats:
    """Teal shadows, orange lights, deep contrast, soft bloom, fine grain; the picture keeps its shape, without bars."""
    deep = curve(subject.image, (0, 4), (50, 36), (128, 126), (200, 214), (255, 252))
    graded = as_bytes(saturated(as_floats(deep), 1.06))
    toned = split_toned(graded, (-26, 18, 44), (40, 8, -40), 0.9) + 0.35 * glow(graded, 195, 22, (1.1, 0.9, 0.75))
    return vignetted(toned, subject.memory, 0.5, 2.0) + spread(as_floats(2.4 * _grain(subject, 1.0)))


def _grain(subject: Subject, width: float) -> Floats:
    """Film grain of unit strength: the shot's own field, seen through another window and mirror in each frame."""
    height, across = subject.size
    field = subject.memory.noise("grain", (height + GRAIN_MARGIN, across + GRAIN_MARGIN), width * subject.unit)
    chance = np.random.default_rng([subject.memory.seed, subject.frame_index])
    top, left, mirror_x, mirror_y = chance.integers((GRAIN_MARGIN, GRAIN_MARGIN, 2, 2)).tolist()
    window = field[top : top + height, left : left + across]
    return window[:: 1 - 2 * mirror_y, :: 1 - 2 * mirror_x]


def photographic(subject: Subject) -> Floats:
    """A good print: local contrast, crisp detail, fuller colours, a breath of vignette."""
    lightness, red_green, blue_yellow = _lab_planes(subject.image)
    surroundings = blur(lightness, 24 * subject.unit)
    detail = lightness - blur(lightness, 2 * subject.unit)
    clearer = as_bytes(lightness + 0.40 * (lightness - surroundings) + 0.55 * detail)
    printed = curve(clearer, (0, 0), (56, 46), (128, 131), (200, 212), (255, 255))
    return vignetted(vibrant(_from_lab(printed, red_green, blue_yellow), 0.32), subject.memory, 0.16)


def enhance(subject: Subject) -> Floats:
    """Brightened shadows, detail at two scales without its noise, fuller colours."""
    cleaned = np.asarray(cv2.bilateralFilter(subject.image, 5, 14, 3), np.uint8)
    lightness, red_green, blue_yellow = _lab_planes(cleaned)
    opened = mixed(lightness, as_floats(cv2.createCLAHE(1.8, (8, 8)).apply(as_bytes(lightness))), 0.5)
    fine = opened - blur(opened, 1.1 * subject.unit)
    coarse = opened - blur(opened, 5 * subject.unit)
    crisp = as_bytes(opened + 1.1 * _cored(fine, 1.5) + 0.4 * _cored(coarse, 2))
    return vibrant(_from_lab(crisp, red_green, blue_yellow), 0.45)


def _cored(detail: Floats, noise: float) -> Floats:
    """Detail without what is as weak as noise or compression blocks (levels)."""
    return as_floats(detail * (detail * detail / (detail * detail + noise * noise)))


def _lab_planes(image: RGB) -> tuple[Floats, RGB, RGB]:
    """Lightness as floats (0..255), both colour planes as bytes."""
    lightness, red_green, blue_yellow = cv2.split(np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2LAB), np.uint8))
    return as_floats(lightness), np.asarray(red_green, np.uint8), np.asarray(blue_yellow, np.uint8)


def _from_lab(lightness: RGB, red_green: RGB, blue_yellow: RGB) -> RGB:
    return np.asarray(cv2.cvtColor(cv2.merge([lightness, red_green, blue_yellow]), cv2.COLOR_LAB2RGB), np.uint8)
