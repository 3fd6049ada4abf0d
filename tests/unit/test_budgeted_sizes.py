"""What BudgetCalls reckons of the finished files: how large they become, and how long their last frame stays."""

import pytest

from rotoscope.errors import BudgetExceeded
from tests.builders import TICKS, a_plan, a_source
from tests.unit.budgets import budgeted

ROOMY = {"max_cost_usd": 100_000, "max_calls": 100_000, "max_minutes": 1440}
FREE = {"engine": "sketch"}


@pytest.mark.parametrize(("form", "name", "most"), [("mp4", "MP4", 12_840), ("webm", "WebM", 87_314)])
@pytest.mark.treats("a video whose result would fill more than 10.3 GB", "refused with a sentence")
def test_a_video_that_fits_no_scratch_space_is_refused_before_anything_is_paid(form, name, most):
    size = {"mp4": "8192x4608", "webm": "4096x2304"}[form]
    plan = a_plan(style=FREE, output={"formats": [form], "size": size}, limits=ROOMY)

    budgeted(plan, range(most - 1000))
    with pytest.raises(BudgetExceeded, match=rf"{name} of {most + 1} frames of {size} .* about {most} .* shorter"):
        budgeted(plan, range(most + 1))


def test_where_an_estimated_end_lies_before_the_last_frame_that_frame_stays_as_long_as_others():
    _, _, budget = budgeted(a_plan(source=a_source(frames=7, counted=False), style=FREE))

    assert budget.last_duration == TICKS
