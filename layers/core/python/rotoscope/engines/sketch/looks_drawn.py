"""Looks made of ink, flat colour and light: anime, comic book, line art, neon, pixels."""

import cv2
import numpy as np

from .canvas import RGB, Floats, as_bytes, as_floats, blur, luma, resize, spread
from .lattices import bayer, halftone, stripes
from .lines import LONG_STROKE, edge_strength, ink_lines, ink_masses, smooth_along, tangent_field
from .painting import smooth
from .palettes import palette_of
from .subject import Subject
from .tones import curve, glow, saturated, soft_steps, split_toned

NEON_CYAN = np.array((20, 225, 255), np.float32)
NEON_MAGENTA = np.array((255, 30, 210), np.float32)
NEON_NIGHT_CYAN = np.array((10, 62, 120), np.float32) * 1.25
NEON_NIGHT_MAGENTA = np.array((92, 12, 95), np.float32) * 1.25
NEON_SKY = np.array((14, 6, 26), np.float32)
ANIME_INK = np.array((26, 18, 38), np.float32)
WARM_PAPER = np.array((248, 246.8, 244.3), np.float32)
PIXELS_ACROSS = 224
HATCHING = ((45, 0.36, 6.0), (-45, 0.21, 6.0), (0, 0.10, 5.0))
"""Direction in degrees, the tone (0..1) below which it begins, distance of its strokes in reference pixels."""


def anime(subject: Subject) -> Floats:
    """Cel colours in soft steps, warm light, fine dark outlines."""
    flat = smooth(subject.image, 3, colour_sigma=34)
    hue, saturation, value = cv2.split(cv2.cvtColor(flat, cv2.COLOR_RGB2HSV))
    stepped = 0.35 * as_floats(value) + 0.65 * soft_steps(np.asarray(value, np.uint8), 4, 6)
    brighter = as_bytes(255 * (stepped / 255) ** 0.82)
    stronger = np.minimum(cv2.convertScaleAbs(saturation, alpha=1.45, beta=8), 235)
    cel = np.asarray(cv2.cvtColor(cv2.merge([hue, stronger, brighter]), cv2.COLOR_HSV2RGB), np.uint8)
    lit = split_toned(cel, (10, 4, 38), (18, 10, 0), 0.7) + 0.35 * glow(cel, 185, 16)
    gray = luma(flat)
    field = tangent_field(gray, 3 * subject.unit)
    fine = ink_lines(gray, field, sigma=1.0 * subject.unit, gain=80, threshold=0.007)
    bold = ink_lines(gray, field, sigma=2.0 * subject.unit, gain=70, threshold=0.022)
    paper = spread(as_floats(0.12 + 0.88 * np.minimum(fine, bold)))
    return lit * paper + ANIME_INK * (1 - paper)


def comic_book(subject: Subject) -> Floats:
    """A shot's eighteen printing colours, half-tone shadows and lights, heavy ink."""
    flat = _comic_tones(subject.image)
    palette = palette_of(subject.memory, "comic-book", 18, _comic_tones, _comic_inks)
    labels = np.asarray(cv2.medianBlur(palette.labels(np.asarray(cv2.medianBlur(flat, 5), np.uint8)), 5), np.uint8)
    gray = luma(flat)
    light = as_floats(gray) / 255
    dots = subject.memory.recall(("dots", subject.size), lambda: halftone(subject.size, 6 * subject.unit))
    shadow = 0.42 * _dots_where(dots, np.clip((0.40 - light) * 1.9, 0, 0.85))
    highlight = 0.38 * _dots_where(dots, np.clip((light - 0.62) * 2.2, 0, 0.6))
    field = tangent_field(gray, 2.5 * subject.unit)
    outlines = ink_lines(gray, field, sigma=1.7 * subject.unit, gain=80, threshold=0.010)
    blacks = ink_masses(gray, field, sigma=1.6 * subject.unit, sharpness=22, darkness=0.16, hardness=14)
    ink = np.minimum(outlines, blacks)
    printed = as_floats(palette.painted(labels)) * spread(as_floats((1 - shadow) * (1 - highlight) * ink))
    return printed + spread(as_floats(255 * highlight * ink))


def _comic_tones(image: RGB) -> RGB:
    brighter = curve(smooth(image, 3, colour_sigma=40), (0, 0), (90, 112), (180, 204), (255, 255))
    return as_bytes(saturated(as_floats(brighter), 1.15))


def _comic_inks(colours: RGB) -> RGB:
    return as_bytes(saturated(as_floats(colours), 1.75, 1.08))


def _dots_where(dots: Floats, amount: Floats) -> Floats:
    """Dots that grow with the amount, soft-edged."""
    return as_floats(1 / (1 + np.exp((dots - amount) * 16)))


def line_art(subject: Subject) -> Floats:
    """Pen lines of two widths and hatched shadows on paper."""
    gray = luma(smooth(subject.image, 2, colour_sigma=22))
    field = tangent_field(gray, 2.5 * subject.unit)
    fine = ink_lines(gray, field, sigma=0.9 * subject.unit, gain=95, threshold=0.0055, strokes=LONG_STROKE)
    bold = ink_lines(gray, field, sigma=2.2 * subject.unit, gain=60, threshold=0.010, strokes=LONG_STROKE)
    drawn = np.minimum(np.minimum(fine, bold) * _hatching(subject, gray), 1)
    sheet = WARM_PAPER + 2 * subject.memory.paper(subject.size, subject.unit)[..., None]
    return sheet * spread(as_floats(0.08 + 0.92 * drawn))


def _hatching(subject: Subject, gray: RGB) -> Floats:
    """1 where the paper stays: strokes in one direction below mid grey, crossed and thickened further down."""
    tone = blur(as_floats(gray), 2 * subject.unit) / 255
    hatched = np.ones_like(tone)
    for degrees, below, period in HATCHING:
        hatched *= 1 - 0.55 * np.clip((below - tone) * 9, 0, 1) * _strokes(subject, degrees, period)
    return as_floats(hatched)


def _strokes(subject: Subject, degrees: float, period: float) -> Floats:
    """Parallel strokes all over the frame, 0..1."""
    return subject.memory.recall(
        ("hatching", subject.size, degrees),
        lambda: as_floats(np.clip(2 * stripes(subject.size, degrees, period * subject.unit) - 0.6, 0, 1)),
    )


def neon_punk(subject: Subject) -> Floats:
    """A night of deep blue and violet in which every edge is a glowing tube."""
    flat = smooth(subject.image, 2, colour_sigma=30)
    gray = luma(flat)
    edges = edge_strength(gray, 1.2 * subject.unit, weak=10 / subject.unit, strong=100 / subject.unit)
    tubes = spread(smooth_along(edges, tangent_field(gray, 2.5 * subject.unit), LONG_STROKE))
    share = spread(_neon_share(subject, flat))
    light = spread(as_floats(gray) / 255)
    night = light**1.9 * (NEON_NIGHT_CYAN + share * (NEON_NIGHT_MAGENTA - NEON_NIGHT_CYAN)) + NEON_SKY
    tube_light = (NEON_CYAN + share * (NEON_MAGENTA - NEON_CYAN)) * tubes
    halo = 0.9 * blur(tube_light, 9 * subject.unit) + 0.55 * blur(tube_light, 30 * subject.unit)
    return as_floats(night + 0.22 * as_floats(flat) * light + tube_light + halo + 60 * tubes * tubes)


def _neon_share(subject: Subject, flat: RGB) -> Floats:
    """How much magenta (against cyan) each place glows in: drifts over the frame, bent by local hue."""
    height, width = subject.size
    opponent = cv2.subtract(flat[..., 0], flat[..., 2], dtype=cv2.CV_32F) / 255
    x = np.linspace(0, 0.25, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 0.35, height, dtype=np.float32)[:, None]
    phase = 0.45 * blur(as_floats(opponent), 6 * subject.unit) + x + y
    return as_floats(np.clip(0.5 + 0.55 * np.sin(2 * np.pi * phase), 0, 1))


def pixel_art(subject: Subject) -> RGB:
    """Big pixels in the shot's twenty-four colours, dithered, outlined."""
    block = max(2, round(max(subject.size) / PIXELS_ACROSS))
    height, width = (-(-side // block) for side in subject.size)
    small = _sprite(resize(subject.image, (height, width), cv2.INTER_AREA))
    palette = palette_of(subject.memory, "pixel-art", 24, _sprite, lambda colours: colours)
    dithered = as_bytes(as_floats(small) + 18 * bayer((height, width))[..., None])
    gray = luma(small)
    outline = ink_lines(gray, tangent_field(gray, 2), sigma=0.8, gain=70, threshold=0.03, strokes=())
    inked = as_bytes(as_floats(palette(dithered)) * spread(as_floats(0.45 + 0.55 * outline)))
    enlarged = resize(inked, (height * block, width * block), cv2.INTER_NEAREST)
    return enlarged[: subject.size[0], : subject.size[1]]


def _sprite(image: RGB) -> RGB:
    """Crisp, strong colours, as they survive a small palette."""
    picture = saturated(as_floats(image), 1.35, 1.04)
    return as_bytes(picture + 0.7 * (picture - blur(picture, 1.0)))
