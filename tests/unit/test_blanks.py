"""Frames with nothing in them: never paid for, and shown as they are."""

from dataclasses import replace

import numpy as np
import pytest

from rotoscope.footage import merged
from rotoscope.motion.looking import blank, fullness
from rotoscope.rendering import render_segment
from rotoscope.scenes import scenes
from tests.builders import a_picture, a_plan, a_source, an_analysis
from tests.scenes import lit, noisy, pan, steps
from tests.unit.segments import a_segment, part
from tests.unit.sheets import a_sheet
from tests.unit.test_choosing import keys, seen
from tests.worlds import FakeReader

GREY = np.full((90, 160, 3), 120, np.uint8)


class Fog(FakeReader):
    """Nothing but grey."""

    def picture(self, index, width, height):
        return np.full((height, width, 3), 120, np.uint8)


@pytest.mark.parametrize("level", [0, 120, 255])
def test_one_colour_shows_nothing_even_with_the_noise_of_a_sensor(level):
    film = noisy(np.full((90, 160, 3), level, np.uint8), 8, 1)

    assert fullness(film) == 0


def test_a_picture_shows_something_and_the_way_there_is_smooth():
    fading = [fullness(lit(pan(1, 1)[0], share / 20)) for share in range(21)]

    assert (fading[0], fading[-1]) == (0, 1)
    assert fading == sorted(fading)
    assert any(0 < share < 1 for share in fading)
    assert fullness(a_picture()) == 1


def test_colours_count_where_the_light_is_even():
    halves = GREY.copy()
    halves[:, :80] = (160, 100, 120)

    assert not blank(halves)


def test_analysis_names_the_blank_frames():
    moving = pan(1, 3)
    black, white = np.zeros_like(moving[0]), np.full_like(moving[0], 255)
    film = [black, black, *moving, white]

    assert steps(film).blanks == [0, 1, 5]


def test_no_key_lies_on_a_frame_that_shows_nothing_and_a_black_gap_has_none():
    footage, scene = seen(40, cuts=[14, 19])
    blank = [*range(3), *range(15, 20), 39]
    scene = replace(scene, blanks=frozenset(blank))

    for wish in ("adaptive", "every 5", "all"):
        chosen_keys = keys(footage, scene, keys=wish)
        assert not set(chosen_keys) & set(blank)
        assert {3, 20} <= set(chosen_keys)


def test_a_video_of_one_colour_has_its_key_all_the_same():
    one_colour = merged([an_analysis(range(5), repeats=[0] * 5, blanks=range(5))])

    assert keys(one_colour, scenes(one_colour, list(range(5)))) == [0]


@pytest.mark.parametrize("empties", [True, False], ids=["among others", "like the whole video"])
def test_a_frame_with_nothing_in_it_is_left_as_it_is_unless_the_whole_video_is_like_that(empties):
    source = a_source(frames=3)
    sheet = a_sheet(range(3), keys=[0, 2]).model_copy(update={"empties": empties})
    services, task = a_segment(
        sheet, a_plan(source=source, frames={"keys": [0, 2]}), drawn=lambda index: GREY[:36, :64] // 2, reader=Fog()
    )

    render_segment(task, services)

    shown = part(services, task)[1]["mean"][0]
    assert (shown == pytest.approx(120, abs=3)) if empties else (shown < 90)
