"""Cuts in a reel of known editing: what is found, what is missed, and what must not be taken for a cut."""

import numpy as np
import pytest

from rotoscope.motion.looking import Look
from rotoscope.motion.shots import flash, jump
from tests.scenes import HEIGHT, WIDTH, dissolved, faded, lit, noisy, pan, rainbow, steps, window

STREET = [window(rainbow(11), 20 + 12 * number, 40) for number in range(10)]
OUT_INTO_THE_SUN = STREET[:5] + [lit(frame, 0.6) for frame in STREET[5:]]
BLACK = [lit(pan(1, 1)[0], 0)] * 4


def door(share):
    """Green as far as it has opened, red beside."""
    picture = np.full((HEIGHT, WIDTH, 3), (200, 20, 20), np.uint8)
    picture[:, : int(WIDTH * share)] = (20, 200, 40)
    return picture


def cuts_of(film):
    found = steps(film)
    flashes = {step for position, frames in found.flashes for step in (position, position + frames)}
    return [position for position in found.cuts if position not in flashes]


def test_a_reel_of_hard_cuts_has_no_miss_and_no_false_alarm():
    film = [frame for seed in range(1, 9) for frame in pan(seed, 5)]

    assert cuts_of(film) == [4, 9, 14, 19, 24, 29, 34]


@pytest.mark.parametrize(
    ("what", "film"),
    [
        ("a dissolve", pan(1, 6) + dissolved(pan(1, 12, start=32), pan(2, 12)) + pan(2, 6, start=44)),
        ("a fade through black", faded(pan(1, 15), 1, 0) + BLACK + faded(pan(2, 15), 0, 1)),
        ("a whip pan of 15 % of the width per frame", pan(3, 12, speed=28)),
        ("a change of exposure", pan(4, 5) + [lit(frame, 0.6) for frame in pan(4, 5, start=30)]),
        ("a change of exposure while the camera moves fast", OUT_INTO_THE_SUN),
        ("a noisy sensor", [noisy(frame, 12, number) for number, frame in enumerate(pan(5, 10, speed=0))]),
        ("a held picture", pan(6, 1) * 10),
    ],
)
def test_within_a_shot_nothing_is_a_cut(what, film):
    assert cuts_of(film) == []


@pytest.mark.parametrize("frames", [1, 2])
def test_a_flash_is_told_from_a_cut_by_the_picture_that_comes_back(frames):
    storm = pan(1, 12)
    storm[5 : 5 + frames] = [lit(frame, 1.2, 170) for frame in storm[5 : 5 + frames]]

    found = steps(storm)

    assert found.flashes == [(4, frames)]
    assert found.cuts == [4, 4 + frames]


def test_a_flash_that_lasts_longer_is_a_shot_of_its_own():
    white = [lit(frame, 0.1, 225) for frame in pan(2, 4)]

    found = steps(pan(1, 5) + white + pan(1, 5, start=38))

    assert (found.cuts, found.flashes) == ([4, 8], [])


def test_a_cut_in_front_of_the_same_background_is_missed_but_costs():
    found = steps(pan(1, 5) + pan(1, 5, start=110))

    assert found.cuts == []
    assert found.costs[4] > 0.35


def test_from_black_into_a_picture_is_a_cut():
    assert cuts_of(BLACK + pan(1, 4)) == [3]


def test_a_cut_at_every_frame_is_found_each_time():
    film = [pan(seed, 1)[0] for seed in range(1, 9)]

    assert cuts_of(film) == list(range(7))


def test_a_jump_is_the_same_in_both_directions():
    one, other, later = Look(0, pan(1, 1)[0]), Look(1, pan(2, 1)[0]), Look(1, pan(1, 3)[2])

    assert jump(one, other)
    assert jump(other, one)
    assert not jump(one, later)
    assert not jump(later, one)


def test_what_does_not_go_as_suddenly_as_it_came_is_no_flash():
    looks = [Look(number, door(share)) for number, share in enumerate((0, 0.3, 0.2, 0.15))]

    assert jump(looks[0], looks[1])
    assert not jump(looks[0], looks[2])
    assert flash(looks) == 0


def test_whether_a_film_that_ends_flashes_cannot_be_known():
    flare = [Look(0, pan(1, 1)[0]), Look(1, lit(pan(1, 1)[0], 1.2, 170))]

    assert flash(flare) == 0


@pytest.mark.parametrize("insert", [2, 3, 4])
def test_a_frame_of_other_content_between_two_alike_is_no_flash_but_two_cuts(insert):
    film = pan(1, 12)
    film[5] = pan(insert, 1)[0]

    found = steps(film)

    assert (found.cuts, found.flashes) == ([4, 5], [])


def test_two_scenes_that_take_turns_frame_by_frame_are_cut_each_time():
    film = [frame for pair in zip(pan(1, 6), pan(2, 6), strict=True) for frame in pair]

    assert cuts_of(film) == list(range(11))
