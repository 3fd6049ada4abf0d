"""A segment's sheet: which frames it shows, which it has to look at for them, and whose look they follow."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rotoscope.contracts import Segment
from rotoscope.footage import Footage
from rotoscope.reach import LASTING, REACH, reaches_back, reaches_on
from rotoscope.scenes import Scenes
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
    """Cuts sheets out of the whole video. `keys` are places of `scenes`: those of which there is or will be a picture.

    `reach` is rotoscope.reach's, of the video's size; a longer one only decodes more. `own` says for some keys' frames
    where the user's picture lies.
    """

    footage: Footage
    scenes: Scenes
    keys: Sequence[int]
    segments: Sequence[Segment]
    radius: int | None
    reach: int = REACH
    own: Mapping[int, str] = field(default_factory=dict)

    def sheet(self, number: int) -> SegmentSheet:
        """The sheet of the segment of that number."""
        taken, starts = self.scenes.taken, self.footage.starts
        low, high = (bisect_left(taken, start) for start in starts[number : number + 2])
        of_all = {"bars": self.footage.bars, "bounds": self._bounds()}
        if low == high:
            window = self.segments[number]
            return SegmentSheet(
                segment=number, frames=[], chosen=[], window=window, scene=[], keys=[], anchors={}, **of_all
            )
        shows = self.scenes.shows[low:high]
        lead, tail = self._lead(shows[0]), self._tail(shows[-1])
        scene = self._scene(lead, tail, taken[low])
        return SegmentSheet(
            segment=number,
            frames=[self._frame(taken[low + n], self.scenes.frames[place]) for n, place in enumerate(shows)],
            chosen=self._chosen(starts[number], starts[number + 1]),
            window=self._window(number, self._decoded(lead, taken[low]), scene),
            scene=scene,
            keys=[self._key(place) for place in self._keys(lead, tail)],
            anchors=self._anchors(lead, tail),
            **of_all,
            poster=taken[len(taken) // 3] if low <= len(taken) // 3 < high else None,
            empties=bool(self.scenes.blanks),
        )

    def _bounds(self) -> tuple[int, int]:
        taken, stamps = self.scenes.taken, self.footage.stamps
        return stamps[taken[0]], stamps[taken[-1]]

    def _frame(self, index: int, shows: int) -> SheetFrame:
        return SheetFrame(index=index, pts=self.footage.stamps[index], shows=shows)

    def _lead(self, place: int) -> int:
        """Where the motion begins that brings this place its look."""
        first, _ = self.scenes.shot(place)
        if self.radius is not None:
            place = next(n for n in range(max(first, place - self.radius), place + 1) if self._reached(n, place))
        before = self.keys[max(0, bisect_right(self.keys, place) - 1)]
        return before if max(first, place - self.reach) <= before < place and self._reached(before, place) else place

    def _tail(self, place: int) -> int:
        """Where the motion ends that brings this place its look."""
        _, end = self.scenes.shot(place)
        frames = self.scenes.frames
        if self.radius is not None:
            after = range(min(end - 1, place + self.radius), place - 1, -1)
            place = next(n for n in after if reaches_back(frames[n], frames[place]))
        key = self.keys[min(len(self.keys) - 1, bisect_left(self.keys, place))]
        near = place < key <= min(end - 1, place + self.reach) and reaches_back(frames[key], frames[place])
        return key if near else place

    def _reached(self, earlier: int, place: int) -> bool:
        """Whether motion is followed to a place from an earlier one."""
        return reaches_on(self._last(earlier), self._last(place))

    def _last(self, place: int) -> int:
        """The last taken frame that looks like a place."""
        return self.scenes.taken[bisect_right(self.scenes.shows, place) - 1]

    def _scene(self, lead: int, tail: int, own: int) -> list[SceneFrame]:
        """`own` is the segment's first taken frame."""
        return [
            SceneFrame(
                index=self.scenes.frames[place],
                pts=self.footage.stamps[self._decoded(place, own)],
                shot=self.scenes.frames[self.scenes.shot(place)[0]],
                last=self._last(place),
            )
            for place in range(lead, tail + 1)
        ]

    def _decoded(self, place: int, own: int) -> int:
        """The frame that is decoded for a place: the one that it is, or the nearest one of a picture held for long."""
        index, last = self.scenes.frames[place], self._last(place)
        return index if own <= index or last - index <= LASTING else min(own, last)

    def _chosen(self, start: int, end: int) -> list[SheetFrame]:
        """The keys among the segment's own frames."""
        low, high = (bisect_left(self.scenes.frames, index) for index in (start, end))
        mine = self.keys[bisect_left(self.keys, low) : bisect_left(self.keys, high)]
        return [self._frame(self.scenes.frames[place], self.scenes.frames[place]) for place in mine]

    def _window(self, number: int, begins: int, scene: Sequence[SceneFrame]) -> Segment:
        """What to decode, from where the segment in which it `begins` is decoded."""
        seeks = self.segments[bisect_right(self.footage.starts, begins) - 1].seeks
        return Segment(index=number, start_pts=scene[0].pts, end_pts=scene[-1].pts + 1, seeks=seeks)

    def _keys(self, lead: int, tail: int) -> Sequence[int]:
        """The scene's keys, and the next ones of the same shots on either side."""
        first, _ = self.scenes.shot(lead)
        _, end = self.scenes.shot(tail)
        low = max(bisect_left(self.keys, first), bisect_left(self.keys, lead) - FURTHER)
        high = min(bisect_left(self.keys, end), bisect_right(self.keys, tail) + FURTHER)
        return self.keys[low:high]

    def _key(self, place: int) -> KeyFrame:
        first, _ = self.scenes.shot(place)
        index = self.scenes.frames[place]
        shot, own = self.scenes.frames[first], self.own.get(index)
        return KeyFrame(index=index, pts=self.footage.stamps[index], shot=shot, last=self._last(place), own=own)

    def _anchors(self, lead: int, tail: int) -> dict[int, KeyFrame]:
        """The key whose colours each shot follows that the scene touches."""
        low, high = bisect_right(self.scenes.shots, lead) - 1, bisect_left(self.scenes.shots, tail + 1)
        return {self.scenes.frames[first]: self._key(self.anchor(first)) for first in self.scenes.shots[low:high]}

    def anchor(self, place: int) -> int:
        """The first key of the place's shot; where it has none, the key nearest to the shot."""
        first, end = self.scenes.shot(place)
        following = bisect_left(self.keys, first)
        near = self.keys[max(0, following - 1) : following + 1]
        return near[-1] if first <= near[-1] < end else min(near, key=lambda key: self._away(key, first, end - 1))

    def _away(self, key: int, first: int, last: int) -> int:
        """Frames of the source between a key and the shot that lies before or after it."""
        frames = self.scenes.frames
        return frames[first] - frames[key] if key < first else frames[key] - frames[last]
