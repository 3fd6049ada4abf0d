"""PlanJob with {"resume": job}: what was paid for is kept, what was wrong may be mended."""

import pytest

from rotoscope import layout
from rotoscope.contracts import PlanJobInput
from rotoscope.errors import (
    JobRunning,
    JobUnknown,
    SettingsInvalid,
)
from rotoscope.planning import plan_job
from tests.builders import EXECUTION, a_job
from tests.unit.drops import KEY, OTHER, a_drop, plan


def resume(services, execution=OTHER):
    return plan(services, {"resume": a_job().id}, execution)


def test_a_job_that_is_still_running_cannot_be_resumed_under_its_feet():
    services = a_drop()
    plan(services)
    services.executions.alive.add(EXECUTION)

    with pytest.raises(JobRunning, match=r"cancel it first"):
        resume(services)

    assert services.claims.stopped(a_job().id) is None
    assert services.claims.claimed(a_job().id).execution == EXECUTION


def test_a_job_whose_execution_ended_without_a_word_can_be_resumed():
    services = a_drop()
    plan(services)

    result, _ = resume(services)

    assert result.owned


@pytest.mark.parametrize("job", ["nosuchjob", "", 5])
def test_a_job_that_never_was_cannot_be_resumed(job):
    with pytest.raises((JobUnknown, KeyError)):
        plan(a_drop(), {"resume": job})


def test_a_resumed_job_is_owned_by_the_new_execution_and_no_longer_stopped():
    services = a_drop()
    plan(services)
    services.claims.stop(a_job().id, "Too dear.", "BudgetExceeded")
    services.claims.finish(a_job().id, "failed")

    result, _ = resume(services)

    assert result.owned
    assert services.claims.stopped(a_job().id) is None
    assert services.claims.claimed(a_job().id).execution == OTHER


def test_a_job_resumed_before_any_call_is_planned_afresh_with_mended_settings():
    services = a_drop({"style": {"seed": "seven"}})
    with pytest.raises(SettingsInvalid):
        plan(services)
    services.claims.finish(a_job().id, "failed")
    services.inbox.put(KEY + ".json", b'{"style": {"seed": 7}}')

    _, written = resume(services)

    assert written.seed == 7


def test_a_job_resumed_after_restyled_frames_keeps_its_look_but_takes_raised_limits_and_a_new_clock():
    services = a_drop({"style": {"seed": 7}, "limits": {"max_cost_usd": 1}})
    _, before = plan(services)
    services.studio.write(layout.styled_frame(a_job().id, 0), b"paid")
    services.claims.finish(a_job().id, "failed")
    services.inbox.put(KEY + ".json", b'{"style": {"seed": 8}, "limits": {"max_cost_usd": 9}}')
    later = "2026-11-21T09:00:00Z"

    result = plan_job(PlanJobInput(event={"resume": a_job().id}, execution=OTHER, started=later), services)

    after = services.documents.plan(a_job().id)
    assert result.segments.count == 1
    assert (after.seed, after.settings.style, after.source) == (7, before.settings.style, before.source)
    assert (after.settings.limits.max_cost_usd, after.started) == (9, later)


def test_a_job_taken_up_again_stays_with_the_version_that_it_began_with():
    services = a_drop()
    _, before = plan(services)
    pinned = before.model_copy(update={"video_version_id": "the-first"})
    services.documents.save(layout.plan(a_job().id), pinned)
    services.claims.finish(a_job().id, "failed")

    _, after = resume(services)

    assert after.video_version_id == "the-first"
