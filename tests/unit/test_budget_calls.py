"""BudgetCalls as a stage: sheets, calls, the budget, and what is refused before anything is paid."""

import pytest

from rotoscope import layout
from rotoscope.budgeting import budget_calls
from rotoscope.contracts import FrameCall, Listing
from rotoscope.errors import BudgetExceeded, JobError, JobStopped, SettingsInvalid, UnreadableVideo
from tests.builders import TICKS, a_plan, a_source
from tests.unit.budgets import ALL, analysed, budgeted, called


def test_every_segment_gets_its_sheet_and_every_key_its_call():
    plan = a_plan(frames={"start": 1, "end": 9, "step": 2, "keys": "every 2"})

    services, result, budget = budgeted(plan, range(4), range(4, 10))

    first, second = (services.documents.sheet(plan.job.id, number) for number in (0, 1))
    assert [(frame.index, frame.shows) for frame in first.frames + second.frames] == [(n, n) for n in (1, 3, 5, 7)]
    assert [frame.index for frame in first.chosen + second.chosen] == called(services, result) == [1, 5]
    assert all(frame.pts == frame.index * TICKS for frame in first.frames + second.frames)
    assert (budget.source_frames, budget.frames, budget.keys, result.calls.count) == (10, 4, 2, 2)
    assert budget.estimated_usd == 0.14


def test_few_frames_are_called_for_when_nothing_is_said_about_keys():
    services, result, budget = budgeted(a_plan(), range(60), repeats=[*range(40), *[39] * 20], cuts=[19])

    assert called(services, result) == [0, 19, 20, 39]
    assert [call.anchor // TICKS for call in services.documents.calls(result.calls.key)] == [0, 0, 20, 20]
    assert (budget.frames, budget.duplicates, budget.shots, budget.keys) == (60, 20, 2, 4)


def test_repeated_frames_are_paid_once():
    _, result, budget = budgeted(a_plan(frames=ALL), range(10), repeats=[0, 0, 0, 0, 0, 5, 5, 5, 5, 5])

    assert result.calls.count == budget.keys == 2
    assert (budget.duplicates, budget.estimated_usd) == (8, 0.14)


def test_seed_noughts_range_is_twenty_frames_all_of_them_paid_by_nobody_but_the_endpoint():
    plan = a_plan(source=a_source(frames=250), frames={"start": 159, "end": 199, "step": 2, "keys": "all"})

    services, result, _ = budgeted(plan, range(100), range(100, 250))

    assert [call.index for call in services.documents.calls(result.calls.key)] == list(range(159, 199, 2))
    assert result.calls.count == 20
    assert services.documents.sheet(plan.job.id, 0).frames == []


def test_the_first_call_of_a_shot_is_the_anchor_of_all_its_calls():
    services, result, _ = budgeted(a_plan(frames={"start": 3, **ALL}), range(10), cuts=[6])

    calls = services.documents.calls(result.calls.key)
    assert [call.anchor // TICKS for call in calls] == [3, 3, 3, 3, 7, 7, 7]
    assert {call.attempt for call in calls} == {1}


@pytest.mark.parametrize(
    ("frames", "ticks"),
    [({}, TICKS), ({"step": 2}, 2 * TICKS), ({"step": 3}, TICKS), ({"step": 4}, 2 * TICKS), ({"end": 5}, TICKS)],
)
def test_the_last_frame_stays_until_the_next_would_have_come_or_the_source_ends(frames, ticks):
    _, _, budget = budgeted(a_plan(frames=frames))

    assert budget.last_duration == ticks


def test_a_segment_without_frames_is_no_hole():
    plan = a_plan()

    services, result, _ = budgeted(plan, range(5), [], range(5, 10))

    assert services.documents.sheet(plan.job.id, 1).frames == []
    assert called(services, result) == [0, 5, 9]


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"max_cost_usd": 0.69}, r"10 of 10 frames would be restyled for \$0.70; limits.max_cost_usd is \$0.69"),
        ({"max_cost_usd": 0}, r"for \$0.70; limits.max_cost_usd is \$0.00"),
        ({"max_calls": 9}, "limits.max_calls is 9"),
        ({"max_minutes": 0.4}, "in about 0 minutes; limits.max_minutes is 0.4"),
    ],
)
def test_a_job_over_a_limit_is_refused_before_a_single_call(limits, sentence):
    plan = a_plan(frames=ALL, limits=limits)
    services, task = analysed(plan, range(10))

    with pytest.raises(BudgetExceeded, match=sentence):
        budget_calls(task, services)

    assert services.claims.stopped(plan.job.id)[0] == "BudgetExceeded"
    assert not services.studio.exists(layout.calls(plan.job.id, 1))


@pytest.mark.parametrize("limits", [{"max_cost_usd": 0.7}, {"max_calls": 10}, {"max_minutes": 0.5}])
def test_a_job_exactly_at_its_limit_may_run(limits):
    _, result, _ = budgeted(a_plan(frames=ALL, limits=limits))

    assert result.calls.count == 10


@pytest.mark.parametrize("limits", [{"max_cost_usd": 0.3}, {"max_calls": 4}, {"max_minutes": 0.23}])
def test_adaptive_keys_take_what_the_limits_allow_and_say_so(limits):
    _, result, budget = budgeted(a_plan(limits=limits), range(91))

    assert result.calls.count == 4
    assert budget.stretched
    assert budget.notes[0].startswith(f"Key frames are up to 30 frames apart because limits.{next(iter(limits))} is ")


@pytest.mark.parametrize("limits", [{"max_cost_usd": 0.2}, {"max_calls": 2}, {"max_minutes": 0.1}])
def test_fewer_calls_than_shots_are_refused(limits):
    plan = a_plan(limits=limits)
    services, task = analysed(plan, range(30), cuts=[9, 19])

    with pytest.raises(BudgetExceeded, match=rf"3 shots would each .* limits.{next(iter(limits))} is"):
        budget_calls(task, services)


def test_a_free_engine_runs_with_no_money_at_all():
    _, result, budget = budgeted(a_plan(style={"engine": "sketch"}, frames=ALL, limits={"max_cost_usd": 0}))

    assert result.calls.count == 10
    assert budget.estimated_usd == 0


def test_a_gif_has_an_end():
    plan = a_plan(style={"engine": "sketch"}, output={"formats": ["mp4", "gif"]}, source=a_source(frames=901))
    services, task = analysed(plan, range(901))

    with pytest.raises(BudgetExceeded, match=r"GIF of 901 frames .* at most 900"):
        budget_calls(task, services)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"formats": ["webp"]}, r"An animated WebP of 901 frames .* at most 900"),
        ({"formats": ["gif"], "loop": "boomerang"}, r"A GIF of 1800 frames .* at most 900"),
        ({"formats": ["hevc"], "size": "7680x4320"}, r'7680x4320 is no size for hevc .*"size": "4096x2304"'),
        ({"formats": ["prores"], "size": "7680x4320"}, r"A ProRes video of 901 frames of 7680x4320 .* about 241"),
    ],
)
def test_what_would_grow_too_large_is_refused_before_anything_is_paid(output, said):
    plan = a_plan(style={"engine": "sketch"}, output=output, source=a_source(frames=901))
    services, task = analysed(plan, range(901))

    with pytest.raises((BudgetExceeded, SettingsInvalid), match=said):
        budget_calls(task, services)


def test_a_segment_that_never_decoded_fails_the_job_in_the_decoders_own_words():
    plan = a_plan()
    services, task = analysed(plan, range(5), range(5, 10))
    del services.studio.objects[layout.analysis(plan.job.id, 1)]
    services.studio.write(layout.trouble(plan.job.id, "analyze_segment-000001"), b"error while decoding MB 3 7")

    with pytest.raises(UnreadableVideo, match=r"Part 2 of 2 .* error while decoding MB 3 7"):
        budget_calls(task, services)


def test_a_video_of_no_frames_at_all_is_unreadable():
    services, task = analysed(a_plan(), [], [])

    with pytest.raises(UnreadableVideo, match=r"Not one frame"):
        budget_calls(task, services)


def test_a_stopped_job_is_not_budgeted():
    plan = a_plan()
    services, task = analysed(plan, range(10))
    services.claims.stop(plan.job.id, "Somebody cancelled it.", "JobStopped")

    with pytest.raises(JobStopped, match=r"Somebody cancelled it"):
        budget_calls(task, services)


def test_budgeting_twice_writes_the_same_documents():
    plan = a_plan()
    services, task = analysed(plan, range(10))
    budget_calls(task, services)
    first = dict(services.studio.objects)

    budget_calls(task, services)

    assert services.studio.objects == first


def test_a_segment_that_was_lost_on_the_way_is_not_called_a_broken_video():
    services, task = analysed(a_plan(), range(5))
    task = task.model_copy(update={"segments": Listing(key="", count=2)})

    with pytest.raises(JobError, match=r"Part 2 of 2 .* could not be analysed in time.*resume") as lost:
        budget_calls(task, services)

    assert type(lost.value) is JobError


def test_a_segment_that_the_decoder_gave_up_is_a_broken_video_in_the_decoders_words():
    services, task = analysed(a_plan(), range(5))
    services.studio.write(layout.trouble(task.job.id, "analyze_segment-000001"), b"Invalid NAL unit")
    task = task.model_copy(update={"segments": Listing(key="", count=2)})

    with pytest.raises(UnreadableVideo, match=r"Part 2 of 2 .* cannot be decoded. Invalid NAL unit"):
        budget_calls(task, services)


def test_a_zip_of_frames_that_fits_no_scratch_space_is_refused_before_anything_is_paid():
    plan = a_plan(output={"formats": ["frames"], "size": "3840x2160"}, limits={"max_cost_usd": 1000})

    with pytest.raises(BudgetExceeded, match=r"A zip of 1000 frames of 3840x2160 would be too large; about 192"):
        budgeted(plan, range(1000))


def test_a_key_folder_that_would_take_too_long_to_write_is_refused_before_anything_is_paid():
    source = a_source(frames=1000, width=3840, height=2160)
    plan = a_plan(source=source, frames=ALL, style={"engine": "sketch"}, output={"formats": ["keys"]})

    with pytest.raises(BudgetExceeded, match=r"A folder of 1000 key frames .* at most 375"):
        budgeted(plan, range(1000))


def test_frames_that_failed_before_the_job_was_taken_up_are_asked_for_in_another_way():
    services, task = analysed(a_plan(frames=ALL), range(3))
    services.documents.save_list(layout.calls(task.job.id, 2), [FrameCall(index=1, pts=TICKS, anchor=0, attempt=2)])

    result = budget_calls(task, services)

    assert [call.attempt for call in services.documents.calls(result.calls.key)] == [1, 3, 1]


def test_time_stamps_out_of_order_are_refused_before_anything_is_paid():
    services, task = analysed(a_plan(), range(10))
    found = services.documents.analysis(task.job.id, 0)
    services.documents.save(layout.analysis(task.job.id, 0), found.model_copy(update={"untimely": 3}))

    with pytest.raises(UnreadableVideo, match=r"out of order: 3 frames"):
        budget_calls(task, services)
