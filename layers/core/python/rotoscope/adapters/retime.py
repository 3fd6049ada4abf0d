"""Decode times for frames that are shown at given ticks, with nothing but their order known beforehand. Film set."""

from collections.abc import Sequence


def decode_ticks(ticks: Sequence[int], delay: int, longest_lead: int) -> list[int]:
    """When each packet is decoded, in decoding order: ascending, and never after the packet is shown.

    `delay` is how many frames the encoder may hold back (H.264's num_reorder_frames). The first `delay` packets come
    before zero, by as much as the last frames take, so that the sum of all distances is the video's duration: that is
    what MP4 stores. `longest_lead` bounds it where the last frames stand long.
    """
    delay = min(delay, len(ticks) - 1)
    if delay == 0:
        return list(ticks)
    lead = min(ticks[-1] - ticks[-1 - delay], max(longest_lead, delay))
    return [lead * number // delay - lead for number in range(delay)] + list(ticks[:-delay])


def display_durations(ticks: Sequence[int], last_duration: int) -> list[int]:
    """How long each frame is shown, in display order."""
    return [after - before for before, after in zip(ticks, [*ticks[1:], ticks[-1] + last_duration], strict=True)]


def last_decoded_duration(decode: Sequence[int], shown_at: int, end: int) -> int:
    """What completes the sum of decode distances to `end`, without showing the frame past it."""
    return max(1, min(end - (decode[-1] - decode[0]), end - shown_at))
