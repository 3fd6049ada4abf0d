"""The taken frames without those that repeat another: what keys are chosen among."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rotoscope.footage import Footage


@dataclass(frozen=True)
class Scenes:
    """The scene frames, which are the taken frames that repeat no other, by place: `frames[place]` is an index.

    `shots` are the places at which shots begin, and the number of places as the last one. `costs[place]` is what all
    steps of the source up to there uncover. `shows` names for each of the `taken` frames the place it looks like.
    Places in `blanks` show nothing that could be redrawn.
    """

    taken: Sequence[int]
    shows: Sequence[int]
    frames: Sequence[int]
    shots: Sequence[int]
    costs: Sequence[float]
    blanks: Collection[int] = frozenset()

    def shot(self, place: int) -> tuple[int, int]:
        """The half-open interval of places that the place's shot has."""
        number = bisect_right(self.shots, place)
        return self.shots[number - 1], self.shots[number]

    def place(self, index: int) -> int | None:
        """The place that a frame looks like; None when it is not taken."""
        number = bisect_left(self.taken, index)
        return self.shows[number] if self.taken[number : number + 1] == [index] else None


def scenes(footage: Footage, taken: list[int]) -> Scenes:
    """A cut anywhere between two taken frames begins a shot; of a run of repeats the first taken frame stays."""
    uncovered = array("d", accumulate(footage.costs, initial=0.0))
    shows, frames, costs, shots = array("q"), array("q"), array("d"), list[int]()
    shot = run = -1
    for index in taken:
        its_shot, its_run = bisect_right(footage.shots, index), footage.repeats[index]
        if its_shot != shot:
            shots.append(len(frames))
        if its_shot != shot or its_run != run:
            frames.append(index)
            costs.append(uncovered[index])
        shows.append(len(frames) - 1)
        shot, run = its_shot, its_run
    blanks = frozenset(place for place, index in enumerate(frames) if index in footage.blanks)
    return Scenes(taken, shows, frames, [*shots, len(frames)], costs, blanks if len(blanks) < len(frames) else ())
