"""RenderSegment: every frame of the segment in every deliverable, each once."""

import json
from fractions import Fraction

import numpy as np
import pytest

from rotoscope import layout, pictures
from rotoscope.contracts import FilledFrame, Segment, SegmentSheet, SegmentTask, SheetFrame
from rotoscope.deliverables import deliverables, output_rate
from rotoscope.errors import JobStopped, MediaToolFailed
from rotoscope.rendering import render_segment
from tests.builders import TICKS, a_picture, a_plan, a_source
from tests.worlds import FakeReader, planned

SEGMENT = Segment(index=0, start_pts=0, end_pts=10 * TICKS, seeks=[0])


def a_segment(plan, shows, filled=(), **instead):
    """A world with a sheet (frame index -> key index), the keys' pictures and who stands in; and the task."""
    services = planned(plan, **instead)
    frames = [SheetFrame(index=index, pts=index * TICKS, shows=key) for index, key in shows.items()]
    services.documents.save(layout.sheet(plan.job.id, 0), SegmentSheet(segment=0, frames=frames, chosen=[]))
    services.documents.save_list(layout.filled(plan.job.id), filled)
    for key in set(shows.values()) - {each.index for each in filled}:
        picture = np.full((plan.source.height, plan.source.width, 3), 10 * key, np.uint8)
        services.studio.write(layout.styled_frame(plan.job.id, key), pictures.to_jpeg(picture))
    return services, SegmentTask(job=plan.job, segment=SEGMENT)


def part(services, task, name="video.mp4"):
    """The pictures of one part as FakeWriter wrote them."""
    return json.loads(services.studio.read(layout.part(task.job.id, 0, name)))


def greys(pictures_of_part):
    return [round(picture["mean"][0]) for picture in pictures_of_part]


def test_a_frame_that_was_not_chosen_holds_the_last_picture_that_was():
    services, task = a_segment(a_plan(), {0: 0, 1: 0, 2: 2, 3: 2, 4: 2})

    rendered = render_segment(task, services)

    assert rendered.frames == 5
    assert greys(part(services, task)) == [0, 0, 20, 20, 20]


def test_a_frame_that_no_call_brought_shows_who_stands_in():
    services, task = a_segment(a_plan(), {0: 0, 1: 1, 2: 2}, [FilledFrame(index=1, shows=2)])

    render_segment(task, services)

    assert greys(part(services, task)) == [0, 20, 20]


def test_every_deliverable_has_every_frame_and_the_comparison_shows_the_source_beside_it():
    plan = a_plan(output={"formats": ["mp4", "gif", "webm", "frames"]})
    services, task = a_segment(plan, {3: 3, 5: 5})

    render_segment(task, services)

    names = ["video.mp4", "video.gif", "video.webm", "frames.zip", "compare.mp4"]
    assert {name: len(part(services, task, name)) for name in names} == dict.fromkeys(names, 2)
    assert services.reader.decoded == 2
    assert part(services, task, "compare.mp4")[0]["shape"] == [36, 132, 3]


def test_the_source_is_not_decoded_for_nobody():
    services, task = a_segment(a_plan(output={"compare": False}), {0: 0})

    render_segment(task, services)

    assert services.reader.decoded == 0
    assert not services.studio.exists(layout.part(task.job.id, 0, "compare.mp4"))


def test_another_size_is_padded_to_or_cropped_to_by_every_part():
    services, task = a_segment(a_plan(output={"size": "40x40", "fit": "crop"}), {0: 0})

    render_segment(task, services)

    assert part(services, task)[0]["shape"] == [40, 40, 3]


def test_a_segment_whose_parts_all_exist_is_not_rendered_again():
    services, task = a_segment(a_plan(), {0: 0})
    render_segment(task, services)
    services.studio.objects[layout.part(task.job.id, 0, "video.mp4")] = b"kept"

    again = render_segment(task, services)

    assert again.frames == 1
    assert services.studio.read(layout.part(task.job.id, 0, "video.mp4")) == b"kept"


def test_a_segment_with_one_part_missing_is_rendered_whole():
    services, task = a_segment(a_plan(), {0: 0})
    render_segment(task, services)
    del services.studio.objects[layout.part(task.job.id, 0, "compare.mp4")]

    render_segment(task, services)

    assert len(part(services, task, "compare.mp4")) == 1


def test_a_segment_of_which_nothing_is_taken_writes_no_part():
    services, task = a_segment(a_plan(), {})

    assert render_segment(task, services).frames == 0
    assert not services.studio.exists(layout.part(task.job.id, 0, "video.mp4"))


def test_a_source_that_lost_a_frame_since_its_analysis_is_an_error_and_not_a_shift():
    services, task = a_segment(a_plan(), {0: 0, 1: 1, 2: 2}, reader=FakeReader(lost={1}))

    with pytest.raises(MediaToolFailed, match=r"fewer frames"):
        render_segment(task, services)

    assert services.documents.trouble(task.job.id, "render_segment-000000")


def test_a_stopped_job_renders_nothing():
    services, task = a_segment(a_plan(), {0: 0})
    services.claims.stop(task.job.id, "Cancelled.", "JobStopped")

    with pytest.raises(JobStopped):
        render_segment(task, services)


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


def test_a_picture_of_the_source_is_what_the_reader_gave():
    services, task = a_segment(a_plan(), {4: 4})

    render_segment(task, services)

    both = part(services, task, "compare.mp4")[0]["mean"]
    halves = a_picture(seed=4).mean((0, 1)), np.full(3, 40.0)
    assert np.allclose(both, sum(halves) / 2 * (128 / 132) + 255 * (4 / 132), atol=2)
