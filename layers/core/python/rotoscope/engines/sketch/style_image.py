"""Drawing in the manner of a style image: its colours, its brush, its stroke texture.

Colour is the Monge-Kantorovich linear transfer (Pitie & Kokaram, "The linear Monge-Kantorovitch linear colour
mapping", 2007) in Lab; the texture is noise smeared along the frame's own tangents, as strong in each octave as the
style image is.
"""

import math
import zlib
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from .canvas import REFERENCE_PIXELS, RGB, Floats, as_bytes, as_floats, blur, luma, resize, shrink, size_of
from .lines import TangentField, smooth_along, tangent_field
from .painting import kuwahara
from .subject import Subject

Matrix = npt.NDArray[np.float64]
OCTAVES = (1.0, 2.0, 4.0, 8.0)
STROKE_WIDTHS = (1, 2, 4)
STRONGEST_STROKE = 16.0
STRONGEST_TINGE = 10.0
CAMERA_NOISE = 4.0


@dataclass(frozen=True)
class Manner:
    """What is measured of a picture at 1024x576: Lab mean and covariance, contrast per octave, how brush-like it is."""

    mean: Matrix
    covariance: Matrix
    light_octaves: tuple[float, ...]
    colour_octaves: tuple[float, ...]
    coherence: float

    @classmethod
    def of(cls, picture: RGB) -> "Manner":
        """The manner of a picture, brought to the reference size first."""
        image = _at_reference_size(picture)
        lab = _lab(image)
        sample = lab.reshape(-1, 3)[::5].astype(np.float64)
        return cls(
            sample.mean(axis=0),
            np.cov(sample.T) + CAMERA_NOISE * np.eye(3),
            tuple(_contrast(band) for band in _octaves(lab[..., 0])),
            tuple(float(band.std()) for band in _octaves(lab[..., 1:])[1:]),
            float(tangent_field(luma(image), 4).coherence.mean()),
        )


def _at_reference_size(picture: RGB) -> RGB:
    factor = math.sqrt(picture.shape[0] * picture.shape[1] / REFERENCE_PIXELS)
    if factor > 1:
        return shrink(picture, factor)
    height, width = (max(1, round(side / factor)) for side in size_of(picture))
    return resize(picture, (height, width), cv2.INTER_CUBIC)


def _lab(image: RGB) -> Floats:
    return as_floats(cv2.cvtColor(image, cv2.COLOR_RGB2LAB))


def _octaves(planes: Floats) -> list[Floats]:
    """The detail that each doubling of a blur takes away."""
    blurred = [as_floats(planes)]
    for sigma in OCTAVES:
        blurred.append(blur(blurred[-1], sigma))
    return [finer - coarser for finer, coarser in pairwise(blurred)]


def _contrast(band: Floats) -> float:
    """Between the robust and the plain deviation, so that a few hard edges do not pass for texture."""
    return float(0.5 * 1.4826 * np.median(np.abs(band)) + 0.5 * band.std())


def restyled(subject: Subject, style_image: RGB) -> RGB:
    """The frame in the manner of the style image; colours are mapped for the whole shot alike, by its anchor."""
    memory = subject.memory
    digest = zlib.crc32(style_image.tobytes()), style_image.shape
    style = memory.recall(("manner", digest), lambda: Manner.of(style_image))
    own = memory.recall("anchor's manner", lambda: Manner.of(memory.anchor))
    painted = kuwahara(_recoloured(subject.image, own, style), 5)
    return _brushed(subject, painted, own, style)


def _recoloured(image: RGB, own: Manner, style: Manner) -> RGB:
    """The image with the style's mean and covariance of colour, as far as the anchor tells for its shot."""
    matrix = colour_map(own.covariance, style.covariance)
    shift = style.mean - matrix @ own.mean
    mapped = cv2.transform(_lab(image), np.hstack([matrix, shift[:, None]]).astype(np.float32))
    return np.asarray(cv2.cvtColor(as_bytes(mapped), cv2.COLOR_LAB2RGB), np.uint8)


def colour_map(own: Matrix, wanted: Matrix) -> Matrix:
    """The least moving linear map that turns one covariance into another."""
    root = _square_root(own)
    inverse = np.linalg.inv(root)
    return np.asarray(inverse @ _square_root(root @ wanted @ root) @ inverse)


def _square_root(matrix: Matrix) -> Matrix:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray(vectors @ np.diag(np.sqrt(np.maximum(values, 1e-6))) @ vectors.T)


def _brushed(subject: Subject, painted: RGB, own: Manner, style: Manner) -> RGB:
    """Strokes of three widths along the forms, as strong as the style image has more texture than the shot."""
    unit = subject.unit
    field = tangent_field(luma(painted), 6 * unit)
    lab = _lab(painted)
    for octave, width in enumerate(STROKE_WIDTHS, start=1):
        missing = max(style.light_octaves[octave] ** 2 - 0.5 * own.light_octaves[octave] ** 2, 0)
        weights = (
            min(math.sqrt(missing), STRONGEST_STROKE),
            0.8 * min(style.colour_octaves[octave - 1], STRONGEST_TINGE),
        )
        length = unit * (0.6 + 1.4 * style.coherence)
        lab += _strokes(subject, width, tuple(length * stride for stride in (1, 1.5, 2, 3)), field, weights)
    return np.asarray(cv2.cvtColor(as_bytes(lab), cv2.COLOR_LAB2RGB), np.uint8)


def _strokes(
    subject: Subject, width: int, strides: tuple[float, ...], field: TangentField, weights: tuple[float, float]
) -> Floats:
    """Lab offsets of strokes `width` reference pixels wide; weights are the deviations of lightness and colour."""
    height, across = subject.size
    size = (max(1, height // width), max(1, across // width))
    grain = max(1.0, subject.unit)
    planes = [subject.memory.noise(f"strokes {width} {plane}", size, grain) for plane in "Lab"]
    narrow = TangentField(*(resize(plane, size, cv2.INTER_NEAREST) for plane in (field.dx, field.dy, field.coherence)))
    smeared = smooth_along(as_floats(cv2.merge(planes)), narrow, strides)
    scaled = smeared * (np.array((weights[0], weights[1], weights[1]), np.float32) / (smeared.std(axis=(0, 1)) + 1e-6))
    return resize(as_floats(scaled), subject.size, cv2.INTER_CUBIC)
