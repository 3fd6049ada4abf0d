"""Which frames are restyled: as asked, or as few as the picture needs, within what may be called."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.choosing import TAU, choose
from rotoscope.errors import SettingsInvalid
from rotoscope.footage import merged
from rotoscope.scenes import scenes
from rotoscope.settings import FrameSettings
from tests.builders import an_analysis


def seen(frames=100, step=1, starts=(0,), **changes):
    """Footage of that many frames in segments that start there, and its scenes."""
    footage = replace(merged([an_analysis(range(frames), **changes)]), starts=[*starts, frames])
    return footage, scenes(footage, list(range(0, frames, step)))


def chosen(footage, scene, own=(), most=10**6, **wishes):
    return choose(FrameSettings(**wishes), scene, footage.starts, own, most)


def keys(*args, **wishes):
    return list(chosen(*args, **wishes).keys)


# --- as asked -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "places"),
    [("all", [0, 1, 2, 3, 4]), ("every 2", [0, 2, 4]), ("every 99999", [0]), ([4, 0, 4, 4], [0, 2])],
)
def test_keys_are_taken_frames_as_they_were_asked_for(wish, places):
    assert keys(*seen(10, step=2), keys=wish) == places


def test_a_repeat_counts_as_the_frame_it_repeats():
    stills = seen(10, repeats=[0, 0, 0, 0, 4, 4, 4, 4, 4, 9])

    assert keys(*stills, keys="all") == [0, 1, 2]
    assert keys(*stills, keys="every 3") == [0, 1, 2]
    assert keys(*stills, keys=[2, 3, 9]) == [0, 2]


@pytest.mark.parametrize("wish", [[1], [0, 10], [10**30]])
def test_a_listed_key_that_is_not_taken_is_named(wish):
    with pytest.raises(SettingsInvalid, match=rf"names frame {wish[-1]}, .* \(0 to 8, every 2\)"):
        keys(*seen(10, step=2), keys=wish, step=2)


def test_an_empty_list_of_keys_is_refused():
    with pytest.raises(SettingsInvalid, match=r"at least one frame"):
        keys(*seen(), keys=[])


def test_a_long_list_of_keys_is_checked_without_delay():
    assert len(keys(*seen(200_000), keys=list(range(200_000)))) == 200_000


def test_a_shot_without_a_key_gets_its_first_frame():
    choice = chosen(*seen(30, cuts=[9, 19]), keys=[0, 25])

    assert list(choice.keys) == [0, 10, 25]
    assert choice.unkeyed == 1


# --- adaptive -------------------------------------------------------------------------------------------------------


def test_a_still_shot_has_keys_on_both_ends_and_evenly_between_them_no_farther_apart_than_max_gap():
    assert keys(*seen(97), max_gap=24) == [0, 24, 48, 72, 96]


def test_keys_lie_at_equal_cost():
    busy_in_the_middle = [0.0] * 8 + [0.1] * 8 + [0.0] * 8

    assert keys(*seen(25, costs=[*busy_in_the_middle, 0.0])) == [0, 12, 24]


def test_the_more_a_shot_uncovers_the_more_keys_it_has_but_never_closer_than_min_gap():
    counts = [len(keys(*seen(49, costs=[cost] * 49))) for cost in (0.005, 0.02, 0.05, 0.5)]

    assert counts == [3, 4, 7, 13]


def test_a_shot_too_short_for_two_keys_has_one():
    assert keys(*seen(12, cuts=[0, 4, 8]), min_gap=4) == [0, 1, 5, 9]
    assert keys(*seen(12, cuts=[5]), min_gap=4) == [0, 5, 6, 11]


def test_a_segment_begins_with_a_key_unless_one_is_near():
    footage, scene = seen(90, starts=(0, 30, 47, 89))

    assert keys(footage, scene, max_gap=50) == [0, 30, 45, 89]


def test_over_the_limit_the_shot_that_needs_it_most_keeps_its_keys():
    calm_and_busy = seen(80, cuts=[39], costs=[0.001] * 40 + [0.04] * 40, starts=(0, 20, 60))

    whole, fewer, fewest = (chosen(*calm_and_busy, most=most) for most in (100, 6, 3))

    assert (len(whole.keys), whole.stretched) == (8, False)
    assert [place >= 40 for place in fewer.keys] == [False, False, True, True, True, True]
    assert list(fewest.keys) == [0, 40, 79]
    assert fewest.stretched


def test_borders_are_given_up_first_and_the_picture_keeps_what_it_asks_for():
    footage, scene = seen(90, starts=(0, 15, 60))

    choice = chosen(footage, scene, max_gap=45, most=3)

    assert (list(choice.keys), choice.stretched) == ([0, 45, 89], False)


def test_wider_than_max_gap_where_the_limit_leaves_no_more():
    choice = chosen(*seen(161), most=3)

    assert (list(choice.keys), choice.wanted) == ([0, 80, 160], 8)


# --- the user's own pictures ----------------------------------------------------------------------------------------


def test_an_own_picture_takes_the_place_of_keys_near_it_and_is_not_bought():
    choice = chosen(*seen(97), own=[25, 60])

    assert list(choice.keys) == [0, 25, 48, 60, 72, 96]
    assert (choice.own, choice.calls) == ({25: 25, 60: 60}, [0, 48, 72, 96])


def test_a_job_whose_keys_all_come_back_edited_asks_for_no_other():
    shots = seen(200, cuts=[49, 120], costs=[0.013, 0.08] * 100, starts=(0, 70, 140))
    first = chosen(*shots, most=30)

    again = chosen(*shots, most=30, own=[shots[1].frames[place] for place in first.keys])

    assert list(again.keys) == list(first.keys)
    assert again.calls == []


def test_own_pictures_are_added_to_listed_keys():
    choice = chosen(*seen(20), keys=[0, 10], own=[10, 12])

    assert (list(choice.keys), choice.calls) == ([0, 10, 12], [0])


def test_an_own_picture_of_a_repeat_is_shown_with_the_first_of_its_run_and_a_second_one_is_idle():
    choice = chosen(*seen(6, repeats=[0, 0, 0, 3, 4, 5]), own=[2, 1])

    assert choice.own == {0: 1}
    assert choice.idle == [2]


def test_an_own_picture_of_a_frame_that_is_not_taken_is_named():
    with pytest.raises(SettingsInvalid, match=r"style.keys holds a picture for frame 7, .* \(0 to 8, every 2\)"):
        chosen(*seen(10, step=2), own=[7], step=2)


# --- what always holds ----------------------------------------------------------------------------------------------


@st.composite
def videos(draw):
    """Costs, cuts and repeats of a video."""
    frames = draw(st.integers(1, 120))
    costs = draw(st.lists(st.sampled_from([0.0, 0.01, 0.1, 0.9]), min_size=frames, max_size=frames))
    cuts = sorted(draw(st.sets(st.integers(0, frames - 1), max_size=6)))
    new = [0, *sorted(draw(st.sets(st.integers(0, frames - 1), min_size=frames // 2)))]
    return seen(frames, costs=costs, cuts=cuts, repeats=[max(n for n in new if n <= at) for at in range(frames)])


GAPS = st.tuples(st.integers(1, 10), st.integers(10, 30))


@given(videos(), GAPS, st.integers(0, 60))
def test_every_shot_has_a_key_at_its_first_frame_and_never_more_keys_than_the_limit(video, gaps, most):
    choice = chosen(*video, min_gap=gaps[0], max_gap=gaps[1], most=most)
    shots = video[1].shots[:-1]

    assert set(shots) <= set(choice.keys)
    assert len(choice.keys) <= max(most, len(shots))
    assert sorted(set(choice.keys)) == list(choice.keys)


@given(videos(), GAPS)
def test_with_enough_calls_shots_end_on_keys_and_gaps_are_as_asked(video, gaps):
    (low, high), scene = gaps, video[1]
    places = keys(*video, min_gap=low, max_gap=high)

    for first, end in pairwise(scene.shots):
        mine = [place for place in places if first <= place < end]
        assert mine[-1] == (end - 1 if end - 1 - first >= low else first)
        assert all(low <= b - a <= max(high, 2 * low) for a, b in pairwise(mine))


@given(videos(), GAPS)
def test_with_enough_calls_an_interval_uncovers_little_unless_its_keys_cannot_be_closer(video, gaps):
    low, scene = gaps[0], video[1]
    places = keys(*video, min_gap=low, max_gap=gaps[1])

    for first, end in pairwise(scene.shots):
        mine = [place for place in places if first <= place < end]
        intervals = len(mine) - 1
        uncovered = scene.costs[end - 1] - scene.costs[first]
        assert uncovered <= 2 * TAU * intervals + 1e-6 or intervals == (end - 1 - first) // low


@given(videos(), GAPS, st.integers(0, 60))
def test_another_call_never_means_a_key_less_in_any_shot(video, gaps, most):
    fewer, more = (keys(*video, min_gap=gaps[0], max_gap=gaps[1], most=calls) for calls in (most, most + 1))

    assert len(fewer) <= len(more) <= len(fewer) + 1


@given(videos(), GAPS, st.data())
def test_cutting_the_video_into_other_segments_only_adds_keys_at_their_borders(video, gaps, data):
    footage, scene = video
    starts = data.draw(st.lists(st.integers(0, len(footage.stamps)), max_size=5).map(sorted))
    cut = replace(footage, starts=[0, *starts, len(footage.stamps)])

    whole, pieces = (set(keys(each, scene, min_gap=gaps[0], max_gap=gaps[1])) for each in (footage, cut))

    assert whole <= pieces
    assert all(
        any(start <= scene.frames[place] and (not place or scene.frames[place - 1] < start) for start in starts)
        for place in pieces - whole
    )
