"""Optical flow and the trust in what is looked up along it, on pictures whose motion is known."""

import cv2
import numpy as np
import pytest

from rotoscope.motion.confidence import confidence
from rotoscope.motion.flow import (
    GRID,
    coarse,
    compose,
    flow,
    grey,
    inside,
    motion,
    resized,
    round_trip,
    warp,
)
from tests.moving import a_pan, a_world

WIDTH, HEIGHT = 160, 96


def constant(x, y, width=WIDTH, height=HEIGHT):
    return np.full((height, width, 2), (x, y), np.float32)


def inner(field, margin=16):
    return field[margin:-margin, margin:-margin]


@pytest.mark.parametrize("preset", ["fast", "medium"])
def test_flow_says_where_every_pixel_went(preset):
    before, after = a_pan(2, speed=5.0)

    found = flow(grey(before), grey(after), preset)

    assert np.abs(inner(found) - (-5, 0)).max() < 0.6


def test_looking_up_along_the_flow_gives_the_picture_that_it_starts_from():
    before, after = a_pan(2, speed=5.0)

    looked_up = warp(after, flow(grey(before), grey(after)))

    assert np.abs(inner(looked_up).astype(int) - inner(before)).mean() < 2
    assert np.abs(inner(after).astype(int) - inner(before)).mean() > 8


def test_the_flow_of_a_pair_does_not_depend_on_the_pairs_before_it():
    small, other = a_pan(2, speed=3.0), a_pan(2, speed=-9.0)
    first = flow(grey(small[0]), grey(small[1]))

    flow(grey(other[0]), grey(other[1]))
    flow(grey(other[0])[:64, :80].copy(), grey(other[1])[:64, :80].copy())

    assert np.array_equal(flow(grey(small[0]), grey(small[1])), first)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 300), (300, 1), (13, 47), (49, 12), (4, 1025)])
def test_any_size_has_a_flow(size):
    noise = np.random.default_rng(0).integers(0, 255, (2, *size), dtype=np.uint8)

    found = flow(noise[0], noise[1], finest=0)

    assert found.shape == (*size, 2)
    assert np.isfinite(found).all()


def test_motion_between_coarse_pictures_is_in_pixels_of_their_grid():
    before, after = a_pan(2, speed=2.0 * GRID, width=640, height=384)

    found = motion(coarse(before), coarse(after))

    assert found.shape == (384 // GRID, 640 // GRID, 2)
    assert np.abs(inner(found) - (-2, 0)).max() < 0.3


def test_the_same_motion_on_another_grid_is_in_pixels_of_that_one():
    larger, smaller = resized(constant(3, -1), WIDTH * 2, HEIGHT * 4), resized(constant(3, -1), WIDTH // 2, HEIGHT)

    assert np.allclose(larger, constant(6, -4, WIDTH * 2, HEIGHT * 4))
    assert np.allclose(smaller, constant(1.5, -1, WIDTH // 2, HEIGHT))


def test_two_flows_in_a_row_are_followed_one_after_the_other():
    moving_away = np.dstack([np.tile(np.linspace(0, 8, WIDTH, dtype=np.float32), (HEIGHT, 1)), constant(0, 0)[..., 1]])

    whole = compose(constant(10, 0), moving_away)

    assert np.allclose(whole[:, :-10, 0], 10 + moving_away[:, 10:, 0], atol=1e-3)


def test_a_round_trip_ends_at_home_unless_something_hides_the_way_back():
    back = constant(-4, 0)
    back[40:60, 60:90] = 0  # another thing lies there

    astray = round_trip(constant(4, 0), back)

    assert astray[10, 10] == 0
    assert astray[50, 70] == 4


def test_what_went_past_the_border_is_not_inside():
    stays = inside(constant(7, 0))

    assert stays[:, : WIDTH - 7].all()
    assert not stays[:, WIDTH - 7 :].any()


def test_what_looks_the_same_and_finds_its_way_back_is_trusted():
    picture = a_world(WIDTH, HEIGHT)

    trust = confidence(picture, picture, constant(0, 0), constant(0, 0))

    assert trust.shape == (HEIGHT, WIDTH)
    assert np.allclose(trust, 1)


def test_what_looks_different_is_not_trusted():
    picture = a_world(WIDTH, HEIGHT)
    looked_up = picture.copy()
    cv2.circle(looked_up, (80, 48), 20, (255, 0, 0), -1)

    trust = confidence(picture, looked_up, constant(0, 0), constant(0, 0))

    assert trust[48, 80] < 0.01
    assert trust[5, 5] > 0.99


def test_a_pattern_that_does_not_find_its_way_back_is_not_trusted_but_flat_ground_is():
    picture = a_world(WIDTH, HEIGHT)
    picture[:, 80:] = 200

    trust = confidence(picture, picture, constant(2, 0), constant(0, 0))

    assert trust[20:70, 10:60].mean() < 0.1
    assert trust[20:70, 100:140].min() > 0.99


def test_nothing_is_trusted_that_would_lie_outside_of_the_picture():
    picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)

    trust = confidence(picture, picture, constant(0, -9), constant(0, 9))

    assert trust[:8].max() == 0
    assert trust[12:].min() > 0.99
