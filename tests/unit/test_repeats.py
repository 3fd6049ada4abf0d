"""Frames that show the same picture again, and those that must not be taken for it."""

import numpy as np
import pytest

from rotoscope.motion.looking import Look
from rotoscope.motion.repeats import repeats
from rotoscope.signatures import far_apart
from tests.scenes import HEIGHT, WIDTH, lit, noisy, pan, steps

STILL = pan(1, 1)[0]


def with_hand(x, size=12, colour=(210, 160, 130)):
    picture = STILL.copy()
    picture[60 : 60 + size, x : x + size] = colour
    return picture


def test_animation_on_twos_has_half_as_many_pictures():
    film = [frame for frame in pan(2, 8) for _ in range(2)]

    assert steps(film).repeats == [0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14]


def test_slides_are_one_picture_each_through_sensor_noise():
    film = [noisy(pan(seed, 1)[0], 4, seed * 10 + number) for seed in (1, 2) for number in range(6)]

    found = steps(film)

    assert found.repeats == [0] * 6 + [6] * 6
    assert [cost > 0 for cost in found.costs] == [number == 5 for number in range(12)]


@pytest.mark.parametrize("size", [8, 12])
def test_a_hand_that_moves_in_a_still_picture_is_no_repeat(size):
    film = [with_hand(20 + 8 * number, size) for number in range(6)]

    assert steps(film).repeats == [0, 1, 2, 3, 4, 5]


def test_a_thing_that_changes_nothing_but_its_colour_is_no_repeat():
    red, green = (with_hand(50, colour=colour) for colour in ((170, 60, 60), (70, 110, 60)))

    assert abs(Look(0, red).grey.astype(int) - Look(0, green).grey).max() < 3
    assert not repeats(Look(0, red), Look(1, green))


def test_a_slow_fade_is_held_against_the_last_kept_frame_so_that_it_cannot_creep():
    film = [lit(STILL, 1 - number / 60) for number in range(30)]

    found = steps(film).repeats

    kept = sorted(set(found))
    assert 4 <= len(kept) <= 20
    assert all(np.abs(film[n].astype(int) - film[found[n]]).mean() < 10 for n in range(30))


def test_what_repeats_a_flash_or_its_background_is_told_apart():
    flash = lit(STILL, 1.2, 170)

    assert steps([STILL, STILL, flash, STILL, STILL]).repeats == [0, 0, 2, 3, 3]


def test_signatures_tell_other_pictures_and_a_slow_fade_but_not_noise():
    first = Look(0, STILL).signature

    assert not far_apart(first, Look(1, noisy(STILL, 6, 1)).signature)
    assert far_apart(first, Look(1, lit(STILL, 0.9)).signature)
    assert far_apart(first, Look(1, pan(2, 1)[0]).signature)
    assert far_apart(first, Look(1, with_hand(50, size=30)).signature)


def test_signatures_have_one_size_whatever_the_picture():
    tiny = Look(0, np.zeros((2, 2, 3), np.uint8)).signature

    assert not far_apart(tiny, Look(0, np.zeros((HEIGHT, WIDTH, 3), np.uint8)).signature)
    assert far_apart(tiny, "")
