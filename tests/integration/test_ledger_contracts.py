"""Real ledger and fake keep the same promises: claims, pace and money. DynamoDB is moto's, in this process."""

import pytest

from rotoscope.adapters.dynamodb import LedgerPace, LedgerTable
from rotoscope.adapters.memory import MemoryClaims, MemoryPacer
from tests.builders import EXECUTION, NOON, a_job
from tests.worlds import ManualClock

BOTH = pytest.mark.parametrize("kind", ["fake", "real"])
JOB, OTHER = a_job(), EXECUTION + "-more"
NOW = round(NOON * 1000)


@pytest.fixture
def claims(kind, request):
    return MemoryClaims() if kind == "fake" else LedgerTable(request.getfixturevalue("table"), ManualClock())


@BOTH
def test_of_two_executions_the_first_owns_the_job_and_may_claim_it_again(claims):
    assert [claims.claim(JOB, execution) for execution in (EXECUTION, OTHER, EXECUTION)] == [True, False, True]

    held = claims.claimed(JOB.id)
    assert (held.job, held.execution, held.status) == (JOB, EXECUTION, "running")


@BOTH
def test_two_jobs_are_claimed_apart(claims):
    other = a_job("other.mp4", None)

    assert claims.claim(JOB, EXECUTION)
    assert claims.claim(other, OTHER)
    assert claims.claimed(other.id).job == other


@BOTH
def test_nobody_owns_a_job_that_never_was(claims):
    assert claims.claimed("nosuchjob") is None
    assert claims.stopped("nosuchjob") is None


@BOTH
@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_a_finished_job_stays_its_owners_until_somebody_takes_it_over(claims, status):
    claims.claim(JOB, EXECUTION)
    claims.finish(JOB.id, status)

    late_delivery = claims.claim(JOB, OTHER)
    ended = claims.claimed(JOB.id)
    taken = claims.claim(JOB, OTHER, take_over=True)

    assert (late_delivery, ended.status, ended.execution, taken) == (False, status, EXECUTION, True)
    assert (claims.claimed(JOB.id).status, claims.claimed(JOB.id).execution) == ("running", OTHER)


@BOTH
def test_a_running_job_is_not_taken_over_but_its_new_owner_may_repeat_itself(claims):
    claims.claim(JOB, EXECUTION)
    refused = claims.claim(JOB, OTHER, take_over=True)
    claims.finish(JOB.id, "failed")

    assert not refused
    assert claims.claim(JOB, OTHER, take_over=True)
    assert claims.claim(JOB, OTHER, take_over=True)
    assert not claims.claim(JOB, EXECUTION, take_over=True)


@BOTH
def test_the_first_reason_to_stop_stays(claims):
    claims.stop(JOB.id, "Over the limit.", "BudgetExceeded")
    claims.stop(JOB.id, "Nothing came back.", "NothingStyled")

    assert claims.stopped(JOB.id) == ("BudgetExceeded", "Over the limit.")


@BOTH
def test_a_refused_take_over_forgets_no_reason_and_a_granted_one_does(claims):
    claims.claim(JOB, EXECUTION)
    claims.stop(JOB.id, "First.", "ModelDenied")
    claims.claim(JOB, OTHER, take_over=True)
    kept = claims.stopped(JOB.id)
    claims.finish(JOB.id, "failed")
    claims.claim(JOB, OTHER, take_over=True)
    cleared = claims.stopped(JOB.id)
    claims.stop(JOB.id, "Second.", "ModelRetired")

    assert (kept, cleared) == (("ModelDenied", "First."), None)
    assert claims.stopped(JOB.id) == ("ModelRetired", "Second.")


@pytest.fixture
def pacer(kind, request, clock):
    return MemoryPacer(clock) if kind == "fake" else LedgerPace(request.getfixturevalue("table"), clock)


@BOTH
def test_slots_lie_as_far_apart_as_the_quota_says(pacer):
    assert [pacer.reserve("lane", 20) - NOW for _ in range(4)] == [0, 3000, 6000, 9000]


@BOTH
def test_every_lane_has_its_own_pace(pacer):
    pacer.reserve("one", 20)

    assert pacer.reserve("two", 15) == NOW
    assert pacer.reserve("two", 15) - NOW == 4000


@BOTH
def test_time_without_calls_is_not_saved_up_for_a_burst(pacer, clock):
    pacer.reserve("lane", 20)
    clock.now += 3600

    assert [pacer.reserve("lane", 20) - NOW for _ in range(3)] == [3_600_000, 3_603_000, 3_606_000]


@BOTH
def test_a_slot_that_was_missed_in_part_is_given_at_once(pacer, clock):
    pacer.reserve("lane", 20)
    clock.now += 2

    assert pacer.reserve("lane", 20) - NOW == 3000


@BOTH
def test_a_429_halves_the_pace_for_a_minute(pacer, clock):
    pacer.slow("lane")
    slowed = [pacer.reserve("lane", 20) - NOW for _ in range(3)]
    clock.now += 61
    recovered = [pacer.reserve("lane", 20) - NOW for _ in range(3)]

    assert slowed == [0, 6000, 12_000]
    assert recovered == [61_000, 64_000, 67_000]


@BOTH
def test_a_slow_lane_slows_no_other(pacer):
    pacer.slow("lane")
    pacer.reserve("other", 20)

    assert pacer.reserve("other", 20) - NOW == 3000


class Overtaken(LedgerPace):
    """A pacer that another one overtakes just before its n-th write."""

    def __init__(self, table, clock, other, before):
        super().__init__(table, clock)
        self._overtake = [lambda: None] * before + [lambda: other.reserve("lane", 20)]

    def _update(self, *arguments):
        if self._overtake:
            self._overtake.pop(0)()
        return super()._update(*arguments)


@pytest.mark.parametrize("before", [0, 1])
def test_two_workers_that_reserve_at_once_never_get_the_same_slot(table, clock, before):
    other = LedgerPace(table, clock)

    mine = Overtaken(table, clock, other, before).reserve("lane", 20)

    assert mine - NOW == 3000
    assert other.reserve("lane", 20) - NOW == 6000
