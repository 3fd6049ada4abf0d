"""BudgetCalls: which frames are taken and restyled, what that costs, and whether it may."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.budgeting import choose, minutes, shown_for, take
from rotoscope.errors import SettingsInvalid
from rotoscope.settings import FrameSettings
from tests.builders import TICKS

BASE = Fraction(1, 25 * TICKS)
TEN = [n * TICKS for n in range(10)]


def taken(frames=10, first=0, **wishes):
    return take(FrameSettings(**wishes), [first + n * TICKS for n in range(frames)], BASE)


@pytest.mark.parametrize(
    ("wishes", "indices"),
    [
        ({}, list(range(10))),
        ({"start": 3}, [3, 4, 5, 6, 7, 8, 9]),
        ({"end": 3}, [0, 1, 2]),
        ({"start": 2, "end": 9, "step": 3}, [2, 5, 8]),
        ({"step": 1000}, [0]),
        ({"end": 10**30}, list(range(10))),
        ({"start": "0.2s"}, [5, 6, 7, 8, 9]),
        ({"start": "0.28s"}, [7, 8, 9]),
        ({"start": "0.201s"}, [6, 7, 8, 9]),
        ({"end": "0:00.2"}, [0, 1, 2, 3, 4]),
        ({"start": "0s", "end": "99:00:00"}, list(range(10))),
        ({"end": "9" * 400 + "s"}, list(range(10))),
    ],
)
def test_frames_are_taken_from_start_up_to_but_without_end_every_stepth(wishes, indices):
    assert taken(**wishes) == indices


def test_times_count_from_the_first_frame_wherever_the_clock_of_the_file_begins():
    assert taken(first=90_000, start="0.2s") == taken(first=-90_000, start="0.2s") == [5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    "wishes",
    [{"start": 10}, {"start": 10**30}, {"start": 5, "end": 5}, {"start": 6, "end": 5}, {"end": 0}, {"start": "1s"}],
)
def test_a_range_that_leaves_nothing_is_refused_with_the_number_of_frames_there_are(wishes):
    with pytest.raises(SettingsInvalid, match=r"the video has 10 frames"):
        taken(**wishes)


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [("all", [0, 2, 4, 6, 8]), ("every 2", [0, 4, 8]), ("every 99999", [0]), ([4, 0, 4, 4], [0, 4])],
)
def test_keys_are_chosen_among_the_taken_frames(keys, chosen):
    assert choose(FrameSettings(keys=keys, step=2), range(0, 10, 2)) == chosen


@pytest.mark.parametrize("keys", [[1], [0, 10], [10**30]])
def test_a_listed_key_that_is_not_taken_is_named(keys):
    with pytest.raises(SettingsInvalid, match=rf"names frame {keys[-1]}, .* \(0 to 8, every 2\)"):
        choose(FrameSettings(keys=keys, step=2), range(0, 10, 2))


def test_an_empty_list_of_keys_is_refused():
    with pytest.raises(SettingsInvalid, match=r"at least one frame"):
        choose(FrameSettings(keys=[]), range(10))


def test_a_long_list_of_keys_is_checked_without_delay():
    many = list(range(200_000))

    assert choose(FrameSettings(keys=many), many) == many


@given(st.sets(st.integers(0, 200), min_size=1), st.integers(0, 250))
def test_a_frame_shows_the_last_key_at_or_before_it_else_the_first(keys, index):
    keys = sorted(keys)

    shown = shown_for(index, keys)

    assert shown == max([key for key in keys if key <= index], default=keys[0])


def test_time_follows_from_the_pace_or_from_the_engines_own_speed():
    assert minutes(240, "control-structure", 20) == 12
    assert minutes(240, "control-structure", 1000) == 6
    assert minutes(600, "sketch", None) == 1
    assert minutes(0, "sd35", 15) == 0
