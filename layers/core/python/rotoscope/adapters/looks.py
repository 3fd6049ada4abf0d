"""How a decoded picture is meant to be seen: its size, direction, colours, transparency, fields. Film set."""

import math
import struct
from fractions import Fraction
from typing import Any, NamedTuple, TypedDict

import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy import typing as npt

from rotoscope.adapters.opening import exact

MATRICES = {0: "gbr", 1: "bt709", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc"}
TRANSFERS = {1: "bt709", 6: "smpte170m", 13: "iec61966-2-1", 14: "bt2020-10", 16: "smpte2084", 18: "arib-std-b67"}
"""Code points of ITU-T H.273."""

FULL_RANGE = 2
INTERLACED_ORDERS = (2, 3, 4, 5)
PLAUSIBLE_ASPECT = (Fraction(1, 8), Fraction(8))
RIGHT_ANGLE_SLACK = 1.0
"""Degrees. What is further from a right angle FFmpeg turns within the picture's own frame."""

MATRIX = struct.Struct("=9i")
OPAQUE = 255
PALETTES = ("gif", "pal8")
"""Codecs and pixel formats whose pictures always could be transparent."""


class ColorFacts(TypedDict):
    """Fields of SourceVideo."""

    bits: int
    full_range: bool
    color_matrix: str | None
    color_transfer: str | None


class Direction(NamedTuple):
    """How to turn a stored picture upright: clockwise by a multiple of 90 degrees, then flipped left and right."""

    rotation: int = 0
    mirrored: bool = False


def direction_of(first: VideoFrame) -> Direction:
    """By the picture's display matrix, if it has one."""
    beside: Any = first.side_data  # what PyAV 18 says of its type is wrong
    if Type.DISPLAYMATRIX not in beside:
        return Direction()
    return direction(MATRIX.unpack_from(bytes(beside[Type.DISPLAYMATRIX])))


def direction(matrix: tuple[int, ...]) -> Direction:
    """Of nine fixed-point numbers, row by row: a point (x, y) goes to (ax + cy, bx + dy), where y points down."""
    a, b, _, c, d, *_ = matrix
    mirrored = a * d - b * c < 0
    if mirrored:
        a = -a
    angle = math.degrees(math.atan2(b, a))
    turns = round(angle / 90)
    if not (a or b) or abs(angle - 90 * turns) > RIGHT_ANGLE_SLACK:
        return Direction()
    return Direction(turns % 4 * 90, mirrored)


def plausible_aspect(stream: VideoStream) -> Fraction:
    """The sample aspect ratio; 1 for one that would make a stripe of the picture, which is a mistake of its writer."""
    return plausible(exact(stream.sample_aspect_ratio))


def plausible(aspect: Fraction | None) -> Fraction:
    """The sample aspect ratio, or 1."""
    aspect = aspect or Fraction(1)
    return aspect if PLAUSIBLE_ASPECT[0] <= aspect <= PLAUSIBLE_ASPECT[1] else Fraction(1)


def displayed_size(first: VideoFrame, aspect: Fraction) -> tuple[int, int]:
    """Width and height, upright and with square pixels: lines are kept, columns follow the sample aspect ratio."""
    width, height = first.width, first.height
    if aspect != 1:
        width = max(2, round(width * aspect / 2) * 2)
    return (height, width) if direction_of(first).rotation in (90, 270) else (width, height)


def has_interlaced_order(stream: VideoStream) -> bool:
    """By the stream's field order, which says so of films that begin with a progressive title too."""
    return stream.codec_context is not None and int(stream.codec_context.field_order) in INTERLACED_ORDERS


def has_alpha(stream: VideoStream, first: VideoFrame) -> bool:
    """Whether pictures can be transparent: of VP8 and VP9 the container says so, of palettes the first picture."""
    if any((name.lower(), value) == ("alpha_mode", "1") for name, value in stream.metadata.items()):
        return True
    codec = stream.codec_context.codec.canonical_name
    if codec in PALETTES or first.format.name in PALETTES:
        return int(_opacity(first).min()) < OPAQUE
    if not any(component.is_alpha for component in first.format.components):
        return False
    return codec != "rawvideo" or bool(_opacity(first).any())  # a fourth byte that nobody filled is no transparency


def _opacity(picture: VideoFrame) -> npt.NDArray[np.uint8]:
    return np.asarray(picture.to_ndarray(format="rgba")[..., 3], np.uint8)


def color_facts(first: VideoFrame) -> ColorFacts:
    """Matrix, transfer and range as tagged; RGB pictures have the matrix "gbr"."""
    bits = max(component.bits for component in first.format.components)
    if first.format.is_rgb:
        return ColorFacts(bits=bits, full_range=True, color_matrix="gbr", color_transfer=None)
    return ColorFacts(
        bits=bits,
        full_range=int(first.color_range) == FULL_RANGE or first.format.name.startswith("yuvj"),
        color_matrix=MATRICES.get(int(first.colorspace)),
        color_transfer=TRANSFERS.get(int(first.color_trc)),
    )
