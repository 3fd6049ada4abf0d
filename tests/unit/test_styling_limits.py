"""StylizeFrame keeps the job's limits of money and calls and the stack's limit of a day, and finishes what is paid."""

import pytest

from rotoscope.adapters.memory import MemoryPurse, ScriptedRuntime
from rotoscope.errors import BudgetExceeded, ModelBusy
from rotoscope.ports import ModelReply
from tests.builders import a_plan
from tests.unit.visits import JOB, PRICE, a_studio, pictured, refusing, saying, scripted, tally, visit

FILTERED = saying("Filter reason: output image")
FOR_TWO = {"max_cost_usd": 0.15}


def test_a_second_worker_cannot_spend_what_a_first_has_booked_for_a_call_that_still_runs():
    refused = []

    def meanwhile(target, body):
        services.clock.now += 60
        with pytest.raises(BudgetExceeded) as raised:
            visit(services, 1)
        refused.append(raised.value)
        return pictured(target, body)

    services = a_studio(meanwhile, plan=a_plan(limits={"max_cost_usd": 0.10}), config={"daily_cost_usd": 1})

    first = visit(services, 0)

    assert (first.outcome, len(refused), len(services.bedrock.asked)) == ("made", 1, 1)
    assert tally(services) == {"made": 1, "usd_micros": PRICE}


def test_a_filtered_frame_that_cannot_be_paid_again_does_not_kill_what_is_paid():
    services = a_studio(scripted(pictured, FILTERED), plan=a_plan(limits=FOR_TWO))
    visit(services, 0)
    services.clock.now += 60
    visit(services, 1)
    services.clock.now += 60

    second_pass = visit(services, 1, attempt=2)

    assert second_pass.outcome == "unaffordable"
    assert tally(services) == {"made": 2, "filtered": 1, "unaffordable": 1, "usd_micros": 2 * PRICE}
    assert services.claims.stopped(JOB) is None


def test_a_frame_left_out_of_both_passes_is_counted_once():
    services = a_studio(plan=a_plan(limits={"max_cost_usd": 0.10}))
    visit(services, 0)
    services.clock.now += 60
    first_pass = visit(services, 1)
    services.clock.now += 60
    second_pass = visit(services, 1, attempt=2)

    assert first_pass.outcome == second_pass.outcome == "unaffordable"
    assert services.purse.tally(JOB).unaffordable == 1


@pytest.mark.parametrize("limits", [{"max_cost_usd": 0.10}, {"max_calls": 1}])
def test_a_limit_that_is_reached_before_one_picture_was_made_is_told_to_the_uploader(limits):
    services = a_studio(FILTERED, plan=a_plan(limits=limits))
    visit(services)
    services.clock.now += 60

    with pytest.raises(BudgetExceeded, match=next(iter(limits))):
        visit(services, attempt=2)

    assert services.claims.stopped(JOB)[0] == "BudgetExceeded"
    assert visit(services, 2).outcome == "stopped"


def a_hosted_studio(answer, calls):
    """Frames that an endpoint of the user's own restyles, free by the picture, in at most so many calls."""
    return a_studio(
        plan=a_plan(style={"engine": "sdxl"}, limits={"max_calls": calls}),
        sagemaker=ScriptedRuntime(answer),
        config={"sdxl_endpoint": "mine"},
    )


def test_a_free_engine_is_called_no_more_often_than_max_calls_and_the_second_pass_counts():
    artifact = pictured("", b"").body.replace(b'"finish_reasons": [null], "images": ["', b'"artifacts": [{"base64": "')
    drawn = artifact.replace(b'"]}', b'", "finishReason": "SUCCESS"}]}')
    blurred = drawn.replace(b"SUCCESS", b"CONTENT_FILTERED")
    services = a_hosted_studio(scripted(lambda *_: ModelReply(drawn), lambda *_: ModelReply(blurred)), calls=2)

    outcomes = [visit(services, index, attempt=attempt).outcome for index, attempt in ((0, 1), (1, 1), (1, 2))]

    assert outcomes == ["made", "filtered", "unaffordable"]
    assert len(services.sagemaker.asked) == 2


def test_a_call_that_the_model_refused_does_not_count_against_max_calls():
    services = a_studio(scripted(refusing(ModelBusy("503")), pictured), plan=a_plan(limits={"max_calls": 1}))

    waiting = visit(services)
    services.clock.now = waiting.slot_ms / 1000

    assert visit(services, 0, waiting).outcome == "made"


def test_the_price_is_booked_before_the_call_so_that_nobody_else_can_spend_it_meanwhile():
    purse = MemoryPurse()
    seen = []

    def watching(target, body):
        seen.append(purse.tally(JOB).usd_micros)
        return pictured(target, body)

    services = a_studio(watching, purse=purse)

    visit(services)

    assert seen == [PRICE]


def test_the_stacks_limit_of_a_day_holds_for_all_jobs_together_and_dooms_even_a_job_that_has_pictures():
    services = a_studio(config={"daily_cost_usd": 0.15})
    visit(services, 0)
    services.purse.spend("another job", 50_000, job_limit=1_000_000, day_limit=1_000_000)
    services.clock.now += 60

    with pytest.raises(BudgetExceeded, match="day"):
        visit(services, 1)

    assert len(services.bedrock.asked) == 1
    assert services.claims.stopped(JOB)[0] == "BudgetExceeded"


def test_a_free_engine_needs_no_money():
    services = a_studio(
        plan=a_plan(style={"engine": "sketch"}, limits={"max_cost_usd": 0}), config={"daily_cost_usd": 0}
    )

    assert visit(services).outcome == "made"
    assert services.purse.tally(JOB).usd_micros == 0
