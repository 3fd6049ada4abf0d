"""Which way every frame of a result came about, and how curves of long videos stay short."""

import pytest

from rotoscope.overview import of_sheet, together
from rotoscope.report.paths import paths, runs
from rotoscope.report.plots import MOST_POINTS, Axis, strip, thinned
from tests.builders import a_plan
from tests.unit.sheets import a_sheet


def told(sheet, filled=()):
    return list(paths(sheet, filled))


def test_keys_are_paid_and_the_frames_between_follow_them():
    assert told(a_sheet(range(5), keys=[0, 4])) == ["paid", "propagated", "propagated", "propagated", "paid"]


def test_a_frame_that_repeats_another_is_held_even_if_that_one_is_a_key():
    assert told(a_sheet(range(4), keys=[0, 3], repeats={1: 0, 2: 0})) == ["paid", "held", "held", "paid"]


def test_own_pictures_and_keys_that_never_came_are_told_apart():
    sheet = a_sheet(range(3), keys=[0, 1], own={1: "mine"})

    assert told(sheet, filled={2: 0}) == ["paid", "own", "filled"]


def test_all_segments_come_together_in_their_order():
    first = a_sheet(range(5), keys=[0, 4], poster=2)
    second = a_sheet(range(5, 9), keys=[5, 8], shots=(0, 5), segment=1, own={8: "mine"})

    whole = together(of_sheet(a_plan(), sheet, {}) for sheet in (first, a_sheet([], segment=2), second))

    assert (list(whole.indices), list(whole.parts)) == (list(range(9)), [0, 1])
    assert (list(whole.keys), whole.own, whole.keys[8]) == ([0, 4, 5, 8], {8}, "mine")
    assert (whole.shots, whole.poster) == ({0, 5}, 0)
    assert whole.ways == [("paid", 1), ("propagated", 3), ("paid", 2), ("propagated", 2), ("own", 1)]


def test_frames_of_one_way_in_a_row_are_told_in_one_word():
    assert runs(told(a_sheet(range(9), keys=[0, 8]))) == [("paid", 1), ("propagated", 7), ("paid", 1)]


@pytest.mark.parametrize("count", [1, MOST_POINTS, MOST_POINTS + 1, 25_000])
def test_a_curve_has_no_more_points_than_can_be_seen_and_keeps_its_mean(count):
    points = [(float(n), float(n % 5)) for n in range(count)]

    drawn = thinned(points, count)

    assert 1 <= len(drawn) <= MOST_POINTS
    assert sum(value for _, value in drawn) / len(drawn) == pytest.approx(sum(v for _, v in points) / count, abs=0.05)


def test_a_strip_of_very_many_frames_shows_their_shares_instead():
    ways = [
        ("paid", n / 25, (n + 1) / 25) if n % 4 == 0 else ("propagated", n / 25, (n + 1) / 25) for n in range(20_000)
    ]

    drawn = strip("ways", ways, Axis(800.0, []))

    assert len(drawn) < 40_000
    assert "v6h" in drawn
