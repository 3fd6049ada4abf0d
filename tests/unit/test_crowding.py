"""Segments hold about the same number of frames however these lie in time, and what cannot be drawn is refused."""

from fractions import Fraction

import pytest

from rotoscope.adapters.retime import COARSE, countable
from rotoscope.adapters.texts import MOST_AT_ONCE, Cue, OneAtATime, timed_text
from rotoscope.capacity import refuse_small
from rotoscope.crowding import refuse_crowded
from rotoscope.errors import SettingsInvalid, UnreadableVideo, VideoTooLarge
from rotoscope.format_limits import refuse_unwritable
from rotoscope.intervals import cut
from rotoscope.ports import Timeline
from tests.builders import TICKS, a_source

BUSY = [*range(1500), *(1500 + 250 * n for n in range(360))]
"""Frames for a minute, then one every ten seconds for an hour."""


@pytest.mark.treats("a screen recording that stands still for long", "cut by frames, not by time: no piece is too long")
def test_frames_that_lie_unevenly_in_time_are_cut_evenly():
    stamps = [index * TICKS for index in BUSY]
    source = a_source(frames=len(stamps), end_pts=stamps[-1] + TICKS, frame_rate=None, marks=stamps)

    segments = cut(source, 64 * 36 * 120 / 1e6)

    held = [sum(each.start_pts <= stamp < each.end_pts for stamp in stamps) for each in segments]
    assert sum(held) == len(stamps)
    assert max(held) <= 121


def test_an_estimate_that_was_far_too_low_is_refused_before_anything_is_paid():
    segments = cut(a_source(frames=100, counted=False), 64 * 36 * 25 / 1e6)
    spread, crowded = range(0, 100 * TICKS, TICKS), range(0, 25 * TICKS, TICKS // 16)

    refuse_crowded(segments, spread, 25)

    with pytest.raises(VideoTooLarge, match="unevenly"):
        refuse_crowded(segments, crowded, 25)


@pytest.mark.treats("a picture of fewer than 16 pixels on a side", "refused with a sentence")
def test_a_picture_that_nothing_can_be_drawn_into_is_refused():
    refuse_small(16, 16)

    with pytest.raises(UnreadableVideo, match="15x400; at least 16x16"):
        refuse_small(15, 400)


@pytest.mark.parametrize("size", [(64, 8), (8192, 16), (16, 8192)])
def test_what_x265_cannot_open_is_refused_before_anything_is_paid(size):
    refuse_unwritable(["mp4"], size)
    refuse_unwritable(["hevc"], (64, 48))

    with pytest.raises(SettingsInvalid, match=rf'{size[0]}x{size[1]} is no size for hevc .*Set "output"[^"]*"formats"'):
        refuse_unwritable(["hevc"], size)


def test_a_frame_that_lasts_longer_than_a_muxer_counts_gets_coarser_ticks():
    plain = Timeline([0, 512, 1024], 512, Fraction(1, 12800))
    fine = Timeline([0, 40_000_000, 6_040_000_000, 6_040_000_001], 40_000_000, Fraction(1, 10**9))

    found = countable(fine)

    assert countable(plain) is plain
    assert (list(found.ticks), found.last_duration) == ([0, 3600, 543_600, 543_601], 3600)
    assert found.time_base == COARSE


@pytest.mark.treats("thousands of subtitles at one time", "twenty are shown, as far as one sample holds them")
def test_subtitles_that_all_overlap_are_bounded():
    shown = OneAtATime()

    found = [cue for n in range(20_000) for cue in shown.add(Cue(Fraction(n, 100), Fraction(900), f"{n} " + "ä" * 400))]

    assert max(cue.text.count("\n") for cue in [*found, *shown.end()]) == MOST_AT_ONCE - 1
    assert len(timed_text("ä" * 40_000)) == 2 + 65_534
