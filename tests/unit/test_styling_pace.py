"""StylizeFrame keeps the model's pace, is patient with a busy one, and keeps the job's time."""

from datetime import datetime

import pytest

from rotoscope.adapters.memory import ScriptedRuntime
from rotoscope.contracts import CallState
from rotoscope.errors import JobError, ModelBusy, Throttled
from rotoscope.ports import Tally
from tests.builders import NOON, a_plan
from tests.unit.visits import JOB, PRICE, a_studio, pictured, refusing, scripted, styled, tally, visit
from tests.worlds import ManualClock, extracted


def test_a_slot_ahead_is_waited_for_outside_and_then_honoured_without_a_second_reservation():
    clock = ManualClock()
    services = a_studio(clock=clock)
    visit(services, 0)

    waiting = visit(services, 1)
    clock.now = waiting.slot_ms / 1000
    called = visit(services, 1, waiting)

    assert waiting.outcome is None
    assert datetime.fromisoformat(waiting.wait_until).timestamp() == NOON + 3
    assert waiting.wait_until == "2026-11-20T12:00:03.000Z"
    assert called.outcome == "made"
    assert visit(services, 2).slot_ms == round((NOON + 6) * 1000)


def test_a_state_machine_that_wakes_early_is_sent_back_to_the_same_slot():
    clock = ManualClock()
    services = a_studio(clock=clock)
    visit(services, 0)
    waiting = visit(services, 1)
    clock.now += 1

    assert visit(services, 1, waiting) == waiting


def test_a_slot_a_moment_ahead_is_as_good_as_now():
    clock = ManualClock()
    services = a_studio(clock=clock)
    visit(services, 0)
    clock.now += 2.1

    assert visit(services, 1).outcome == "made"


def test_the_ticket_survives_the_json_between_two_visits():
    services = a_studio()
    visit(services, 0)

    waiting = visit(services, 1).model_dump(mode="json", exclude_none=True)

    assert CallState.model_validate(waiting).slot_ms == round((NOON + 3) * 1000)
    assert set(waiting) == {"wait_until", "slot_ms", "busy"}


def test_an_engine_without_a_quota_never_waits():
    services = a_studio(plan=a_plan(style={"engine": "echo"}))

    assert [visit(services, index).outcome for index in range(3)] == ["made"] * 3


def test_the_second_step_of_a_ladder_is_paced_by_its_own_quota_and_not_by_the_firsts():
    free_after_paid = a_studio(plan=a_plan(style={"engine": ["control-structure", "echo"]}))
    paid_after_free = a_studio(plan=a_plan(style={"engine": ["echo", "control-structure"]}))

    free = [visit(free_after_paid, index, attempt=2).outcome for index in (0, 1)]
    paid = [visit(paid_after_free, index, attempt=2) for index in (0, 1)]

    assert free == ["made", "made"]
    assert (paid[0].outcome, paid[1].slot_ms) == ("made", round((NOON + 3) * 1000))


def test_two_models_have_two_lanes():
    services = a_studio(plan=a_plan(style={"engine": ["control-structure", "sd35"]}))

    assert visit(services, 0, attempt=1).outcome == "made"
    assert visit(services, 1, attempt=2).outcome == "made"


def test_a_throttled_call_costs_nothing_slows_everyone_and_is_fine_the_next_time():
    clock = ManualClock()
    services = a_studio(scripted(refusing(Throttled("429")), pictured), clock=clock)

    waiting = visit(services)
    paid_meanwhile = services.purse.tally(JOB).usd_micros
    next_slot = visit(services, 1).slot_ms
    clock.now = waiting.slot_ms / 1000
    made = visit(services, 0, waiting)

    assert (waiting.outcome, paid_meanwhile) == (None, 0)
    assert next_slot - waiting.slot_ms == 6000
    assert made.outcome == "made"
    assert tally(services) == {"made": 1, "throttled": 1, "usd_micros": PRICE}


def test_an_endpoint_without_a_pace_that_says_429_is_given_one():
    plan = a_plan(style={"engine": "sdxl"})
    services = extracted(plan, sagemaker=ScriptedRuntime(refusing(Throttled("429"))), config={"sdxl_endpoint": "mine"})

    waiting = visit(services)

    assert waiting.slot_ms == round(NOON * 1000)


@pytest.mark.parametrize(("throttles", "said"), [(0, r"\(10\)\. What"), (2, r"the model refused 2 calls for its pace")])
def test_a_late_job_says_how_often_the_model_refused_it(throttles, said):
    services = a_studio(refusing(Throttled("429")), plan=a_plan(limits={"max_minutes": 10}))
    for index in range(throttles):
        visit(services, index, CallState(slot_ms=round(NOON * 1000)))
    services.clock.now += 10 * 60 + 1

    with pytest.raises(JobError, match=said):
        visit(services)


BUSY = refusing(ModelBusy("503"))


def test_a_busy_model_costs_nothing_and_is_asked_again_at_a_slot_of_its_own():
    clock = ManualClock()
    services = a_studio(scripted(BUSY, pictured), clock=clock)

    waiting = visit(services)
    booked_meanwhile = services.purse.tally(JOB).usd_micros
    next_slot = visit(services, 1).slot_ms
    clock.now = waiting.slot_ms / 1000
    made = visit(services, 0, waiting)

    assert (waiting.outcome, waiting.busy, booked_meanwhile) == (None, 1, 0)
    assert (waiting.slot_ms, next_slot) == (round((NOON + 3) * 1000), round((NOON + 6) * 1000))
    assert made.outcome == "made"
    assert tally(services) == {"made": 1, "retried": 1, "usd_micros": PRICE}


@pytest.mark.parametrize("style", [{"engine": "sdxl"}, {"engine": "control-structure"}])
def test_a_model_that_stays_busy_is_left_alone_for_longer_and_longer_and_then_for_the_second_pass(style):
    clock = ManualClock()
    services = a_studio(
        BUSY,
        plan=a_plan(style=style),
        clock=clock,
        sagemaker=ScriptedRuntime(BUSY),
        config={"sdxl_endpoint": "mine"},
    )

    call, waits = visit(services), []
    while call.outcome is None:
        waits.append(call.slot_ms / 1000 - clock.now)
        clock.now = call.slot_ms / 1000
        call = visit(services, 0, call)

    assert call.outcome == "failed"
    assert waits == sorted(waits) and waits[0] >= 2 and waits[-1] >= 8
    assert tally(services) == {"retried": 4}
    assert len(services.bedrock.asked) + len(services.sagemaker.asked) == 4
    assert services.claims.stopped(JOB) is None


def test_throttles_and_early_wakings_do_not_forget_how_often_the_model_was_busy():
    clock = ManualClock()
    services = a_studio(scripted(BUSY, refusing(Throttled("429"))), clock=clock)

    busy = visit(services)
    woken_early = visit(services, 0, busy)
    clock.now = busy.slot_ms / 1000
    throttled = visit(services, 0, woken_early)

    assert woken_early == busy
    assert throttled.busy == 1


def test_a_late_job_stops_with_a_sentence_and_keeps_what_was_paid():
    services = a_studio(plan=a_plan(limits={"max_minutes": 10}))
    visit(services, 0)
    services.clock.now += 10 * 60 + 1

    with pytest.raises(JobError, match=r"longer than limits.max_minutes \(10\)"):
        visit(services, 1)

    assert styled(services, 0)
    assert services.claims.stopped(JOB)[0] == "JobError"


def test_a_job_may_use_its_last_second():
    services = a_studio(plan=a_plan(limits={"max_minutes": 10}))
    services.clock.now += 10 * 60

    assert visit(services).outcome == "made"


def test_every_visit_counts_as_a_task_of_the_job():
    services = a_studio()

    visit(services)
    visit(services)

    assert services.purse.tally(JOB) == Tally(made=1, usd_micros=PRICE, tasks=2)
