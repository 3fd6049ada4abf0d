"""Finds when frames are shown from a file's index instead of its packets: a film is planned from a few megabytes.

MP4 and QuickTime list every sample; Matroska's cues list key frames, so that the number of frames is an estimate.
None is answered where there is no such index: then the packets have to be read. Film set.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy import typing as npt

from rotoscope.adapters.packets import CUT_OFF, Pictures, Timing, falls_short, noted, packets_of, stated_end, timed
from rotoscope.adapters.rates import Ticks
from rotoscope.adapters.samples import MOST_SAMPLES, SampleTimes, sample_times
from rotoscope.adapters.stretches import estimated, head_of
from rotoscope.capacity import refuse_endless
from rotoscope.errors import TruncatedVideo

SEEK_HEAD_BYTES = 64 << 10
"""Matroska's list of what lies where is near the beginning."""

CUES_ARE_LISTED = bytes.fromhex("53ab84" + "1c53bb6b")
"""SeekID (RFC 9559, 5.1.1.1.1) and what it names."""

MOST_TAIL_BYTES = 64 << 20
"""With more than that after its last key frame an index is not worth the name."""

KEY, HIDDEN = 1, 2
"""FFmpeg's AVINDEX_KEYFRAME and AVINDEX_DISCARD_FRAME."""

CHECKED = 16
"""Packets that have to be what the index says."""


@dataclass(frozen=True)
class Entries:
    """A stream's index in decoding order: time stamps of decoding, where packets lie, which are key or hidden."""

    stamps: Ticks
    begins: Ticks
    ends: Ticks
    keys: npt.NDArray[np.bool_]
    hidden: npt.NDArray[np.bool_]


def by_samples(container: InputContainer, stream: VideoStream, file: BinaryIO, size: int) -> Timing | None:
    """Of MP4 and QuickTime. Raises TruncatedVideo where a sample lies beyond the end of the file."""
    entries = _entries(stream)
    if entries is None:
        return None
    with _returned(file):
        times = sample_times(file, size, stream.id)
    if times is None or not _agree(entries, times):
        return None
    if entries.ends.max() > size:
        raise TruncatedVideo(CUT_OFF)
    pictures = Pictures()
    shift = _shift(container, stream, entries, times, pictures)
    if shift is None or entries.hidden.all():
        return None
    return _timing(container, stream, entries, times.shown[: len(entries.stamps)] + shift, pictures)


def by_cues(container: InputContainer, stream: VideoStream, file: BinaryIO, size: int) -> Timing | None:
    """Of Matroska and WebM. The end is read from the last key frame on. Raises TruncatedVideo."""
    with _returned(file):
        if not _lists_cues(file):
            return None
    head = head_of(container, stream)
    container.seek(0, stream=stream)  # FFmpeg reads the cues when it is first asked to seek
    entries = _entries(stream)
    if entries is None or len(entries.stamps) < 2 or size - int(entries.begins[-1]) > MOST_TAIL_BYTES:
        return None
    container.seek(int(entries.stamps[-1]), stream=stream)
    tail = noted(packets_of(container), stream)
    if falls_short(container, tail):
        raise TruncatedVideo(CUT_OFF)
    return estimated(container, stream, head, tail, keyframes=np.unique(entries.stamps[entries.keys]).tolist())


@contextmanager
def _returned(file: BinaryIO) -> Iterator[None]:
    """FFmpeg goes on reading from where it was."""
    place = file.tell()
    try:
        yield
    finally:
        file.seek(place)


def _entries(stream: VideoStream) -> Entries | None:
    index = stream.index_entries
    if not 0 < len(index) <= MOST_SAMPLES:
        return None
    rows: npt.NDArray[np.int64] = np.fromiter(
        ((entry.timestamp, entry.pos, entry.size, entry.flags) for entry in index),
        np.dtype((np.int64, 4)),
        len(index),
    )
    stamps, begins, sizes, flags = rows.T
    return Entries(stamps, begins, begins + sizes, (flags & KEY) > 0, (flags & HIDDEN) > 0)


def _agree(entries: Entries, times: SampleTimes) -> bool:
    """Whether the index is the table but for a shift: edit lists with several edits make it another one."""
    count = len(entries.stamps)
    if count > len(times.decoded) or entries.begins[0] != times.first_at:
        return False
    return int(np.ptp(entries.stamps - times.decoded[:count])) == 0


def _shift(
    container: InputContainer, stream: VideoStream, entries: Entries, times: SampleTimes, pictures: Pictures
) -> int | None:
    """By how much packets are shown later than their table says; None when they do not all agree on it."""
    shifts = set()
    for number, packet in enumerate(packets_of(container, stream)):
        if packet.dts is None or packet.pts is None:
            break
        if number < CHECKED:
            shifts.add(packet.pts - int(times.shown[number]))
        elif pictures.enough:
            break
        if not pictures.enough:
            pictures.look(packet)
    return shifts.pop() if len(shifts) == 1 else None


def _timing(
    container: InputContainer, stream: VideoStream, entries: Entries, shown: Ticks, pictures: Pictures
) -> Timing:
    visible = ~entries.hidden
    refuse_endless(int(visible.sum()), 0)
    last = int(np.argmax(np.where(visible, shown, np.iinfo(np.int64).min)))
    following = entries.stamps[last + 1 : last + 2]
    duration = int(following[0] - entries.stamps[last]) if len(following) else 0
    stamps = np.sort(shown[visible])
    stated = 0 if entries.hidden.any() else stated_end(container, stream, int(stamps[0]))
    return timed(stream, stamps, (stated, duration), np.sort(shown[visible & entries.keys]).tolist(), pictures)


def _lists_cues(file: BinaryIO) -> bool:
    file.seek(0)
    return CUES_ARE_LISTED in file.read(SEEK_HEAD_BYTES)
