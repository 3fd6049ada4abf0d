"""Jumps: a single wrong time stamp never takes the rest of a track with it, a pause is a pause."""

from fractions import Fraction

import pytest

from rotoscope.adapters.jumps import Jumps


def passed(moments, until=100):
    jumps = Jumps(Fraction(0), Fraction(until))
    given = [piece for moment in moments for _, piece in jumps.take(Fraction(moment), moment)]
    return [*given, *(piece for _, piece in jumps.end())], jumps.strays


@pytest.mark.parametrize(
    ("moments", "kept"),
    [
        ([0, 1, 2, 3], [0, 1, 2, 3]),
        ([0, 1, 90, 2, 3], [0, 1, 2, 3]),
        ([0, 1, 90, 60, 2, 3], [0, 1, 2, 3]),
        ([0, 1, 50, 51, 52], [0, 1, 50, 51, 52]),
        ([30, 31, 32], [30, 31, 32]),
        ([-40, -39, 0, 1], [-40, -39, 0, 1]),
        ([0, 1, 60], [0, 1, 60]),
        ([0, 1, 500, 501, 502], [0, 1]),
        ([95, 104, 113], [95, 104, 113]),
    ],
)
def test_what_is_confirmed_passes_and_the_rest_is_counted(moments, kept):
    assert passed(moments) == (kept, len(moments) - len(kept))
