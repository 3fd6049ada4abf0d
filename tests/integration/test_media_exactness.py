"""Segments decoded apart hold exactly the frames of one pass, wherever they are cut and however they are sought."""

import bisect
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest

from rotoscope.adapters.probe import PyAvProber
from rotoscope.contracts import Segment, SourceVideo
from rotoscope.intervals import SLACK_S, cut
from rotoscope.ports import Clip
from tests.clips_cut import MAKINGS, cut_clip, edited, long_groups, refreshed
from tests.playing import READER, fingerprints, opened, whole

KINDS = [*MAKINGS, "an edit list"]
PLANS = 2
"""Random ones for each clip."""


def made(kind: str) -> Clip:
    return opened(edited() if kind == "an edit list" else cut_clip(kind))


def borders(chance: random.Random, source: SourceVideo, stamps: list[int]) -> list[int]:
    """Ticks: anywhere, between two frames, and around a key frame, where frames refer across."""
    key = chance.choice(source.keyframes[len(source.keyframes) // 2 :])
    near = min(range(len(stamps)), key=lambda number: abs(stamps[number] - key))
    close = [stamps[number] for number in (near - 2, near - 1, near, near + 1) if 0 < number < len(stamps)]
    anywhere = chance.sample(stamps[1:], 2)
    return sorted({*anywhere, *chance.sample(close, 2), chance.choice(stamps[1:]) + 1})


def seeks(chance: random.Random, source: SourceVideo, start: int) -> list[int]:
    """As planning gives them, as decode times (key frames a little too early), or as mere times."""
    keys = [key for key in reversed(source.keyframes) if key <= start]
    early = round(chance.choice([Fraction(1, 25), Fraction(2, 25), Fraction(0)]) / source.time_base)
    times = [start - round(back / source.time_base) for back in (Fraction(1, 10), Fraction(2, 5), Fraction(1), 2)]
    return chance.choice([keys[:4], keys[1:4], [key - early for key in keys[:3]], chance.sample(times, 2)])


@pytest.mark.treats(
    "H.264, HEVC, VP8, VP9, AV1, MPEG-2, MPEG-4, MJPEG, ProRes, Theora, WMV with B-frames, open groups, hidden frames, "
    "edit lists, variable rates",
    "any cut gives the frames of one pass: none missing, none twice, each with its own time",
)
@pytest.mark.parametrize("kind", KINDS)
def test_segments_hold_the_frames_of_one_pass(kind: str) -> None:
    clip, chance = made(kind), random.Random(kind)
    every = fingerprints(clip, whole(clip.source))
    stamps = [pts for pts, _ in every]

    for _ in range(PLANS):
        edges = [clip.source.start_pts, *borders(chance, clip.source, stamps), clip.source.end_pts]
        plan = [
            Segment(index=0, start_pts=start, end_pts=end, seeks=seeks(chance, clip.source, start))
            for start, end in pairwise(edges)
        ]
        assert [frame for segment in plan for frame in fingerprints(clip, segment)] == every, plan

    assert stamps == sorted(set(stamps))
    assert len(stamps) == clip.source.frame_count
    assert len({shown for _, shown in every}) == len(every)


@pytest.mark.parametrize("kind", KINDS)
def test_a_segment_may_begin_at_any_key_frame_or_beside_it(kind: str) -> None:
    clip = made(kind)
    every = fingerprints(clip, whole(clip.source))
    keys, stamps = clip.source.keyframes, [pts for pts, _ in every]

    for key in random.Random(kind).sample(keys, min(4, len(keys))):
        near = bisect.bisect_left(stamps, key)
        for first in {near, max(0, near - 1), min(near + 2, len(every) - 1)}:
            last = min(first + 9, len(every))
            end = [*stamps, stamps[-1] + SLACK_S / clip.source.time_base][last]
            back = [pts for pts in reversed(keys) if pts <= stamps[first]]
            segment = Segment(index=0, start_pts=stamps[first], end_pts=int(end), seeks=back[:4])

            assert fingerprints(clip, segment) == every[first:last]


def test_a_key_frame_that_cannot_even_be_split_is_passed_over(tmp_path: Path) -> None:
    clip = made("x264 in MP4")
    with av.open(clip.location) as container:
        keys = [(packet.pts, packet.pos) for packet in container.demux(video=0) if packet.is_keyframe]
    pts, place = keys[6]
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(Path(clip.location).read_bytes())
    with damaged.open("r+b") as file:
        file.seek(place)
        file.write(b"\xff" * 64)

    segment = Segment(index=0, start_pts=pts, end_pts=clip.source.end_pts, seeks=[pts, keys[5][0], keys[4][0]])
    found = [time for time, _ in READER.frames(Clip(str(damaged), clip.source), segment)]

    assert set(keys_after := [time for time, _ in keys[7:]]) <= set(found)
    assert keys_after


@pytest.mark.parametrize("kind", KINDS)
def test_chosen_frames_are_those_of_one_pass(kind: str) -> None:
    clip, chance = made(kind), random.Random(kind)
    every = fingerprints(clip, whole(clip.source))
    wanted = dict(chance.sample(every[len(every) // 2 :], 3))
    start = min(wanted)
    segment = Segment(index=0, start_pts=start, end_pts=clip.source.end_pts, seeks=seeks(chance, clip.source, start))

    found = fingerprints(clip, segment, wanted)

    assert found == sorted(wanted.items())


@pytest.mark.treats(
    "MPEG-TS without an index", "sought by time, further back until enough key frames lead to the first frame"
)
@pytest.mark.parametrize("encoder", ["x264", "x265"])
def test_a_time_that_leads_into_a_group_is_not_trusted(encoder: str) -> None:
    clip = opened(long_groups(encoder))
    every = fingerprints(clip, whole(clip.source))
    start = every[200][0]
    back = [start - round(Fraction(frames, 25) / clip.source.time_base) for frames in (3, 10, 40, 90, 150)]

    found = fingerprints(clip, Segment(index=0, start_pts=start, end_pts=every[230][0], seeks=back))

    assert found == every[200:230]


@pytest.mark.parametrize("encoder", ["x264", "x265"])
def test_segments_of_a_large_file_are_planned_by_time_and_read_exactly(encoder: str) -> None:
    path = long_groups(encoder)
    clip = Clip(str(path), large(path))
    every = fingerprints(clip, whole(clip.source))

    plan = cut(clip.source, clip.source.width * clip.source.height * 60 / 1e6)

    assert not clip.source.indexed
    assert len(plan) > 3
    assert [frame for segment in plan for frame in fingerprints(clip, segment)] == every


@pytest.mark.treats(
    "H.264 without key frames, refreshed strip by strip", "decoded from so far back that every strip is whole"
)
@pytest.mark.parametrize("container", ["mp4", "ts"])
def test_pictures_that_are_refreshed_strip_by_strip_are_whole_in_every_segment(container: str) -> None:
    clip = opened(refreshed(container))
    every = fingerprints(clip, whole(clip.source))

    plan = cut(clip.source, clip.source.width * clip.source.height * 12 / 1e6)

    assert len(plan) == 50
    assert [frame for segment in plan for frame in fingerprints(clip, segment)] == every


def large(path: Path) -> SourceVideo:
    """Probed as files are that are too large to be read."""
    with path.open("rb") as file:
        return PyAvProber(0).probe(file, path.stat().st_size)


def test_frames_come_one_by_one_from_wherever_they_are_taken() -> None:
    clip = made("x265 with open groups")
    stamps = [pts for pts, _ in READER.frames(clip, whole(clip.source), size=(16, 16))]

    single = [
        next(READER.frames(clip, Segment(index=0, start_pts=pts, end_pts=pts + 1, seeks=[pts - 100])))[0]
        for pts in stamps[::9]
    ]

    assert single == stamps[::9]
