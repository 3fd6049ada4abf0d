"""Decode times for frames that are shown at given ticks, with nothing but their order known beforehand. Film set."""

import re
from collections.abc import Sequence
from fractions import Fraction

from rotoscope.ports import Timeline

MOST_TICKS = 2**31 - 1
COARSE = Fraction(1, 90_000)
"""Seconds: in such ticks a frame may last six hours, which no video may."""


def decode_ticks(ticks: Sequence[int], delay: int, longest_lead: int) -> list[int]:
    """When each packet is decoded, in decoding order: ascending, and never after the packet is shown.

    `delay` is how many frames the encoder may hold back (H.264's num_reorder_frames): so many packets come before
    zero, by as much as the first frames take, at most by `longest_lead`.
    """
    delay = min(delay, len(ticks) - 1)
    if delay == 0:
        return list(ticks)
    lead = min(ticks[delay], max(longest_lead, delay))
    return [lead * number // delay - lead for number in range(delay)] + list(ticks[:-delay])


def last_decoding(decode: Sequence[int], shown_at: int, end: int) -> tuple[int, int]:
    """(decode tick, duration) of the packet decoded last.

    MP4 stores distances of decoding, whose sum has to be the video's duration; and no frame may be shown past its end.
    """
    lead = -decode[0]
    tick = max(decode[-1], shown_at - lead)
    return tick, end - lead - tick


def countable(timeline: Timeline) -> Timeline:
    """The same times in ticks that a muxer can count: coarser ones where a frame lasts more of them than 31 bits say.

    Each is rounded for itself, and never to the one before.
    """
    if max(display_durations(timeline.ticks, timeline.last_duration)) <= MOST_TICKS:
        return timeline
    finer = timeline.time_base / COARSE
    ticks = [0]
    for tick in timeline.ticks[1:]:
        ticks.append(max(round(tick * finer), ticks[-1] + 1))
    return Timeline(ticks, max(1, round(timeline.last_duration * finer)), COARSE)


def said_seconds(text: str) -> float:
    """What FFmpeg writes beside a track of Matroska, 00:01:02.345000000, as seconds; 0 for anything else."""
    match = re.fullmatch(r"(\d+):(\d\d):(\d\d\.\d+)", text)
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else 0.0


def display_durations(ticks: Sequence[int], last_duration: int) -> list[int]:
    """How long each frame is shown, in display order."""
    return [after - before for before, after in zip(ticks, [*ticks[1:], ticks[-1] + last_duration], strict=True)]
