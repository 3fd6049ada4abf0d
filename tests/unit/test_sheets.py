"""A segment's sheet: what it shows, what it has to look at for that, and whose look it follows."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.contracts import Segment
from rotoscope.footage import merged
from rotoscope.reach import LASTING, REACH, reach
from rotoscope.scenes import scenes
from rotoscope.segment_contracts import Bars
from rotoscope.settings import Settings
from rotoscope.sheets import Cutter, window_radius
from tests.builders import TICKS, an_analysis


def cutter(keys, *edges, step=1, radius=None, repeats=None, cuts=()):
    """Sheets of frames 0 to the last edge, cut into segments at the others. `keys` are frame indices."""
    bars, analyses = Bars(top=2), []
    for number, (start, end) in enumerate(pairwise([0, *edges])):
        mine = [n - start for n in cuts if start <= n < end]
        analyses.append(an_analysis(range(start, end), number, cuts=mine, bars=bars if number else None, dark=bars))
    footage = merged(analyses)
    for index, first in (repeats or {}).items():
        footage.repeats[index] = first
    scene = scenes(footage, list(range(0, edges[-1], step)))
    segments = [
        Segment(index=n, start_pts=start * TICKS, end_pts=end * TICKS, seeks=[start * TICKS, 0])
        for n, (start, end) in enumerate(pairwise([0, *edges]))
    ]
    return Cutter(footage, scene, [scene.place(key) for key in keys], segments, radius)


def indices(frames):
    return [frame.index for frame in frames]


def test_a_segment_looks_back_to_the_key_before_it_and_on_to_the_key_after_it():
    sheet = cutter([0, 8, 16, 24], 10, 15, 25).sheet(1)

    assert indices(sheet.frames) == [10, 11, 12, 13, 14]
    assert indices(sheet.scene) == list(range(8, 17))
    assert indices(sheet.chosen) == []
    assert (sheet.window.start_pts, sheet.window.end_pts) == (8 * TICKS, 16 * TICKS + 1)
    assert (sheet.window.index, sheet.window.seeks) == (1, [0, 0])


def test_keys_at_the_segments_own_ends_leave_nothing_to_look_at_outside():
    sheet = cutter([0, 10, 14, 24], 10, 15, 25).sheet(1)

    assert indices(sheet.scene) == indices(sheet.frames)
    assert indices(sheet.chosen) == [10, 14]
    assert sheet.window.seeks == [10 * TICKS, 0]


def test_no_look_back_to_a_key_out_of_reach():
    far, near = (cutter([key, 99], 60, 70, 100).sheet(1) for key in (60 - REACH - 1, 60 - REACH))

    assert far.scene[0].index == 60
    assert near.scene[0].index == 60 - REACH
    assert near.scene[-1].index == 69


def test_nothing_is_looked_at_across_a_cut():
    sheet = cutter([0, 8, 12, 20], 10, 15, 25, cuts=[10, 15]).sheet(1)

    assert indices(sheet.scene) == [8, 9, 10, 11, 12, 13, 14]
    assert [frame.shot for frame in sheet.scene] == [0, 0, 0, *[11] * 4]
    assert {shot: key.index for shot, key in sheet.anchors.items()} == {0: 0, 11: 12}


def test_the_next_keys_of_the_same_shots_are_named_on_either_side():
    sheet = cutter(range(0, 100, 5), 45, 50, 100, cuts=[66]).sheet(1)

    assert indices(sheet.keys) == [30, 35, 40, 45, 50, 55, 60, 65]
    assert {key.shot for key in sheet.keys} == {0}


def test_where_every_frame_is_a_key_the_window_against_flicker_is_what_counts():
    sheet = cutter(range(30), 10, 20, 30, radius=2, cuts=[20]).sheet(1)

    assert indices(sheet.scene) == [*range(8, 21)]
    assert indices(cutter(range(30), 10, 20, 30, radius=0).sheet(1).scene) == [*range(10, 20)]


@pytest.mark.parametrize(
    ("keys", "deflicker", "radius"),
    [("all", None, 2), ("all", "on", 2), ("all", "off", 0), ("all", "strong", 4), ("adaptive", "on", None)],
)
def test_flicker_is_taken_out_where_every_frame_is_restyled_for_itself(keys, deflicker, radius):
    asked = Settings.model_validate({"frames": {"keys": keys}, "motion": {"deflicker": deflicker}})

    assert window_radius(asked) == radius


def test_a_repeat_shows_the_frame_that_it_repeats():
    sheet = cutter([0, 5], 6, repeats={1: 0, 2: 0, 4: 3}).sheet(0)

    assert [(frame.index, frame.shows) for frame in sheet.frames] == [(0, 0), (1, 0), (2, 0), (3, 3), (4, 3), (5, 5)]
    assert indices(sheet.scene) == [0, 3, 5]


def decoded(sheet):
    """The scene frames, and which frames are decoded for them."""
    return {frame.index: frame.pts // TICKS for frame in sheet.scene}


def held(begin, end):
    """Repeats of a picture that is shown from one frame to before another."""
    return dict.fromkeys(range(begin + 1, end), begin)


def test_a_repeat_of_an_earlier_segments_key_shows_that_keys_picture():
    sheet = cutter([0, 3, 9], 5, 10, repeats={4: 3, 5: 3, 6: 3}).sheet(1)

    assert [(frame.index, frame.shows) for frame in sheet.frames][:3] == [(5, 3), (6, 3), (7, 7)]
    assert indices(sheet.scene) == [3, 7, 8, 9]
    assert [(key.index, key.last) for key in sheet.keys] == [(0, 0), (3, 6), (9, 9)]
    assert indices(sheet.chosen) == [9]


def test_a_repeat_of_an_earlier_frame_that_is_no_key_follows_the_keys_like_any_other():
    sheet = cutter([0, 9], 5, 10, repeats={4: 3, 5: 3, 6: 3}).sheet(1)

    assert indices(sheet.scene) == [0, 1, 2, 3, 7, 8, 9]
    assert [(frame.index, frame.shows) for frame in sheet.frames][:2] == [(5, 3), (6, 3)]
    assert indices(sheet.keys) == [0, 9]


def test_a_picture_held_across_a_border_is_decoded_where_it_begins():
    sheet = cutter([0, 40], 20, 41, repeats=held(10, 30)).sheet(1)

    assert decoded(sheet)[10] == 10
    assert sheet.window.start_pts == 0
    assert next(frame for frame in sheet.scene if frame.index == 10).last == 29


def test_a_picture_held_for_long_is_decoded_where_the_segment_shows_it():
    whole = cutter([0, 290], 100, 200, 300, repeats=held(5, 250))

    assert decoded(whole.sheet(1)) == {5: 100}
    assert decoded(whole.sheet(2)) == {5: 200, **{n: n for n in range(250, 300)}}


def test_motion_is_followed_on_from_the_end_of_a_held_key_and_back_to_the_beginning_of_another():
    whole = cutter([5, 260], 252, 256, 560, repeats=held(5, 250) | held(260, 550))

    assert decoded(whole.sheet(1)) == {5: 249, **{n: n for n in range(250, 261)}}
    assert indices(whole.sheet(0).scene) == [*range(6), *range(250, 261)]


@pytest.mark.parametrize("radius", [None, 4])
def test_however_slowly_pictures_follow_each_other_a_segment_decodes_few_frames_of_others(radius):
    slides = {}
    for begin in range(0, 3000, 50):
        slides |= held(begin, begin + 50)
    whole = cutter(range(0, 3000, 100), *range(30, 3001, 30), repeats=slides, radius=radius)

    windows = [whole.sheet(number).window for number in range(100)]

    assert max(window.end_pts - window.start_pts for window in windows) <= (30 + 3 * LASTING) * TICKS


def test_large_pictures_are_followed_for_fewer_frames():
    whole = replace(cutter([50, 99], 60, 70, 100), reach=8)

    assert whole.sheet(1).scene[0].index == 60
    assert reach(1280, 720) == REACH > reach(3840, 2160) > reach(8192, 8192) > 0


def test_a_segment_of_which_nothing_is_taken_has_an_empty_sheet_and_all_have_the_videos_bars():
    whole = cutter([0, 8], 4, 6, 10, step=8)

    empty, last = whole.sheet(1), whole.sheet(2)

    assert (empty.frames, empty.chosen, empty.scene, empty.keys) == ([], [], [], [])
    assert (whole.sheet(0).bars, last.bars) == (Bars(top=2), Bars(top=2))


def test_every_sheet_knows_where_the_whole_result_begins_and_ends():
    cut = cutter([0], 5, 10, 12, step=3)

    assert {cut.sheet(number).bounds for number in range(3)} == {(0, 9 * TICKS)}


def test_one_segment_holds_the_poster_a_third_of_the_way_in():
    whole = cutter([0], 10, 20, 30, step=2)

    assert [whole.sheet(number).poster for number in range(3)] == [None, 10, None]


@st.composite
def cut_videos(draw):
    frames = draw(st.integers(1, 90))
    edges = [*sorted(draw(st.sets(st.integers(1, frames), max_size=5)) - {frames}), frames]
    cuts = draw(st.sets(st.integers(0, frames - 1), max_size=4))
    step = draw(st.integers(1, 3))
    run = draw(st.sets(st.integers(1, frames), max_size=30))
    repeats = {}
    for index in sorted(run - {frames}):
        repeats[index] = repeats.get(index - 1, index - 1)
    whole = cutter([], *edges, step=step, repeats=repeats, cuts=cuts)
    wanted = draw(st.sets(st.integers(0, len(whole.scenes.frames) - 1), max_size=12)) | set(whole.scenes.shots[:-1])
    return Cutter(whole.footage, whole.scenes, sorted(wanted), whole.segments, None), len(edges)


@given(cut_videos())
def test_every_taken_frame_is_shown_once_and_every_key_brought_once_wherever_segments_end(video):
    whole, segments = video

    sheets = [whole.sheet(number) for number in range(segments)]

    assert [index for sheet in sheets for index in indices(sheet.frames)] == whole.scenes.taken
    brought = [index for sheet in sheets for index in indices(sheet.chosen)]
    assert brought == [whole.scenes.frames[place] for place in whole.keys]


@given(cut_videos())
def test_all_that_a_frame_needs_is_on_its_sheet_wherever_segments_end(video):
    whole, segments = video
    for sheet in map(whole.sheet, range(segments)):
        on_it, keys = indices(sheet.scene), set(indices(sheet.keys))

        assert on_it == sorted(set(on_it))
        assert {frame.shows for frame in sheet.frames} <= set(on_it)
        assert {frame.shot for frame in sheet.scene} == set(sheet.anchors)
        assert all(sheet.window.start_pts <= frame.pts < sheet.window.end_pts for frame in sheet.scene)
        for frame in sheet.frames:
            place = whole.scenes.place(frame.index)
            first, end = whole.scenes.shot(place)
            before = max(key for key in whole.keys if key <= place)
            after = min((key for key in whole.keys if place <= key < end), default=before)
            for key in (before, after):
                between = range(min(key, place), max(key, place) + 1)
                there = sum(whole.scenes.place(scene.index) in between for scene in sheet.scene)
                assert first <= key < end
                assert whole.scenes.frames[key] in keys
                assert abs(key - place) > REACH or there == len(between)
