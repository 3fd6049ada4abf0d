"""Stills that AnalyzeSegment keeps at once, where every frame is sure to be redrawn."""

import numpy as np
import pytest

from rotoscope import intermediates, layout
from rotoscope.analysis import analyze_segment
from rotoscope.contracts import Segment, SegmentTask
from tests.builders import TICKS, a_plan
from tests.scenes import Screening, pan, source_of
from tests.worlds import planned

REEL = pan(1, 6, speed=4) + pan(2, 1) * 5 + [frame for frame in pan(3, 7, speed=6) for _ in range(2)] + pan(6, 1)


def a_task(plan):
    return SegmentTask(job=plan.job, segment=Segment(index=0, start_pts=3 * TICKS, end_pts=20 * TICKS, seeks=[0]))


FREE = {"frames": {"keys": "all"}, "style": {"engine": "sketch"}}


@pytest.mark.parametrize(
    ("wishes", "early"),
    [
        (FREE, True),
        (FREE | {"limits": {"max_calls": 26}}, True),
        (FREE | {"limits": {"max_calls": 25}}, False),
        (FREE | {"frames": {"keys": "all", "start": 2}}, False),
        (FREE | {"frames": {"keys": "all", "step": 2}}, False),
        (FREE | {"frames": {"keys": "adaptive"}}, False),
    ],
)
def test_stills_of_all_new_frames_are_kept_at_once_where_all_are_sure_to_be_redrawn(wishes, early):
    plan = a_plan(source=source_of(REEL), **wishes)
    services = planned(plan, reader=Screening(film=REEL))

    analyze_segment(a_task(plan), services)

    found = services.documents.analysis(plan.job.id, 0)
    kept = [layout.number_of(key) for key in services.studio.list(layout.source_frames(plan.job.id))]
    new = [stamp for n, stamp in enumerate(found.stamps) if found.repeats[n] == n]
    assert kept == (new if early else [])
    if early:
        still = intermediates.read(services.studio.read(layout.source_frame(plan.job.id, new[-1])))
        assert np.abs(still.astype(int) - REEL[new[-1] // TICKS]).mean() < 3


@pytest.mark.parametrize("costs", [{"price_usd": 0.07}, {"requests_per_minute": 60.0}])
def test_no_still_is_kept_of_what_a_limit_may_still_refuse(costs):
    plan = a_plan(source=source_of(REEL), **FREE).model_copy(update=costs)
    services = planned(plan, reader=Screening(film=REEL))

    analyze_segment(a_task(plan), services)

    assert list(services.studio.list(layout.source_frames(plan.job.id))) == []
