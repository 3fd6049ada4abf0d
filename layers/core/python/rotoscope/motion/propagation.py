"""The look of key frames, carried along the source's motion to the frames between them."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy import typing as npt

from rotoscope.motion.blending import Key, Seen, blend
from rotoscope.motion.flow import Flow, coarse, compose, motion
from rotoscope.ports import RGB
from rotoscope.reach import reach, reaches_back, reaches_on

__all__ = ["Key", "propagate"]

Trip = tuple[Flow, Flow]
"""The flow from a frame to a key, and the one back, on the coarse grid."""
Packed = npt.NDArray[np.float16]
"""A trip while it waits, in half the memory: within a twentieth of a pixel for motion of up to 64."""


@dataclass(frozen=True, eq=False)
class _Frame:
    """`step` is the motion to the frame before (or the left key) and back; None where nothing chains over it.

    `place` counts from the left key on.
    """

    place: int
    index: int
    source: RGB
    small: RGB
    step: Packed | None


@dataclass(frozen=True)
class _Chains:
    """Which frames are reached from which key over the frames between, and which directly."""

    left: Key | None
    right: Key | None
    lasts: Mapping[int, int]

    @property
    def ahead(self) -> int:
        """How many frames before the right key may be reached from it."""
        return _reach(self.right) if self.right and self.right.present else 0

    def from_left(self, place: int, index: int) -> bool:
        if not (self.left and self.left.present and place <= _reach(self.left)):
            return False
        return reaches_on(self._last(self.left.index), self._last(index))

    def from_right(self, index: int) -> bool:
        """Of a frame that is no more than `ahead` places away."""
        return bool(self.right and self.right.present and reaches_back(self.right.index, index))

    def lateness(self, index: int) -> float:
        """0 where the left key's picture ends, 1 where the right one's begins."""
        if not (self.left and self.right):
            return 0.5
        begin = self._last(self.left.index)
        return (index - begin) / (self.right.index - begin)

    def _last(self, index: int) -> int:
        return self.lasts.get(index, index)


def _reach(key: Key) -> int:
    height, width = key.source.shape[:2]
    return reach(width, height)


def propagate(
    frames: Iterable[tuple[int, RGB]], left: Key | None, right: Key | None, lasts: Mapping[int, int] | None = None
) -> Iterator[tuple[int, RGB]]:
    """The frames strictly between two keys of a shot, redrawn, with their indices; `frames` are (index, source).

    They are distinct frames in order without a gap, and `lasts` names the last repetition of those that are held. A
    shot's head and tail have one key only. If a key is `present`, its neighbour is the first or the last of them; else
    none of them is within reach of it.
    """
    chains = _Chains(left, right, lasts or {})
    from_left = _FromLeft(chains)
    waiting: deque[_Frame] = deque()
    for frame in _stepped(frames, chains):
        waiting.append(frame)
        if len(waiting) > chains.ahead:
            yield _drawn(waiting.popleft(), from_left, None)
    for trip in _trips_to(chains, list(waiting)):
        yield _drawn(waiting.popleft(), from_left, trip)


def _stepped(frames: Iterable[tuple[int, RGB]], chains: _Chains) -> Iterator[_Frame]:
    before = chains.left.small if chains.left and chains.left.present else None
    for place, (index, source) in enumerate(frames, start=1):
        small = coarse(source)
        step = None
        if before is not None and (chains.from_left(place, index) or chains.ahead):
            step = _packed(_trip(small, before))
        yield _Frame(place, index, source, small, step)
        before = small


def _trip(origin: RGB, target: RGB) -> Trip:
    return motion(origin, target), motion(target, origin)


def _packed(trip: Trip) -> Packed:
    return np.stack(trip).astype(np.float16)


def _unpacked(trip: Packed) -> Trip:
    there, back = trip.astype(np.float32)
    return there, back


class _FromLeft:
    """The chain that starts at the left key and grows by a frame at a time."""

    def __init__(self, chains: _Chains) -> None:
        self.chains = chains
        self._chain: Trip | None = None

    def trip(self, frame: _Frame, key: Key) -> Trip:
        """Between the next frame and the key."""
        if not self.chains.from_left(frame.place, frame.index):
            return _trip(frame.small, key.small)
        assert frame.step is not None
        step = _unpacked(frame.step)
        self._chain = _longer(step, self._chain) if self._chain else step
        return self._chain


def _longer(step: Trip, chain: Trip) -> Trip:
    """`step` leads from a frame to where `chain` starts."""
    return compose(step[0], chain[0]), compose(chain[1], step[1])


def _trips_to(chains: _Chains, frames: list[_Frame]) -> Iterator[Packed | None]:
    """Between each of the last frames before the right key and it; chained backwards, so all are found at once.

    None where the key is not within reach.
    """
    trips: deque[Packed | None] = deque()
    chain: Trip | None = None
    for place in reversed(range(len(frames))):
        if not chains.from_right(frames[place].index):
            trips.appendleft(None)
            continue
        if chain is None:
            assert chains.right
            chain = _trip(frames[place].small, chains.right.small)
        else:
            after = frames[place + 1].step
            assert after is not None
            back, there = _unpacked(after)
            chain = _longer((there, back), chain)
        trips.appendleft(_packed(chain))
    while trips:
        yield trips.popleft()


def _drawn(frame: _Frame, from_left: _FromLeft, trip: Packed | None) -> tuple[int, RGB]:
    left, right = from_left.chains.left, from_left.chains.right
    late = from_left.chains.lateness(frame.index)
    seen = []
    if left:
        seen.append(Seen.of(left, frame.small, 1 - late, *from_left.trip(frame, left)))
    if right:
        to_right = _trip(frame.small, right.small) if trip is None else _unpacked(trip)
        seen.append(Seen.of(right, frame.small, late, *to_right))
    return frame.index, blend(frame.source, seen)
