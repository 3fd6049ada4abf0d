"""Segment sheets, each complete by default: every frame is taken, new, of one shot, and a key."""

from collections.abc import Mapping, Sequence

from rotoscope.contracts import Segment
from rotoscope.segment_contracts import Bars, KeyFrame, SceneFrame, SegmentSheet, SheetFrame
from tests.builders import TICKS


def a_sheet(
    frames: Sequence[int] = range(10),
    *,
    keys: Sequence[int] | None = None,
    repeats: Mapping[int, int] | None = None,
    shots: Sequence[int] = (0,),
    around: Sequence[int] = (),
    segment: int = 0,
    bars: Bars | None = None,
    poster: int | None = None,
    own: Mapping[int, str] | None = None,
    bounds: tuple[int, int] | None = None,
) -> SegmentSheet:
    """`repeats` maps a frame to the one it repeats, `shots` are their first frames, `around` lie beyond the segment.

    `bounds` are the segment's own unless the result goes on beyond it.
    """
    shows = {index: (repeats or {}).get(index, index) for index in frames}
    scene = sorted({*shows.values(), *around})

    def shot(index: int) -> int:
        return max(first for first in shots if first <= index)

    def last(index: int) -> int:
        return max((frame for frame, to in shows.items() if to == index), default=index)

    chosen = scene if keys is None else sorted(keys)
    given = own or {}
    made = [KeyFrame(index=key, pts=key * TICKS, shot=shot(key), last=last(key), own=given.get(key)) for key in chosen]

    def anchor(first: int) -> list[KeyFrame]:
        return sorted(made, key=lambda key: (key.shot != first, abs(key.index - first)))[:1]

    begin, end = (min(scene), max(scene)) if scene else (0, 0)
    return SegmentSheet(
        segment=segment,
        frames=[SheetFrame(index=index, pts=index * TICKS, shows=to) for index, to in shows.items()],
        chosen=[SheetFrame(index=key, pts=key * TICKS, shows=key) for key in chosen if key in shows],
        window=Segment(index=segment, start_pts=begin * TICKS, end_pts=end * TICKS + 1, seeks=[0]),
        scene=[SceneFrame(index=index, pts=index * TICKS, shot=shot(index), last=last(index)) for index in scene],
        keys=made,
        anchors={first: key for first in shots for key in anchor(first)},
        bounds=bounds or ((min(shows) * TICKS, max(shows) * TICKS) if shows else (0, 0)),
        bars=bars,
        poster=poster,
    )
