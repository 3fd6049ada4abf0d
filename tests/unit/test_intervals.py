"""Segments: they cover the video, begin at key frames where they can, and say from where to decode."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotoscope.intervals import cut
from tests.builders import a_source

sources = st.builds(
    lambda frames, start, width, height, keys: a_source(
        frames,
        width,
        height,
        start_pts=start,
        end_pts=start + frames * 512,
        keyframes=sorted({start, *(start + key % frames * 512 for key in keys)}),
    ),
    st.integers(1, 5000),
    st.integers(-100_000, 100_000),
    st.integers(16, 4096),
    st.integers(16, 4096),
    st.lists(st.integers(0, 10_000), max_size=20),
)


@given(sources, st.floats(0.001, 500))
def test_segments_cover_the_video_once_and_can_be_decoded_from_before_their_start(source, megapixels):
    segments = cut(source, megapixels)

    assert [segment.index for segment in segments] == list(range(len(segments)))
    assert segments[0].start_pts == source.start_pts
    assert segments[-1].end_pts > source.end_pts
    for before, after in itertools.pairwise(segments):
        assert before.start_pts < before.end_pts == after.start_pts
    for segment in segments:
        assert segment.seeks[-1] == source.start_pts
        assert all(seek <= segment.start_pts for seek in segment.seeks)
        assert segment.seeks == sorted(set(segment.seeks), reverse=True)


def test_a_segment_is_about_as_large_as_the_stack_says():
    source = a_source(frames=1000, width=1000, height=1000)

    assert len(cut(source, 250)) == 4
    assert len(cut(source, 10_000)) == 1


def test_decoding_starts_at_the_last_key_frame_before_a_segment_or_at_an_earlier_one():
    source = a_source(frames=100, keyframes=[0, 20 * 512, 40 * 512, 60 * 512])

    third = cut(source, 25 * 64 * 36 / 1e6)[2]

    assert third.start_pts == 50 * 512
    assert third.seeks == [40 * 512, 20 * 512, 0]


@pytest.mark.parametrize("varies", [False, True])
def test_an_edge_gives_way_to_a_key_frame_near_by(varies):
    keys = [0, 30 * 512, 60 * 512, 88 * 512]
    source = a_source(frames=100, keyframes=keys, marks=range(0, 100 * 512, 512) if varies else [])

    segments = cut(source, 25 * 64 * 36 / 1e6)

    assert [segment.start_pts // 512 for segment in segments] == [0, 30, 50, 75]
    assert segments[1].seeks == [30 * 512, 0]


@settings(max_examples=200)
@given(st.sets(st.integers(1, 999), max_size=60), st.integers(1, 30))
def test_edges_that_give_way_stay_in_order_and_leave_no_segment_much_too_large(keys, parts):
    source = a_source(frames=1000, keyframes=[0, *(key * 512 for key in sorted(keys))])

    segments = cut(source, 1000 / parts * 64 * 36 / 1e6)

    edges = [segment.start_pts / 512 for segment in segments] + [1000]
    lengths = np.diff(edges)
    assert edges[0] == 0
    assert (lengths > 0).all()
    assert lengths.max() <= 1.5 * 1000 / len(segments) + 1


def test_pictures_that_are_drawn_smaller_come_in_larger_segments_but_never_in_tiny_ones():
    large = a_source(frames=1000, width=7680, height=4320)

    smaller, enlarged = cut(large, 250), cut(large, 250, output_pixels=7680 * 4320)

    assert len(smaller) == 15  # 67 frames of 2560x1440
    assert len(enlarged) == 42  # 24 frames instead of 7


def test_without_known_key_frames_decoding_starts_at_times_well_before():
    source = a_source(frames=1000, indexed=False, keyframes=[], start_pts=5000, end_pts=5000 + 1000 * 512)
    second = 25 * 512

    segments = cut(source, 64 * 36 * 250 / 1e6)

    assert segments[0].seeks == [5000]
    assert segments[1].seeks == [5000 + 8 * second, 5000 + 4 * second, 5000]
    assert segments[3].seeks == [5000 + 28 * second, 5000 + 24 * second, 5000 + 10 * second, 5000]


def test_the_last_segment_reaches_past_the_end_for_frames_that_come_later_than_the_index_says():
    segments = cut(a_source(frames=100), 64 * 36 * 30 / 1e6)

    assert segments[-1].end_pts == 150 * 512
    assert [segment.end_pts for segment in segments[:-1]] == [segment.start_pts for segment in segments[1:]]
    assert segments[-1].start_pts < 100 * 512


def test_a_million_frames_are_cut_without_looking_at_every_key_frame_for_every_segment():
    source = a_source(frames=1_000_000, keyframes=[n * 512 for n in range(1_000_000)])

    segments = cut(source, 64 * 36 * 50 / 1e6)

    assert len(segments) == 20_000
    assert segments[-1].seeks[0] == segments[-1].start_pts
