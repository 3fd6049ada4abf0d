"""What a job hands over, and at which rate."""

from fractions import Fraction

import pytest

from rotoscope.deliverables import deliverables, output_rate
from tests.builders import a_plan, a_source


def test_a_format_asked_for_twice_is_made_once():
    wanted = deliverables(a_plan(output={"formats": ["gif", "mp4", "gif"], "compare": False}))

    assert [each.name for each in wanted] == ["video.gif", "video.mp4"]


@pytest.mark.parametrize(
    ("wishes", "rate"),
    [
        ({}, Fraction(30000, 1001)),
        ({"frames": {"step": 2}}, Fraction(15000, 1001)),
        ({"output": {"fps": 9}}, Fraction(9)),
        ({"output": {"fps": 12.5}}, Fraction(25, 2)),
        ({"output": {"fps": "24000/1001"}}, Fraction(24000, 1001)),
        ({"output": {"fps": 0.01}}, Fraction(1, 100)),
    ],
)
def test_the_rate_is_the_sources_over_the_step_unless_replayed_at_another(wishes, rate):
    assert output_rate(a_plan(source=a_source(frame_rate=Fraction(30000, 1001)), **wishes)) == rate


def test_a_variable_rate_steers_by_its_average():
    source = a_source(frame_rate=None, average_rate=Fraction(24))

    assert output_rate(a_plan(source=source)) == 24
