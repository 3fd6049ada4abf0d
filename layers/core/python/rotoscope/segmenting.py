"""Cuts a video into the segments that the pipeline works on side by side."""

import bisect
import itertools

from rotoscope.contracts import Segment, SourceVideo
from rotoscope.sizes import DRAWN_AS_THEY_ARE, drawn_size

FEWEST_FRAMES = 24
"""In a segment of pictures that are larger than they are drawn: each segment decodes from a key frame on, and looks at
its neighbours' frames."""

SEEKS_BACK_S = (2, 6, 20)
"""How long before a segment decoding begins where no key frames are known, the shortest first."""

SLACK_S = 2
"""How far the last segment reaches past the end: frames of AVI and ASF are shown later than their packets say, and an
end may be an estimate."""


def cut(source: SourceVideo, megapixels: float, *, output_pixels: int = 0) -> list[Segment]:
    """Half-open intervals that cover the video, each of about `megapixels` of drawn or encoded pictures."""
    count = max(1, -(-source.frame_count // frames_meant(source, megapixels, output_pixels)))
    edges = [*_edges(source, count), source.end_pts + round(SLACK_S / source.time_base)]
    return [
        Segment(index=n, start_pts=start, end_pts=end, seeks=_seeks(source, start))
        for n, (start, end) in enumerate(itertools.pairwise(edges))
    ]


def frames_meant(source: SourceVideo, megapixels: float, output_pixels: int) -> int:
    """How many frames a segment should have."""
    drawn = drawn_size(source.width, source.height)
    pixels = max(drawn[0] * drawn[1], output_pixels)
    return max(FEWEST_FRAMES if pixels > DRAWN_AS_THEY_ARE else 1, int(megapixels * 1e6 / pixels))


def _edges(source: SourceVideo, count: int) -> list[int]:
    """Where segments begin, ascending: evenly by frames where it is known when they are shown, else by time."""
    marks = source.marks if source.frame_rate is None else []
    if marks:
        inner = {marks[len(marks) * n // count] for n in range(1, count)}
    else:
        span = source.end_pts - source.start_pts
        inner = {source.start_pts + span * n // count for n in range(1, count)}
    return [source.start_pts, *sorted(edge for edge in inner if source.start_pts < edge < source.end_pts)]


def _seeks(source: SourceVideo, start: int) -> list[int]:
    """Where to start decoding from: one key frame earlier than the last before `start` (open GOPs), then further back.

    Where key frames are not known they are times, which are early enough for all but unusual files.
    """
    if source.indexed:
        before = bisect.bisect_right(source.keyframes, start)
        nearest = [source.keyframes[before - back] for back in (2, 3, 5) if before >= back]
    else:
        nearest = [start - round(back / source.time_base) for back in SEEKS_BACK_S]
    return [*dict.fromkeys([*(seek for seek in nearest if seek > source.start_pts), source.start_pts])]
