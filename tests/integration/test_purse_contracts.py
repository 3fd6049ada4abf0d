"""Real purse and fake keep the same promises about money. DynamoDB is moto's, in this process."""

import pytest
from botocore.exceptions import ReadTimeoutError

from rotoscope.adapters.clients import client
from rotoscope.adapters.dynamodb import LedgerPace, LedgerPurse, LedgerTable
from rotoscope.adapters.memory import MemoryPurse
from rotoscope.errors import BudgetExceeded, Unaffordable
from rotoscope.ports import Tally
from tests.builders import EXECUTION, NOON, a_job

BOTH = pytest.mark.parametrize("kind", ["fake", "real"])
JOB = a_job()


@pytest.fixture
def purse(kind, request, clock):
    return MemoryPurse() if kind == "fake" else LedgerPurse(request.getfixturevalue("table"), clock)


def spends(purse, price, job="job", job_limit=100, day_limit=1000, call_limit=None):
    """The booking, or False where the purse does not let a job spend this."""
    try:
        return purse.spend(job, price, job_limit=job_limit, day_limit=day_limit, call_limit=call_limit)
    except (BudgetExceeded, Unaffordable):
        return False


def spent(*bookings):
    """Which of these went through."""
    return [bool(booking) for booking in bookings]


@BOTH
def test_a_job_may_spend_up_to_its_limit_and_not_a_millionth_more(purse):
    assert spent(*(spends(purse, price) for price in (60, 41, 40, 1))) == [True, False, True, False]
    assert purse.tally("job").usd_micros == 100


@BOTH
def test_all_jobs_together_may_spend_up_to_the_days_limit(purse):
    bookings = [spends(purse, 60, job, day_limit=150) for job in ("a", "b", "c")]

    assert spent(*bookings) == [True, True, False]
    assert purse.tally("c") == Tally()


@BOTH
def test_what_the_day_refuses_is_not_booked_on_the_job(purse):
    spends(purse, 60, "a", day_limit=100)
    refused = spends(purse, 60, "b", day_limit=100)

    assert not refused
    assert spends(purse, 40, "b", job_limit=40, day_limit=100)


@BOTH
def test_what_was_given_back_can_be_spent_again(purse):
    purse.give_back(spends(purse, 100, day_limit=100))

    assert purse.tally("job").usd_micros == 0
    assert spends(purse, 100, day_limit=100)


@BOTH
def test_a_call_that_is_free_needs_no_money_at_all(purse):
    booking = spends(purse, 0, job_limit=0, day_limit=0)
    assert booking
    assert not spends(purse, 1, job_limit=0)
    purse.give_back(booking)
    assert purse.tally("job") == Tally()


@BOTH
def test_a_limit_that_was_lowered_below_what_is_spent_lets_nothing_through(purse):
    spends(purse, 90)

    assert not spends(purse, 1, job_limit=50)
    assert spends(purse, 0, job_limit=50)
    assert purse.tally("job").usd_micros == 90


@BOTH
@pytest.mark.parametrize("price", [0, 10])
def test_a_job_may_make_so_many_calls_and_not_one_more_whatever_they_cost(purse, price):
    bookings = [spends(purse, price, call_limit=2) for _ in range(3)]

    assert spent(*bookings) == [True, True, False]
    assert spends(purse, price, "other", call_limit=2)
    assert purse.tally("job").usd_micros == 2 * price


@BOTH
@pytest.mark.parametrize("price", [0, 10])
def test_a_call_that_was_given_back_may_be_made_again(purse, price):
    purse.give_back(spends(purse, price, call_limit=1))

    assert spends(purse, price, call_limit=1)
    assert not spends(purse, price, call_limit=1)


@BOTH
def test_calls_made_while_nobody_limited_them_count_once_somebody_does(purse):
    spends(purse, 0)

    assert not spends(purse, 0, call_limit=1)


@BOTH
def test_what_the_day_refuses_is_no_call_of_the_job(purse):
    spends(purse, 60, "a", day_limit=60)

    assert not spends(purse, 60, "b", day_limit=60, call_limit=1)
    assert spends(purse, 0, "b", call_limit=1)


@BOTH
def test_a_refusal_is_a_sentence_about_the_limit(purse):
    spends(purse, 0)
    with pytest.raises(Unaffordable, match=r"limits\.max_cost_usd"):
        purse.spend("job", 2, job_limit=1, day_limit=10, call_limit=9)
    with pytest.raises(Unaffordable, match=r"limits\.max_calls"):
        purse.spend("job", 1, job_limit=1, day_limit=10, call_limit=1)
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


def test_a_call_is_given_back_to_the_day_on_which_it_was_booked(table, clock):
    purse = LedgerPurse(table, clock)
    booking = spends(purse, 60, "a", day_limit=60)
    clock.now += 24 * 3600
    spends(purse, 60, "b", day_limit=60)

    purse.give_back(booking)

    assert not spends(purse, 60, "c", day_limit=60)
    clock.now -= 24 * 3600
    assert spends(purse, 60, "c", day_limit=60)


class Overtaken(LedgerPurse):
    """A purse that another one overtakes just before its n-th write."""

    def __init__(self, table, clock, overtake, before):
        super().__init__(table, clock)
        self._steps = [lambda: None] * before + [overtake]

    def _update(self, *arguments, **more):
        if self._steps:
            self._steps.pop(0)()
        return super()._update(*arguments, **more)


def test_of_two_workers_at_the_last_cents_and_the_last_call_only_the_one_that_writes_first_gets_them(table, clock):
    other, others = LedgerPurse(table, clock), []
    mine = Overtaken(table, clock, lambda: others.append(spends(other, 60, call_limit=1)), before=0)

    assert not spends(mine, 60, call_limit=1)
    assert spent(*others) == [True]
    assert other.tally("job").usd_micros == 60


def test_of_two_jobs_at_the_days_last_cents_the_one_that_comes_second_is_left_as_it_was(table, clock):
    other, others = LedgerPurse(table, clock), []
    mine = Overtaken(table, clock, lambda: others.append(spends(other, 60, "b", day_limit=60)), before=1)

    assert not spends(mine, 60, "a", day_limit=60)
    assert spent(*others) == [True]
    assert (other.tally("a"), other.tally("b").usd_micros) == (Tally(), 60)


@pytest.fixture
def lossy(aws):
    """DynamoDB does what every client asks it, but its answers to UpdateItem are lost."""
    clients = client("dynamodb"), client("dynamodb", once=True)

    def lose(request, **_):
        if b"UpdateItem" in request.headers["X-Amz-Target"]:
            raise ReadTimeoutError(endpoint_url="dynamodb")

    def arm():
        for each in clients:
            each.meta.events.register_last("before-send", lose, unique_id="lose")

    yield arm
    for each in clients:
        each.meta.events.unregister("before-send", unique_id="lose")


def test_a_call_whose_giving_back_was_not_confirmed_is_not_given_back_twice(lossy, table, clock):
    purse = LedgerPurse(table, clock)
    kept, returned = spends(purse, 30), spends(purse, 40)
    lossy()

    purse.give_back(returned)

    assert kept
    assert purse.tally("job").usd_micros == 30


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
