"""AnalyzeSegment: one small look at every frame of exactly the interval that was asked for, and a little beyond it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotoscope import layout
from rotoscope.analysis import analyze_segment
from rotoscope.contracts import Segment, SegmentTask
from rotoscope.footage import NOTHING_LEFT, merged
from rotoscope.signatures import far_apart
from tests.builders import TICKS, a_plan, a_source
from tests.scenes import Screening, boxed, lit, pan, source_of, steps
from tests.worlds import FakeReader, planned

STILL = pan(1, 1)
REEL = (
    pan(1, 6, speed=4) + pan(2, 1) * 5 + [frame for frame in pan(3, 4, speed=6) for _ in range(2)] + pan(6, 7, speed=4)
)
RUNS = [*range(6), 6, 6, 6, 6, 6, 11, 11, 13, 13, 15, 15, 17, 17, 19, 20, 21, 21, 23, 24, 25]
FLARES = 21
REEL[FLARES : FLARES + 2] = [lit(frame, 1.2, 170) for frame in REEL[FLARES : FLARES + 2]]


class Stuttering(FakeReader):
    """A broken file in which two frames stand at one time, and one comes too late."""

    def frames(self, clip, segment, wanted=None, size=None, damage=None):
        for number, pts in enumerate((0, 512, 512, 1024, 600)):
            yield pts, self.picture(number, *size)


def an_analysis_of(film, start=0, end=None, **changes):
    """What AnalyzeSegment writes about the frames from `start` up to `end`, with its reader."""
    end = len(film) if end is None else end
    plan, reader = a_plan(source=source_of(film)), Screening(film=film)
    services = planned(plan, reader=reader)
    segment = Segment(index=0, start_pts=start * TICKS, end_pts=end * TICKS, seeks=[0])
    analyze_segment(SegmentTask(job=plan.job, segment=segment), services)
    return services.documents.analysis(plan.job.id, 0), reader


def a_task(plan, end_pts=5120):
    return SegmentTask(job=plan.job, segment=Segment(index=0, start_pts=0, end_pts=end_pts, seeks=[0]))


def test_every_list_runs_along_the_frames():
    found, _ = an_analysis_of(REEL, 3, 20)

    assert found.stamps == [number * TICKS for number in range(3, 20)]
    assert len(found.repeats) == len(found.costs) == 17
    assert found.repeats[3:12] == [3, 3, 3, 3, 3, 8, 8, 10, 10]
    assert found.cuts == [2, 7, 15]


def test_no_more_than_three_frames_beyond_the_end_are_decoded():
    _, reader = an_analysis_of(REEL, 5, 10)

    assert reader.shown == [5, 6, 7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize(("beyond", "flashes"), [(1, [(2, 2)]), (2, [(2, 2)])])
def test_a_flash_at_the_very_end_is_told_by_what_follows(beyond, flashes):
    end = FLARES + beyond - 1

    found, _ = an_analysis_of(REEL, FLARES - 3, end)

    assert found.flashes == flashes
    assert found.cuts[-1] == 2


def test_the_last_step_leads_into_the_next_segment():
    at_a_cut, _ = an_analysis_of(REEL, 0, 6)
    within_a_shot, _ = an_analysis_of(REEL, 0, 5)
    at_the_end, _ = an_analysis_of(REEL, 22)

    assert (at_a_cut.cuts, at_a_cut.costs[-1], at_a_cut.joins) == ([5], 1, False)
    assert (within_a_shot.cuts, within_a_shot.joins) == ([], False)
    assert 0 < within_a_shot.costs[-1] < 0.1
    assert (at_the_end.costs[-1], at_the_end.joins) == (0, False)


def test_a_held_picture_joins_the_segments_it_lies_in():
    before, _ = an_analysis_of(REEL, 4, 8)
    after, _ = an_analysis_of(REEL, 8, 11)

    assert before.joins
    assert not after.joins
    assert not far_apart(before.closing, after.opening)
    assert far_apart(before.opening, before.closing)


@settings(max_examples=15, deadline=None)
@given(st.sets(st.integers(1, len(REEL) - 1), max_size=6))
def test_segments_cut_anywhere_tell_the_same_as_one(borders):
    edges = [0, *sorted(borders), len(REEL)]
    whole = merged([an_analysis_of(REEL)[0]])

    pieces = merged([an_analysis_of(REEL, *edges[n : n + 2])[0] for n in range(len(edges) - 1)])

    assert list(pieces.stamps) == list(whole.stamps)
    assert list(pieces.shots) == list(whole.shots) == [0, 6, 11, 19]
    assert list(pieces.repeats) == list(whole.repeats) == RUNS
    apart = np.abs(np.subtract(pieces.costs, whole.costs))
    apart[FLARES + 1] = 0  # a segment that begins with a flash cannot know what was there before
    assert apart.max() < 0.08


def test_borders_are_counted_in_the_full_size_picture():
    large = [boxed(np.repeat(np.repeat(frame, 10, 0), 10, 1), top=200, bottom=200) for frame in pan(1, 2)]

    bars = an_analysis_of(large)[0].bars

    assert (bars.left, bars.right) == (0, 0)
    assert 195 <= bars.top == bars.bottom <= 200


def test_borders_of_what_is_drawn_smaller_are_counted_in_what_is_drawn():
    class Boxed(FakeReader):
        def picture(self, index, width, height):
            return boxed(super().picture(index, width, height - height // 10), top=height // 10)

    plan = a_plan(source=a_source(frames=2, width=7680, height=4320))
    services = planned(plan, reader=Boxed())

    analyze_segment(a_task(plan), services)

    bars = services.documents.analysis(plan.job.id, 0).bars
    assert 135 <= bars.top <= 1440 // 10


@pytest.mark.parametrize("size", [(2, 2), (3, 5), (91, 61)])
@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_clip_may_be_as_small_and_as_short_as_can_be(size, frames):
    film = [np.full((*size, 3), 40 * number, np.uint8) for number in range(frames)]

    found, _ = an_analysis_of(film)

    assert len(found.stamps) == len(found.costs) == len(found.repeats) == frames


def test_a_film_that_is_black_altogether_is_one_picture_without_borders():
    found, _ = an_analysis_of([lit(STILL[0], 0)] * 5)

    assert (found.repeats, found.cuts, found.costs, found.bars) == ([0] * 5, [], [0] * 5, None)


def test_an_interval_without_frames_says_so():
    found, _ = an_analysis_of(REEL, len(REEL), len(REEL) + 5)

    assert (found.stamps, found.repeats, found.costs, found.opening, found.joins) == ([], [], [], "", False)


def test_of_frames_at_one_time_the_first_is_kept():
    plan = a_plan()
    services = planned(plan, reader=Stuttering())

    found = analyze_segment(a_task(plan), services)

    assert found.frames == 3
    assert services.documents.analysis(plan.job.id, 0).stamps == [0, 512, 1024]


def test_what_was_analysed_is_not_analysed_again():
    plan = a_plan()
    services = planned(plan)
    analyze_segment(a_task(plan), services)
    before, decoded = dict(services.studio.objects), services.reader.decoded

    analyze_segment(a_task(plan), services)

    assert services.studio.objects == before
    assert services.reader.decoded == decoded > 0


def test_where_nothing_is_carried_only_what_leaves_nothing_costs_anything():
    upside_down = [np.ascontiguousarray(frame[::-1, ::-1]) for frame in pan(1, 4, speed=20)]
    film = pan(1, 4, speed=20) + upside_down + pan(2, 2, speed=4)

    followed, alone = steps(film), steps(film, followed=False)

    assert followed.cuts == alone.cuts
    assert np.flatnonzero(np.array(followed.costs) > NOTHING_LEFT).tolist() == [3, 7]
    assert np.flatnonzero(np.array(alone.costs) > NOTHING_LEFT).tolist() == [3, 7]
    assert alone.costs[8] == 0 < followed.costs[8]


def test_frames_that_were_not_followed_are_analysed_anew_for_a_job_that_carries():
    alone = a_plan(frames={"keys": "all"}, motion={"deflicker": "off"})
    services = planned(alone)
    analyze_segment(a_task(alone), services)
    assert not services.documents.analysis(alone.job.id, 0).followed

    services.documents.save(layout.plan(alone.job.id), a_plan())
    analyze_segment(a_task(alone), services)

    assert services.documents.analysis(alone.job.id, 0).followed


def test_what_an_older_version_wrote_is_analysed_anew():
    plan = a_plan()
    services = planned(plan)
    older = b'{"segment": 0, "start_pts": 0, "end_pts": 5120, "stamps": [0, 512]}'
    services.studio.write(layout.analysis(plan.job.id, 0), older)

    assert analyze_segment(a_task(plan), services).frames == 10
    assert len(services.documents.analysis(plan.job.id, 0).costs) == 10


def test_a_job_planned_anew_and_cut_elsewhere_is_analysed_anew():
    plan = a_plan()
    services = planned(plan)
    analyze_segment(a_task(plan), services)

    analyze_segment(a_task(plan, end_pts=900), services)

    assert services.documents.analysis(plan.job.id, 0).end_pts == 900
    assert list(services.studio.list("jobs/")) == [layout.analysis(plan.job.id, 0), layout.plan(plan.job.id)]
