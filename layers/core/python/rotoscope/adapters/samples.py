"""Reads from the sample tables of MP4 and QuickTime files when each sample is decoded and shown. Film set.

ISO/IEC 14496-12: 8.3.2 track header, 8.6.1 time to sample, 8.7.5 chunk offset. Edit lists are FFmpeg's business: its
index has them applied.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy import typing as npt

from rotoscope.adapters.boxes import Box, boxes, inside
from rotoscope.capacity import MAX_FRAMES

Ticks = npt.NDArray[np.int64]
FULL_BOX_BYTES = 4
RUN_BYTES = 8
MOST_SAMPLES = 2 * MAX_FRAMES
"""Of one track: an edit list may show only a part of them."""

TRACK_ID_AT = {0: 12, 1: 20}
"""Offset in the track header, by the header's version."""


@dataclass(frozen=True)
class SampleTimes:
    """In decoding order, from the track's own beginning. `first_at` is where the first sample lies in the file."""

    decoded: Ticks
    shown: Ticks
    durations: Ticks
    first_at: int


def sample_times(file: BinaryIO, size: int, track: int) -> SampleTimes | None:
    """The times of one track's samples; None where there is no plain table (fragments, compressed headers, damage)."""
    movie = inside(file, Box(b"", 0, size), b"moov")
    if movie is None or movie.end > size or inside(file, movie, b"mvex"):
        return None
    traks = (box for box in boxes(file, movie.body, movie.end) if box.kind == b"trak")
    found = next((trak for trak in traks if _track_id(file, trak) == track), None)
    table = inside(file, found, b"mdia", b"minf", b"stbl")
    gaps = _values(file, inside(file, table, b"stts"))
    if gaps is None:
        return None
    decoded = np.cumsum(gaps) - gaps
    offsets = _values(file, inside(file, table, b"ctts"))
    if offsets is None:
        offsets = np.zeros(len(gaps), np.int64)
    first_at = _first_chunk(file, table)
    if len(offsets) != len(gaps) or first_at is None:
        return None
    return SampleTimes(decoded, decoded + offsets, gaps, first_at)


def _first_chunk(file: BinaryIO, table: Box | None) -> int | None:
    """The first entry of the list of chunks (8.7.5)."""
    for kind, width in ((b"stco", 4), (b"co64", 8)):
        found = inside(file, table, kind)
        if found:
            file.seek(found.body + 2 * FULL_BOX_BYTES)
            return int.from_bytes(file.read(width), "big")
    return None


def _track_id(file: BinaryIO, trak: Box) -> int | None:
    header = inside(file, trak, b"tkhd")
    if header is None:
        return None
    file.seek(header.body)
    body = file.read(24).ljust(24, b"\0")
    offset = TRACK_ID_AT.get(body[0])
    return None if offset is None else int(struct.unpack_from(">I", body, offset)[0])


def _values(file: BinaryIO, box: Box | None) -> Ticks | None:
    """One value for each sample of a table of runs (how many, value); None for an absent, empty or absurd one."""
    if box is None:
        return None
    file.seek(box.body + FULL_BOX_BYTES)
    declared = int.from_bytes(file.read(4), "big")
    if not 0 < declared * RUN_BYTES <= box.end - box.body - 2 * FULL_BOX_BYTES or declared > MOST_SAMPLES:
        return None
    body = file.read(declared * RUN_BYTES)
    if len(body) < declared * RUN_BYTES:
        return None
    counts, values = np.frombuffer(body, ">i4").reshape(-1, 2).T.astype(np.int64)
    if counts.min() < 0 or not 0 < counts.sum() <= MOST_SAMPLES:
        return None
    return np.repeat(values, counts)
