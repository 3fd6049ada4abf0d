"""The direction in which edges run, smoothing along it, and ink lines drawn with it.

After Kang, Lee & Chui, "Flow-based image abstraction" (2009) and Winnemoeller et al., "XDoG" (2012).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from .canvas import Floats, Gray, Pixels, as_floats, blur, resize, shrink, size_of

DOG_RATIO = 1.6
SHORT_STROKE = (1.0, 2.0)
STROKE = (1.0, 1.5, 2.0)
LONG_STROKE = (1.0, 2.0, 3.0, 4.0)


@dataclass(frozen=True)
class TangentField:
    """Unit vectors along the edges, and how much the neighbourhood agrees on them (0..1)."""

    dx: Floats
    dy: Floats
    coherence: Floats


def tangent_field(gray: Gray, sigma: float) -> TangentField:
    """The tangents of the structure tensor smoothed over `sigma` pixels, found at half size and enlarged."""
    small = blur(as_floats(shrink(gray, 2)), 0.7)
    gx, gy = _gradient(small)
    across, cross, down = (blur(as_floats(product), sigma / 2) for product in (gx * gx, gx * gy, gy * gy))
    difference, double = across - down, 2 * cross
    length = np.sqrt(difference * difference + double * double) + 1e-3
    planes = (difference / length, double / length, length / (across + down + 1e-2))
    cosine, sine, coherence = (resize(as_floats(plane), size_of(gray)) for plane in planes)
    return TangentField(*_halved_angle(cosine, sine), coherence)


def _gradient(plane: Floats) -> tuple[Floats, Floats]:
    return as_floats(cv2.Sobel(plane, cv2.CV_32F, 1, 0)), as_floats(cv2.Sobel(plane, cv2.CV_32F, 0, 1))


def _halved_angle(cosine: Floats, sine: Floats) -> tuple[Floats, Floats]:
    """Tangents from the doubled angle of the gradient, without trigonometry."""
    dx = -np.copysign(np.sqrt(np.clip(0.5 - 0.5 * cosine, 0, 1)), sine)
    dy = np.sqrt(np.clip(0.5 + 0.5 * cosine, 0, 1))
    return as_floats(dx), as_floats(dy)


def smooth_along(image: Pixels, field: TangentField, strides: tuple[float, ...]) -> Pixels:
    """The image averaged along the tangents: one three-tap pass per stride (pixels), each bending with the field."""
    mode = cv2.INTER_LINEAR | cv2.WARP_RELATIVE_MAP
    for stride in strides:
        dx, dy = field.dx * stride, field.dy * stride
        ahead = cv2.remap(image, dx, dy, mode, borderMode=cv2.BORDER_REPLICATE)
        behind = cv2.remap(image, -dx, -dy, mode, borderMode=cv2.BORDER_REPLICATE)
        both = cv2.addWeighted(ahead, 0.5, behind, 0.5, 0)
        image = np.asarray(cv2.addWeighted(both, 0.5, image, 0.5, 0), image.dtype)
    return image


def ink_lines(
    gray: Gray, field: TangentField, *, sigma: float, gain: float, threshold: float, strokes: tuple[float, ...] = STROKE
) -> Floats:
    """1 where paper stays, 0 under ink: dark lines by difference of Gaussians, whatever the brightness around."""
    light = as_floats(as_floats(gray) / 255)
    contrast = blur(light, sigma) - blur(light, sigma * DOG_RATIO)
    excess = np.minimum(smooth_along(as_floats(contrast), field, strokes) + threshold, 0)
    return as_floats(1 + np.tanh(gain * excess))


def ink_masses(
    gray: Gray, field: TangentField, *, sigma: float, sharpness: float, darkness: float, hardness: float
) -> Floats:
    """1 where paper stays, 0 under ink: XDoG, which also fills what is darker than `darkness` (0..1)."""
    light = as_floats(as_floats(gray) / 255)
    narrow, wide = blur(light, sigma), blur(light, sigma * DOG_RATIO)
    response = smooth_along(as_floats((1 + sharpness) * narrow - sharpness * wide), field, STROKE)
    return as_floats(1 + np.tanh(hardness * np.minimum(response - darkness, 0)))


def edge_strength(gray: Gray, sigma: float, *, weak: float, strong: float) -> Floats:
    """0 below the `weak` gradient (levels per pixel, times 8 as Sobel weighs it), 1 above the `strong` one."""
    gx, gy = _gradient(blur(as_floats(gray), sigma))
    return as_floats(np.clip((cv2.magnitude(gx, gy) - weak) / (strong - weak), 0, 1))
