"""RenderSegment: every frame of the segment in every deliverable, each once, and what its quality is."""

import json

import numpy as np
import pytest

from rotoscope import layout, pictures
from rotoscope.contracts import FilledFrame, Segment, SegmentTask
from rotoscope.errors import JobStopped, MediaToolFailed
from rotoscope.rendering import render_segment
from rotoscope.segment_contracts import Bars, SegmentQuality
from tests.builders import TICKS, a_picture, a_plan, a_source
from tests.unit.sheets import a_sheet
from tests.worlds import FakeReader, planned

SEGMENT = Segment(index=0, start_pts=0, end_pts=10 * TICKS, seeks=[0])
ALL = {"keys": "all"}
OFF = {"deflicker": "off"}


def a_key(index, width=64, height=36):
    """A picture that no other frame's key resembles: one grey."""
    return np.full((height, width, 3), 20 + 15 * index, np.uint8)


def a_segment(sheet, plan=None, filled=(), drawn=a_key, **instead):
    """A world with a sheet, its keys' sources and pictures, and who stands in for those that are missing; the task."""
    plan = plan or a_plan(frames=ALL, motion=OFF)
    services = planned(plan, **instead)
    job, size = plan.job.id, (plan.source.width, plan.source.height)
    services.documents.save(layout.sheet(job, 0), sheet)
    services.documents.save_list(layout.filled(job), filled)
    for key in sheet.keys:
        services.studio.write(layout.source_frame(job, key.index), pictures.to_jpeg(a_picture(*size, key.index)))
        if key.index not in {each.index for each in filled}:
            services.studio.write(layout.styled_frame(job, key.index), pictures.to_jpeg(drawn(key.index)))
    return services, SegmentTask(job=plan.job, segment=SEGMENT)


def part(services, task, name="video.mp4"):
    """The pictures of one part as FakeWriter wrote them."""
    return json.loads(services.studio.read(layout.part(task.job.id, 0, 0, name)))


def greys(pictures_of_part):
    return [round(picture["mean"][0]) for picture in pictures_of_part]


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
    services, task = a_segment(a_sheet(range(3)), filled=[FilledFrame(index=1, shows=0)])

    render_segment(task, services)

    assert greys(part(services, task))[0] == 20
    assert 20 < greys(part(services, task))[1] < 50


def test_a_shot_of_which_no_key_came_back_shows_the_source_in_anothers_colours():
    sheet = a_sheet(range(4), shots=(0, 2))
    gone = [FilledFrame(index=2, shows=1), FilledFrame(index=3, shows=1)]
    services, task = a_segment(sheet, filled=gone, drawn=lambda index: 255 - a_picture(seed=index))

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
    assert pictures.from_bytes(services.studio.read(layout.poster(task.job.id, 0, 0))).shape == (40, 40, 3)


def test_only_the_segment_that_holds_it_makes_the_poster():
    services, task = a_segment(a_sheet([0, 1]))

    render_segment(task, services)

    assert not services.studio.exists(layout.poster(task.job.id, 0, 0))


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

    found = SegmentQuality.model_validate_json(services.studio.read(layout.quality(task.job.id, 0, 0)))
    assert set(found.key_sharpness) == {0, 9}


def test_a_segment_whose_parts_all_exist_is_not_rendered_again():
    services, task = a_segment(a_sheet([0]))
    render_segment(task, services)
    services.studio.objects[layout.part(task.job.id, 0, 0, "video.mp4")] = b"kept"

    again = render_segment(task, services)

    assert again.frames == 1
    assert services.studio.read(layout.part(task.job.id, 0, 0, "video.mp4")) == b"kept"


def test_keys_exchanged_by_hand_make_every_part_anew():
    services, task = a_segment(a_sheet([0]))
    render_segment(task, services)
    plan = services.documents.plan(task.job.id)
    services.documents.save(layout.plan(task.job.id), plan.model_copy(update={"revision": 1}))

    render_segment(task, services)

    assert services.studio.exists(layout.part(task.job.id, 1, 0, "video.mp4"))


def test_a_segment_with_one_part_missing_is_rendered_whole():
    services, task = a_segment(a_sheet([0]))
    render_segment(task, services)
    del services.studio.objects[layout.part(task.job.id, 0, 0, "compare.mp4")]

    render_segment(task, services)

    assert len(part(services, task, "compare.mp4")) == 1


def test_a_segment_of_which_nothing_is_taken_writes_no_part():
    services, task = a_segment(a_sheet([]))

    assert render_segment(task, services).frames == 0
    assert not services.studio.exists(layout.part(task.job.id, 0, 0, "video.mp4"))


def test_where_only_keys_are_asked_for_nothing_is_decoded():
    services, task = a_segment(a_sheet([0]), a_plan(output={"formats": ["keys"], "compare": False}))

    render_segment(task, services)

    assert services.reader.decoded == 0


def test_a_source_that_lost_a_frame_since_its_analysis_is_an_error_and_not_a_shift():
    services, task = a_segment(a_sheet(range(3)), reader=FakeReader(lost={1}))

    with pytest.raises(MediaToolFailed):
        render_segment(task, services)

    assert services.documents.trouble(task.job.id, "render_segment-000000")


def test_a_stopped_job_renders_nothing():
    services, task = a_segment(a_sheet([0]))
    services.claims.stop(task.job.id, "Cancelled.", "JobStopped")

    with pytest.raises(JobStopped):
        render_segment(task, services)


def test_a_picture_of_the_source_is_what_the_reader_gave():
    services, task = a_segment(a_sheet([4]))

    render_segment(task, services)

    both = part(services, task, "compare.mp4")[0]["mean"]
    halves = a_picture(seed=4).mean((0, 1)), np.full(3, 80.0)
    assert np.allclose(both, sum(halves) / 2 * (128 / 132) + 255 * (4 / 132), atol=2)
