"""BudgetCalls: which frames are taken."""

from fractions import Fraction

import pytest

from rotoscope.cutting import take
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
