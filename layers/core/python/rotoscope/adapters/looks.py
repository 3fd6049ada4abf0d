"""How a decoded picture is meant to be seen: its size, rotation, colours. Film set."""

from fractions import Fraction
from typing import TypedDict

from av.video.frame import VideoFrame
from av.video.stream import VideoStream

MATRICES = {0: "gbr", 1: "bt709", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc"}
TRANSFERS = {1: "bt709", 6: "smpte170m", 13: "iec61966-2-1", 14: "bt2020-10", 16: "smpte2084", 18: "arib-std-b67"}
"""Code points of ITU-T H.273."""

FULL_RANGE = 2
INTERLACED_ORDERS = (2, 3, 4, 5)
PLAUSIBLE_ASPECT = (Fraction(1, 8), Fraction(8))


class ColorFacts(TypedDict):
    """Fields of SourceVideo."""

    full_range: bool
    color_matrix: str | None
    color_transfer: str | None


def rotation_of(first: VideoFrame) -> int:
    """Degrees clockwise, a multiple of 90, by which players turn the picture. FFmpeg's own are anticlockwise."""
    return round(-first.rotation / 90) % 4 * 90


def displayed_size(first: VideoFrame, aspect: Fraction) -> tuple[int, int]:
    """Width and height, upright and with square pixels: lines are kept, columns follow the sample aspect ratio."""
    width, height = first.width, first.height
    if aspect != 1 and PLAUSIBLE_ASPECT[0] <= aspect <= PLAUSIBLE_ASPECT[1]:
        width = max(2, round(width * aspect / 2) * 2)
    return (height, width) if rotation_of(first) in (90, 270) else (width, height)


def is_interlaced(stream: VideoStream, first: VideoFrame) -> bool:
    """By the first picture's flag or the stream's field order."""
    return first.interlaced_frame or int(stream.codec_context.field_order) in INTERLACED_ORDERS


def color_facts(first: VideoFrame) -> ColorFacts:
    """Matrix, transfer and range as tagged; RGB pictures have the matrix "gbr"."""
    if first.format.is_rgb:
        return ColorFacts(full_range=True, color_matrix="gbr", color_transfer=None)
    return ColorFacts(
        full_range=int(first.color_range) == FULL_RANGE or first.format.name.startswith("yuvj"),
        color_matrix=MATRICES.get(int(first.colorspace)),
        color_transfer=TRANSFERS.get(int(first.color_trc)),
    )
