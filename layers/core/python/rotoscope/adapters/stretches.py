"""Estimates when frames are shown from a file's first and last few megabytes. Film set."""

from fractions import Fraction
from typing import BinaryIO

from av.container import InputContainer
from av.video.stream import VideoStream

from rotoscope.adapters.packets import (
    REORDERING,
    PacketTable,
    Timing,
    end_of,
    hints_of,
    noted,
    packets_of,
    stated_end,
    time_base_of,
)
from rotoscope.adapters.rates import Ticks, mean_rate, rate_between, usual_gap
from rotoscope.adapters.resizing import other_sizes

HEAD_FRAMES = 200
HEAD_BYTES = 8 << 20
TAIL_BYTES = 4 << 20
MOST_TAIL_BYTES = 64 << 20


def by_both_ends(container: InputContainer, stream: VideoStream, _: BinaryIO, size: int) -> Timing | None:
    """Of MPEG transport streams, where any byte will do to begin from. None where the clock starts anew in between."""
    head = head_of(container, stream)
    tail = PacketTable()
    length = TAIL_BYTES
    while not tail.stamps and length <= MOST_TAIL_BYTES:
        container.seek(max(0, size - length), unsupported_byte_offset=True)
        tail = noted(packets_of(container, stream), stream)
        length *= 4
    return estimated(container, stream, head, tail, keyframes=[])


def head_of(container: InputContainer, stream: VideoStream) -> PacketTable:
    """A new container's first few seconds."""
    table, length = PacketTable(), 0
    for packet in packets_of(container, stream):
        table.note(packet)
        length += packet.size
        if len(table.stamps) >= HEAD_FRAMES or length >= HEAD_BYTES:
            break
    return table


def estimated(
    container: InputContainer, stream: VideoStream, head: PacketTable, tail: PacketTable, *, keyframes: list[int]
) -> Timing | None:
    """Start, end and rate of the whole, the number of frames by the rate. None where that would be mere guessing."""
    first, last, time_base = _settled(head), tail.sorted_stamps(), time_base_of(stream)
    if not len(first) or not len(last) or last[-1] <= first[-1]:
        return None
    start = int(first[0])
    end = end_of(last, stated_end(container, stream, start), tail.last_duration)
    rate = rate_between(first, _settled(tail, from_start=False), time_base, hints_of(stream))
    frames_per_tick = rate * time_base if rate else _pace(first, last)
    frames = 1 + round((int(last[-1]) - start) * frames_per_tick)
    return Timing(
        start_pts=start,
        end_pts=end,
        frames=frames,
        rate=rate,
        average=rate or mean_rate(frames, (end - start) * time_base),
        keyframes=keyframes,
        pictures=head.pictures,
        counted=False,
        indexed=bool(keyframes),
        other_sizes=other_sizes(stream, head.pictures.first, head.keys, tail.keys),
    )


def _settled(table: PacketTable, *, from_start: bool = True) -> Ticks:
    """Without the frames at the torn side, between which others may be missing that are decoded elsewhere."""
    stamps = table.sorted_stamps()
    torn = min(REORDERING, len(stamps) // 2)
    return stamps[: len(stamps) - torn] if from_start else stamps[torn:]


def _pace(*stretches: Ticks) -> Fraction:
    """Frames per tick in these stretches."""
    gaps = sum(len(stamps) - 1 for stamps in stretches)
    ticks = sum(int(stamps[-1] - stamps[0]) for stamps in stretches)
    return Fraction(gaps, ticks) if gaps and ticks else Fraction(1, usual_gap(stretches[0]))
