"""RenderSegment: every frame of the segment in every deliverable, each once, and what its quality is."""

import numpy as np
import pytest

from rotoscope import pictures
from rotoscope.rendering import render_segment
from rotoscope.segment_contracts import Bars, SegmentQuality
from tests.builders import a_picture, a_plan, a_source
from tests.unit.segments import ALL, OFF, a_key, a_segment, greys, made, part
from tests.unit.sheets import a_sheet


def test_with_every_frame_a_key_each_shows_its_own_picture():
    services, task = a_segment(a_sheet(range(3)))

    rendered = render_segment(task, services)

    assert rendered.frames == 3
    assert greys(part(services, task)) == [20, 35, 50]


def test_a_frame_that_repeats_another_shows_what_that_one_shows():
    services, task = a_segment(a_sheet(range(5), repeats={1: 0, 3: 2, 4: 2}))

    render_segment(task, services)

    assert greys(part(services, task)) == [20, 20, 50, 50, 50]
    assert services.reader.decoded == 2


def test_a_key_that_no_call_brought_takes_the_look_of_its_neighbours():
    services, task = a_segment(a_sheet(range(3), keys=[0, 2]))

    render_segment(task, services)

    assert greys(part(services, task))[0] == 20
    assert 20 < greys(part(services, task))[1] < 50


def test_a_shot_of_which_no_key_came_back_shows_the_source_in_anothers_colours():
    sheet = a_sheet(range(4), shots=(0, 2), keys=[0, 1])
    services, task = a_segment(sheet, drawn=lambda index: 255 - a_picture(seed=index))

    render_segment(task, services)

    expected = (255 - a_picture(seed=2)).mean((0, 1))
    assert np.allclose(part(services, task)[2]["mean"], expected, atol=25)


@pytest.mark.parametrize("keys", [[0, 4], [0], [4], [2]])
def test_frames_between_keys_follow_them(keys):
    source = a_source(frames=5)
    services, task = a_segment(
        a_sheet(range(5), keys=keys),
        a_plan(source=source, frames={"keys": keys}),
        drawn=lambda index: np.full((36, 64, 3), 90, np.uint8),
    )

    rendered = render_segment(task, services)

    assert rendered.frames == 5
    # The source itself goes from 132 to 106.
    assert all(abs(grey - 90) < 15 for grey in greys(part(services, task)))


def test_every_deliverable_has_every_frame_and_the_comparison_shows_the_source_beside_it():
    plan = a_plan(frames=ALL, motion=OFF, output={"formats": ["mp4", "gif", "webm", "frames"]})
    services, task = a_segment(a_sheet([3, 5]), plan)

    render_segment(task, services)

    names = ["video.mp4", "video.gif", "video.webm", "frames.zip", "compare.mp4"]
    assert {name: len(part(services, task, name)) for name in names} == dict.fromkeys(names, 2)
    assert services.reader.decoded == 2
    assert part(services, task, "compare.mp4")[0]["shape"] == [36, 132, 3]


def test_frames_around_the_segment_are_looked_at_but_not_written():
    services, task = a_segment(a_sheet([3, 4], around=[1, 2, 5]), a_plan(frames=ALL, motion={"deflicker": "on"}))

    render_segment(task, services)

    assert len(part(services, task)) == 2
    assert services.reader.decoded == 5


def test_another_size_is_padded_to_or_cropped_to_by_every_part():
    plan = a_plan(frames=ALL, motion=OFF, output={"size": "40x40", "fit": "crop"})
    services, task = a_segment(a_sheet([0], poster=0), plan)

    render_segment(task, services)

    assert part(services, task)[0]["shape"] == [40, 40, 3]
    assert pictures.from_bytes(services.studio.read(made(services, task, "poster.jpg"))).shape == (40, 40, 3)


def test_only_the_segment_that_holds_it_makes_the_poster():
    services, task = a_segment(a_sheet([0, 1]))

    render_segment(task, services)

    assert not services.studio.exists(made(services, task, "poster.jpg"))


def test_the_sources_colours_stay_if_they_were_to_stay():
    plan = a_plan(frames=ALL, motion=OFF, style={"preserve_color": True})
    services, task = a_segment(a_sheet([4]), plan)

    render_segment(task, services)

    red, green, blue = part(services, task)[0]["mean"]
    source = a_picture(seed=4).mean((0, 1))
    assert (
        np.sign([red - green, green - blue]).tolist()
        == np.sign([source[0] - source[1], source[1] - source[2]]).tolist()
    )
    assert max(red, green, blue) - min(red, green, blue) > 20


def test_black_bars_are_the_sources_own():
    services, task = a_segment(a_sheet([4], bars=Bars(top=9)), drawn=lambda index: np.full((36, 64, 3), 250, np.uint8))

    render_segment(task, services)

    quarter = a_picture(seed=4)[:9].mean()
    assert abs(np.mean(part(services, task)[0]["mean"]) - (0.75 * 250 + 0.25 * quarter)) < 3


def test_the_quality_of_what_was_drawn_is_written_down():
    services, task = a_segment(a_sheet(range(10), keys=[0, 9]), a_plan(frames={"keys": [0, 9]}))

    render_segment(task, services)

    found = SegmentQuality.model_validate_json(services.studio.read(made(services, task, "quality.json")))
    assert set(found.key_sharpness) == {0, 9}


@pytest.mark.parametrize("wishes", [{"frames": {"keys": [0, 1, 2]}}, {"frames": ALL, "motion": {"deflicker": "on"}}])
def test_a_picture_of_the_users_own_is_shown_as_it_is(wishes):
    sheet = a_sheet(range(3), own={1: "own/1.jpg"})
    services, task = a_segment(sheet, a_plan(**wishes), drawn=lambda index: a_key(12 if index == 1 else index))

    render_segment(task, services)

    assert greys(part(services, task))[1] == 200


def test_a_picture_of_the_source_is_what_the_reader_gave():
    services, task = a_segment(a_sheet([4]))

    render_segment(task, services)

    both = part(services, task, "compare.mp4")[0]["mean"]
    halves = a_picture(seed=4).mean((0, 1)), np.full(3, 80.0)
    assert np.allclose(both, sum(halves) / 2 * (128 / 132) + 255 * (4 / 132), atol=2)
