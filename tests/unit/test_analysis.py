"""AnalyzeSegment: which time stamps a segment has, once each, for exactly the interval that was asked for."""

from rotoscope import layout
from rotoscope.analysis import analyze_segment
from rotoscope.contracts import Segment, SegmentTask
from tests.builders import a_plan
from tests.worlds import FakeReader, planned


class Stuttering(FakeReader):
    """A broken file in which two frames stand at one time."""

    def stamps(self, clip, segment):
        return [0, 512, 512, 1024]


def a_task(plan, end_pts=5120):
    return SegmentTask(job=plan.job, segment=Segment(index=0, start_pts=0, end_pts=end_pts, seeks=[0]))


def test_two_frames_at_one_time_are_one():
    plan = a_plan()
    services = planned(plan, reader=Stuttering())

    found = analyze_segment(a_task(plan), services)

    assert found.frames == 3
    assert services.documents.analysis(plan.job.id, 0).stamps == [0, 512, 1024]


def test_what_was_analysed_is_not_analysed_again():
    plan = a_plan()
    services = planned(plan, reader=Stuttering())
    analyze_segment(a_task(plan), services)
    before = dict(services.studio.objects)
    services.reader.stamps = None

    analyze_segment(a_task(plan), services)

    assert services.studio.objects == before


def test_a_job_planned_anew_and_cut_elsewhere_is_analysed_anew():
    plan = a_plan()
    services = planned(plan, reader=Stuttering())
    analyze_segment(a_task(plan), services)

    analyze_segment(a_task(plan, end_pts=900), services)

    assert services.documents.analysis(plan.job.id, 0).end_pts == 900
    assert list(services.studio.list("jobs/")) == [layout.analysis(plan.job.id, 0), layout.plan(plan.job.id)]
