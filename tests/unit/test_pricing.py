"""What key frames cost, how long they take, and how many are within all limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.footage import merged
from rotoscope.pricing import Rate, propose
from rotoscope.settings import LimitSettings
from tests.builders import a_plan, an_analysis

PAID = Rate(0.07, "control-structure", 20)


def test_time_follows_from_the_pace_or_from_the_engines_own_speed():
    assert PAID.minutes(240) == 12
    assert Rate(0.07, "control-structure", 1000).minutes(240) == 6
    assert Rate(0, "sketch", None).minutes(600) == 1
    assert Rate(0.08, "sd35", 15).minutes(0) == 0


@given(st.floats(0, 5), st.integers(1, 40), st.floats(0.01, 3), st.integers(0, 60))
def test_as_many_calls_are_within_the_limits_as_can_be_made_without_breaking_one(usd, calls, minutes, wanted):
    limits = LimitSettings(max_cost_usd=usd, max_calls=calls, max_minutes=minutes)

    most = PAID.most(limits, wanted)

    assert most == wanted or PAID.breach(limits, most + 1)
    assert not most or PAID.breach(limits, most) is None


@pytest.mark.parametrize(("keys", "calls"), [("all", 97), ("every 8", 13), ("adaptive", 5)])
def test_one_footage_is_priced_for_every_way_of_working(keys, calls):
    footage, plan = merged([an_analysis(range(97))]), a_plan(frames={"keys": keys})

    proposal = propose(plan.settings, Rate.of(plan), footage, list(range(97)))

    budget = proposal.budget("", 1)
    assert (proposal.calls, budget.keys) == (calls, calls)
    assert budget.estimated_usd == round(0.07 * calls, 4)
    assert budget.estimated_minutes == PAID.minutes(calls)


def test_one_key_for_each_shot_is_said_to_be_just_that():
    footage, plan = merged([an_analysis(range(60), cuts=[29])]), a_plan(limits={"max_calls": 2})

    proposal = propose(plan.settings, Rate.of(plan), footage, list(range(60)))

    assert proposal.calls == 2
    assert proposal.notes() == ["Every shot has one key frame only because limits.max_calls is 2."]
