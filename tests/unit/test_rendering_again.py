"""RenderSegment: what is there is not made again, what is not wanted is not made, and what is wrong is said."""

import pytest

from rotoscope import layout
from rotoscope.errors import JobStopped, MediaToolFailed
from rotoscope.rendering import render_segment
from rotoscope.segment_contracts import SegmentQuality
from tests.builders import a_picture, a_plan
from tests.unit.segments import ALL, OFF, a_segment, greys, made, part
from tests.unit.sheets import a_sheet
from tests.worlds import FakeReader


def test_a_segment_whose_parts_all_exist_is_not_rendered_again():
    services, task = a_segment(a_sheet([0]))
    render_segment(task, services)
    services.studio.objects[made(services, task)] = b"kept"

    again = render_segment(task, services)

    assert again.frames == 1
    assert services.studio.read(made(services, task)) == b"kept"


def test_another_sheet_makes_every_part_anew():
    services, task = a_segment(a_sheet(range(3)))
    render_segment(task, services)
    services.documents.save(layout.sheet(task.job.id, 0), a_sheet(range(3), keys=[0, 2]))

    render_segment(task, services)

    assert 35 < greys(part(services, task))[1] < 50
    assert services.reader.decoded == 6


@pytest.mark.parametrize(("wishes", "renders"), [({"limits": {"max_calls": 9}}, False), ({"motion": {}}, True)])
def test_other_limits_leave_the_parts_and_other_settings_make_them_anew(wishes, renders):
    services, task = a_segment(a_sheet(range(3)))
    render_segment(task, services)
    services.documents.save(layout.plan(task.job.id), a_plan(**{"frames": ALL, "motion": OFF, **wishes}))

    render_segment(task, services)

    assert services.reader.decoded == (6 if renders else 3)


def test_a_segment_with_one_part_missing_is_rendered_whole():
    services, task = a_segment(a_sheet([0]))
    render_segment(task, services)
    del services.studio.objects[made(services, task, "compare.mp4")]

    render_segment(task, services)

    assert len(part(services, task, "compare.mp4")) == 1


def test_a_segment_of_which_nothing_is_taken_writes_no_part():
    services, task = a_segment(a_sheet([]))

    assert render_segment(task, services).frames == 0
    assert not services.studio.exists(made(services, task))


def test_where_only_keys_are_asked_for_nothing_is_decoded():
    services, task = a_segment(a_sheet([0]), a_plan(output={"formats": ["keys"], "compare": False}))

    render_segment(task, services)

    assert services.reader.decoded == 0


def test_keys_that_are_shown_as_they_came_need_no_decoding_and_are_measured_against_their_stills():
    plan = a_plan(frames=ALL, motion=OFF, output={"compare": False})
    services, task = a_segment(a_sheet(range(10)), plan, drawn=lambda index: a_picture(64, 36, index) // 2)

    render_segment(task, services)

    found = SegmentQuality.model_validate_json(services.studio.read(made(services, task, "quality.json")))
    assert services.reader.decoded == 0
    assert set(found.key_sharpness) == set(range(10))
    assert 0 < found.samples[0].result_warp < found.samples[0].source_warp / 2
    assert found.samples[0].shift[0] < -10


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
