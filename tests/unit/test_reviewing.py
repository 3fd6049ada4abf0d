"""ReviewFrames: never a hole, one second pass, and an honest sentence when nothing came back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope import layout
from rotoscope.contracts import ChosenKeys, FrameCall, Listing, ReviewFramesInput
from rotoscope.errors import BudgetExceeded, JobError, NothingStyled
from rotoscope.footage import merged
from rotoscope.reviewing import nearest, review_frames, stand_ins
from rotoscope.scenes import scenes
from tests.builders import TICKS, a_plan, an_analysis
from tests.unit.budgets import analysed

CALLED = (0, 4, 8, 12)


def a_pass(made, attempt=1, called=CALLED, own=(), cuts=()):
    """A world in which these of the called frames came back, and ReviewFrames' input. Two segments, keys at CALLED."""
    plan = a_plan(frames={"keys": list(CALLED)})
    services, _ = analysed(plan, range(7), range(7, 14), cuts=cuts)
    pictures = {index: layout.own_key(plan.job.id, index, "mine") for index in own}
    keys = ChosenKeys(frames=list(CALLED), own=pictures, wanted=4, chosen=4, unkeyed=0)
    services.documents.save(layout.keys(plan.job.id), keys)
    key = layout.calls(plan.job.id, attempt)
    calls = [FrameCall(index=index, pts=index * TICKS, anchor=0, attempt=attempt) for index in called]
    services.documents.save_list(key, calls)
    for index in CALLED:
        services.studio.write(layout.source_frame(plan.job.id, index * TICKS), b"a still")
    for index in made:
        services.studio.write(layout.styled_frame(plan.job.id, index), b"a picture")
    return services, ReviewFramesInput(job=plan.job, calls=Listing(key=key, count=len(calls)), attempt=attempt)


def test_a_complete_pass_goes_on_with_nobody_standing_in():
    services, task = a_pass(CALLED)

    reviewed = review_frames(task, services)

    assert (reviewed.again, reviewed.missing, reviewed.calls) == (False, 0, task.calls)
    assert services.documents.filled(task.job.id) == {}


def test_missing_frames_get_a_second_pass_of_their_own():
    services, task = a_pass((0, 12))

    reviewed = review_frames(task, services)

    calls = services.documents.calls(reviewed.calls.key)
    assert (reviewed.again, reviewed.attempt, reviewed.missing, reviewed.calls.count) == (True, 2, 2, 2)
    assert [(call.index, call.attempt, call.anchor) for call in calls] == [(4, 2, 0), (8, 2, 0)]


def test_a_frame_that_was_filtered_twice_shows_its_neighbour_and_never_a_hole():
    services, task = a_pass((0, 12), attempt=2, called=(4, 8))

    reviewed = review_frames(task, services)

    assert (reviewed.again, reviewed.missing) == (False, 2)
    assert services.documents.filled(task.job.id) == {4: 0, 8: 12}


def test_there_is_no_third_pass_even_with_every_frame_of_the_second_missing():
    services, task = a_pass((0,), attempt=2, called=(4, 8, 12))

    assert not review_frames(task, services).again
    assert services.documents.filled(task.job.id) == {4: 0, 8: 0, 12: 0}


def test_the_whole_first_pass_missing_still_gets_its_second():
    services, task = a_pass(())

    assert review_frames(task, services).calls.count == len(CALLED)


def test_all_filtered_fails_with_what_to_change():
    services, task = a_pass((), attempt=2)
    services.purse.count(task.job.id, made=8, filtered=8)

    with pytest.raises(NothingStyled, match=r"content filter refused every frame\. Try another prompt"):
        review_frames(task, services)

    assert services.claims.stopped(task.job.id)[0] == "NothingStyled"


def test_nothing_back_for_other_reasons_offers_to_resume():
    services, task = a_pass((), attempt=2)
    services.purse.count(task.job.id, lost=8)

    with pytest.raises(NothingStyled, match=r"can be resumed later"):
        review_frames(task, services)


def test_a_job_that_a_worker_stopped_fails_here_with_that_workers_reason():
    services, task = a_pass((0,))
    services.claims.stop(task.job.id, "Over the limit.", "BudgetExceeded")

    with pytest.raises(BudgetExceeded, match=r"Over the limit"):
        review_frames(task, services)


def test_reviewing_twice_comes_to_the_same():
    services, task = a_pass((0, 12))
    first = review_frames(task, services)
    written = dict(services.studio.objects)

    assert review_frames(task, services) == first
    assert services.studio.objects == written


@pytest.mark.parametrize(
    ("lost", "living", "shows"),
    [(8, [0, 10, 12], 0), (12, [8, 10, 20], 10), (12, [8, 20, 21], 20), (12, [0, 8, 21], 8), (21, [0, 12, 20], 20)],
)
def test_who_stands_in_is_of_the_same_shot_if_any_key_of_it_has_a_picture(lost, living, shows):
    seen = scenes(merged([an_analysis(range(30), cuts=[9, 20])]), list(range(30)))

    filled = stand_ins([lost], living, seen)

    assert [(frame.index, frame.shows) for frame in filled] == [(lost, shows)]


def test_a_key_that_no_call_brought_is_on_no_sheet():
    services, task = a_pass((0, 12), attempt=2, called=(4, 8), cuts=[6])

    review_frames(task, services)

    first, second = (services.documents.sheet(task.job.id, number) for number in range(2))
    assert [key.index for key in first.keys] == [0]
    assert [key.index for key in second.keys] == [12]
    assert [frame.index for sheet in (first, second) for frame in sheet.chosen] == [0, 12]


def test_a_shot_without_any_picture_follows_the_nearest_one_of_all():
    services, task = a_pass((0, 4), attempt=2, called=(8, 12), cuts=[6])

    review_frames(task, services)

    second = services.documents.sheet(task.job.id, 1)
    assert (second.keys, second.anchors[second.scene[0].shot].index) == ([], 4)


def test_a_picture_of_the_users_own_stands_in_like_any_other():
    services, task = a_pass((0,), attempt=2, called=(4, 12), own=[8])

    review_frames(task, services)

    assert services.documents.filled(task.job.id) == {4: 0, 12: 8}


def test_a_job_of_the_users_own_pictures_alone_has_nothing_to_wait_for():
    services, task = a_pass((), called=(), own=CALLED)

    reviewed = review_frames(task, services)

    assert (reviewed.again, reviewed.missing) == (False, 0)
    assert services.documents.filled(task.job.id) == {}


def test_a_frame_of_the_users_own_that_never_came_out_of_the_video_is_an_error_too():
    services, task = a_pass((0, 4, 12), attempt=2, called=(0, 4, 12), own=[8])
    del services.studio.objects[layout.source_frame(task.job.id, 8 * TICKS)]

    with pytest.raises(JobError, match=r"1 frames could not be taken out of the video, the first is frame 8"):
        review_frames(task, services)


@given(st.sets(st.integers(0, 500), min_size=1), st.integers(0, 500))
def test_who_stands_in_is_the_closest_in_time_and_the_earlier_of_two(styled, index):
    closest = nearest(index, sorted(styled))

    assert closest == min(styled, key=lambda other: (abs(other - index), other))


def test_a_frame_that_never_came_out_of_the_video_is_an_error_and_no_neighbour_hides_it():
    services, task = a_pass((0, 12), attempt=2, called=(4, 8))
    del services.studio.objects[layout.source_frame(task.job.id, 8 * TICKS)]

    with pytest.raises(JobError, match=r"1 frames could not be taken out of the video, the first is frame 8"):
        review_frames(task, services)
