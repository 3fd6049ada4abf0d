"""Real purse and fake keep the same promises about money. DynamoDB is moto's, in this process."""

import pytest

from rotoscope.adapters.dynamodb import LedgerPace, LedgerPurse, LedgerTable
from rotoscope.adapters.memory import MemoryPurse
from rotoscope.errors import BudgetExceeded
from rotoscope.ports import Tally
from tests.builders import EXECUTION, NOON, a_job

BOTH = pytest.mark.parametrize("kind", ["fake", "real"])
JOB = a_job()


@pytest.fixture
def purse(kind, request, clock):
    return MemoryPurse() if kind == "fake" else LedgerPurse(request.getfixturevalue("table"), clock)


def spends(purse, price, job="job", job_limit=100, day_limit=1000):
    """Whether the purse lets a job spend this."""
    try:
        purse.spend(job, price, job_limit=job_limit, day_limit=day_limit)
    except BudgetExceeded:
        return False
    return True


@BOTH
def test_a_job_may_spend_up_to_its_limit_and_not_a_millionth_more(purse):
    assert [spends(purse, price) for price in (60, 41, 40, 1)] == [True, False, True, False]
    assert purse.tally("job").usd_micros == 100


@BOTH
def test_all_jobs_together_may_spend_up_to_the_days_limit(purse):
    spent = [spends(purse, 60, job, day_limit=150) for job in ("a", "b", "c")]

    assert spent == [True, True, False]
    assert purse.tally("c") == Tally()


@BOTH
def test_what_the_day_refuses_is_not_booked_on_the_job(purse):
    spends(purse, 60, "a", day_limit=100)
    refused = spends(purse, 60, "b", day_limit=100)

    assert not refused
    assert spends(purse, 40, "b", job_limit=40, day_limit=100)


@BOTH
def test_what_was_given_back_can_be_spent_again(purse):
    spends(purse, 100, day_limit=100)
    purse.give_back("job", 100)

    assert purse.tally("job").usd_micros == 0
    assert spends(purse, 100, day_limit=100)


@BOTH
def test_a_call_that_is_free_needs_no_money_at_all(purse):
    assert spends(purse, 0, job_limit=0, day_limit=0)
    assert not spends(purse, 1, job_limit=0)
    purse.give_back("job", 0)
    assert purse.tally("job") == Tally()


@BOTH
def test_a_limit_that_was_lowered_below_what_is_spent_lets_nothing_through(purse):
    spends(purse, 90)

    assert not spends(purse, 1, job_limit=50)
    assert purse.tally("job").usd_micros == 90


@BOTH
def test_a_refusal_is_a_sentence_about_the_limit(purse):
    with pytest.raises(BudgetExceeded, match=r"limits\.max_cost_usd"):
        purse.spend("job", 2, job_limit=1, day_limit=10)
    with pytest.raises(BudgetExceeded, match=r"limit of .*day"):
        purse.spend("job", 2, job_limit=10, day_limit=1)


@BOTH
def test_counters_add_up_and_leave_the_money_alone(purse):
    spends(purse, 70)
    purse.count("job", made=1, filtered=1)
    purse.count("job", made=1, gb_ms=500, tasks=1, simulated=0)
    purse.count("job")
    purse.count("other", lost=1)

    assert purse.tally("job") == Tally(made=2, filtered=1, usd_micros=70, gb_ms=500, tasks=1)
    assert purse.tally("other") == Tally(lost=1)


@BOTH
def test_every_counter_of_the_tally_can_be_counted(purse):
    counters = {name: number for number, name in enumerate(Tally.__dataclass_fields__, 1) if name != "usd_micros"}

    purse.count("job", **counters)

    assert purse.tally("job") == Tally(**counters)


def test_the_next_day_has_a_limit_of_its_own_but_the_job_has_not(table, clock):
    purse = LedgerPurse(table, clock)
    spends(purse, 60, "a", day_limit=60)
    clock.now += 24 * 3600

    assert spends(purse, 60, "b", day_limit=60)
    assert not spends(purse, 60, "a", day_limit=600)


def test_two_workers_at_the_ledger_share_the_last_cents(table, clock):
    workers = LedgerPurse(table, clock), LedgerPurse(table, clock)

    spent = [spends(worker, 60) for worker in workers]

    assert spent == [True, False]
    assert workers[1].tally("job").usd_micros == 60


def test_everything_in_the_ledger_goes_by_itself_some_day(aws, table, clock):
    claims, pacer, purse = LedgerTable(table, clock), LedgerPace(table, clock), LedgerPurse(table, clock)
    claims.claim(JOB, EXECUTION)
    claims.stop(JOB.id, "No.", "ModelDenied")
    claims.finish(JOB.id, "failed")
    pacer.reserve("lane", 20)
    pacer.slow("lane")
    spends(purse, 60)
    purse.count("job", made=1)

    items = aws.dynamodb.scan(TableName=table)["Items"]

    assert len(items) == 5
    assert all(int(item["expires_at"]["N"]) > NOON for item in items)
