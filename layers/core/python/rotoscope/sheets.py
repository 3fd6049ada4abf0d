"""A segment's sheet: which frames it shows, which it has to look at for them, and whose look they follow."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rotoscope.choosing import REACH, Scenes
from rotoscope.contracts import Segment
from rotoscope.footage import Footage
from rotoscope.segment_contracts import KeyFrame, SceneFrame, SegmentSheet, SheetFrame
from rotoscope.settings import Settings

FURTHER = 3
"""Keys past the scene on either side that a sheet names: a key in the scene is matched with its neighbours."""

RADIUS = {None: 2, "off": 0, "on": 2, "strong": 4}
"""Frames on either side that the window against flicker takes in, by `motion.deflicker`."""


def window_radius(settings: Settings) -> int | None:
    """The window's radius where every frame is a key (0 for none); None where the others follow few keys."""
    return RADIUS[settings.motion.deflicker] if settings.frames.keys == "all" else None


@dataclass(frozen=True)
class Cutter:
    """Cuts sheets out of the whole video. `keys` are places of `scenes`, and every shot has one."""

    footage: Footage
    scenes: Scenes
    keys: Sequence[int]
    segments: Sequence[Segment]
    radius: int | None

    def sheet(self, number: int) -> SegmentSheet:
        """The sheet of the segment of that number."""
        taken, starts = self.scenes.taken, self.footage.starts
        low, high = (bisect_left(taken, start) for start in starts[number : number + 2])
        bars = self.footage.bars
        if low == high:
            window = self.segments[number]
            return SegmentSheet(
                segment=number, frames=[], chosen=[], window=window, scene=[], keys=[], anchors={}, bars=bars
            )
        shown = _Shown(self.scenes, low, high)
        lead, tail = self._lead(shown.first), self._tail(shown.last)
        scene = self._scene(shown, lead, tail)
        return SegmentSheet(
            segment=number,
            frames=[self._frame(index, shown.index(self.scenes.shows[low + n])) for n, index in enumerate(shown.taken)],
            chosen=self._chosen(starts[number], starts[number + 1]),
            window=self._window(number, scene),
            scene=scene,
            keys=[self._key(shown, place) for place in self._keys(lead, tail)],
            anchors=self._anchors(lead, tail),
            bars=bars,
            poster=taken[len(taken) // 3] if low <= len(taken) // 3 < high else None,
        )

    def _frame(self, index: int, shows: int) -> SheetFrame:
        return SheetFrame(index=index, pts=self.footage.stamps[index], shows=shows)

    def _lead(self, place: int) -> int:
        """Where the motion begins that brings this place its look."""
        first, _ = self.scenes.shot(place)
        if self.radius is not None:
            return max(first, place - self.radius)
        before = self.keys[max(0, bisect_right(self.keys, place) - 1)]
        return before if max(first, place - REACH) <= before < place else place

    def _tail(self, place: int) -> int:
        """Where the motion ends that brings this place its look."""
        _, end = self.scenes.shot(place)
        if self.radius is not None:
            return min(end - 1, place + self.radius)
        after = self.keys[min(len(self.keys) - 1, bisect_left(self.keys, place))]
        return after if place < after <= min(end - 1, place + REACH) else place

    def _scene(self, shown: "_Shown", lead: int, tail: int) -> list[SceneFrame]:
        return [
            SceneFrame(index=index, pts=self.footage.stamps[index], shot=self.scenes.frames[self.scenes.shot(place)[0]])
            for place in range(lead, tail + 1)
            for index in [shown.index(place)]
        ]

    def _chosen(self, start: int, end: int) -> list[SheetFrame]:
        """The keys among the segment's own frames."""
        low, high = (bisect_left(self.scenes.frames, index) for index in (start, end))
        mine = self.keys[bisect_left(self.keys, low) : bisect_left(self.keys, high)]
        return [self._frame(self.scenes.frames[place], self.scenes.frames[place]) for place in mine]

    def _window(self, number: int, scene: Sequence[SceneFrame]) -> Segment:
        """What to decode, from where the segment in which it begins is decoded."""
        begins = bisect_right(self.footage.starts, scene[0].index) - 1
        return Segment(
            index=number, start_pts=scene[0].pts, end_pts=scene[-1].pts + 1, seeks=self.segments[begins].seeks
        )

    def _keys(self, lead: int, tail: int) -> Sequence[int]:
        """The scene's keys, and the next ones of the same shots on either side."""
        first, _ = self.scenes.shot(lead)
        _, end = self.scenes.shot(tail)
        low = max(bisect_left(self.keys, first), bisect_left(self.keys, lead) - FURTHER)
        high = min(bisect_left(self.keys, end), bisect_right(self.keys, tail) + FURTHER)
        return self.keys[low:high]

    def _key(self, shown: "_Shown", place: int) -> KeyFrame:
        first, _ = self.scenes.shot(place)
        picture = self.scenes.frames[place]
        return KeyFrame(index=shown.index(place), picture=picture, shot=self.scenes.frames[first])

    def _anchors(self, lead: int, tail: int) -> dict[int, int]:
        """The first key of every shot that the scene touches."""
        low, high = bisect_right(self.scenes.shots, lead) - 1, bisect_left(self.scenes.shots, tail + 1)
        return {self.scenes.frames[first]: self.anchor(first) for first in self.scenes.shots[low:high]}

    def anchor(self, place: int) -> int:
        """The index of the first key of the place's shot."""
        first, _ = self.scenes.shot(place)
        return self.scenes.frames[self.keys[bisect_left(self.keys, first)]]


class _Shown:
    """The taken frames of one segment. The first may repeat a frame of an earlier segment and then stands for it."""

    def __init__(self, scenes: Scenes, low: int, high: int) -> None:
        self._scenes, self.taken = scenes, scenes.taken[low:high]
        self.first, self.last = scenes.shows[low], scenes.shows[high - 1]

    def index(self, place: int) -> int:
        """The frame that stands for a place here."""
        return self.taken[0] if place == self.first else self._scenes.frames[place]
