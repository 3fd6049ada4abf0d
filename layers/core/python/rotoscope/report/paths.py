"""Which way every frame of the result came about."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Literal

from rotoscope.segment_contracts import KeyFrame, SegmentSheet

Path = Literal["paid", "own", "propagated", "held", "filled"]
PATHS: tuple[Path, ...] = ("paid", "own", "propagated", "held", "filled")
Runs = list[tuple[Path, int]]
"""Paths and how many frames in a row came by each."""


def paths(sheet: SegmentSheet, filled: Collection[int]) -> Iterator[Path]:
    """Of every frame of a sheet, in order; `filled` are the keys that no call brought, which are no keys of it."""
    keys = {key.index: key for key in sheet.keys}
    for frame in sheet.frames:
        yield "held" if frame.shows != frame.index else _path(frame.index, keys.get(frame.index), filled)


def _path(index: int, key: KeyFrame | None, filled: Collection[int]) -> Path:
    if key is None:
        return "filled" if index in filled else "propagated"
    return "own" if key.own else "paid"


def runs(ways: Iterable[Path]) -> Runs:
    """The same in few words: a job of 100,000 frames has few thousand runs."""
    return [(way, sum(1 for _ in same)) for way, same in groupby(ways)]


def joined(parts: Iterable[tuple[Path, int]]) -> Runs:
    """Runs of neighbouring segments, those of one way as one."""
    return [(way, sum(count for _, count in same)) for way, same in groupby(parts, key=lambda run: run[0])]
