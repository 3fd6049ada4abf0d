"""What steps cost: the sum over a stretch tells how much of its last frame the first one no longer explains."""

from itertools import pairwise

import numpy as np
import pytest

from rotoscope.motion import flow
from rotoscope.motion.coverage import Coverage
from rotoscope.motion.looking import Look
from tests.scenes import HEIGHT, WIDTH, faded, lit, noisy, pan, steps, wallpaper


def passing(frames, speed=4.0):
    """A thing as large as a fifth of the picture goes across a background that moves the other way."""
    thing, film = wallpaper(77)[:60, :70], pan(5, frames, speed=-0.7, start=300)
    for number, picture in enumerate(film):
        x = round(2 + speed * number)
        picture[20:80, x : x + 70] = thing[:, : WIDTH - x]
    return film


def uncovered(film, first, last):
    """Measured directly, over one chain: occluded, came from outside, or looks otherwise."""
    looks = [Look(number, frame) for number, frame in enumerate(film[first : last + 1])]
    back = onward = np.zeros((*looks[0].coarse.shape[:2], 2), np.float32)
    height, width = back.shape[:2]
    for before, after in pairwise(looks):
        back = flow.compose(flow.resized(flow.flow(after.flowing, before.flowing), width, height), back)
        onward = flow.compose(onward, flow.resized(flow.flow(before.flowing, after.flowing), width, height))
    residual = np.abs(looks[-1].coarse.astype(int) - flow.warp(looks[0].coarse, back)).mean(axis=2)
    return np.mean((residual > 14) | (flow.round_trip(back, onward) > 1) | ~flow.inside(back))


def test_the_sum_of_costs_predicts_what_a_key_no_longer_covers():
    film = passing(14) + pan(6, 10, speed=6)
    costs, random = steps(film).costs, np.random.default_rng(3)
    starts = [(start, gap) for start in range(20) for gap in range(2, 11) if start + gap < 14 or 14 <= start < 24 - gap]
    chosen = [starts[n] for n in random.choice(len(starts), 40, replace=False)]

    predicted = [sum(costs[start : start + gap]) for start, gap in chosen]
    measured = [uncovered(film, start, start + gap) for start, gap in chosen]

    assert np.corrcoef(predicted, measured)[0, 1] > 0.85
    assert 0.7 < np.sum(predicted) / np.sum(measured) < 1.4


def test_what_comes_in_from_the_side_is_uncovered():
    costs = steps(pan(7, 10, speed=16)).costs

    assert sum(costs) == pytest.approx(9 * 16 / WIDTH, abs=0.06)


def test_what_comes_out_from_behind_is_uncovered_though_it_looks_much_the_same():
    dim = [lit(frame, 0.3, 30) for frame in passing(14)]

    assert sum(steps(dim).costs) > 0.25


def test_stretches_of_a_steady_motion_cost_the_same_wherever_they_lie():
    film = [noisy(frame, 18, number) for number, frame in enumerate(pan(7, 42, speed=4))]

    stretches = np.convolve(steps(film).costs[:-1], np.ones(4), "valid")

    assert stretches.max() < 2.5 * stretches.min()


def test_a_faster_camera_uncovers_more():
    slow, fast, faster = (sum(steps(pan(7, 10, speed=speed)).costs) for speed in (0.5, 4, 12))

    assert 0 <= slow < fast < faster
    assert slow < 0.1
    assert faster > 9 * 12 / WIDTH * 0.7


def test_a_fade_uncovers_nothing_because_light_is_not_motion():
    picture = pan(8, 1)[0]

    assert sum(steps(faded([picture] * 15, 1, 0.1)).costs) < 0.25
    assert sum(steps(faded([picture] * 15, 0.1, 1)).costs) < 0.5


def test_what_looks_otherwise_without_moving_is_uncovered():
    before = pan(1, 1)[0]
    after = before.copy()
    after[:, : WIDTH // 4] = pan(2, 1)[0][:, : WIDTH // 4]

    assert Coverage(Look(0, before)).step(Look(1, after)) == pytest.approx(0.25, abs=0.12)


def test_a_cut_costs_the_whole_picture_and_the_next_step_starts_afresh():
    costs = steps(pan(1, 5) + pan(2, 5)).costs

    assert costs[4] == 1
    assert max(costs[:4] + costs[5:]) < 0.1


def test_a_flash_costs_nothing_and_the_frames_around_it_are_neighbours():
    calm = pan(1, 12)
    storm = list(calm)
    storm[5:7] = [lit(frame, 1.2, 170) for frame in storm[5:7]]

    assert steps(storm).costs[4:6] == [0, 0]
    assert sum(steps(storm).costs) == pytest.approx(sum(steps(calm).costs), abs=0.1)


def test_what_moves_between_held_pictures_is_counted_once():
    moving = passing(8)
    held = [frame for frame in moving for _ in range(3)]

    found = steps(held).costs

    assert [cost for number, cost in enumerate(found) if number % 3 != 2] == [0] * 16
    assert sum(found) == pytest.approx(sum(steps(moving).costs), abs=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 2), (2, 300), (300, 2), (17, 31), (HEIGHT + 1, WIDTH + 1)])
@pytest.mark.parametrize("kind", ["black", "one colour", "noise", "a cut at every frame"])
def test_no_size_and_no_content_is_too_odd(size, kind):
    random = np.random.default_rng(1)
    colours = {"black": [(0, 0, 0)] * 5, "one colour": [(200, 30, 90)] * 5}
    colours["a cut at every frame"] = [(255, 0, 0), (0, 0, 255), (0, 255, 0), (255, 255, 0), (0, 0, 0)]
    plain = [np.broadcast_to(np.uint8(colour), (*size, 3)).copy() for colour in colours.get(kind, [])]
    film = plain or [random.integers(0, 255, (*size, 3), np.uint8) for _ in range(5)]

    found = steps(film)

    assert len(found.costs) == len(found.repeats) == 5
    assert all(0 <= cost <= 1 for cost in found.costs)
    if kind in ("black", "one colour"):
        assert (found.repeats, found.cuts, sum(found.costs)) == ([0] * 5, [], 0)
    if kind == "a cut at every frame":
        assert found.cuts == [0, 1, 2, 3]
