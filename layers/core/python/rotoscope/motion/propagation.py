"""The look of key frames, carried along the source's motion to the frames between them."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy import typing as npt

from rotoscope.choosing import REACH
from rotoscope.motion.blending import Key, Seen, blend
from rotoscope.motion.flow import Flow, coarse, compose, motion
from rotoscope.ports import RGB

__all__ = ["REACH", "Key", "propagate"]

Trip = tuple[Flow, Flow]
"""The flow from a frame to a key, and the one back, on the coarse grid."""
Packed = npt.NDArray[np.float16]
"""A trip while it waits, in half the memory: within a twentieth of a pixel for motion of up to 64."""


@dataclass(frozen=True, eq=False)
class _Frame:
    """`step` is the motion to the frame before (or the left key) and back; None where nothing chains over it."""

    index: int
    source: RGB
    small: RGB
    step: Packed | None


def propagate(frames: Iterable[tuple[int, RGB]], left: Key | None, right: Key | None) -> Iterator[tuple[int, RGB]]:
    """The frames strictly between two keys of a shot, redrawn, with their indices; `frames` are (index, source).

    They are distinct frames in order without a gap. A shot's head and tail have one key only. If a key is `present`,
    its neighbour is the first or the last of them; else they are all more than REACH distinct frames away from it.
    """
    from_left = _FromLeft(left)
    waiting: deque[_Frame] = deque()
    ahead = REACH if right and right.present else 0
    for frame in _stepped(frames, left, right):
        waiting.append(frame)
        if len(waiting) > ahead:
            yield _drawn(waiting.popleft(), from_left, right, None)
    for trip in _trips_to(right, list(waiting)):
        yield _drawn(waiting.popleft(), from_left, right, trip)


def _stepped(frames: Iterable[tuple[int, RGB]], left: Key | None, right: Key | None) -> Iterator[_Frame]:
    from_left = REACH if left and left.present else 0
    before = left.small if left and left.present else None
    for place, (index, source) in enumerate(frames):
        small = coarse(source)
        chains = before is not None and (place < from_left or (right and right.present))
        yield _Frame(index, source, small, _packed(_trip(small, before)) if chains and before is not None else None)
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

    def __init__(self, key: Key | None) -> None:
        self.key, self._steps = key, 0
        self._chain: Trip | None = None

    def trip(self, frame: _Frame) -> Trip:
        """Between the next frame and the key."""
        assert self.key
        self._steps += 1
        if not self.key.present or self._steps > REACH:
            return _trip(frame.small, self.key.small)
        assert frame.step is not None
        step = _unpacked(frame.step)
        self._chain = _longer(step, self._chain) if self._chain else step
        return self._chain


def _longer(step: Trip, chain: Trip) -> Trip:
    """`step` leads from a frame to where `chain` starts."""
    return compose(step[0], chain[0]), compose(chain[1], step[1])


def _trips_to(right: Key | None, frames: list[_Frame]) -> Iterator[Packed]:
    """Between each of the last frames before the right key and it; chained backwards, so all are found at once."""
    trips: deque[Packed] = deque()
    chain: Trip | None = None
    for place in reversed(range(len(frames))):
        assert right
        if chain is None:
            chain = _trip(frames[place].small, right.small)
        else:
            after = frames[place + 1].step
            assert after is not None
            back, there = _unpacked(after)
            chain = _longer((there, back), chain)
        trips.appendleft(_packed(chain))
    while trips:
        yield trips.popleft()


def _drawn(frame: _Frame, from_left: _FromLeft, right: Key | None, trip: Packed | None) -> tuple[int, RGB]:
    left = from_left.key
    late = (frame.index - left.index) / (right.index - left.index) if left and right else 0.5
    seen = []
    if left:
        seen.append(Seen.of(left, frame.small, 1 - late, *from_left.trip(frame)))
    if right:
        to_right = _trip(frame.small, right.small) if trip is None else _unpacked(trip)
        seen.append(Seen.of(right, frame.small, late, *to_right))
    return frame.index, blend(frame.source, seen)
