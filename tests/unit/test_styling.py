"""StylizeFrame: one paced, booked, idempotent call per frame, and what every ending of it means."""

import base64
import json
from datetime import datetime

import numpy as np
import pytest

from rotoscope import layout, pictures
from rotoscope.adapters.memory import MemoryPurse, ScriptedRuntime
from rotoscope.contracts import CallState, FrameCall, StylizeFrameInput
from rotoscope.errors import (
    BudgetExceeded,
    CallRefused,
    JobError,
    ModelBusy,
    ModelDenied,
    ModelRetired,
    Throttled,
)
from rotoscope.ports import ModelReply, Tally
from rotoscope.styling import stylize_frame
from tests.builders import NOON, ManualClock, a_job, a_picture, a_plan, extracted, png

JOB = a_job().id
PRICE = 70_000
DRAWN = a_picture(seed=40)


def pictured(target, body):
    return ModelReply(
        json.dumps({"seeds": [7], "finish_reasons": [None], "images": [base64.b64encode(png(DRAWN)).decode()]}).encode()
    )


def refusing(error):
    """A model whose every call ends so."""

    def answer(target, body):
        raise error

    return answer


def saying(reason):
    """A model that answers with HTTP 200 and this finish reason."""
    return lambda target, body: ModelReply(json.dumps({"finish_reasons": [reason], "images": []}).encode())


def scripted(*answers):
    """A model that ends one call after the other in these ways."""
    script = iter(answers)
    return lambda target, body: next(script)(target, body)


def a_studio(answer=pictured, plan=None, indices=(0, 1, 2), **instead):
    """A world with frames to restyle and a model that answers so."""
    return extracted(plan or a_plan(), indices, bedrock=ScriptedRuntime(answer), **instead)


def visit(services, index=0, call=None, attempt=1):
    frame = FrameCall(index=index, anchor=0, attempt=attempt)
    return stylize_frame(StylizeFrameInput(job=a_job(), frame=frame, call=call or CallState()), services)


def styled(services, index=0):
    return services.studio.exists(layout.styled_frame(JOB, index))


def tally(services):
    """The counters that are about calls."""
    counted = services.purse.tally(JOB)
    return {name: value for name, value in vars(counted).items() if value and name not in ("gb_ms", "tasks")}


def sent(services):
    return [json.loads(body) for _, body in services.bedrock.asked]


def test_a_frame_is_restyled_booked_and_counted():
    services = a_studio()

    result = visit(services)

    picture = pictures.from_bytes(services.studio.read(layout.styled_frame(JOB, 0)))
    assert result.outcome == "made"
    assert np.abs(picture.astype(int) - DRAWN).max() < 12
    assert tally(services) == {"made": 1, "usd_micros": PRICE}


def test_a_frame_that_is_there_already_is_neither_called_nor_paid_again():
    services = a_studio()
    visit(services)

    again = visit(services)

    assert again.outcome == "exists"
    assert len(services.bedrock.asked) == 1


def test_a_simulated_answer_is_counted_as_such():
    services = a_studio(lambda target, body: ModelReply(pictured(target, body).body, simulated=True))

    visit(services)

    assert tally(services)["simulated"] == 1


# --- pace -----------------------------------------------------------------------------------------------------------


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
    assert set(waiting) == {"wait_until", "slot_ms"}


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


# --- endings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reason", ["Filter reason: prompt", "Filter reason: input image", "Filter reason: output image"]
)
def test_a_filtered_frame_is_booked_and_left_for_the_second_pass(reason):
    services = a_studio(saying(reason))

    result = visit(services)

    assert result.outcome == "filtered"
    assert not styled(services)
    assert tally(services) == {"made": 1, "filtered": 1, "usd_micros": PRICE}
    assert services.claims.stopped(JOB) is None


def test_a_second_attempt_asks_for_less_with_another_seed():
    services = a_studio(scripted(saying("Filter reason: output image"), pictured), plan=a_plan(style={"denoise": 0.5}))
    visit(services)
    services.clock.now += 60

    visit(services, attempt=2)

    first, second = sent(services)
    assert (first["control_strength"], second["control_strength"]) == (0.5, 0.6)
    assert (first["seed"], second["seed"]) == (7, 8)


def test_a_ladders_second_engine_takes_the_second_attempt_and_the_last_all_further_ones():
    services = a_studio(plan=a_plan(style={"engine": ["control-structure", "sd35"]}))

    for attempt in (1, 2, 3):
        visit(services, attempt - 1, attempt=attempt)
        services.clock.now += 60

    assert [target for target, _ in services.bedrock.asked] == [
        "us.stability.stable-image-control-structure-v1:0",
        "stability.sd3-5-large-v1:0",
        "stability.sd3-5-large-v1:0",
    ]


@pytest.mark.parametrize("answer", [refusing(ModelBusy("503")), saying("Inference error"), saying(None)])
def test_a_model_that_fails_is_raised_for_the_state_machine_and_stays_booked(answer):
    services = a_studio(answer)

    with pytest.raises(ModelBusy):
        visit(services)

    assert tally(services) == {"retried": 1, "lost": 1, "usd_micros": PRICE}
    assert services.claims.stopped(JOB) is None


@pytest.mark.parametrize("error", [ModelDenied("No."), ModelRetired("Gone."), CallRefused("Bad field.")])
def test_what_dooms_the_job_gives_the_money_back_and_every_other_worker_sees_it(error):
    services = a_studio(refusing(error))

    with pytest.raises(type(error)):
        visit(services, 0)
    other = visit(services, 1)

    assert tally(services) == {}
    assert services.claims.stopped(JOB) == (type(error).__name__, str(error))
    assert other.outcome == "stopped"
    assert len(services.bedrock.asked) == 1


def test_a_stopped_job_takes_no_slot_and_makes_no_call():
    services = a_studio()
    services.claims.stop(JOB, "Cancelled.", "JobStopped")

    result = visit(services)

    assert result.outcome == "stopped"
    assert services.bedrock.asked == []
    assert services.pacer.reserve("us-west-2/us.stability.stable-image-control-structure-v1:0", 20) == NOON * 1000


def test_a_frame_whose_source_never_came_is_not_paid_for():
    services = a_studio(indices=(0,))

    with pytest.raises(KeyError):
        visit(services, 9)

    assert tally(services) == {}


# --- money and time -------------------------------------------------------------------------------------------------


def test_two_workers_racing_for_the_last_cents_make_one_call_between_them():
    services = a_studio(plan=a_plan(limits={"max_cost_usd": 0.10}))
    visit(services, 0)
    services.clock.now += 60

    with pytest.raises(BudgetExceeded):
        visit(services, 1)

    assert tally(services) == {"made": 1, "usd_micros": PRICE}
    assert services.claims.stopped(JOB)[0] == "BudgetExceeded"
    assert visit(services, 2).outcome == "stopped"


def test_the_price_is_booked_before_the_call_so_that_nobody_else_can_spend_it_meanwhile():
    purse = MemoryPurse()
    seen = []

    def watching(target, body):
        seen.append(purse.tally(JOB).usd_micros)
        return pictured(target, body)

    services = a_studio(watching, purse=purse)

    visit(services)

    assert seen == [PRICE]


def test_the_stacks_limit_of_a_day_holds_for_all_jobs_together():
    services = a_studio(config={"daily_cost_usd": 0.1})
    services.purse.spend("another job", 50_000, job_limit=1_000_000, day_limit=1_000_000)

    with pytest.raises(BudgetExceeded):
        visit(services)

    assert services.bedrock.asked == []


def test_a_free_engine_needs_no_money():
    services = a_studio(
        plan=a_plan(style={"engine": "sketch"}, limits={"max_cost_usd": 0}), config={"daily_cost_usd": 0}
    )

    assert visit(services).outcome == "made"
    assert services.purse.tally(JOB).usd_micros == 0


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
