"""Cuts a video into the intervals that segments are, and says from where each may be decoded."""

import itertools
from bisect import bisect_left, bisect_right

from rotoscope.contracts import Segment, SourceVideo
from rotoscope.crowding import frames_meant

SEEKS_BACK_S = (2, 6, 20)
"""How long before a segment decoding begins where no key frames are known, the shortest first."""
SEEKS_BACK = (1, 2, 3, 5)
"""The same in key frames: most codecs need no more than the last one."""

SLACK_S = 2
"""How far the last segment reaches past the end: frames of AVI and ASF are shown later than their packets say, and an
end may be an estimate."""

YIELDING = 0.25
"""Of a segment's length: so far an edge gives way to a key frame, from which nothing has to be decoded in vain."""


def cut(source: SourceVideo, megapixels: float, *, output_pixels: int = 0) -> list[Segment]:
    """Half-open intervals that cover the video, each of about `megapixels` of drawn or encoded pictures."""
    count = max(1, -(-source.frame_count // frames_meant(source, megapixels, output_pixels)))
    edges = [_edge(source, n, count) for n in range(count)]
    edges = [*dict.fromkeys(edges), source.end_pts + round(SLACK_S / source.time_base)]
    return [
        Segment(index=n, start_pts=start, end_pts=end, seeks=_seeks(source, start))
        for n, (start, end) in enumerate(itertools.pairwise(edges))
    ]


def _edge(source: SourceVideo, part: int, parts: int) -> int:
    """The time stamp after so many parts of the frames, or that of a key frame near by."""
    exact = _after(source, part, parts)
    if not part:
        return exact
    place = bisect_left(source.keyframes, exact)
    near = source.keyframes[max(0, place - 1) : place + 1]
    key = min(near, key=lambda pts: abs(pts - exact), default=exact)
    return key if abs(_share(source, key) - part / parts) * parts <= YIELDING else exact


def _after(source: SourceVideo, part: int, parts: int) -> int:
    """The time stamp after so many parts of the frames; where their times are not known, of the time."""
    if source.marks and part:
        return source.marks[len(source.marks) * part // parts]
    return source.start_pts + (source.end_pts - source.start_pts) * part // parts


def _share(source: SourceVideo, pts: int) -> float:
    """The share of the frames that come before that time."""
    if source.marks:
        return bisect_left(source.marks, pts) / len(source.marks)
    return (pts - source.start_pts) / (source.end_pts - source.start_pts)


def _seeks(source: SourceVideo, start: int) -> list[int]:
    """Where to start decoding from: the last key frame, or earlier ones, for pictures that refer across it.

    Where key frames are not known they are times, which are early enough for all but unusual files.
    """
    if source.indexed:
        before = bisect_right(source.keyframes, start)
        nearest = [source.keyframes[before - back] for back in SEEKS_BACK if before >= back]
    else:
        nearest = [start - round(back / source.time_base) for back in SEEKS_BACK_S]
    return [*dict.fromkeys([*(seek for seek in nearest if seek > source.start_pts), source.start_pts])]
