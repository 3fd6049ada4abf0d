"""How many frames a segment should hold, and what happens when an estimate was so wrong that one holds far more."""

from bisect import bisect_left
from collections.abc import Sequence

from rotoscope.contracts import Segment, SourceVideo
from rotoscope.errors import VideoTooLarge
from rotoscope.sizes import DRAWN_AS_THEY_ARE, drawn_size

FEWEST_FRAMES = 24
"""In a segment of pictures that are larger than they are drawn: each segment decodes from a key frame on, and looks at
its neighbours' frames."""

MOST_CROWDED = 5
"""Times as many frames as were meant: RenderSegment has a quarter of an hour, and mostly takes a minute or two."""


def frames_meant(source: SourceVideo, megapixels: float, output_pixels: int) -> int:
    """Frames of a segment of so many megapixels of drawn or encoded pictures."""
    drawn = drawn_size(source.width, source.height)
    pixels = max(drawn[0] * drawn[1], output_pixels)
    return max(FEWEST_FRAMES if pixels > DRAWN_AS_THEY_ARE else 1, int(megapixels * 1e6 / pixels))


def refuse_crowded(segments: Sequence[Segment], stamps: Sequence[int], meant: int) -> None:
    """Raises VideoTooLarge when a segment's frames could not be drawn in the time that a function has."""
    counts = [bisect_left(stamps, each.end_pts) - bisect_left(stamps, each.start_pts) for each in segments]
    if max(counts, default=0) > meant * MOST_CROWDED + FEWEST_FRAMES:
        raise VideoTooLarge(
            "The video's frames are spread so unevenly over its time that it cannot be cut into even pieces. "
            "Convert it to MP4, or to a constant frame rate, and upload it again."
        )
