"""Which way every frame of the result came about."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal

from rotoscope.segment_contracts import KeyFrame, SegmentSheet

Path = Literal["paid", "own", "propagated", "held", "filled"]
PATHS: tuple[Path, ...] = ("paid", "own", "propagated", "held", "filled")
Runs = list[tuple[Path, int]]
"""Paths and how many frames in a row came by each."""


def paths(sheets: Iterable[SegmentSheet], own: Collection[int], filled: Mapping[int, int]) -> Iterator[Path]:
    """Of every frame in order. `own` are key pictures of the user's, `filled` those that no call brought."""
    for sheet in sheets:
        keys = {key.index: key for key in sheet.keys}
        for frame in sheet.frames:
            yield _path(frame.index, frame.shows, keys.get(frame.index), own, filled)


def _path(index: int, shows: int, key: KeyFrame | None, own: Collection[int], filled: Mapping[int, int]) -> Path:
    if shows != index or (key is not None and key.picture != index):
        return "held"
    if key is None:
        return "propagated"
    if key.picture in filled:
        return "filled"
    return "own" if key.picture in own else "paid"


def runs(ways: Iterable[Path]) -> Runs:
    """The same in few words: a job of 100,000 frames has few thousand runs."""
    return [(way, sum(1 for _ in same)) for way, same in groupby(ways)]


def own_pictures(sheets: Iterable[SegmentSheet], supplied: Sequence[int]) -> set[int]:
    """The key pictures that are the user's: one given for a frame that repeats another is that other frame's."""
    wanted, found = set(supplied), set()
    for sheet in sheets:
        keys = {key.index: key.picture for key in sheet.keys}
        found |= {keys.get(frame.shows, frame.shows) for frame in sheet.frames if frame.index in wanted}
    return found


def key_pictures(sheets: Iterable[SegmentSheet]) -> list[int]:
    """The frames with a restyled picture of their own, ascending, whether or not it came."""
    return sorted({frame.index for sheet in sheets for frame in sheet.chosen})


def shots(sheets: Iterable[SegmentSheet]) -> list[int]:
    """The first frames of all shots, ascending."""
    return sorted({frame.shot for sheet in sheets for frame in sheet.scene})
