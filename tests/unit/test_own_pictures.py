"""BudgetCalls with pictures that the user restyled: they are key frames that nobody is asked for."""

import pytest

from rotoscope import layout
from rotoscope.budgeting import budget_calls
from rotoscope.errors import SettingsInvalid
from tests.builders import a_plan
from tests.unit.budgets import ALL, analysed, called


def with_own(plan, *indices):
    """The plan of somebody who restyled these frames."""
    return plan.model_copy(update={"own_keys": list(indices)})


def test_own_pictures_become_restyled_frames_and_nobody_is_asked_for_them():
    plan = with_own(a_plan(frames=ALL), 2, 4)
    services, task = analysed(plan, range(6))
    for index in plan.own_keys:
        services.studio.write(layout.own_key(plan.job.id, index), b"own %d" % index)

    result = budget_calls(task, services)

    budget = services.documents.budget(plan.job.id)
    assert called(services, result) == [0, 1, 3, 5]
    assert services.studio.read(layout.styled_frame(plan.job.id, 4)) == b"own 4"
    assert (budget.keys, budget.own, budget.estimated_usd) == (6, 2, 0.28)
    assert [frame.index for frame in services.documents.sheet(plan.job.id, 0).chosen] == list(range(6))


def test_with_pictures_of_ones_own_alone_there_is_nothing_to_call_and_nothing_to_pay():
    plan = with_own(a_plan(frames={"keys": [3]}, limits={"max_cost_usd": 0}), 3)
    services, task = analysed(plan, range(6))
    services.studio.write(layout.own_key(plan.job.id, 3), b"own")

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
    services.studio.write(layout.own_key(plan.job.id, 3), b"own")

    budget_calls(task, services)

    assert services.documents.budget(plan.job.id).notes == [
        "1 shot without a key got its first frame as key.",
        "Your picture of frame 3 is key frame 2, which looks the same.",
        "Your picture of frame 4 is not used: the frame repeats one that has yours.",
        'motion.deflicker was ignored: it is for "frames": {"keys": "all"}.',
    ]
    assert services.studio.read(layout.styled_frame(plan.job.id, 2)) == b"own"
