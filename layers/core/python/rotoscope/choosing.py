"""Which frames are restyled. Only here are key frames chosen: over the whole video, within what may be called."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heapreplace
from itertools import pairwise
from math import ceil

from rotoscope.contracts import ChosenKeys
from rotoscope.errors import SettingsInvalid
from rotoscope.scenes import Scenes
from rotoscope.settings import FrameSettings

TAU = 0.20
"""Share of the picture that may be uncovered between a frame and its nearer key; two keys share an interval."""

EVENLY = 1e-3
"""What a step costs at least: where nothing moves, keys lie evenly."""

SHARED_FOLDER = "The folder keys/ serves every video beside it; style.keys names another one."
"""For somebody whose video met the pictures of another."""


@dataclass(frozen=True)
class Choice:
    """Places of all key frames, ascending; `own` says which picture of the user's a place shows, by its frame index.

    The picture asked for `wanted` keys and got `chosen` before borders and own pictures were added. `unkeyed` shots got
    their first frame as key; `idle` pictures of the user are of frames that repeat one which has such a picture.
    """

    keys: Sequence[int]
    own: dict[int, int]
    wanted: int
    chosen: int
    unkeyed: int = 0
    idle: Sequence[int] = ()

    @property
    def stretched(self) -> bool:
        """Whether a limit left fewer keys than the picture asks for."""
        return self.chosen < self.wanted

    @property
    def calls(self) -> list[int]:
        """Places whose picture has to be bought."""
        return [place for place in self.keys if place not in self.own]


def choose(frames: FrameSettings, scenes: Scenes, starts: Sequence[int], own: Iterable[int], most: int) -> Choice:
    """Keys as `frames.keys` asks, and the user's `own` pictures. Only adaptive keys heed `most`, the calls that fit.

    `starts` are the segments' first frames. What one key per shot needs is chosen even where `most` is less. The
    user's pictures take the place of keys near them: a job whose keys were edited by hand asks for the same ones again.
    """
    pictures, idle = _own(frames, scenes, own)
    if isinstance(frames.keys, list):
        return _with_every_shot(sorted({*_asked(frames, scenes), *pictures}), scenes, pictures, idle)
    if frames.keys != "adaptive":
        choice = _with_every_shot(sorted({*_asked(frames, scenes), *pictures}), scenes, pictures, idle)
        return replace(choice, keys=sorted({*_with_content(choice.keys, scenes), *pictures}))
    keys, wanted = _adaptive(frames, scenes, most)
    bordered = _with_content(sorted([*keys, *_borders(frames, scenes, starts, keys, most - len(keys))]), scenes)
    free = [key for key in bordered if not _near(key, sorted(pictures), scenes, frames.min_gap)]
    return Choice(sorted({*free, *pictures}), pictures, wanted, len(keys), 0, idle)


def _with_content(keys: Sequence[int], scenes: Scenes) -> list[int]:
    """Keys on blank places move to the nearest place of their shot that shows something; in a blank shot there is none.

    A black frame costs as much as any other, and a model draws into it whatever it likes.
    """
    if not scenes.blanks:
        return list(keys)
    moved = {_nearest_content(key, scenes) for key in keys}
    return sorted(place for place in moved if place is not None)


def _nearest_content(key: int, scenes: Scenes) -> int | None:
    first, end = scenes.shot(key)
    ways = range(key, end), range(key, first - 1, -1)
    found = [next((place for place in way if place not in scenes.blanks), None) for way in ways]
    return min((place for place in found if place is not None), key=lambda place: abs(place - key), default=None)


def keep(frames: FrameSettings, scenes: Scenes, earlier: ChosenKeys, own: Iterable[int]) -> Choice:
    """The keys of an earlier choice as they are, but for those near which the user has put a picture since then."""
    pictures, idle = _own(frames, scenes, own)
    keys = [place for index in earlier.frames if (place := scenes.place(index)) is not None]
    if frames.keys == "adaptive":
        added = sorted(set(pictures).difference(keys))
        keys = [key for key in keys if not _near(key, added, scenes, frames.min_gap)]
    every = sorted({*keys, *pictures})
    return Choice(every, pictures, earlier.wanted, earlier.chosen, earlier.unkeyed, idle)


def _asked(frames: FrameSettings, scenes: Scenes) -> Iterable[int]:
    """The places of `all`, of `every N`, or of a list."""
    if frames.keys == "all":
        return range(len(scenes.frames))
    if isinstance(frames.keys, str):
        return scenes.shows[:: int(frames.keys.removeprefix("every "))]
    if not frames.keys:
        raise SettingsInvalid("frames.keys is an empty list: name at least one frame.")
    return [_taken(index, f"frames.keys names frame {index}", frames, scenes) for index in sorted(set(frames.keys))]


def _taken(index: int, says: str, frames: FrameSettings, scenes: Scenes, hint: str = "") -> int:
    place = scenes.place(index)
    if place is None:
        range_ = f"{scenes.taken[0]} to {scenes.taken[-1]}, every {frames.step}"
        raise SettingsInvalid(f"{says}, which is not among the taken frames ({range_}).{hint}")
    return place


def _own(frames: FrameSettings, scenes: Scenes, own: Iterable[int]) -> tuple[dict[int, int], list[int]]:
    """The user's pictures by place, and those that no place is left for."""
    pictures, idle = dict[int, int](), list[int]()
    for index in sorted(own):
        place = _taken(index, f"style.keys holds a picture for frame {index}", frames, scenes, f" {SHARED_FOLDER}")
        if pictures.setdefault(place, index) != index:
            idle.append(index)
    return pictures, idle


def _with_every_shot(keys: list[int], scenes: Scenes, pictures: dict[int, int], idle: list[int]) -> Choice:
    empty = [first for first, end in pairwise(scenes.shots) if bisect_left(keys, first) == bisect_left(keys, end)]
    every = sorted([*keys, *empty])
    return Choice(every, pictures, len(every), len(every), len(empty), idle)


def _near(place: int, others: Sequence[int], scenes: Scenes, gap: int) -> bool:
    """Whether one of the others lies less than `gap` places away in the same shot."""
    first, end = scenes.shot(place)
    low, high = max(first, place - gap + 1), min(end, place + gap)
    return bisect_left(others, low) < bisect_left(others, high)


# --- adaptive keys --------------------------------------------------------------------------------------------------


def _adaptive(frames: FrameSettings, scenes: Scenes, most: int) -> tuple[list[int], int]:
    """Keys on each shot's first frame, then on its last, then between, the worst shot first; and how many are wanted.

    A shot is as bad as one of its intervals is long, measured by what it uncovers (2 x TAU are one) or by its frames
    (`max_gap` are one); with one key alone, its frames lie twice as far from a key as in a single interval.
    """
    shots = list(pairwise(scenes.shots))
    needs = [_need(frames, scenes, first, end - 1) for first, end in shots]
    wanted = [_intervals(frames, need, end - first - 1) for need, (first, end) in zip(needs, shots, strict=True)]
    given = _shared_out(needs, wanted, most - len(shots))
    keys = [
        place
        for (first, end), intervals in zip(shots, given, strict=True)
        for place in _spread(frames, scenes, first, end - 1, intervals)
    ]
    return keys, len(shots) + sum(wanted)


def _need(frames: FrameSettings, scenes: Scenes, first: int, last: int) -> float:
    return max((scenes.costs[last] - scenes.costs[first]) / (2 * TAU), (last - first) / frames.max_gap)


def _intervals(frames: FrameSettings, need: float, length: int) -> int:
    return min(length // frames.min_gap, max(1, ceil(need - 1e-9)))


def _shared_out(needs: Sequence[float], wanted: Sequence[int], keys: int) -> list[int]:
    """How many intervals each shot gets for so many more keys: one key always goes where it is needed most."""
    if sum(wanted) <= keys:
        return list(wanted)
    given = [0] * len(needs)
    worst = [(-2 * need, number) for number, need in enumerate(needs) if wanted[number]]
    heapify(worst)
    for _ in range(max(0, keys)):
        number = worst[0][1]
        given[number] += 1
        left = needs[number] / given[number] if given[number] < wanted[number] else 0.0
        heapreplace(worst, (-left, number))
    return given


def _spread(frames: FrameSettings, scenes: Scenes, first: int, last: int, intervals: int) -> list[int]:
    """First, last, and places between them at equal cost, as far as the gaps allow."""
    if not intervals:
        return [first]
    widest = frames.max_gap if last - first <= intervals * frames.max_gap else last - first

    def travelled(place: int) -> float:
        return scenes.costs[place] - scenes.costs[first] + EVENLY * (place - first)

    places = [first]
    for number in range(1, intervals):
        low = max(places[-1] + frames.min_gap, last - (intervals - number) * widest)
        high = min(places[-1] + widest, last - (intervals - number) * frames.min_gap)
        target = travelled(last) * number / intervals
        place = low + bisect_left(range(low, high), target, key=travelled)
        nearer = place > low and target - travelled(place - 1) < travelled(place) - target
        places.append(place - nearer)
    return [*places, last]


def _borders(
    frames: FrameSettings, scenes: Scenes, starts: Sequence[int], keys: Sequence[int], most: int
) -> Iterable[int]:
    """First scene frames of segments that no key is near: they keep short what two segments both have to look at."""
    added: list[int] = []
    for start, end in pairwise(starts):
        place = bisect_left(scenes.frames, start)
        if len(added) >= most or place == len(scenes.frames):
            break
        free = not _near(place, keys, scenes, frames.min_gap) and not _near(place, added, scenes, frames.min_gap)
        if scenes.frames[place] < end and free:
            added.append(place)
    return added
