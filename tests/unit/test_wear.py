"""How much of a file is broken: refused when that is most of it, said when it is less, and never guessed."""

import pytest

from rotoscope import layout
from rotoscope.analysis import analyze_segment
from rotoscope.budgeting import budget_calls
from rotoscope.contracts import Segment, SegmentTask
from rotoscope.errors import UnreadableVideo
from rotoscope.footage import merged
from rotoscope.wear import Wear, refuse_broken, wear
from tests.builders import TICKS, a_plan, a_source, an_analysis
from tests.unit.budgets import ALL, analysed, budgeted
from tests.worlds import FakeReader, planned

VARIABLE = {"frame_rate": None}


def footage(indices, **broken):
    return merged([an_analysis(indices, **{name: [n * TICKS for n in each] for name, each in broken.items()})])


def without(count, *lost):
    return [index for index in range(count) if index not in lost]


def found(indices, damaged=(), breaks=(), smeared=(), spoilt=(), taken=None, **source):
    facts = a_source(**{"frames": 40, **source})
    seen = footage(indices, damaged=damaged, breaks=breaks, smeared=smeared, spoilt=spoilt)
    return wear(facts, seen, taken or range(len(indices)))


def test_a_file_of_which_nobody_complains_is_intact_however_many_packets_brought_no_frame():
    assert found(range(30)) == Wear()
    assert found(without(40, 20, 21), **VARIABLE) == Wear()


def test_frames_that_were_counted_and_did_not_come_are_missing():
    assert found(without(40, 20, 21), [19], [19, 22]) == Wear(damaged=1, missing=2)


def test_gaps_near_a_break_are_missing_frames_too_where_the_container_lost_them():
    assert found(without(40, 20, 21), [], [22], frames=38, **VARIABLE) == Wear(missing=2, steady=True)


def test_of_fields_and_hidden_pictures_no_packets_are_counted():
    assert found(range(20), [3], [3], interlaced=True) == Wear(damaged=1)
    assert found(range(20), [3], [3], codec="vp8") == Wear(damaged=1)
    assert found(range(20), [3], [3], counted=False) == Wear(damaged=1)


def test_a_gap_far_from_any_damage_is_a_rate_that_varies():
    assert found(without(100, 80, 81), [3], [3], frames=98, **VARIABLE) == Wear(damaged=1)


def test_only_the_range_that_was_taken_counts():
    assert found(range(40), [3, 30], [3, 30], taken=range(20, 40)) == Wear(damaged=1)
    assert found(range(40), [3], [3], taken=range(20, 40)) == Wear()


def test_a_range_that_begins_after_a_break_is_smeared_by_it_all_the_same():
    seen = found(range(40), [3], [3], smeared=range(4, 30), spoilt=range(3, 25), taken=range(20, 40))

    assert seen == Wear(smeared=10, spoilt=5)


@pytest.mark.parametrize("lost", ["damaged", "spoilt"])
def test_half_of_the_pictures_may_be_lost_and_no_more(lost):
    refuse_broken(Wear(missing=2, **{lost: 18}), 38)

    with pytest.raises(UnreadableVideo, match=r"^Most of the video is damaged: of 40 pictures .*about 2 missing"):
        refuse_broken(Wear(missing=2, **{lost: 19}), 38)


def test_pictures_that_are_smeared_a_little_are_no_reason_to_refuse():
    refuse_broken(Wear(damaged=1, smeared=2_999), 3_000)


def test_a_refusal_counts_what_is_lost_and_nothing_that_is_not():
    with pytest.raises(UnreadableVideo, match=r"of 40 pictures about 1 broken and up to 39 smeared by .*\. Please"):
        refuse_broken(Wear(damaged=1, smeared=39, spoilt=40), 40)


def test_a_segment_says_what_is_broken_in_itself():
    plan, reader = a_plan(), FakeReader(torn={1, 3, 8}, lost={4}, smeared={2, 5, 9})
    services = planned(plan, reader=reader)

    analyze_segment(
        SegmentTask(job=plan.job, segment=Segment(index=0, start_pts=TICKS, end_pts=6 * TICKS, seeks=[0])), services
    )

    analysis = services.documents.analysis(plan.job.id, 0)
    assert analysis.damaged == [TICKS, 3 * TICKS]
    assert analysis.breaks == [TICKS, 3 * TICKS, 4 * TICKS]
    assert analysis.smeared == analysis.spoilt == [2 * TICKS, 5 * TICKS]


def test_a_little_damage_is_written_down_and_paid_for():
    spread = [index * TICKS for index in range(2, 10)]
    _, result, budget = budgeted(a_plan(frames=ALL), range(10), damaged=[TICKS], breaks=[TICKS], smeared=spread)

    assert (budget.damaged, budget.smeared, budget.missing, budget.steady) == (1, 8, 0, False)
    assert result.calls.count == 10


def test_a_mostly_broken_video_is_refused_before_anything_is_called_for():
    plan = a_plan(frames=ALL)
    broken = [index * TICKS for index in range(6)]
    services, task = analysed(plan, range(10), damaged=broken, breaks=broken)

    with pytest.raises(UnreadableVideo, match="of 10 pictures about 6 broken"):
        budget_calls(task, services)

    assert not services.studio.exists(layout.calls(plan.job.id, 1))
