"""BudgetCalls with pictures that the user restyled: they are key frames that nobody is asked for."""

from datetime import datetime, timedelta

import pytest

from rotoscope import layout
from rotoscope.budgeting import budget_calls
from rotoscope.errors import SettingsInvalid
from tests.builders import a_plan
from tests.unit.budgets import ALL, analysed, called


def with_own(plan, *indices):
    """The plan of somebody who restyled these frames."""
    return plan.model_copy(update={"own_keys": dict.fromkeys(indices, "mine")})


def own_of(services, plan):
    """Of the first sheet's keys that show a picture of the user's: the frame that it was given for."""
    own = {layout.own_key(plan.job.id, index, content): index for index, content in plan.own_keys.items()}
    return {key.index: own[key.own] for key in services.documents.sheet(plan.job.id, 0).keys if key.own}


def test_own_pictures_are_keys_that_nobody_is_asked_for():
    plan = with_own(a_plan(frames=ALL), 2, 4)
    services, task = analysed(plan, range(6))

    result = budget_calls(task, services)

    budget = services.documents.budget(plan.job.id)
    assert called(services, result) == [0, 1, 3, 5]
    assert own_of(services, plan) == {2: 2, 4: 4}
    assert (budget.keys, budget.own, budget.estimated_usd) == (6, 2, 0.28)
    assert [frame.index for frame in services.documents.sheet(plan.job.id, 0).chosen] == list(range(6))


def test_with_pictures_of_ones_own_alone_there_is_nothing_to_call_and_nothing_to_pay():
    plan = with_own(a_plan(frames={"keys": [3]}, limits={"max_cost_usd": 0}), 3)
    services, task = analysed(plan, range(6))

    result = budget_calls(task, services)

    assert result.calls.count == 0
    assert services.documents.calls(result.calls.key) == []
    assert services.documents.budget(plan.job.id).estimated_minutes == 0


def test_an_own_picture_of_a_frame_that_the_result_does_not_have_stops_the_job():
    services, task = analysed(with_own(a_plan(frames={"end": 5}), 5), range(6))

    with pytest.raises(SettingsInvalid, match=r"style\.keys holds a picture for frame 5"):
        budget_calls(task, services)


def test_what_a_reader_of_the_receipt_would_not_expect_is_noted():
    wishes = {"frames": {"keys": [0]}, "motion": {"deflicker": "strong"}}
    plan = with_own(a_plan(**wishes), 3, 4)
    services, task = analysed(plan, range(6), repeats=[0, 1, 2, 2, 2, 5], cuts=[4])

    budget_calls(task, services)

    assert services.documents.budget(plan.job.id).notes == [
        "1 shot without a key got its first frame as key.",
        "Your picture of frame 3 is key frame 2, which looks the same.",
        "Your picture of frame 4 is not used: the frame repeats one that has yours.",
        'motion.deflicker was ignored: it is for "frames": {"keys": "all"}.',
    ]
    assert own_of(services, plan) == {2: 3}


def test_the_choice_of_a_job_that_paid_for_a_frame_stands_whatever_the_limits_are_now():
    services, task = analysed(a_plan(limits={"max_calls": 4}), range(91))
    first = budget_calls(task, services)
    chosen = called(services, first)
    services.studio.write(layout.styled_frame(task.job.id, chosen[1]), b"paid")
    for most in (9, 1):
        services.documents.save(layout.plan(task.job.id), a_plan(limits={"max_calls": most}))

        again = budget_calls(task, services)

        assert called(services, again) == [chosen[0], *chosen[2:]]
        assert services.documents.keys(task.job.id).frames == chosen


def test_the_choice_of_a_job_that_paid_for_nothing_is_made_afresh():
    services, task = analysed(a_plan(limits={"max_calls": 4}), range(91))
    budget_calls(task, services)
    services.documents.save(layout.plan(task.job.id), a_plan(limits={"max_calls": 9}))

    again = budget_calls(task, services)

    assert again.calls.count > 4


def test_an_edited_picture_takes_the_place_of_the_keys_near_it_and_moves_no_other():
    services, task = analysed(a_plan(limits={"max_calls": 4}), range(91))
    chosen = called(services, budget_calls(task, services))
    for index in chosen:
        services.studio.write(layout.styled_frame(task.job.id, index), b"paid")
    edited = with_own(a_plan(limits={"max_calls": 4}), chosen[1] + 1).model_copy(update={"revision": 1})
    services.documents.save(layout.plan(task.job.id), edited)

    again = budget_calls(task, services)

    assert again.calls.count == 0
    assert services.documents.keys(task.job.id).frames == [chosen[0], chosen[1] + 1, *chosen[2:]]


def test_adaptive_keys_keep_to_nine_tenths_of_the_time_that_is_left():
    plan = a_plan(limits={"max_minutes": 1})
    entered = (datetime.fromisoformat(plan.started) + timedelta(minutes=0.75)).isoformat()
    services, task = analysed(plan, range(300), costs=[0.05] * 300)

    budget_calls(task.model_copy(update={"entered": entered}), services)

    budget = services.documents.budget(plan.job.id)
    assert 0.15 < budget.estimated_minutes <= 0.9 * 0.25
    assert "because limits.max_minutes is 1" in budget.notes[0]
