"""What a job hands over, and at which rate."""

from fractions import Fraction

import pytest

from rotoscope.deliverables import deliverables, output_rate, pace, result_frames, way_back
from tests.builders import TICKS, a_plan, a_source
from tests.unit.sheets import a_sheet

EVERY = ["mp4", "hevc", "prores", "webm", "gif", "webp", "frames", "keys"]


def test_a_format_asked_for_twice_is_made_once():
    wanted = deliverables(a_plan(output={"formats": ["gif", "mp4", "gif"], "compare": False}))

    assert [each.name for each in wanted] == ["video.gif", "video.mp4"]


@pytest.mark.parametrize(
    ("wishes", "rate"),
    [
        ({}, Fraction(30000, 1001)),
        ({"frames": {"step": 2}}, Fraction(15000, 1001)),
        ({"output": {"fps": 9}}, Fraction(9)),
        ({"output": {"fps": 12.5}}, Fraction(25, 2)),
        ({"output": {"fps": "24000/1001"}}, Fraction(24000, 1001)),
        ({"output": {"fps": 0.01}}, Fraction(1, 100)),
    ],
)
def test_the_rate_is_the_sources_over_the_step_unless_replayed_at_another(wishes, rate):
    assert output_rate(a_plan(source=a_source(frame_rate=Fraction(30000, 1001)), **wishes)) == rate


def test_a_variable_rate_steers_by_its_average():
    source = a_source(frame_rate=None, average_rate=Fraction(24))

    assert output_rate(a_plan(source=source)) == 24


def test_every_file_has_its_own_name_and_says_what_it_is():
    made = {each.file_name("dance"): each.content_type for each in deliverables(a_plan(output={"formats": EVERY}))}

    assert made == {
        "dance.mp4": "video/mp4",
        "dance.hevc.mp4": "video/mp4",
        "dance.mov": "video/quicktime",
        "dance.webm": "video/webm",
        "dance.gif": "image/gif",
        "dance.webp": "image/webp",
        "dance.frames.zip": "application/zip",
        "compare.mp4": "video/mp4",
    }


def test_no_two_parts_of_a_segment_share_a_name():
    wanted = deliverables(a_plan(output={"formats": EVERY}))

    assert len({name for each in wanted for name in (each.name, each.back_name)}) == 2 * len(wanted)


def test_the_way_back_leaves_out_what_the_way_there_has_just_shown():
    looping = a_plan(output={"loop": "boomerang"})

    assert [frame.index for frame in way_back(looping, a_sheet(range(4)))] == [2, 1]
    assert [frame.index for frame in way_back(looping, a_sheet([4, 5], bounds=(0, 5 * TICKS)))] == [4]
    assert way_back(a_plan(), a_sheet(range(4))) == []


@pytest.mark.parametrize(("taken", "shown"), [(1, 1), (2, 2), (3, 4), (100, 198)])
def test_a_boomerang_shows_all_but_its_ends_twice(taken, shown):
    assert result_frames(a_plan(output={"loop": "boomerang"}), taken) == shown
    assert result_frames(a_plan(), taken) == taken


def test_replayed_at_another_rate_the_result_has_its_own_pace():
    assert pace(a_plan(frames={"step": 2})) == 1
    assert pace(a_plan(output={"fps": 5})) == 5
    assert pace(a_plan(output={"fps": 5}, frames={"step": 5})) == 1
